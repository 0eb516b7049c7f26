//! Company links: which Autotask company is which IT Glue organization.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Deserialize;
use shared::api::lists::{self, Cursor, LONG};
use shared::api::{ApiError, ApiRequest, Object, Reply};
use shared::directory::Directory;
use shared::store::{Store, TenantId};
use shared_core::mapping::links::{Decision, How, Organization};
use shared_core::mapping::{Area, Book, Diff, Link, Options};

use crate::Deps;
use crate::mapped::{Mapped, Wish, authorship, checked};
use crate::view::{
    AssetEffect, BeforeAfter, EffectView, LinkCounters, LinkPage, LinkRow, LinkState, NamedId,
};

/// The area.
pub(crate) struct Links;

/// What is read at one moment.
pub(crate) struct State {
    tenant: TenantId,
    store: Store,
    book: Book<Decision>,
    organizations: BTreeMap<i64, Organization>,
    directory: Directory,
}

/// Changed links.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkDraft {
    /// Version that was read.
    pub(crate) version: u64,
    /// Changed rows; each row once.
    #[serde(default)]
    #[schemars(with = "Vec<LinkChange>")]
    pub(crate) changes: Vec<Object<LinkChange>>,
    /// A legal form against none stays a suggestion; absent leaves it as it is.
    #[serde(default)]
    pub(crate) is_strict: Option<bool>,
    /// Ids of the company types that are never proposed; absent leaves them as they are.
    #[serde(default)]
    pub(crate) excluded_types: Option<Vec<i64>>,
}

/// A changed link.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkChange {
    /// IT Glue's id of the organization.
    pub(crate) key: String,
    /// Its company, or that it has none; null takes the choice back.
    pub(crate) choice: Option<Link>,
    /// Companies that it is not.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(crate) rejects: Vec<i64>,
}

/// Kinds of organizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkFilter {
    /// All.
    #[default]
    All,
    /// Linked.
    Linked,
    /// Nobody decided yet.
    Open,
    /// Left unlinked on purpose.
    Excluded,
    /// Inactive in IT Glue.
    Inactive,
}

impl Mapped for Links {
    type Choice = Decision;
    type State = State;
    const AREA: Area = Area::CompanyLinks;

    async fn load(deps: &Deps, request: &ApiRequest) -> Result<State, ApiError> {
        let tenant = request.caller.tenant.clone();
        let store = deps.sessions.open(&tenant, None).await?.store;
        let (book, organizations, directory) = tokio::try_join!(
            store.load_book(&tenant, Area::CompanyLinks),
            store.load_organizations(&tenant),
            Directory::load(&store, &tenant),
        )?;
        let organizations = organizations.into_iter().map(|one| (one.id, one)).collect();
        Ok(State { tenant, store, book, organizations, directory })
    }

    fn owner(state: &State) -> (&Store, &TenantId) {
        (&state.store, &state.tenant)
    }

    fn book(state: &State) -> &Book<Decision> {
        &state.book
    }

    fn list(state: &State, request: &ApiRequest) -> Result<Reply, ApiError> {
        let (limit, crowd) = (LONG.read(request)?, Crowd::of(state));
        let (filter, text) =
            (filter(request)?, lists::text(request, "search")?.map(|text| text.to_lowercase()));
        let after = match Cursor::read(request)? {
            Some(Cursor(id)) => {
                id.parse().map_err(|_| ApiError::field("cursor", "it is none that a former page gave"))?
            }
            None => i64::MIN,
        };
        let mut found =
            state.organizations.range(after.saturating_add(1)..).map(|(_, one)| one).filter(|one| {
                is_of(state, one, filter) && text.as_deref().is_none_or(|text| fits(state, one, text))
            });
        let rows: Vec<LinkRow> = found.by_ref().take(limit).map(|one| row(state, one, &crowd)).collect();
        let last = rows.last().map(|last| last.key.clone());
        let more = found.next().is_some();
        Reply::ok(&LinkPage {
            version: state.book.version,
            is_strict: state.book.options.is_strict,
            excluded_types: state.book.options.excluded_types.iter().copied().collect(),
            company_types: NamedId::all(&state.directory.types),
            counters: counters(state),
            rows,
            cursor: last.filter(|_| more).map(|id| Cursor(id).write()),
        })
    }

    fn table(state: &State) -> Vec<Vec<String>> {
        let head = [
            "IT Glue id",
            "Organization",
            "State",
            "Autotask id",
            "Autotask company",
            "How",
            "Changed",
            "By",
        ];
        let crowd = Crowd::of(state);
        let cells = |one: &Organization| {
            let row = row(state, one, &crowd);
            let how = match &row.choice {
                Some(Link::Linked { how: How::Auto, .. }) => "auto",
                Some(Link::Linked { .. }) => "manual",
                _ => "",
            };
            let standing = match row.state {
                LinkState::Linked => "linked",
                LinkState::Excluded => "excluded",
                LinkState::Open => "open",
            };
            let (id, name) =
                row.company.map(|company| (company.id.to_string(), company.name)).unwrap_or_default();
            let (at, by) = (row.changed_at.unwrap_or_default(), row.changed_by.unwrap_or_default());
            vec![row.key, row.name, standing.to_owned(), id, name, how.to_owned(), at, by]
        };
        let rows = state.organizations.values().map(cells);
        std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
    }

    fn wish(state: &State, request: &ApiRequest) -> Result<Wish<Decision>, ApiError> {
        let draft: LinkDraft = request.json()?;
        let taken = taken_after(&state.book, &draft);
        let mut rows = Vec::new();
        for (at, Object(change)) in draft.changes.into_iter().enumerate() {
            let refused =
                |field: &str, why: String| Err(ApiError::field(&format!("changes[{at}].{field}"), why));
            if change.rejects.len() > 50 {
                return refused("rejects", "a row may refuse 50 companies at once".to_owned());
            }
            if let Some(Link::Linked { company_id, is_shared, .. }) = &change.choice {
                if !state.directory.companies.contains_key(company_id) {
                    return refused("choice", format!("there is no Autotask company {company_id}"));
                }
                if !is_shared && taken.get(company_id).is_some_and(|&n_linked| n_linked > 1) {
                    let why = format!("company {company_id} is linked to another organization already");
                    return refused("choice", format!("{why}; set is_shared if both are meant"));
                }
            }
            let before = state.book.choice(&change.key).cloned().unwrap_or_default();
            rows.push((change.key, before.with(change.choice, &change.rejects)));
        }
        let is_there = |key: &str| {
            let is_stored = |id: i64| id.to_string() == key && state.organizations.contains_key(&id);
            key.parse().is_ok_and(is_stored) || state.book.choice(key).is_some()
        };
        let changes = checked(rows, is_there, Ok)?;
        let options = options(state, draft.is_strict, draft.excluded_types)?;
        Ok(Wish { version: draft.version, changes, targets: None, options })
    }

    fn name(state: &State, key: &str) -> String {
        let stored = key.parse().ok().and_then(|id: i64| state.organizations.get(&id));
        stored.map(|one| one.name.clone()).unwrap_or_default()
    }

    fn n_auto(diffs: &[Diff<Decision>]) -> u64 {
        diffs.iter().filter(|diff| diff.after.as_ref().is_some_and(is_auto)).count() as u64
    }

    fn effect(state: &State, after: &Book<Decision>) -> EffectView {
        let links = BeforeAfter { before: n_linked(&state.book), after: n_linked(after) };
        EffectView {
            n_changes: 0,
            assets: AssetEffect::default(),
            targets: Vec::new(),
            states: Vec::new(),
            companies: Vec::new(),
            n_companies_changed: 0,
            active_companies: None,
            links: Some(links),
            refusals: Vec::new(),
        }
    }
}

fn options(
    state: &State,
    is_strict: Option<bool>,
    excluded_types: Option<Vec<i64>>,
) -> Result<Option<Options>, ApiError> {
    let stored = &state.book.options;
    let wanted = Options {
        is_strict: is_strict.unwrap_or(stored.is_strict),
        excluded_types: excluded_types
            .map_or_else(|| stored.excluded_types.clone(), |ids| ids.into_iter().collect()),
    };
    let is_known = |id: &i64| state.directory.types.contains_key(id) || stored.excluded_types.contains(id);
    match wanted.excluded_types.iter().find(|id| !is_known(id)) {
        Some(id) => Err(ApiError::field("excluded_types", format!("Autotask has no company type {id}"))),
        None => Ok(Some(wanted)),
    }
}

fn company_of(decision: &Decision) -> Option<i64> {
    decision.link.as_ref()?.company_id()
}

fn is_auto(decision: &Decision) -> bool {
    matches!(decision.link, Some(Link::Linked { how: How::Auto, .. }))
}

fn n_linked(book: &Book<Decision>) -> u64 {
    book.choices.values().filter(|chosen| company_of(&chosen.choice).is_some()).count() as u64
}

/// Organizations that have something in common.
#[derive(Default)]
struct Crowd {
    by_company: HashMap<i64, u64>,
    by_name: HashMap<String, u64>,
}

impl Crowd {
    fn of(state: &State) -> Self {
        let mut crowd = Self::default();
        for company_id in state.book.choices.values().filter_map(|chosen| company_of(&chosen.choice)) {
            *crowd.by_company.entry(company_id).or_default() += 1;
        }
        for one in state.organizations.values() {
            *crowd.by_name.entry(one.name.to_lowercase()).or_default() += 1;
        }
        crowd
    }

    fn n_shared(&self, company_id: i64) -> u64 {
        self.by_company.get(&company_id).copied().unwrap_or_default()
    }

    fn is_twin(&self, name: &str) -> bool {
        self.by_name.get(&name.to_lowercase()).is_some_and(|&n_named| n_named > 1)
    }
}

/// Organizations by company as they would be after the draft.
fn taken_after(book: &Book<Decision>, draft: &LinkDraft) -> HashMap<i64, u64> {
    let mut links: BTreeMap<&str, Option<i64>> =
        book.choices.iter().map(|(key, chosen)| (key.as_str(), company_of(&chosen.choice))).collect();
    for Object(change) in &draft.changes {
        links.insert(&change.key, change.choice.as_ref().and_then(Link::company_id));
    }
    let mut taken = HashMap::new();
    links.into_values().flatten().for_each(|company_id| *taken.entry(company_id).or_default() += 1);
    taken
}

fn filter(request: &ApiRequest) -> Result<LinkFilter, ApiError> {
    match request.query_param("filter") {
        None => Ok(LinkFilter::All),
        Some(name) => serde_json::from_value(serde_json::json!(name))
            .map_err(|_| ApiError::field("filter", "there is no such filter")),
    }
}

fn standing(state: &State, one: &Organization) -> LinkState {
    match state.book.choice(&one.id.to_string()).and_then(|decision| decision.link.as_ref()) {
        Some(Link::Linked { .. }) => LinkState::Linked,
        Some(Link::Excluded) => LinkState::Excluded,
        None => LinkState::Open,
    }
}

fn is_of(state: &State, one: &Organization, filter: LinkFilter) -> bool {
    match filter {
        LinkFilter::All => true,
        LinkFilter::Linked => standing(state, one) == LinkState::Linked,
        LinkFilter::Open => standing(state, one) == LinkState::Open,
        LinkFilter::Excluded => standing(state, one) == LinkState::Excluded,
        LinkFilter::Inactive => !one.is_active,
    }
}

fn fits(state: &State, one: &Organization, text: &str) -> bool {
    let company = state.book.choice(&one.id.to_string()).and_then(company_of);
    let company = company.and_then(|id| state.directory.name(id)).unwrap_or_default();
    one.name.to_lowercase().contains(text)
        || one.id.to_string() == text
        || company.to_lowercase().contains(text)
}

fn counters(state: &State) -> LinkCounters {
    let count = |wanted: LinkState| {
        state.organizations.values().filter(|one| standing(state, one) == wanted).count() as u64
    };
    let auto = |one: &&Organization| state.book.choice(&one.id.to_string()).is_some_and(is_auto);
    LinkCounters {
        all: state.organizations.len() as u64,
        linked: count(LinkState::Linked),
        auto: state.organizations.values().filter(auto).count() as u64,
        excluded: count(LinkState::Excluded),
        open: count(LinkState::Open),
    }
}

fn row(state: &State, one: &Organization, crowd: &Crowd) -> LinkRow {
    let key = one.id.to_string();
    let decision = state.book.choice(&key).cloned().unwrap_or_default();
    let company_id = company_of(&decision);
    let (changed_at, changed_by) = authorship(&state.book, &key);
    LinkRow {
        name: one.name.clone(),
        is_active: one.is_active,
        is_twin: crowd.is_twin(&one.name),
        state: standing(state, one),
        company: company_id.and_then(|id| state.directory.company(id)),
        n_shared: company_id.map_or(0, |id| crowd.n_shared(id)),
        choice: decision.link,
        rejected: decision.rejected.into_iter().collect(),
        changed_at,
        changed_by,
        key,
    }
}
