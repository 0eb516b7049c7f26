//! Companies: which of them are shown.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Deserialize;
use shared::api::lists::{self, Cursor, LONG};
use shared::api::{ApiError, ApiRequest, Object, Reply};
use shared::store::{Store, TenantId};
use shared_core::facets::CompanyFacet;
use shared_core::mapping::effect::Tally;
use shared_core::mapping::{Activation, Area, Book, Rules};

use crate::Deps;
use crate::mapped::{Mapped, Wish, authorship, checked};
use crate::save::{Own, asset_effect};
use crate::state::State;
use crate::view::{CompanyCounters, CompanyEffect, CompanyPage, CompanyRow, EffectView, NamedId};

/// The area.
pub(crate) struct Companies;

/// Changed companies.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanyDraft {
    /// Version that was read.
    pub(crate) version: u64,
    /// Changed rows; each row once.
    #[serde(default)]
    #[schemars(with = "Vec<CompanyChange>")]
    pub(crate) changes: Vec<Object<CompanyChange>>,
}

/// A changed company.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanyChange {
    /// Autotask's id.
    pub(crate) key: String,
    /// Whether it is to be shown; null takes the choice back.
    pub(crate) choice: Option<Activation>,
}

/// Kinds of companies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CompanyFilter {
    /// All.
    #[default]
    All,
    /// Shown.
    Active,
    /// Not shown, by choice.
    Inactive,
    /// Nobody decided yet.
    Undecided,
    /// Inactive in Autotask.
    SourceInactive,
    /// No longer in Autotask.
    Gone,
}

impl Mapped for Companies {
    type Choice = Activation;
    type State = State;
    const AREA: Area = Area::Companies;

    async fn load(deps: &Deps, request: &ApiRequest) -> Result<State, ApiError> {
        State::load(deps, request).await
    }

    fn owner(state: &State) -> (&Store, &TenantId) {
        (&state.store, &state.tenant)
    }

    fn book(state: &State) -> &Book<Activation> {
        &state.companies
    }

    fn list(state: &State, request: &ApiRequest) -> Result<Reply, ApiError> {
        let (rows, limit) = (Rows::new(state), LONG.read(request)?);
        let sought = Sought::read(request)?;
        let after = Cursor::read(request)?.map(|cursor| cursor.0);
        let mut found = rows.all.iter().filter(|row| {
            after.as_ref().is_none_or(|after| rows.order_of(row) > *after) && sought.fits(state, row)
        });
        let page: Vec<CompanyRow> = found.by_ref().take(limit).map(|row| rows.row(row)).collect();
        let last = page.last().and_then(|last| last.key.parse::<i64>().ok());
        let more = found.next().is_some();
        let cursor = last.filter(|_| more).map(|id| Cursor(order(state.directory.name(id), id)).write());
        Reply::ok(&CompanyPage {
            version: state.companies.version,
            plan_limit: state.plan_limit,
            counters: rows.counters(),
            company_types: NamedId::all(&state.directory.types),
            rows: page,
            cursor,
        })
    }

    fn table(state: &State) -> Vec<Vec<String>> {
        let head = [
            "Company id",
            "Company",
            "City",
            "Autotask type",
            "Active in Autotask",
            "Assets",
            "Active assets",
            "Shown",
            "Changed",
            "By",
        ];
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let rows = Rows::new(state);
        let cells = |row: CompanyRow| {
            let (n_assets, n_active) = (row.n_assets.to_string(), row.n_active_assets.to_string());
            let (city, kind) = (row.city.unwrap_or_default(), row.type_name.unwrap_or_default());
            let (at, by) = (row.changed_at.unwrap_or_default(), row.changed_by.unwrap_or_default());
            let is_active = yes(row.is_source_active && !row.is_gone);
            vec![row.key, row.name, city, kind, is_active, n_assets, n_active, yes(row.is_active), at, by]
        };
        let body = rows.all.iter().map(|row| cells(rows.row(row)));
        std::iter::once(head.map(str::to_owned).to_vec()).chain(body).collect()
    }

    fn wish(state: &State, request: &ApiRequest) -> Result<Wish<Activation>, ApiError> {
        let draft: CompanyDraft = request.json()?;
        let is_there = |key: &str| {
            let is_stored = |id: i64| id.to_string() == key && state.directory.companies.contains_key(&id);
            key.parse().is_ok_and(is_stored) || state.companies.choice(key).is_some()
        };
        let rows = draft.changes.into_iter().map(|Object(change)| (change.key, change.choice));
        let changes = checked(rows, is_there, Ok)?;
        Ok(Wish { version: draft.version, changes, targets: None, options: None })
    }

    fn name(state: &State, key: &str) -> String {
        let stored = key.parse().ok().and_then(|id| state.directory.name(id)).map(str::to_owned);
        stored
            .or_else(|| state.companies.choices.get(key).map(|chosen| chosen.name.clone()))
            .unwrap_or_default()
    }

    fn effect(state: &State, after: &Book<Activation>) -> EffectView {
        let rules = Rules::new(after, &state.types, &state.statuses, &state.type_names());
        let own = Own { types: &state.types.targets, states: &state.statuses.targets };
        let effect = asset_effect(state, &rules, &own);
        let (now, then) = (n_active(&state.companies), n_active(after));
        let is_over = state.plan_limit.is_some_and(|limit| then > u64::from(limit) && then > now);
        let refusals = state.plan_limit.filter(|_| is_over).map(|limit| {
            format!(
                "your plan allows {limit} active companies, and this would make {then}: nothing was saved"
            )
        });
        EffectView {
            active_companies: Some(CompanyEffect { before: now, after: then, limit: state.plan_limit }),
            refusals: refusals.into_iter().collect(),
            ..effect
        }
    }
}

fn n_active(book: &Book<Activation>) -> u64 {
    book.choices.values().filter(|chosen| chosen.choice == Activation::Active).count() as u64
}

/// Companies in the order of the list, with what their rows are made from.
struct Rows<'s> {
    state: &'s State,
    all: Vec<(i64, &'s CompanyFacet)>,
    tallies: BTreeMap<i64, Tally>,
    n_named: HashMap<String, u32>,
}

fn order(name: Option<&str>, id: i64) -> String {
    let folded: String =
        name.unwrap_or_default().to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}-{id:019}", folded.get(..40).unwrap_or(&folded))
}

impl<'s> Rows<'s> {
    fn new(state: &'s State) -> Self {
        let mut all: Vec<(i64, &CompanyFacet)> =
            state.directory.companies.iter().map(|(&id, company)| (id, company)).collect();
        all.sort_by_cached_key(|&(id, company)| order(Some(&company.name), id));
        let mut n_named = HashMap::new();
        for (_, company) in &all {
            *n_named.entry(company.name.to_lowercase()).or_default() += 1;
        }
        Self { state, all, tallies: state.cube.by_company(), n_named }
    }

    fn order_of(&self, row: &(i64, &CompanyFacet)) -> String {
        order(Some(&row.1.name), row.0)
    }

    fn row(&self, &(id, company): &(i64, &CompanyFacet)) -> CompanyRow {
        let (key, book) = (id.to_string(), &self.state.companies);
        let chosen = book.choices.get(&key);
        let was_name =
            chosen.map(|chosen| &chosen.name).filter(|name| **name != company.name && !name.is_empty());
        let tally = self.tallies.get(&id).copied().unwrap_or_default();
        let (changed_at, changed_by) = authorship(book, &key);
        CompanyRow {
            name: company.name.clone(),
            was_name: was_name.cloned(),
            city: company.city.clone(),
            type_name: self.state.directory.type_name(company),
            is_source_active: company.is_active != Some(false),
            is_gone: company.gone_on.is_some(),
            is_twin: self.n_named.get(&company.name.to_lowercase()).is_some_and(|&n_named| n_named > 1),
            is_new: book.version > 0 && chosen.is_none(),
            n_assets: tally.n_assets,
            n_active_assets: tally.n_active,
            choice: chosen.map(|chosen| chosen.choice),
            is_active: book.version == 0 || chosen.is_some_and(|chosen| chosen.choice == Activation::Active),
            changed_at,
            changed_by,
            key,
        }
    }

    fn counters(&self) -> CompanyCounters {
        let count = |filter: CompanyFilter| {
            self.all.iter().filter(|row| is_of(self.state, row, filter)).count() as u64
        };
        CompanyCounters {
            all: count(CompanyFilter::All),
            active: count(CompanyFilter::Active),
            inactive: count(CompanyFilter::Inactive),
            undecided: count(CompanyFilter::Undecided),
            source_inactive: count(CompanyFilter::SourceInactive),
            gone: count(CompanyFilter::Gone),
        }
    }
}

fn is_of(state: &State, &(id, company): &(i64, &CompanyFacet), filter: CompanyFilter) -> bool {
    let choice = state.companies.choice(&id.to_string());
    match filter {
        CompanyFilter::All => true,
        CompanyFilter::Active => choice == Some(&Activation::Active),
        CompanyFilter::Inactive => choice == Some(&Activation::Inactive),
        CompanyFilter::Undecided => choice.is_none(),
        CompanyFilter::SourceInactive => company.is_active == Some(false),
        CompanyFilter::Gone => company.gone_on.is_some(),
    }
}

/// What is looked for.
struct Sought {
    filter: CompanyFilter,
    text: Option<String>,
    type_id: Option<i64>,
}

impl Sought {
    fn read(request: &ApiRequest) -> Result<Self, ApiError> {
        let filter = match request.query_param("filter") {
            None => CompanyFilter::All,
            Some(name) => serde_json::from_value(serde_json::json!(name))
                .map_err(|_| ApiError::field("filter", "there is no such filter"))?,
        };
        let type_id = lists::number(request, "type", 0..=i64::from(u32::MAX))?;
        Ok(Self { filter, text: lists::text(request, "search")?.map(|text| text.to_lowercase()), type_id })
    }

    fn fits(&self, state: &State, row: &(i64, &CompanyFacet)) -> bool {
        let (id, company) = row;
        let has = |text: &str| {
            let city = company.city.as_deref().unwrap_or_default();
            company.name.to_lowercase().contains(text)
                || city.to_lowercase().contains(text)
                || id.to_string() == text
        };
        is_of(state, row, self.filter)
            && self.type_id.is_none_or(|type_id| company.type_id == Some(type_id))
            && self.text.as_deref().is_none_or(has)
    }
}
