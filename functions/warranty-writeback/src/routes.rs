//! The routes of this function.

use shared::api::{Method, Param, Role, Route, lists, schema_of};
use shared_core::warranty::{DecisionKind, Rule, Simulation};

use crate::view::{
    ApplyWish, CardView, JobView, JournalPage, LocksDraft, LocksView, PlanPage, PlanRowsView, PlanView,
    PolicyDraft, PolicyView, SimulationWish, VersionView, WarrantiesDraft, WarrantiesView,
};

const FUNCTION: &str = "warranty-writeback";

const CURSOR: Param = Param::new("cursor", "Where the former page ended.", schema_of::<String>);
const SHORT: &[Param] =
    &[Param::new("limit", "Rows of a page, 1 to 100; 25 by default.", lists::short_schema), CURSOR];
const LIMIT: Param = Param::new("limit", "Rows of a page, 1 to 1,000; 100 by default.", lists::long_schema);
const ROWS: &[Param] = &[
    LIMIT,
    CURSOR,
    Param::new("decision", "Only rows with this verdict.", schema_of::<DecisionKind>),
    Param::new("rule", "Only rows that this rule decided.", schema_of::<Rule>),
    Param::new("company", "Only assets of this company, by Autotask's id.", schema_of::<i64>),
];
const PLAN: Param = Param::new("plan", "Only entries of this plan.", schema_of::<String>);

/// Every route.
pub const ROUTES: &[Route] = &[
    Route::new(
        FUNCTION,
        Method::Put,
        "/v1/warranties",
        "putWarranties",
        Role::Admin,
        "Hands over warranty dates, up to 5,000 at once; each row is stored or \
            refused on its own.",
    )
    .repeatable()
    .takes(schema_of::<WarrantiesDraft>)
    .answers(200, Some(schema_of::<WarrantiesView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/policy",
        "getWarrantyPolicy",
        Role::Reader,
        "Which dates may be written.",
    )
    .answers(200, Some(schema_of::<PolicyView>)),
    Route::new(
        FUNCTION,
        Method::Put,
        "/v1/integrations/autotask/warranty-writeback/policy",
        "saveWarrantyPolicy",
        Role::Admin,
        "Saves which dates may be written; 409 if somebody else saved since.",
    )
    .repeatable()
    .takes(schema_of::<PolicyDraft>)
    .answers(200, Some(schema_of::<VersionView>)),
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/warranty-writeback/policy/simulate",
        "simulateWarrantyPolicy",
        Role::Reader,
        "How many rows each rule would let through or hold on the present data; \
            stores nothing.",
    )
    .takes(schema_of::<SimulationWish>)
    .answers(200, Some(schema_of::<Simulation>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/locks",
        "getWarrantyLocks",
        Role::Reader,
        "Companies and assets that are left alone, and assets with which somebody \
            plays tug of war.",
    )
    .answers(200, Some(schema_of::<LocksView>)),
    Route::new(
        FUNCTION,
        Method::Put,
        "/v1/integrations/autotask/warranty-writeback/locks",
        "saveWarrantyLocks",
        Role::Admin,
        "Sets locks and takes them off; 409 if somebody else saved since.",
    )
    .repeatable()
    .takes(schema_of::<LocksDraft>)
    .answers(200, Some(schema_of::<VersionView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/plans",
        "listWarrantyPlans",
        Role::Reader,
        "Plans, newest first.",
    )
    .query(SHORT)
    .answers(200, Some(schema_of::<PlanPage>)),
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/warranty-writeback/plans",
        "makeWarrantyPlan",
        Role::Admin,
        "Makes a plan on the present data; writes nothing to Autotask.",
    )
    .repeatable()
    .answers(201, Some(schema_of::<PlanView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/plans/{id}",
        "getWarrantyPlan",
        Role::Reader,
        "A plan with a page of its rows, each with its verdict and the rule that \
            decided.",
    )
    .query(ROWS)
    .answers(200, Some(schema_of::<PlanRowsView>)),
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/warranty-writeback/plans/{id}/apply",
        "applyWarrantyPlan",
        Role::Admin,
        "Applies what was approved of exactly this plan.",
    )
    .repeatable()
    .takes(schema_of::<ApplyWish>)
    .answers(202, Some(schema_of::<JobView>)),
    Route::new(
        FUNCTION,
        Method::Post,
        "/v1/integrations/autotask/warranty-writeback/plans/{id}/undo",
        "undoWarrantyPlan",
        Role::Admin,
        "Takes back what was written by this plan, where Autotask still holds our \
            date.",
    )
    .repeatable()
    .answers(202, Some(schema_of::<JobView>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/journal",
        "getWarrantyJournal",
        Role::Reader,
        "What was written, what became of it, and of its undo.",
    )
    .query(&[LIMIT, CURSOR, PLAN])
    .answers(200, Some(schema_of::<JournalPage>)),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/integrations/autotask/warranty-writeback/journal/csv",
        "exportWarrantyJournal",
        Role::Reader,
        "The journal as comma-separated values.",
    )
    .query(&[PLAN])
    .answers(200, None),
    Route::new(
        FUNCTION,
        Method::Get,
        "/v1/assets/{id}/warranty",
        "getAssetWarranty",
        Role::Reader,
        "Every known date of an asset, its source, the rule that decides, what \
            Autotask holds, what we wrote.",
    )
    .answers(200, Some(schema_of::<CardView>)),
];
