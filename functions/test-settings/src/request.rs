//! What may be asked: values of the form, saved or not.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use shared::api::{ApiError, Object};
use shared_core::rights::Wanted;

/// Longest user name or password that is sent on.
const MAX_BYTES: usize = 256;

/// Values of the form; each may be left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TestRequest {
    /// API user name, exactly as in Autotask; absent or empty: the stored one.
    #[schemars(length(max = 256), regex(pattern = r"^[^\x00-\x1f\x7f]*$"))]
    pub username: Option<String>,
    /// API password, exactly as in Autotask; absent or empty: the stored one.
    #[schemars(with = "Option<String>", length(max = 256), regex(pattern = r"^[^\x00-\x1f\x7f]*$"))]
    pub password: Option<SecretString>,
    /// What is to be pulled besides assets; absent: nothing.
    #[schemars(with = "Option<Pulls>")]
    pub pulls: Option<Object<Pulls>>,
    /// Whether warranty dates are to be written back; absent: no.
    pub write_back: Option<bool>,
}

/// What is to be pulled besides assets.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pulls {
    /// Pull contracts.
    pub contracts: bool,
    /// Pull tickets.
    pub tickets: bool,
    /// Pull opportunities.
    pub opportunities: bool,
}

impl TestRequest {
    /// Refuses what cannot be sent to Autotask.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        check("username", self.username.as_deref().unwrap_or_default())?;
        check("password", self.password.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default())
    }

    /// The user name that was entered.
    pub(crate) fn username(&self) -> Option<&str> {
        self.username.as_deref().filter(|username| !username.is_empty())
    }

    /// The password that was entered.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.password.as_ref().filter(|password| !password.expose_secret().is_empty())
    }

    pub(crate) fn wanted(&self) -> Wanted {
        let Pulls { contracts, tickets, opportunities } = self.pulls.unwrap_or_default().0;
        Wanted { contracts, tickets, opportunities, write_back: self.write_back.unwrap_or(false) }
    }

    /// Whether (user name, password) begin or end with a blank: often a slip of copying, never ours to mend.
    pub(crate) fn blanks(&self) -> (bool, bool) {
        let has = |text: &str| text != text.trim();
        (self.username().is_some_and(has), self.password().is_some_and(|text| has(text.expose_secret())))
    }
}

fn check(field: &str, text: &str) -> Result<(), ApiError> {
    if text.len() > MAX_BYTES {
        Err(ApiError::field(field, format!("it is longer than {MAX_BYTES} bytes")))
    } else if text.chars().any(|c| c.is_ascii_control()) {
        Err(ApiError::field(field, "it holds a control character, such as a line break"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TestRequest;

    fn read(json: &str) -> TestRequest {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn everything_may_be_left_out_and_empty_means_stored() {
        for json in ["{}", r#"{"username":null,"password":null,"pulls":null,"write_back":null}"#] {
            let request = read(json);
            assert!(request.username().is_none() && request.password().is_none() && request.check().is_ok());
        }
        let request = read(r#"{"username":"","password":"","pulls":{"tickets":true}}"#);
        assert!(request.username().is_none() && request.password().is_none());
        assert!(request.wanted().tickets && !request.wanted().contracts && !request.wanted().write_back);
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |json: &str| serde_json::from_str::<TestRequest>(json);
        assert!(read(r#"{"pulls":[true]}"#).is_err() && read(r#"{"pulls":{"tickets":1}}"#).is_err());
    }

    #[test]
    fn blanks_are_told_and_kept() {
        let check = |json, want| assert_eq!(read(json).blanks(), want, "{json}");
        check(r#"{"username":"u","password":"p q"}"#, (false, false));
        check(r#"{"username":" u","password":"p"}"#, (true, false));
        check(r#"{"username":"u","password":"p "}"#, (false, true));
        assert_eq!(read(r#"{"username":" u"}"#).username(), Some(" u"));
    }

    #[test]
    fn what_cannot_be_a_header_is_refused_by_field() {
        let check = |json: &str, field: &str| {
            assert_eq!(read(json).check().unwrap_err().details["field"], field);
        };
        check(r#"{"username":"a\nb"}"#, "username");
        check(r#"{"password":"a\u0000b"}"#, "password");
        check(&format!(r#"{{"password":"{}"}}"#, "x".repeat(257)), "password");
    }
}
