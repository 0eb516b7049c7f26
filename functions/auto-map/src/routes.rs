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
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/company-links/auto-map",
        "autoMapCompanyLinks",
        Role::Admin,
        "\"map companies\": proposes links for organizations that have none; \
            stores nothing.",
    )
    .takes(schema_of::<AutoMapWish>)
    .answers(200, Some(schema_of::<ProposalsView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/company-links/{key}/suggestions",
        "suggestCompanies",
        Role::Reader,
        "Companies that an organization might be, best first; with a search, those \
            that fit the text.",
    )
    .query(&[
        Param::new(
            "search",
            "Only companies whose name, city or id has this text, alike or not.",
            lists::text_schema,
        ),
        Param::new("limit", "Companies at most; 5 by default, 20 with a search.", limit_schema),
    ])
    .answers(200, Some(schema_of::<SuggestionsView>)),
];
