//! Asset types: one row per type of Autotask's that is there or referred to, and one for assets without.

use std::collections::{BTreeMap, BTreeSet};

use shared::api::{ApiError, ApiRequest, Reply};
use shared::mappings::AssetType;
use shared::store::{Store, TenantId};
use shared_core::mapping::effect::Tally;
use shared_core::mapping::rules::{Because, type_key, type_target};
use shared_core::mapping::{Area, Book, Rules, targets};

use crate::Deps;
use crate::mapped::{Mapped, Wish, authorship, target_wish};
use crate::save::{Own, asset_effect};
use crate::state::State;
use crate::view::{CategoryCount, EffectView, TypeRow, TypesView};

/// The area.
pub(crate) struct Types;

const NO_TYPE: &str = "(no type)";

impl Mapped for Types {
    type Choice = String;
    type State = State;
    const AREA: Area = Area::AssetTypes;

    async fn load(deps: &Deps, request: &ApiRequest) -> Result<State, ApiError> {
        State::load(deps, request).await
    }

    fn owner(state: &State) -> (&Store, &TenantId) {
        (&state.store, &state.tenant)
    }

    fn book(state: &State) -> &Book<String> {
        &state.types
    }

    fn list(state: &State, _: &ApiRequest) -> Result<Reply, ApiError> {
        Reply::ok(&TypesView {
            version: state.types.version,
            default_target: targets::DEFAULT_TYPE,
            targets: targets::types(&state.types.targets),
            rows: rows(state),
        })
    }

    fn table(state: &State) -> Vec<Vec<String>> {
        let head = [
            "Type id",
            "Autotask type",
            "Categories",
            "Assets",
            "Active assets",
            "Shown as",
            "Because",
            "Changed",
            "By",
        ];
        let names: BTreeMap<String, String> =
            targets::types(&state.types.targets).into_iter().map(|target| (target.id, target.name)).collect();
        let shown = |row: &TypeRow| names.get(&row.target).cloned().unwrap_or_else(|| "Ignore".to_owned());
        let cells = |row: TypeRow| {
            let (target, because) = (shown(&row), because(row.because));
            let counts = [row.n_assets.to_string(), row.n_active_assets.to_string()];
            let [n_assets, n_active] = counts;
            let (at, by) = (row.changed_at.unwrap_or_default(), row.changed_by.unwrap_or_default());
            let categories: Vec<String> = row.categories.into_iter().map(|one| one.name).collect();
            vec![row.key, row.name, categories.join("; "), n_assets, n_active, target, because, at, by]
        };
        std::iter::once(head.map(str::to_owned).to_vec()).chain(rows(state).into_iter().map(cells)).collect()
    }

    fn wish(state: &State, request: &ApiRequest) -> Result<Wish<String>, ApiError> {
        let keys: BTreeSet<String> = keys(state);
        let all = targets::types(&state.types.targets);
        target_wish(request, &state.types, &all, |key| keys.contains(key))
    }

    fn name(state: &State, key: &str) -> String {
        name(state, key)
    }

    fn keys(state: &State) -> Vec<String> {
        keys(state).into_iter().collect()
    }

    fn effect(state: &State, after: &Book<String>) -> EffectView {
        let rules = Rules::new(&state.companies, after, &state.statuses, &state.type_names());
        asset_effect(state, &rules, &Own { types: &after.targets, states: &state.statuses.targets })
    }
}

pub(crate) fn because(because: Because) -> String {
    match because {
        Because::Chosen => "chosen",
        Because::Suggested => "suggested by its name",
        Because::Default => "default",
    }
    .to_owned()
}

fn category(state: &State, id: i64, n_assets: u64) -> CategoryCount {
    let name = state.category_names.get(&id).cloned().unwrap_or_else(|| format!("Category {id}"));
    CategoryCount { name, n_assets }
}

fn keys(state: &State) -> BTreeSet<String> {
    let there = state.source_types.keys().map(|&id| type_key(Some(id)));
    let used = state.cube.by_type().into_keys().map(type_key);
    there.chain(used).chain(state.types.choices.keys().cloned()).chain([type_key(None)]).collect()
}

fn name(state: &State, key: &str) -> String {
    let source = key.parse().ok().and_then(|id: i64| state.type_name(id));
    match (source, state.types.choices.get(key)) {
        _ if key == type_key(None) => NO_TYPE.to_owned(),
        (Some(name), _) => name,
        (None, Some(chosen)) if !chosen.name.is_empty() => chosen.name.clone(),
        (None, _) => format!("Type {key}"),
    }
}

fn rows(state: &State) -> Vec<TypeRow> {
    let (tallies, categories) = (state.cube.by_type(), state.cube.categories());
    let row = |key: String| {
        let id: Option<i64> = key.parse().ok();
        let categories = categories.get(&id).map(Vec::as_slice).unwrap_or_default();
        row(state, key, tallies.get(&id).copied().unwrap_or_default(), categories)
    };
    let mut rows: Vec<TypeRow> = keys(state).into_iter().map(row).collect();
    rows.sort_by(|one, other| {
        other
            .n_assets
            .cmp(&one.n_assets)
            .then_with(|| one.name.cmp(&other.name))
            .then_with(|| one.key.cmp(&other.key))
    });
    rows
}

fn row(state: &State, key: String, tally: Tally, categories: &[(i64, u64)]) -> TypeRow {
    let source = key.parse().ok().and_then(|id: i64| state.source_types.get(&id));
    let source_name = source.and_then(|source| source.name.as_deref());
    let (target, because) = type_target(&state.types, &key, source_name);
    let (changed_at, changed_by) = authorship(&state.types, &key);
    TypeRow {
        name: name(state, &key),
        is_active: source.is_none_or(AssetType::is_active),
        is_gone: source.is_none() && key != type_key(None),
        is_new: state.types.is_new(&key),
        n_assets: tally.n_assets,
        n_active_assets: tally.n_active,
        categories: categories.iter().map(|&(id, n_assets)| category(state, id, n_assets)).collect(),
        choice: state.types.choice(&key).cloned(),
        target: target.to_owned(),
        because,
        suggestion: source_name.and_then(targets::suggested),
        changed_at,
        changed_by,
        key,
    }
}
