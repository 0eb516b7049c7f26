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

const fn param(name: &'static str, about: &'static str, schema: fn(&mut SchemaGenerator) -> Schema) -> Param {
    Param { name, about, is_required: false, schema }
}

const LIMIT: Param = param("limit", "Rows of a page, 1 to 1,000; 100 by default.", lists::long_schema);
const CURSOR: Param = param("cursor", "Where the former page ended.", schema_of::<String>);
const SEARCH: Param = param("search", "Only rows whose name, city or id has this text.", lists::text_schema);
const LIST: &[Param] = &[LIMIT, CURSOR];
const COMPANIES: &[Param] = &[
    LIMIT,
    CURSOR,
    SEARCH,
    param("filter", "Only rows of this kind.", schema_of::<CompanyFilter>),
    param("type", "Only companies of this Autotask type.", id_schema),
];
const LINKS: &[Param] =
    &[LIMIT, CURSOR, SEARCH, param("filter", "Only rows of this kind.", schema_of::<LinkFilter>)];

fn months_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": MAX_MONTHS})
}

fn id_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 0})
}

/// What a route does to an area: method, rest of the path, verb.
macro_rules! route {
    ($method:ident $path:expr, $operation:expr, $about:expr, $role:ident, $query:expr, $repeat:expr, $request:expr, $status:expr, $response:expr) => {
        Route {
            method: Method::$method,
            path: $path,
            function: FUNCTION,
            operation: $operation,
            about: $about,
            role: Role::$role,
            query: $query,
            is_repeatable: $repeat,
            request: $request,
            response: ($status, $response),
        }
    };
}

/// The six routes of each area, and the others.
macro_rules! table {
    ($($area:literal, $name:literal, $what:literal, $view:ty, $draft:ty, $query:expr;)* $(, $other:expr)*) => {
        &[$(
            route!(Get concat!("/v1/integrations/autotask/", $area), concat!("list", $name),
                concat!("The rows of ", $what, " with what was chosen for them."),
                Reader, $query, false, None, 200, Some(schema_of::<$view>)),
            route!(Put concat!("/v1/integrations/autotask/", $area), concat!("save", $name),
                concat!("Saves changed rows of ", $what, ": all of them or none; 409 with both sides if somebody else saved since."),
                Admin, &[], true, Some(schema_of::<$draft>), 200, Some(schema_of::<SavedView>)),
            route!(Post concat!("/v1/integrations/autotask/", $area, "/preview"), concat!("preview", $name),
                concat!("What saving these changes of ", $what, " would show and hide; stores nothing."),
                Reader, &[], false, Some(schema_of::<$draft>), 200, Some(schema_of::<EffectView>)),
            route!(Get concat!("/v1/integrations/autotask/", $area, "/versions"), concat!("historyOf", $name),
                concat!("Who changed ", $what, ", when, and what; newest first."),
                Reader, LIST, false, None, 200, Some(schema_of::<VersionPage>)),
            route!(Post concat!("/v1/integrations/autotask/", $area, "/revert"), concat!("revert", $name),
                concat!("Brings ", $what, " back to an older version, as a new one."),
                Admin, &[], true, Some(schema_of::<RevertWish>), 200, Some(schema_of::<SavedView>)),
            route!(Get concat!("/v1/integrations/autotask/", $area, "/csv"), concat!("export", $name),
                concat!("All rows of ", $what, " as comma-separated values."),
                Reader, &[], false, None, 200, None),
        )* $($other),*]
    };
}

/// Every route.
pub const ROUTES: &[Route] = table!(
    "asset-types", "AssetTypes", "asset types", TypesView, TargetDraft, &[];
    "asset-statuses", "AssetStatuses", "asset statuses", StatusesView, TargetDraft, &[];
    "companies", "Companies", "companies", CompanyPage, CompanyDraft, COMPANIES;
    "company-links", "CompanyLinks", "company links", LinkPage, LinkDraft, LINKS;
    , route!(Get "/v1/integrations/autotask/why-missing", "whyMissing",
        "Why an asset or a company is not shown: the first broken link of the chain, and its fix.",
        Reader, &[Param { is_required: true, ..param("query", "A serial number, a name or an id.", lists::text_schema) }],
        false, None, 200, Some(schema_of::<WhyView>)),
    route!(Get "/v1/integrations/autotask/inbox", "getInbox", "What waits for a decision of an admin.",
        Reader, &[], false, None, 200, Some(schema_of::<InboxView>)),
    route!(Get "/v1/companies/{id}/assets", "listAssetsOfCompany",
        "Assets of a company as the mappings show them.", Reader, &[], false, None, 200, Some(schema_of::<RecordPage>)),
    route!(Get "/v1/companies/{id}/contacts", "listContactsOfCompany", "Contacts of a company.",
        Reader, &[], false, None, 200, Some(schema_of::<RecordPage>)),
    route!(Get "/v1/companies/{id}/contracts", "listContractsOfCompany", "Contracts of a company.",
        Reader, &[], false, None, 200, Some(schema_of::<RecordPage>)),
    route!(Get "/v1/companies/{id}/tickets", "listTicketsOfCompany", "Tickets of a company.",
        Reader, &[], false, None, 200, Some(schema_of::<RecordPage>)),
    route!(Get "/v1/companies/{id}/opportunities", "listOpportunitiesOfCompany", "Opportunities of a company.",
        Reader, &[], false, None, 200, Some(schema_of::<RecordPage>)),
    route!(Get "/v1/companies/{id}/rollups", "getRollupsOfCompany",
        "What a review of a company needs: tickets and contract value by month, the pipeline by stage.",
        Reader, &[param("months", "Months up to the present one, 1 to 36; 12 by default.", months_schema)],
        false, None, 200, Some(schema_of::<RollupView>)),
    route!(Get "/v1/assets/{id}", "getAsset", "One asset as the mappings show it.",
        Reader, &[], false, None, 200, Some(schema_of::<serde_json::Map<String, serde_json::Value>>))
);
