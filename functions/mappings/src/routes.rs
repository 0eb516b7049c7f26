//! The routes of this function.

use schemars::{Schema, SchemaGenerator, json_schema};
use shared::api::{Method, Param, Role, Route, lists, schema_of};
use shared_core::rollups::view::RollupView;

use crate::companies::{CompanyDraft, CompanyFilter};
use crate::links::{LinkDraft, LinkFilter};
use crate::mapped::TargetDraft;
use crate::rollups::MAX_MONTHS;
use crate::view::{
    CompanyPage, EffectView, InboxView, LinkPage, RecordPage, RevertWish, SavedView, StatusesView, TypesView,
    VersionPage, WhyView,
};

const FUNCTION: &str = "mappings";

const LIMIT: Param = Param::new("limit", "Rows of a page, 1 to 1,000; 100 by default.", lists::long_schema);
const CURSOR: Param = Param::new("cursor", "Where the former page ended.", schema_of::<String>);
const SEARCH: Param =
    Param::new("search", "Only rows whose name, city or id has this text.", lists::text_schema);
const LIST: &[Param] = &[LIMIT, CURSOR];
const COMPANIES: &[Param] = &[
    LIMIT,
    CURSOR,
    SEARCH,
    Param::new("filter", "Only rows of this kind.", schema_of::<CompanyFilter>),
    Param::new("type", "Only companies of this Autotask type.", id_schema),
];
const LINKS: &[Param] =
    &[LIMIT, CURSOR, SEARCH, Param::new("filter", "Only rows of this kind.", schema_of::<LinkFilter>)];

fn months_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": MAX_MONTHS})
}

fn id_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 0})
}

/// The six routes of each area, and the others.
macro_rules! table {
    ($($area:literal, $name:literal, $what:literal, $view:ty, $draft:ty, $query:expr;)* $(, $other:expr)*) => {
        &[$(
            Route::new(FUNCTION, Method::Get, concat!("/v1/integrations/autotask/", $area), concat!("list", $name),
                Role::Reader, concat!("The rows of ", $what, " with what was chosen for them."))
                .query($query)
                .answers(200, Some(schema_of::<$view>)),
            Route::new(FUNCTION, Method::Put, concat!("/v1/integrations/autotask/", $area), concat!("save", $name),
                Role::Admin, concat!("Saves changed rows of ", $what, ": all of them or none; 409 with both sides if somebody else saved since."))
                .repeatable()
                .takes(schema_of::<$draft>)
                .answers(200, Some(schema_of::<SavedView>)),
            Route::new(FUNCTION, Method::Post, concat!("/v1/integrations/autotask/", $area, "/preview"), concat!("preview", $name),
                Role::Reader, concat!("What saving these changes of ", $what, " would show and hide; stores nothing."))
                .takes(schema_of::<$draft>)
                .answers(200, Some(schema_of::<EffectView>)),
            Route::new(FUNCTION, Method::Get, concat!("/v1/integrations/autotask/", $area, "/versions"), concat!("historyOf", $name),
                Role::Reader, concat!("Who changed ", $what, ", when, and what; newest first."))
                .query(LIST)
                .answers(200, Some(schema_of::<VersionPage>)),
            Route::new(FUNCTION, Method::Post, concat!("/v1/integrations/autotask/", $area, "/revert"), concat!("revert", $name),
                Role::Admin, concat!("Brings ", $what, " back to an older version, as a new one."))
                .repeatable()
                .takes(schema_of::<RevertWish>)
                .answers(200, Some(schema_of::<SavedView>)),
            Route::new(FUNCTION, Method::Get, concat!("/v1/integrations/autotask/", $area, "/csv"), concat!("export", $name),
                Role::Reader, concat!("All rows of ", $what, " as comma-separated values."))
                .answers(200, None),
        )* $($other),*]
    };
}

/// Every route.
pub const ROUTES: &[Route] = table!(
    "asset-types", "AssetTypes", "asset types", TypesView, TargetDraft, &[];
    "asset-statuses", "AssetStatuses", "asset statuses", StatusesView, TargetDraft, &[];
    "companies", "Companies", "companies", CompanyPage, CompanyDraft, COMPANIES;
    "company-links", "CompanyLinks", "company links", LinkPage, LinkDraft, LINKS;
    , Route::new(FUNCTION, Method::Get, "/v1/integrations/autotask/why-missing", "whyMissing",
                Role::Reader, "Why an asset or a company is not shown: the first broken link of the chain, and its fix.")
                .query(&[Param::new("query", "A serial number, a name or an id.", lists::text_schema).required()])
                .answers(200, Some(schema_of::<WhyView>)),
    Route::new(FUNCTION, Method::Get, "/v1/integrations/autotask/inbox", "getInbox",
                Role::Reader, "What waits for a decision of an admin.")
                .answers(200, Some(schema_of::<InboxView>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/assets", "listAssetsOfCompany",
                Role::Reader, "Assets of a company as the mappings show them.")
                .answers(200, Some(schema_of::<RecordPage>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/contacts", "listContactsOfCompany",
                Role::Reader, "Contacts of a company.")
                .answers(200, Some(schema_of::<RecordPage>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/contracts", "listContractsOfCompany",
                Role::Reader, "Contracts of a company.")
                .answers(200, Some(schema_of::<RecordPage>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/tickets", "listTicketsOfCompany",
                Role::Reader, "Tickets of a company.")
                .answers(200, Some(schema_of::<RecordPage>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/opportunities", "listOpportunitiesOfCompany",
                Role::Reader, "Opportunities of a company.")
                .answers(200, Some(schema_of::<RecordPage>)),
    Route::new(FUNCTION, Method::Get, "/v1/companies/{id}/rollups", "getRollupsOfCompany",
                Role::Reader, "What a review of a company needs: tickets and contract value by month, the pipeline by stage.")
                .query(&[Param::new("months", "Months up to the present one, 1 to 36; 12 by default.", months_schema)])
                .answers(200, Some(schema_of::<RollupView>)),
    Route::new(FUNCTION, Method::Get, "/v1/assets/{id}", "getAsset",
                Role::Reader, "One asset as the mappings show it.")
                .answers(200, Some(schema_of::<serde_json::Map<String, serde_json::Value>>))
);
