//! ID tokens.

use anyhow::Context;
use jsonwebtoken::{Algorithm, Header};
use serde::Serialize;

use super::{CLIENT_ID, Issuer, User};

/// As long as Cognito's.
pub(super) const LIFETIME_S: u64 = 3_600;

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: u64,
    exp: u64,
    token_use: &'a str,
    tenant: &'a str,
    role: &'a str,
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_limit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

/// A signed ID token; the nonce is the one of the sign-in, if there was one.
pub(super) fn signed(issuer: &Issuer, user: User, nonce: Option<&str>) -> anyhow::Result<String> {
    let now_s = issuer.now_s();
    let claims = Claims {
        iss: issuer.url(),
        aud: CLIENT_ID,
        sub: user.name(),
        iat: now_s,
        exp: now_s + LIFETIME_S,
        token_use: "id",
        tenant: user.tenant(),
        role: user.role(),
        email: user.email(),
        plan_limit: user.plan_limit(),
        nonce,
    };
    let key = &issuer.0.key;
    let header = Header { kid: key.public().common.key_id.clone(), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, &claims, key.private()).context("the token cannot be signed")
}
