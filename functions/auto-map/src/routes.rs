//! The routes of this function.

use schemars::{Schema, SchemaGenerator, json_schema};
use shared::api::{Method, Param, Role, Route, lists, schema_of};

use crate::view::{AutoMapWish, ProposalsView, SuggestionsView};

const FUNCTION: &str = "auto-map";

/// Suggestions of one answer at most.
pub(crate) const MAX_SUGGESTIONS: usize = 50;

fn limit_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": MAX_SUGGESTIONS})
}

/// Every route.
pub const ROUTES: &[Route] = &[
    Route {
        method: Method::Post,
        path: "/v1/integrations/autotask/company-links/auto-map",
        function: FUNCTION,
        operation: "autoMapCompanyLinks",
        about: "\"map companies\": proposes links for organizations that have none; stores nothing.",
        role: Role::Admin,
        query: &[],
        is_repeatable: false,
        request: Some(schema_of::<AutoMapWish>),
        response: (200, Some(schema_of::<ProposalsView>)),
    },
    Route {
        method: Method::Get,
        path: "/v1/integrations/autotask/company-links/{key}/suggestions",
        function: FUNCTION,
        operation: "suggestCompanies",
        about: "Companies that an organization might be, best first; with a search, those that fit the text.",
        role: Role::Reader,
        query: &[
            Param {
                name: "search",
                about: "Only companies whose name, city or id has this text, alike or not.",
                is_required: false,
                schema: lists::text_schema,
            },
            Param {
                name: "limit",
                about: "Companies at most; 5 by default, 20 with a search.",
                is_required: false,
                schema: limit_schema,
            },
        ],
        is_repeatable: false,
        request: None,
        response: (200, Some(schema_of::<SuggestionsView>)),
    },
];
