//! Authorization codes: short-lived, used once, bound to client, redirect and code challenge.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::User;

/// RFC 6749, section 4.1.2, allows ten minutes; a browser needs a second.
pub(super) const LIFETIME_S: u64 = 60;
/// More than this at once is nobody's sign-in.
const MAX_CODES: usize = 1_000;
/// RFC 7636, section 4.1.
const VERIFIER_CHARS: std::ops::RangeInclusive<usize> = 43..=128;

/// What a code was given for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) user: User,
    pub(super) redirect_uri: String,
    /// Base64url of the SHA-256 of the verifier.
    pub(super) code_challenge: String,
    pub(super) nonce: Option<String>,
}

/// Codes that are not used yet, each with its grant and the second of its end.
#[derive(Debug, Default)]
pub(super) struct Codes(Mutex<HashMap<String, (Grant, u64)>>);

impl Codes {
    /// A new code; none when there are too many.
    pub(super) fn issue(&self, grant: Grant, now_s: u64) -> Option<String> {
        let mut secret = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut secret).ok()?;
        let code = URL_SAFE_NO_PAD.encode(secret);
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (_, ends_at_s)| now_s < *ends_at_s);
        if codes.len() >= MAX_CODES {
            return None;
        }
        codes.insert(code.clone(), (grant, now_s + LIFETIME_S));
        Some(code)
    }

    /// The grant of a code; the code is used up even if the rest does not fit.
    pub(super) fn redeem(&self, code: &str, redirect_uri: &str, verifier: &str, now_s: u64) -> Option<Grant> {
        let (grant, ends_at_s) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        let fits = now_s < ends_at_s
            && grant.redirect_uri == redirect_uri
            && VERIFIER_CHARS.contains(&verifier.len())
            && grant.code_challenge == challenge_of(verifier);
        fits.then_some(grant)
    }
}

/// The S256 challenge of a verifier.
pub(super) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Codes, Grant, LIFETIME_S, MAX_CODES, challenge_of};
    use crate::issuer::User;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const REDIRECT: &str = "http://127.0.0.1:8080/callback";

    fn grant() -> Grant {
        let code_challenge = challenge_of(VERIFIER);
        Grant { user: User::Admin, redirect_uri: REDIRECT.to_owned(), code_challenge, nonce: None }
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(challenge_of(VERIFIER), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_code_is_used_once_in_time_and_by_whom_it_was_given_to() {
        let short = &VERIFIER[..42];
        for (redirect_uri, verifier, at_s, is_good) in [
            (REDIRECT, VERIFIER, LIFETIME_S - 1, true),
            (REDIRECT, VERIFIER, LIFETIME_S, false),
            (REDIRECT, "another-verifier-of-forty-three-characters-", 0, false),
            (REDIRECT, short, 0, false),
            ("http://127.0.0.1:8080/callback/", VERIFIER, 0, false),
        ] {
            let codes = Codes::default();
            let code = codes.issue(grant(), 0).unwrap();
            let granted = codes.redeem(&code, redirect_uri, verifier, at_s);
            assert_eq!(granted.is_some(), is_good, "{redirect_uri} {verifier} {at_s}");
            assert_eq!(codes.redeem(&code, REDIRECT, VERIFIER, 0), None, "used twice");
        }
    }

    #[test]
    fn unused_codes_do_not_pile_up() {
        let codes = Codes::default();
        for _ in 0..MAX_CODES {
            assert!(codes.issue(grant(), 0).is_some());
        }
        assert_eq!(codes.issue(grant(), 0), None);
        assert!(codes.issue(grant(), LIFETIME_S).is_some());
    }
}
