//! What a test tells.

use schemars::JsonSchema;
use serde::Serialize;
use shared_core::entity::Entity;
use shared_core::rights::{Action, Grant, Verdict};

/// Result of a test; the test itself worked, whatever the login did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TestAnswer {
    /// The login works and everything that is switched on is granted.
    pub ok: bool,
    /// What programs branch on.
    pub code: TestCode,
    /// What a person reads; «Connection Successful.» when all is well.
    pub message: String,
    /// What to do, naming the screen in Autotask; null when there is nothing to do.
    pub fix: Option<String>,
    /// What does not stop anything but should be known.
    pub warnings: Vec<Warning>,
    /// One row per feature; empty when the login failed.
    pub features: Vec<FeatureRow>,
    /// Rights that nothing of ours needs.
    pub excess: Vec<ExcessRow>,
    /// The hourly limit of the Autotask database; null when it was not told.
    pub usage: Option<ApiUsage>,
    /// Where the customer's Autotask lives; null when it was not found.
    pub zone: Option<ZoneRow>,
    /// How far Autotask's clock is ahead of ours, in seconds; null when it did not tell.
    pub clock_skew_s: Option<i64>,
    /// How long the test took, in milliseconds.
    pub duration_ms: u64,
    /// Names this test for support.
    pub reference: String,
}

/// Stable codes of a test's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestCode {
    /// All is well.
    Connected,
    /// No zone knows the user name.
    UnknownUser,
    /// Wrong password, locked or inactive user, or tracking identifier: Autotask does not tell which.
    LoginRefused,
    /// The API Tracking Identifier is missing or another vendor's.
    TrackingIdentifier,
    /// 403, for example because of an IP address restriction.
    AccessForbidden,
    /// The hourly limit is used up.
    HourlyLimit,
    /// The login works, but a right is missing that something switched on needs.
    RightMissing,
    /// Autotask does not answer, or not usably.
    AutotaskDown,
    /// Autotask cannot be reached.
    Network,
    /// The connection could not be secured.
    Tls,
    /// The zone's address is not known to be Autotask's.
    AddressRefused,
}

/// Something that should be known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Warning {
    /// What programs branch on.
    pub code: WarningCode,
    /// What a person reads.
    pub message: String,
}

/// Stable codes of warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The user name begins or ends with a blank; it was used as it is.
    UsernameBlanks,
    /// The password begins or ends with a blank; it was used as it is.
    PasswordBlanks,
    /// Autotask's clock and ours differ.
    ClockSkew,
    /// The hourly limit could not be read.
    LimitUnread,
    /// Only a part of the records will be seen.
    Restricted,
    /// Not one record is seen.
    NothingSeen,
    /// Some rights could not be tested in time.
    NotTested,
    /// The user may do more than is needed.
    ExcessRights,
}

/// A feature and its rights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FeatureRow {
    /// Which: `assets`, `contracts`, `tickets`, `opportunities`, `warranty_write_back`.
    pub feature: &'static str,
    /// It is switched on.
    pub is_needed: bool,
    /// How it stands.
    pub state: Verdict,
    /// The same for people; names the boxes that are missing.
    pub message: String,
    /// The rights it needs.
    pub rights: Vec<RightRow>,
}

/// One right that a feature needs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RightRow {
    /// Which entity.
    pub entity: Entity,
    /// What must be allowed.
    pub action: Action,
    /// How it is met.
    pub state: Grant,
    /// The boxes of the security level that grant it.
    pub setting: &'static str,
}

/// A right that nothing of ours needs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExcessRow {
    /// Which entity.
    pub entity: Entity,
    /// What is allowed.
    pub action: Action,
}

/// The hourly limit, shared by all integrations of the Autotask database.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApiUsage {
    /// Requests of all integrations in the window.
    pub used: u64,
    /// The limit.
    pub limit: u64,
    /// Length of the rolling window, in seconds.
    pub window_s: u64,
    /// How many of them were ours; null: a test does not know.
    pub ours: Option<u64>,
}

/// Where the customer's Autotask lives.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ZoneRow {
    /// Base of the REST service.
    pub url: String,
    /// Its host.
    pub host: String,
    /// The Autotask database, as far as Autotask names it.
    pub database: Option<String>,
}
