//! Everything about the simulated service that can be chosen; most of it also while it runs.

use crate::schema::Entity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// How many rows of each entity are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sizes {
    /// Companies besides the one with id 0.
    pub companies: usize,
    /// Contacts.
    pub contacts: usize,
    /// Configuration items.
    pub assets: usize,
    /// Products.
    pub products: usize,
    /// Contracts; each has about two services, each service about two units.
    pub contracts: usize,
    /// Tickets.
    pub tickets: usize,
    /// Opportunities.
    pub opportunities: usize,
    /// Resources besides the system account with id 4.
    pub resources: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            companies: 200,
            contacts: 1_000,
            assets: 5_000,
            products: 120,
            contracts: 300,
            tickets: 500,
            opportunities: 100,
            resources: 25,
        }
    }
}

/// How wrong credentials are answered; sources disagree, so both forms exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthProfile {
    /// Unknown user and bad integration code give 500 with a text, a wrong secret 401.
    #[serde(rename = "2023")]
    Year2023,
    /// Everything wrong gives an empty 401.
    #[serde(rename = "2026")]
    Year2026,
}

/// How instants are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateStyle {
    /// `2026-11-20T02:00:00.12Z`
    Z,
    /// `2026-11-20T02:00:00.12`
    Zoneless,
}

/// What happens to the call above the thread limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreadMode {
    /// 429.
    TooMany429,
    /// 500 with the threshold text.
    Error500,
}

/// How a call above the hourly limit is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverLimit {
    /// 429.
    TooMany429,
    /// 500 with a text that has the word «threshold».
    Error500,
}

/// Whether and how a 429 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// No header.
    Absent,
    /// A number of seconds.
    Seconds(u64),
    /// An HTTP date this many seconds after the simulated now.
    HttpDate(u64),
}

/// What the API user may see of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Everything.
    Full,
    /// Reads work, writes are refused with the permission text.
    ReadOnly,
    /// Reads answer 200 with nothing.
    Empty,
    /// 403.
    Forbidden,
    /// 500 with the permission text.
    Denied500,
    /// A repeatable share of the rows is visible; the fraction is the share that is **not**.
    Partial(f64),
}

/// How the service is set up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 takes a free one. Read at start only.
    pub listen: SocketAddr,
    /// The base that answers name in their URLs, for a proxy in front; normally our own address.
    pub public_url: Option<String>,
    /// Decides the data. Read at start only.
    pub seed: u64,
    /// How many rows there are. Read at start only.
    pub sizes: Sizes,
    /// The simulated instant at start, as text. Read at start only.
    pub start_at: String,
    /// True to stop the simulated clock; it then moves only when told. Read at start only.
    pub is_clock_frozen: bool,
    /// How long every answer takes, in milliseconds of real time.
    pub latency_ms: u64,
    /// How long the answer to a count takes; the same as `latency_ms` when absent.
    pub count_latency_ms: Option<u64>,
    /// How long a thread slot stays taken after its answer.
    pub release_lag_ms: u64,
    /// Concurrent calls per integration code and entity; 0 for no limit.
    pub thread_limit: usize,
    /// How the call above the thread limit is refused.
    pub thread_mode: ThreadMode,
    /// Calls per rolling hour, of all integrations together.
    pub hourly_limit: u64,
    /// Calls per hour that other integrations make.
    pub foreign_calls_per_hour: u64,
    /// Multiplies the latency that is added from 50 % and 75 % of the hourly limit; 0 turns it off.
    pub latency_step_scale: f64,
    /// How a call above the hourly limit is refused.
    pub over_limit: OverLimit,
    /// The `Retry-After` of every 429.
    pub retry_after: RetryAfter,
    /// The body of every 429 of a limit, as plain text; JSON with `errors` when absent.
    pub limit_body: Option<String>,
    /// The API user.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The only integration code accepted; any that is not blank when absent.
    pub integration_code: Option<String>,
    /// How wrong credentials are answered.
    pub auth_profile: AuthProfile,
    /// Wrong secrets in a row that lock the user; 0 for never.
    pub lockout_after: u32,
    /// How instants are written.
    pub date_style: DateStyle,
    /// Rights by entity; entities not named have full rights.
    pub rights: BTreeMap<Entity, Rights>,
    /// The numbers of `userAccessFor…` for none, all and restricted.
    pub user_access_numbers: [i64; 3],
    /// The path before `/ATServicesRest/` in the zone where the customer lives; empty for none.
    pub zone_path: String,
    /// True to give `userDefinedFields` only to queries that list it in `IncludeFields`.
    pub udf_only_when_included: bool,
    /// True to answer 404 to a GET of a missing id; `{"item":null}` otherwise.
    pub is_missing_item_404: bool,
    /// True to refuse updates of rows that point at inactive contacts or resources.
    pub refuse_inactive_references: bool,
    /// For how long after a write reads still show the state before it, in milliseconds of real time.
    pub read_after_write_lag_ms: u64,
    /// Fields that cannot be queried, as `Entity.field`.
    pub unqueryable: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            seed: 1,
            sizes: Sizes::default(),
            start_at: "2026-11-20T02:00:00Z".to_owned(),
            is_clock_frozen: false,
            latency_ms: 0,
            count_latency_ms: None,
            release_lag_ms: 0,
            thread_limit: 3,
            thread_mode: ThreadMode::TooMany429,
            hourly_limit: 10_000,
            foreign_calls_per_hour: 0,
            latency_step_scale: 1.0,
            over_limit: OverLimit::TooMany429,
            retry_after: RetryAfter::Absent,
            limit_body: None,
            user: "api.user+sync@example.invalid".to_owned(),
            password: "correct horse & battery".to_owned(),
            integration_code: None,
            auth_profile: AuthProfile::Year2026,
            lockout_after: 5,
            date_style: DateStyle::Z,
            rights: BTreeMap::new(),
            user_access_numbers: [0, 1, 2],
            zone_path: String::new(),
            udf_only_when_included: false,
            is_missing_item_404: false,
            refuse_inactive_references: false,
            read_after_write_lag_ms: 0,
            unqueryable: Vec::new(),
        }
    }
}

impl Config {
    /// Few rows and no waiting: for tests.
    pub fn small() -> Self {
        let sizes = Sizes {
            companies: 12,
            contacts: 60,
            assets: 300,
            products: 20,
            contracts: 24,
            tickets: 40,
            opportunities: 15,
            resources: 6,
        };
        Self { sizes, latency_step_scale: 0.0, ..Self::default() }
    }

    /// The rights on an entity.
    pub(crate) fn rights_of(&self, entity: Entity) -> Rights {
        self.rights.get(&entity).copied().unwrap_or(Rights::Full)
    }

    /// True when the field may stand in a filter.
    pub(crate) fn is_queryable(&self, entity: Entity, field: &str) -> bool {
        !self.unqueryable.iter().any(|name| {
            name.split_once('.').is_some_and(|(owner, other)| {
                owner.eq_ignore_ascii_case(entity.route()) && other.eq_ignore_ascii_case(field)
            })
        })
    }
}
