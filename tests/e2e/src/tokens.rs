//! Bearer tokens, good and forged.

use anyhow::{Context, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::path::Path;

/// The key of a state folder, in the wrong hands.
#[derive(Debug)]
pub struct Forge {
    pem: Vec<u8>,
    header: Value,
    claims: Value,
    jwk: Value,
}

impl Forge {
    /// Takes the key of a state folder, a good token to imitate, and the published key set.
    ///
    /// # Errors
    /// They are not what they should be.
    pub fn new(state: &Path, token: &str, keys: &Value) -> anyhow::Result<Self> {
        let part = |at: usize| -> anyhow::Result<Value> {
            let text = token.split('.').nth(at).context("no token")?;
            Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text)?)?)
        };
        let pem = std::fs::read(state.join("issuer-key.pem"))?;
        Ok(Self { pem, header: part(0)?, claims: part(1)?, jwk: keys["keys"][0].clone() })
    }

    /// The claims of the good token, some of them replaced; null takes one away.
    #[must_use]
    pub fn claims(&self, changes: &Value) -> Value {
        let mut claims = self.claims.clone();
        for (name, value) in changes.as_object().into_iter().flatten() {
            if value.is_null() {
                claims.as_object_mut().map(|claims| claims.remove(name));
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    /// A token that the issuer could have signed.
    ///
    /// # Errors
    /// The key is none.
    pub fn signed(&self, changes: &Value) -> anyhow::Result<String> {
        self.signed_by(&self.pem, &self.kid(), changes)
    }

    /// The same by another key, or under another name of a key.
    ///
    /// # Errors
    /// The key is none.
    pub fn signed_by(&self, pem: &[u8], kid: &str, changes: &Value) -> anyhow::Result<String> {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::RS256) };
        Ok(encode(&header, &self.claims(changes), &EncodingKey::from_rsa_pem(pem)?)?)
    }

    /// The name of the key.
    #[must_use]
    pub fn kid(&self) -> String {
        self.header["kid"].as_str().unwrap_or_default().to_owned()
    }

    /// A token of the algorithm `none`, in a spelling.
    #[must_use]
    pub fn unsigned(&self, spelling: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"typ": "JWT", "alg": spelling, "kid": self.kid()});
        format!("{}.{}.", part(&header), part(&self.claims))
    }

    /// A good token with another payload under its old signature.
    ///
    /// # Errors
    /// It was no token.
    pub fn tampered(&self, token: &str, changes: &Value) -> anyhow::Result<String> {
        let parts: Vec<&str> = token.split('.').collect();
        ensure!(parts.len() == 3, "it was no token");
        let payload = URL_SAFE_NO_PAD.encode(self.claims(changes).to_string());
        Ok(format!("{}.{payload}.{}", parts[0], parts[2]))
    }

    /// Tokens whose HMAC key is the public key, in each form in which somebody may hold it.
    ///
    /// # Errors
    /// The published key is none.
    pub fn confused(&self) -> anyhow::Result<Vec<String>> {
        let number = |name: &str| URL_SAFE_NO_PAD.decode(self.jwk[name].as_str().unwrap_or_default());
        let (n, e) = (number("n")?, number("e")?);
        ensure!(n.len() == 256, "the published key has {} bytes", n.len());
        let spki = spki(&n, &e);
        let lines = STANDARD.encode(&spki).into_bytes();
        let lines: Vec<_> = lines.chunks(64).map(String::from_utf8_lossy).collect();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
        let secrets = [
            n,
            spki,
            pem.trim_end().as_bytes().to_vec(),
            pem.into_bytes(),
            self.jwk.to_string().into_bytes(),
        ];
        let header = Header { kid: Some(self.kid()), ..Header::new(Algorithm::HS256) };
        let sign = |secret: &Vec<u8>| Ok(encode(&header, &self.claims, &EncodingKey::from_secret(secret))?);
        secrets.iter().map(sign).collect()
    }
}

/// A public RSA key as X.509 writes it (RFC 5280, RFC 8017).
fn spki(n: &[u8], e: &[u8]) -> Vec<u8> {
    // Both numbers are positive: a leading zero keeps them so where the first bit is set.
    let sign =
        |bytes: &[u8]| if bytes.first().is_some_and(|byte| *byte > 0x7f) { vec![0] } else { Vec::new() };
    let integer = |bytes: &[u8]| der(0x02, &[&sign(bytes), bytes].concat());
    let key = der(0x30, &[integer(n), integer(e)].concat());
    let algorithm =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = der(0x03, &[&[0][..], &key].concat());
    der(0x30, &[&algorithm[..], &bits].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let head = match (length, content.len()) {
        ([_, low], 0..=0x7f) => vec![tag, low],
        ([_, low], 0x80..=0xff) => vec![tag, 0x81, low],
        ([high, low], _) => vec![tag, 0x82, high, low],
    };
    [head, content.to_vec()].concat()
}
