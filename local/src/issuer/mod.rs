//! The OIDC issuer of `lci`: what a Cognito user pool is in the cloud, with four ready-made users and no passwords.
//!
//! Reading order: [`user`] (who can sign in), [`key`] (the RSA key of the state folder), [`address`] (the issuer's URL),
//! [`token`] (claims), [`code`] (authorization codes of the PKCE flow), [`browser`] (who signed in last), [`http`] (discovery, keys, sign-in).
//! Never leaves the machine: whoever reaches the listener may sign in as anybody. Called by the gateway, which verifies
//! what is issued here like any other token, and by `lci token`.

mod address;
mod browser;
mod code;
mod http;
mod key;
mod token;
mod user;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use shared::clock::Clock;

pub(crate) use address::DEFAULT_LISTEN;
pub(crate) use http::router;
pub(crate) use user::User;

use code::Codes;
use key::SigningKey;

/// Audience of every token, and the client of the sign-in page.
pub(crate) const CLIENT_ID: &str = "lci-admin";

/// An issuer; clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Issuer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    url: String,
    key: SigningKey,
    clock: Arc<dyn Clock>,
    codes: Codes,
}

impl Issuer {
    /// The issuer of a process that listens: key from the state folder, made if it is missing.
    ///
    /// Writes its URL into the folder, so that `lci token` can name it from another process.
    ///
    /// # Errors
    /// The folder cannot be written, or the key in it is damaged.
    pub(crate) fn listening(state: &Path, listen: SocketAddr, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let url = address::url_of(listen);
        address::save(state, &url)?;
        Ok(Self::new(url, SigningKey::of_folder(state)?, clock))
    }

    /// The same with a key that is forgotten at the end.
    ///
    /// # Errors
    /// No key can be made.
    pub(crate) fn in_memory(listen: SocketAddr, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self::new(address::url_of(listen), SigningKey::generate()?, clock))
    }

    /// The issuer that a state folder belongs to, for a process that does not listen itself.
    ///
    /// Its URL is the one of the last `lci serve` on the folder; before the first one it is that of [`DEFAULT_LISTEN`].
    /// Takes no lock: files of the folder appear whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written, or what it holds is damaged.
    pub(crate) fn of_folder(state: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let url = address::load(state)?.unwrap_or_else(|| address::url_of(DEFAULT_LISTEN));
        Ok(Self::new(url, SigningKey::of_folder(state)?, clock))
    }

    fn new(url: String, key: SigningKey, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { url, key, clock, codes: Codes::default() }))
    }

    /// The name in `iss`, and the base of discovery.
    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    /// The public keys.
    pub(crate) fn keys(&self) -> JwkSet {
        JwkSet { keys: vec![self.0.key.public().clone()] }
    }

    /// The public key of a name, if it is one of ours.
    pub(crate) fn key(&self, kid: &str) -> Option<&Jwk> {
        Some(self.0.key.public()).filter(|key| key.common.key_id.as_deref() == Some(kid))
    }

    /// The clock that tokens are made and checked by.
    pub(crate) fn now_ms(&self) -> u64 {
        self.0.clock.now_ms()
    }

    fn now_s(&self) -> u64 {
        self.now_ms() / 1_000
    }

    /// A bearer token of a user.
    ///
    /// # Errors
    /// The key cannot sign.
    pub(crate) fn token(&self, user: User) -> anyhow::Result<String> {
        token::signed(self, user, None)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! An issuer for tests, with a key that is made once per process.

    use std::sync::{Arc, OnceLock};

    use jsonwebtoken::{Algorithm, Header};
    use serde_json::Value;
    use shared::clock::Clock;

    use super::Issuer;
    use super::key::SigningKey;

    /// 2020-03-04T19:03:58.390Z, the instant of the recorded payload.
    pub(crate) const NOW_MS: u64 = 1_583_348_638_390;

    #[derive(Debug)]
    struct Fixed;

    impl Clock for Fixed {
        fn now_ms(&self) -> u64 {
            NOW_MS
        }
    }

    /// An issuer of a URL at a fixed time.
    pub(crate) fn issuer(url: &str) -> Issuer {
        static KEY: OnceLock<SigningKey> = OnceLock::new();
        let key = KEY.get_or_init(|| SigningKey::generate().unwrap()).clone();
        Issuer::new(url.to_owned(), key, Arc::new(Fixed))
    }

    /// A token with claims of the test's own, signed by the issuer's key.
    pub(crate) fn forged(issuer: &Issuer, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, issuer.0.key.private()).unwrap()
    }

    /// The header that the issuer itself writes.
    pub(crate) fn header(issuer: &Issuer) -> Header {
        Header { kid: issuer.0.key.public().common.key_id.clone(), ..Header::new(Algorithm::RS256) }
    }
}
