//! What an admin sends to be saved, and whether it can be.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use shared::api::{ApiError, Object};
use shared_core::mail::address::is_address;
use shared_core::schedule::time_zone;
use shared_core::settings::{DEFAULT_LOOKBACK_MONTHS, PrimarySource, Pulls};

const MAX_LOGIN_CHARS: usize = 200;
const MAX_RECIPIENTS: usize = 20;
const MAX_LOOKBACK_MONTHS: u16 = 120;

/// Settings to be saved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// "Autotask Integration Active".
    pub active: bool,
    /// API user name, exactly as in Autotask.
    #[schemars(length(min = 1, max = 200))]
    pub username: String,
    /// API password, exactly as in Autotask; absent or empty keeps the stored one.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub password: Option<SecretString>,
    /// Optional entities to pull.
    #[serde(default)]
    #[schemars(with = "PullsDraft")]
    pub pulls: Object<PullsDraft>,
    /// Where companies and assets come from: with IT Glue, Autotask only adds what is ticked, of linked companies.
    #[serde(default)]
    pub primary_source: PrimarySource,
    /// Months before a company was linked from which on its tickets are pulled, open ones always; 12 by default.
    #[serde(default = "lookback")]
    #[schemars(range(min = 1, max = 120))]
    pub lookback_months: u16,
    /// Whether warranty dates may be written back to Autotask; only with Autotask as the primary source.
    #[serde(default)]
    pub warranty_write_back: bool,
    /// IANA name of the time zone whose nights are meant; UTC by default.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Who gets mails besides the admin who saves; at most 20 addresses.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub recipients: Vec<String>,
    /// Version that was read; 0 when nothing was saved before.
    pub version: u64,
    /// Save although the login fails; the integration is then not activated.
    #[serde(default)]
    pub save_anyway: bool,
}

/// Optional entities to pull.
#[derive(Clone, Copy, Debug, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PullsDraft {
    /// Contracts and their services.
    pub contracts: bool,
    /// Tickets.
    pub tickets: bool,
    /// Opportunities.
    pub opportunities: bool,
}

impl From<PullsDraft> for Pulls {
    fn from(draft: PullsDraft) -> Self {
        let PullsDraft { contracts, tickets, opportunities } = draft;
        Self { contracts, tickets, opportunities }
    }
}

impl From<Pulls> for PullsDraft {
    fn from(pulls: Pulls) -> Self {
        let Pulls { contracts, tickets, opportunities } = pulls;
        Self { contracts, tickets, opportunities }
    }
}

fn lookback() -> u16 {
    DEFAULT_LOOKBACK_MONTHS
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Draft {
    /// The new password, if one was given.
    #[must_use]
    pub fn new_password(&self) -> Option<&SecretString> {
        self.password.as_ref().filter(|password| !password.expose_secret().is_empty())
    }

    /// Checks everything that can be told without looking anywhere.
    ///
    /// # Errors
    /// [`shared::api::Code::InvalidRequest`], naming the field.
    pub fn check(&self) -> Result<(), ApiError> {
        check_login("username", &self.username)?;
        if let Some(password) = self.new_password() {
            check_login("password", password.expose_secret())?;
        }
        time_zone(&self.time_zone).map_err(|error| ApiError::field("time_zone", error))?;
        if !(1..=MAX_LOOKBACK_MONTHS).contains(&self.lookback_months) {
            let why = format!("it is no number from 1 to {MAX_LOOKBACK_MONTHS}");
            return Err(ApiError::field("lookback_months", why));
        }
        if self.warranty_write_back && self.primary_source == PrimarySource::ItGlue {
            let why = "assets are IT Glue's: nothing of them is written to Autotask";
            return Err(ApiError::field("warranty_write_back", why));
        }
        if self.recipients.len() > MAX_RECIPIENTS {
            return Err(ApiError::field("recipients", format!("more than {MAX_RECIPIENTS} addresses")));
        }
        match self.recipients.iter().position(|address| !is_address(address)) {
            Some(at) => Err(ApiError::field(&format!("recipients[{at}]"), "it is no e-mail address")),
            None => Ok(()),
        }
    }

    /// What an admin should know although it is saved as it came.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let has_blanks = |text: &str| text.trim() != text;
        let mut warnings = Vec::new();
        if has_blanks(&self.username) {
            warnings.push("The user name begins or ends with a blank; it was saved exactly so.".to_owned());
        }
        if self.new_password().is_some_and(|password| has_blanks(password.expose_secret())) {
            warnings.push("The password begins or ends with a blank; it was saved exactly so.".to_owned());
        }
        warnings
    }
}

fn check_login(field: &str, text: &str) -> Result<(), ApiError> {
    let n_chars = text.chars().count();
    if n_chars == 0 || n_chars > MAX_LOGIN_CHARS {
        return Err(ApiError::field(field, format!("it must have 1 to {MAX_LOGIN_CHARS} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(ApiError::field(field, "it has a control character, perhaps a line break from copying"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Draft;

    fn check(change: &str, is_ok: bool) {
        let mut draft = serde_json::json!({"active": true, "username": "a@b.example", "version": 0});
        let change: serde_json::Value = serde_json::from_str(change).unwrap();
        for (name, value) in change.as_object().unwrap() {
            draft[name] = value.clone();
        }
        let read = serde_json::from_value::<Draft>(draft).map_err(|error| error.to_string());
        let checked = read.and_then(|draft| draft.check().map_err(|error| error.message));
        assert_eq!(checked.is_ok(), is_ok, "{change}: {checked:?}");
    }

    #[test]
    fn a_draft_is_refused_by_field() {
        check("{}", true);
        check(r#"{"password":""}"#, true);
        check(r#"{"password":" blanks are kept "}"#, true);
        check(r#"{"username":""}"#, false);
        check(r#"{"username":"a\nb"}"#, false);
        check(r#"{"password":"a\tb"}"#, false);
        check(r#"{"time_zone":"Mars/Base"}"#, false);
        check(r#"{"time_zone":"Pacific/Apia"}"#, true);
        check(r#"{"recipients":["x"]}"#, false);
        check(r#"{"recipients":["a@b.example"]}"#, true);
        check(r#"{"tenant":"other"}"#, false);
        check(r#"{"version":-1}"#, false);
        check(r#"{"pulls":{"projects":true}}"#, false);
        check(r#"{"pulls":[true,true,true]}"#, false);
        check(r#"{"pulls":{"tickets":true}}"#, true);
        check(r#"{"primary_source":"it_glue","lookback_months":1}"#, true);
        check(r#"{"primary_source":"it_glue","warranty_write_back":true}"#, false);
        check(r#"{"lookback_months":0}"#, false);
        check(r#"{"lookback_months":121}"#, false);
    }

    #[test]
    fn blanks_are_warned_of_and_kept() {
        let draft = r#"{"active":true,"username":" a","password":"b ","version":0}"#;
        let draft: Draft = serde_json::from_str(draft).unwrap();
        assert_eq!((draft.warnings().len(), draft.username.as_str()), (2, " a"));
        assert!(!format!("{draft:?}").contains("b "));
    }
}
