//! What the API shows of settings, runs and the audit trail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_core::health::Login;
use shared_core::settings::PrimarySource;
use shared_core::status::Status;

use crate::draft::PullsDraft;

pub use crate::run_view::{AutoMapView, EntityView, LogKind, RunPage, RunView, WriteBackView};

/// The settings of a tenant and how the integration fares.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct SettingsView {
    /// Version; to be sent back with a change. 0 when nothing was saved yet.
    pub version: u64,
    /// "Autotask Integration Active".
    pub active: bool,
    /// API user name.
    pub username: String,
    /// What may be told of the password.
    pub password: PasswordView,
    /// Optional entities.
    pub pulls: PullsDraft,
    /// Where companies and assets come from.
    pub primary_source: PrimarySource,
    /// Months before a company was linked from which on its tickets are pulled.
    pub lookback_months: u16,
    /// Whether warranty dates may be written back.
    pub warranty_write_back: bool,
    /// IANA name of the tenant's time zone.
    pub time_zone: String,
    /// Who gets mails besides the admin who saved.
    pub recipients: Vec<String>,
    /// When it was saved, RFC 3339 UTC.
    pub saved_at: Option<String>,
    /// Who saved it.
    pub saved_by: Option<String>,
    /// How the integration fares, in one word.
    pub status: Status,
    /// What is known of the login.
    pub login: LoginView,
    /// When the next night begins, RFC 3339 UTC.
    pub next_night_at: Option<String>,
    /// The unfinished run.
    pub run: Option<RunView>,
    /// The run that ended last.
    pub last_run: Option<RunView>,
    /// When a former tenancy's data was deleted, RFC 3339 UTC.
    pub purged_at: Option<String>,
    /// What to know about what was just saved.
    pub warnings: Vec<String>,
}

/// What may be told of the password.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PasswordView {
    /// One is stored.
    pub stored: bool,
    /// When it was changed, RFC 3339 UTC.
    pub changed_at: Option<String>,
    /// Who changed it.
    pub changed_by: Option<String>,
}

/// What is known of the login.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct LoginView {
    /// Result of the last try with these credentials.
    pub state: Login,
    /// When that was, RFC 3339 UTC.
    pub at: Option<String>,
    /// Seconds until a login may be tried again, while the pause after a refusal lasts.
    pub retry_after_s: Option<u64>,
}

/// The answer to leaving.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClosingView {
    /// Always `closing`; the settings tell when it is done.
    pub status: Status,
}

/// A page of the audit trail.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuditView {
    /// Entries, newest first.
    pub versions: Vec<AuditRow>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// One change.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuditRow {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// What was done.
    pub what: String,
    /// Version that it made.
    pub version: u64,
    /// Changed fields before.
    pub before: Value,
    /// Changed fields after.
    pub after: Value,
}

/// Use of Autotask's hourly request limit.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct UsageView {
    /// When it was read, RFC 3339 UTC; none if it never was.
    pub read_at: Option<String>,
    /// Requests of everybody in the last hour, as Autotask counts them.
    pub used: Option<u64>,
    /// Requests that Autotask allows in an hour.
    pub limit: Option<u64>,
    /// Our own requests in the last hour.
    pub ours: u64,
    /// Percent of the limit at which we pause nightly work, so that others keep room.
    pub pause_percent: u8,
}
