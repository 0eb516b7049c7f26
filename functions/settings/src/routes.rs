//! The routes of this function.

use shared::api::{Method, Param, Role, Route, lists, schema_of};
use shared_core::run::{Kind, State};

use crate::draft::Draft;
use crate::runs::RunWish;
use crate::view::{AuditView, ClosingView, RunPage, RunView, SettingsView, UsageView};

const FUNCTION: &str = "settings";

/// Path of the settings.
pub const SETTINGS: &str = "/v1/integrations/autotask/settings";

const LIST: [Param; 2] = [
    Param {
        name: "limit",
        about: "Rows of a page, 1 to 100; 25 by default.",
        is_required: false,
        schema: lists::short_schema,
    },
    Param {
        name: "cursor",
        about: "Where the former page ended.",
        is_required: false,
        schema: schema_of::<String>,
    },
];

/// Every route.
pub const ROUTES: &[Route] = &[
    Route {
        method: Method::Get,
        path: SETTINGS,
        function: FUNCTION,
        operation: "getSettings",
        about: "The tenant's settings and how the integration fares; never the password.",
        role: Role::Reader,
        query: &[],
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<SettingsView>)),
    },
    Route {
        method: Method::Put,
        path: SETTINGS,
        function: FUNCTION,
        operation: "saveSettings",
        about: "Saves the settings; the first active save starts the first load.",
        role: Role::Admin,
        query: &[],
        is_repeatable: true,
        request: Some(schema_of::<Draft>),
        response: (200, Some(schema_of::<SettingsView>)),
    },
    Route {
        method: Method::Delete,
        path: SETTINGS,
        function: FUNCTION,
        operation: "deleteSettings",
        about: "Leaves: stops runs, deletes the secret and everything that is stored about the tenant.",
        role: Role::Admin,
        query: &[Param {
            name: "confirm",
            about: "The tenant's own name, so that nobody leaves by accident.",
            is_required: true,
            schema: schema_of::<String>,
        }],
        is_repeatable: false,
        request: None,
        response: (202, Some(schema_of::<ClosingView>)),
    },
    Route {
        method: Method::Get,
        path: "/v1/integrations/autotask/settings/versions",
        function: FUNCTION,
        operation: "listSettingsVersions",
        about: "Who changed the settings, when, and what; newest first.",
        role: Role::Admin,
        query: &LIST,
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<AuditView>)),
    },
    Route {
        method: Method::Get,
        path: "/v1/integrations/autotask/runs",
        function: FUNCTION,
        operation: "listRuns",
        about: "The pull log: runs of the last 13 months, newest first.",
        role: Role::Reader,
        query: &[
            LIST[0],
            LIST[1],
            Param {
                name: "kind",
                about: "Only runs of this kind.",
                is_required: false,
                schema: schema_of::<Kind>,
            },
            Param {
                name: "state",
                about: "Only runs in this state.",
                is_required: false,
                schema: schema_of::<State>,
            },
            Param {
                name: "from",
                about: "Only runs begun at this instant or later, RFC 3339.",
                is_required: false,
                schema: schema_of::<String>,
            },
            Param {
                name: "until",
                about: "Only runs begun before this instant, RFC 3339.",
                is_required: false,
                schema: schema_of::<String>,
            },
        ],
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<RunPage>)),
    },
    Route {
        method: Method::Post,
        path: "/v1/integrations/autotask/runs",
        function: FUNCTION,
        operation: "startRun",
        about: "Runs now, all entities or some; a failed run goes on.",
        role: Role::Admin,
        query: &[],
        is_repeatable: true,
        request: Some(schema_of::<RunWish>),
        response: (202, Some(schema_of::<RunView>)),
    },
    Route {
        method: Method::Get,
        path: "/v1/integrations/autotask/runs/{id}",
        function: FUNCTION,
        operation: "getRun",
        about: "One run with its progress, remarks and rejected records.",
        role: Role::Reader,
        query: &[],
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<RunView>)),
    },
    Route {
        method: Method::Get,
        path: "/v1/integrations/autotask/usage",
        function: FUNCTION,
        operation: "getUsage",
        about: "Use of Autotask's hourly request limit: ours, all others', and the limit.",
        role: Role::Reader,
        query: &[],
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<UsageView>)),
    },
];
