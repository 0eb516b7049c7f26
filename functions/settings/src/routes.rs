//! The routes of this function.

use shared::api::{Method, Param, Role, Route, lists, schema_of};
use shared_core::run::State;

use crate::draft::Draft;
use crate::it_glue::{ItGlueDraft, ItGlueView};
use crate::runs::RunWish;
use crate::view::{AuditView, ClosingView, LogKind, RunPage, RunView, SettingsView, UsageView};

const FUNCTION: &str = "settings";

/// Path of the settings.
pub const SETTINGS: &str = "/v1/integrations/autotask/settings";

/// Path of what is saved of IT Glue.
const IT_GLUE: &str = "/v1/integrations/it-glue/settings";

const LIST: [Param; 2] = [
    Param::new("limit", "Rows of a page, 1 to 100; 25 by default.", lists::short_schema),
    Param::new("cursor", "Where the former page ended.", schema_of::<String>),
];

/// Every route.
pub const ROUTES: &[Route] = &[
    Route::new(
        FUNCTION,
        Method::Get,
        SETTINGS,
        "getSettings",
        Role::Reader,
        "The tenant's settings and how the integration fares; never the password.",
    )
    .answers(200, Some(schema_of::<SettingsView>)),
    Route::new(
        FUNCTION,
        Method::Put,
        SETTINGS,
        "saveSettings",
        Role::Admin,
        "Saves the settings; the first active save starts the first load.",
    )
    .repeatable()
    .takes(schema_of::<Draft>)
    .answers(200, Some(schema_of::<SettingsView>)),
    Route::new(
        FUNCTION,
        Method::Delete,
        SETTINGS,
        "deleteSettings",
        Role::Admin,
        "Leaves: stops runs, deletes the secret and everything that is stored \
            about the tenant.",
    )
    .query(&[Param::new(
        "confirm",
        "The tenant's own name, so that nobody leaves by accident.",
        schema_of::<String>,
    )
    .required()])
    .answers(202, Some(schema_of::<ClosingView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/settings/versions",
        "listSettingsVersions",
        Role::Admin,
        "Who changed the settings, when, and what; newest first.",
    )
    .query(&LIST)
    .answers(200, Some(schema_of::<AuditView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/runs",
        "listRuns",
        Role::Reader,
        "The pull log: runs of the last 13 months, newest first; write-backs only where they are asked for.",
    )
    .query(&[
        LIST[0],
        LIST[1],
        Param::new("kind", "Only runs of this kind.", schema_of::<LogKind>),
        Param::new(
            "with_write_back",
            "Among runs of every kind, tell write-backs as well.",
            schema_of::<bool>,
        ),
        Param::new(
            "with_auto_map",
            "Among runs of every kind, tell saves of what auto-map proposed as well.",
            schema_of::<bool>,
        ),
        Param::new("state", "Only runs in this state.", schema_of::<State>),
        Param::new("from", "Only runs begun at this instant or later, RFC 3339.", schema_of::<String>),
        Param::new("until", "Only runs begun before this instant, RFC 3339.", schema_of::<String>),
    ])
    .answers(200, Some(schema_of::<RunPage>)),
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/runs",
        "startRun",
        Role::Admin,
        "Runs now, all entities or some; a failed run goes on.",
    )
    .repeatable()
    .takes(schema_of::<RunWish>)
    .answers(202, Some(schema_of::<RunView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/runs/{id}",
        "getRun",
        Role::Reader,
        "One run with its progress, remarks and rejected records.",
    )
    .answers(200, Some(schema_of::<RunView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/usage",
        "getUsage",
        Role::Reader,
        "Use of Autotask's hourly request limit: ours, all others', and the limit.",
    )
    .answers(200, Some(schema_of::<UsageView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        IT_GLUE,
        "getItGlueSettings",
        Role::Reader,
        "How IT Glue is reached and what its organizations showed last; never the key.",
    )
    .answers(200, Some(schema_of::<ItGlueView>)),
    Route::new(
        FUNCTION,
        Method::Put,
        IT_GLUE,
        "saveItGlueSettings",
        Role::Admin,
        "Saves region and API key of IT Glue after they were tried; the organizations are then read.",
    )
    .repeatable()
    .takes(schema_of::<ItGlueDraft>)
    .answers(200, Some(schema_of::<ItGlueView>)),
];
