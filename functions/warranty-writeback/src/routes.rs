//! The routes of this function.

use schemars::{Schema, SchemaGenerator};
use shared::api::{Method, Param, Role, Route, lists, schema_of};
use shared_core::warranty::{DecisionKind, Rule, Simulation};

use crate::view::{
    ApplyWish, CardView, JobView, JournalPage, LocksDraft, LocksView, PlanPage, PlanRowsView, PlanView,
    PolicyDraft, PolicyView, SimulationWish, VersionView, WarrantiesDraft, WarrantiesView,
};

const FUNCTION: &str = "warranty-writeback";

const fn param(name: &'static str, about: &'static str, schema: fn(&mut SchemaGenerator) -> Schema) -> Param {
    Param { name, about, is_required: false, schema }
}

const CURSOR: Param = param("cursor", "Where the former page ended.", schema_of::<String>);
const SHORT: &[Param] =
    &[param("limit", "Rows of a page, 1 to 100; 25 by default.", lists::short_schema), CURSOR];
const LIMIT: Param = param("limit", "Rows of a page, 1 to 1,000; 100 by default.", lists::long_schema);
const ROWS: &[Param] = &[
    LIMIT,
    CURSOR,
    param("decision", "Only rows with this verdict.", schema_of::<DecisionKind>),
    param("rule", "Only rows that this rule decided.", schema_of::<Rule>),
    param("company", "Only assets of this company, by Autotask's id.", schema_of::<i64>),
];
const PLAN: Param = param("plan", "Only entries of this plan.", schema_of::<String>);

macro_rules! route {
    ($method:ident $path:literal, $operation:literal, $role:ident, $about:literal, $query:expr, $repeat:literal, $request:expr, $status:literal, $response:expr) => {
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

/// Every route.
pub const ROUTES: &[Route] = &[
    route!(Put "/v1/warranties", "putWarranties", Admin,
        "Hands over warranty dates, up to 5,000 at once; each row is stored or refused on its own.",
        &[], true, Some(schema_of::<WarrantiesDraft>), 200, Some(schema_of::<WarrantiesView>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/policy", "getWarrantyPolicy", Reader,
        "Which dates may be written.", &[], false, None, 200, Some(schema_of::<PolicyView>)),
    route!(Put "/v1/integrations/autotask/warranty-writeback/policy", "saveWarrantyPolicy", Admin,
        "Saves which dates may be written; 409 if somebody else saved since.",
        &[], true, Some(schema_of::<PolicyDraft>), 200, Some(schema_of::<VersionView>)),
    route!(Post "/v1/integrations/autotask/warranty-writeback/policy/simulate", "simulateWarrantyPolicy", Reader,
        "How many rows each rule would let through or hold on the present data; stores nothing.",
        &[], false, Some(schema_of::<SimulationWish>), 200, Some(schema_of::<Simulation>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/locks", "getWarrantyLocks", Reader,
        "Companies and assets that are left alone, and assets with which somebody plays tug of war.",
        &[], false, None, 200, Some(schema_of::<LocksView>)),
    route!(Put "/v1/integrations/autotask/warranty-writeback/locks", "saveWarrantyLocks", Admin,
        "Sets locks and takes them off; 409 if somebody else saved since.",
        &[], true, Some(schema_of::<LocksDraft>), 200, Some(schema_of::<VersionView>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/plans", "listWarrantyPlans", Reader,
        "Plans, newest first.", SHORT, false, None, 200, Some(schema_of::<PlanPage>)),
    route!(Post "/v1/integrations/autotask/warranty-writeback/plans", "makeWarrantyPlan", Admin,
        "Makes a plan on the present data; writes nothing to Autotask.",
        &[], true, None, 201, Some(schema_of::<PlanView>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/plans/{id}", "getWarrantyPlan", Reader,
        "A plan with a page of its rows, each with its verdict and the rule that decided.",
        ROWS, false, None, 200, Some(schema_of::<PlanRowsView>)),
    route!(Post "/v1/integrations/autotask/warranty-writeback/plans/{id}/apply", "applyWarrantyPlan", Admin,
        "Applies what was approved of exactly this plan.",
        &[], true, Some(schema_of::<ApplyWish>), 202, Some(schema_of::<JobView>)),
    route!(Post "/v1/integrations/autotask/warranty-writeback/plans/{id}/undo", "undoWarrantyPlan", Admin,
        "Takes back what was written by this plan, where Autotask still holds our date.",
        &[], true, None, 202, Some(schema_of::<JobView>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/journal", "getWarrantyJournal", Reader,
        "What was written, what became of it, and of its undo.",
        &[LIMIT, CURSOR, PLAN], false, None, 200, Some(schema_of::<JournalPage>)),
    route!(Get "/v1/integrations/autotask/warranty-writeback/journal/csv", "exportWarrantyJournal", Reader,
        "The journal as comma-separated values.", &[PLAN], false, None, 200, None),
    route!(Get "/v1/assets/{id}/warranty", "getAssetWarranty", Reader,
        "Every known date of an asset, its source, the rule that decides, what Autotask holds, what we wrote.",
        &[], false, None, 200, Some(schema_of::<CardView>)),
];
