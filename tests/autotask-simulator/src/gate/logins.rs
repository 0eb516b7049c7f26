//! Credentials, and the lock after too many wrong secrets.

use crate::config::{AuthProfile, Config};
use std::collections::HashMap;

/// What a call brought along.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    /// Header `UserName`.
    pub(crate) user: String,
    /// Header `Secret`.
    pub(crate) secret: String,
    /// Header `ApiIntegrationCode`.
    pub(crate) code: String,
}

/// What the service thinks of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Come in.
    Accepted,
    /// An empty 401, and what the log says about it.
    Unauthorized(&'static str),
    /// A 500 with a text.
    Error(&'static str),
}

/// Wrong secrets in a row and locks, by user.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    wrong_in_a_row: HashMap<String, u32>,
}

impl Logins {
    /// Judges credentials.
    pub(crate) fn judge(&mut self, config: &Config, credentials: &Credentials) -> Verdict {
        let is_old = config.auth_profile == AuthProfile::Year2023;
        if !credentials.user.eq_ignore_ascii_case(&config.user) {
            return if is_old {
                Verdict::Error("The user name does not exist or is inactive.")
            } else {
                Verdict::Unauthorized("unknown user")
            };
        }
        if self.is_locked(config) {
            return Verdict::Unauthorized("user is locked");
        }
        if credentials.secret != config.password {
            *self.wrong_in_a_row.entry(config.user.to_lowercase()).or_default() += 1;
            return Verdict::Unauthorized("wrong secret");
        }
        let is_known_code = match &config.integration_code {
            Some(code) => credentials.code == *code,
            None => !credentials.code.trim().is_empty(),
        };
        if !is_known_code {
            return if is_old {
                Verdict::Error("IntegrationCode is invalid.")
            } else {
                Verdict::Unauthorized("bad integration code")
            };
        }
        self.unlock(&config.user);
        Verdict::Accepted
    }

    /// True when the API user must be unlocked first.
    pub(crate) fn is_locked(&self, config: &Config) -> bool {
        let n_wrong = self.wrong_in_a_row.get(&config.user.to_lowercase()).copied().unwrap_or(0);
        config.lockout_after > 0 && n_wrong >= config.lockout_after
    }

    /// What an administrator does in the UI.
    pub(crate) fn unlock(&mut self, user: &str) {
        self.wrong_in_a_row.remove(&user.to_lowercase());
    }
}
