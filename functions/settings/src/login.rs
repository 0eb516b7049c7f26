//! The login that saving may need: tried once, before anything is stored.

use serde_json::json;
use shared::api::{ApiError, Code};
use shared::probe::NotLoggedIn;
use shared::secrets::Login as StoredLogin;
use shared_core::health::{Health, Login};
use shared_core::settings::needs_login;

use crate::Deps;
use crate::draft::Draft;
use crate::tenant::Tenant;

/// What a try showed.
#[derive(Debug)]
pub(crate) struct Tried {
    /// Whether the integration may be active with these credentials.
    pub(crate) may_activate: bool,
    /// Result to be remembered; none when nothing was tried.
    pub(crate) login: Option<Login>,
    /// The credentials are other ones than before.
    pub(crate) is_new: bool,
    /// The Autotask database, if it is known.
    pub(crate) atdb: Option<String>,
    /// What the admin should know.
    pub(crate) warning: Option<String>,
}

impl Tried {
    /// Nothing was tried since nothing is stored that could be.
    pub(crate) fn not_needed() -> Self {
        Self { may_activate: true, login: None, is_new: false, atdb: None, warning: None }
    }

    /// The tenant's health after saving.
    pub(crate) fn health(&self, before: &Health, is_active: bool, now_ms: u64) -> Health {
        let mut health = before.clone();
        match self.login {
            Some(login) => (health.login, health.login_at_ms) = (login, Some(now_ms)),
            None if self.is_new => (health.login, health.login_at_ms) = (Login::Untested, None),
            None => {}
        }
        if is_active && before.disabled_at_ms.is_some() {
            (health.disabled_at_ms, health.n_failed, health.failing_since_ms) = (None, 0, None);
        }
        health
    }
}

/// Tries credentials that are new, or that are to be active without being known as good.
pub(crate) async fn try_login(
    deps: &Deps,
    before: &Tenant,
    draft: &Draft,
    login: &StoredLogin,
    is_new: bool,
) -> Result<Tried, ApiError> {
    if !needs_login(is_new, draft.active, before.health.0.login) {
        return Ok(Tried { is_new, ..Tried::not_needed() });
    }
    match deps.log_in(before, login).await {
        Ok(atdb) => {
            check_database(before, &atdb)?;
            Ok(Tried {
                may_activate: true,
                login: Some(Login::Good),
                is_new,
                atdb: Some(atdb),
                warning: None,
            })
        }
        Err(refusal) if !draft.active || draft.save_anyway => Ok(Tried {
            may_activate: false,
            login: refusal.is_verdict.then_some(Login::Refused),
            is_new,
            atdb: None,
            warning: Some(format!("Saved, but the integration is not active: {}", refusal.message)),
        }),
        Err(refusal) => Err(refusal.into_error()),
    }
}

/// Why a login did not succeed.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Stable name of the cause.
    pub(crate) cause: String,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) fix: String,
    /// Autotask judged the credentials; otherwise it could not be asked.
    pub(crate) is_verdict: bool,
    /// The error that says why it was not even tried.
    pub(crate) not_tried: Option<ApiError>,
}

impl Refusal {
    /// An attempt that failed.
    pub(crate) fn new(failure: &NotLoggedIn) -> Self {
        let cause = &failure.cause;
        Self {
            cause: cause.code().to_owned(),
            message: cause.message(),
            fix: cause.fix().to_owned(),
            is_verdict: cause.is_verdict(),
            not_tried: None,
        }
    }

    /// No attempt was made.
    pub(crate) fn held_off(error: &ApiError) -> Self {
        Self {
            cause: "held_off".to_owned(),
            message: error.message.clone(),
            fix: String::new(),
            is_verdict: false,
            not_tried: Some(error.clone()),
        }
    }

    fn into_error(self) -> ApiError {
        let Self { cause, message, fix, is_verdict: _, not_tried } = self;
        if let Some(error) = not_tried {
            return error;
        }
        ApiError::new(Code::LoginRefused, format!("nothing was saved: {message}"))
            .with(json!({"cause": cause, "fix": fix, "save_anyway": true}))
    }
}

fn check_database(before: &Tenant, given: &str) -> Result<(), ApiError> {
    if before.sync.atdb.as_deref().is_none_or(|stored| stored == given) {
        return Ok(());
    }
    let message = "nothing was saved: this API user belongs to another Autotask database than the data that is stored. \
                   Use a user of the former one, or delete the settings first and set up anew";
    Err(ApiError::new(Code::Conflict, message).with(json!({"reason": "other_database"})))
}
