//! An OIDC issuer on the loopback, and tokens of every kind: good ones, and those that must not pass.

use anyhow::anyhow;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use axum::routing::get;
use axum::{Json, Router};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

use crate::tls::pem;

/// Whom good tokens are for.
pub(crate) const AUDIENCE: &str = "lci-deployed";
const KEY_ID: &str = "deployed-1";
const LIFE_S: i64 = 600;

/// An issuer that is listening.
pub(crate) struct Issuer {
    /// Its URL.
    pub(crate) url: String,
    key: EncodingKey,
    stranger: EncodingKey,
}

impl Issuer {
    /// Makes its keys and starts listening.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let key = new_key()?;
        let mut public = Jwk::from_encoding_key(&key, Algorithm::RS256)?;
        public.common.key_id = Some(KEY_ID.to_owned());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let keys = json!({ "keys": [public] });
        let about = json!({
            "issuer": url,
            "jwks_uri": format!("{url}/keys"),
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || Json(about)))
            .route("/keys", get(async move || Json(keys)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, key, stranger: new_key()? })
    }

    /// A good token.
    pub(crate) fn token(&self, tenant: &str, role: &str) -> anyhow::Result<String> {
        self.sign(&self.claims(tenant, role), &self.key)
    }

    /// Tokens that must not pass, each with what is wrong with it.
    pub(crate) fn bad_tokens(&self, tenant: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
        let with = |name: &str, value: Value| {
            let mut claims = self.claims(tenant, "admin");
            claims[name] = value;
            self.sign(&claims, &self.key)
        };
        Ok(vec![
            ("for another audience", with("aud", json!("somebody-else"))?),
            ("of another issuer", with("iss", json!("https://issuer.example"))?),
            ("run out", with("exp", json!(now_s() - 3_600))?),
            ("signed by a stranger", self.sign(&self.claims(tenant, "admin"), &self.stranger)?),
            ("no token at all", "nonsense".to_owned()),
        ])
    }

    fn claims(&self, tenant: &str, role: &str) -> Value {
        let now_s = now_s();
        json!({
            "iss": self.url, "aud": AUDIENCE, "sub": "u-1", "iat": now_s, "exp": now_s + LIFE_S,
            "tenant": tenant, "role": role, "email": format!("{role}@{tenant}.example"),
        })
    }

    #[expect(clippy::unused_self, reason = "tokens are the issuer's")]
    fn sign(&self, claims: &Value, key: &EncodingKey) -> anyhow::Result<String> {
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::RS256) };
        Ok(encode(&header, claims, key)?)
    }
}

fn new_key() -> anyhow::Result<EncodingKey> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no RSA key can be made"))?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| anyhow!("the RSA key cannot be written"))?;
    Ok(EncodingKey::from_rsa_pem(pem("PRIVATE KEY", der.as_ref()).as_bytes())?)
}

fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
