//! What the issuer remembers of a browser: who signed in last, so that a reloaded page need not ask again.
//!
//! A cookie for the issuer's own paths, which no script reads. It proves no more than the sign-in itself, where anybody
//! may choose anybody.

use axum::http::{HeaderMap, HeaderValue, header};

use super::{Issuer, User};

/// Who signed in last with this browser, and did not sign out since.
pub(super) fn user(issuer: &Issuer, headers: &HeaderMap) -> Option<User> {
    let name = name(issuer);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(other, _)| *other == name).and_then(|(_, user)| User::from_name(user))
}

/// The header that remembers a user, or forgets whoever it was.
pub(super) fn cookie(issuer: &Issuer, user: Option<User>) -> Option<HeaderValue> {
    let (value, lifetime) = user.map_or(("", "; Max-Age=0"), |user| (user.name(), ""));
    let cookie = format!("{}={value}; Path=/oauth2; HttpOnly; SameSite=Strict{lifetime}", name(issuer));
    HeaderValue::from_str(&cookie).ok()
}

/// Cookies know no ports, and several products may run on one machine.
fn name(issuer: &Issuer) -> String {
    let port = issuer.url().rsplit_once(':').map_or("", |(_, port)| port);
    format!("lci-user-{port}")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::{cookie, user};
    use crate::issuer::{User, testing};

    fn remembered(line: &str) -> Option<User> {
        let headers = HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
        user(&testing::issuer("http://127.0.0.1:8080"), &headers)
    }

    #[test]
    fn a_browser_is_known_by_its_own_cookie_alone() {
        for (line, known) in [
            ("lci-user-8080=reader", Some(User::Reader)),
            ("a=b; lci-user-8080=admin; c", Some(User::Admin)),
            ("lci-user-8081=admin", None),
            ("lci-user-8080=root", None),
            ("lci-user-8080=", None),
            ("", None),
        ] {
            assert_eq!(remembered(line), known, "{line}");
        }
    }

    #[test]
    fn what_is_set_is_what_is_read_until_it_is_forgotten() {
        let issuer = testing::issuer("http://127.0.0.1:8080");
        let set = cookie(&issuer, Some(User::Other)).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
        assert_eq!(remembered(set.split(';').next().unwrap()), Some(User::Other));
        let unset = cookie(&issuer, None).unwrap();
        assert!(unset.to_str().unwrap().contains("Max-Age=0"));
    }
}
