//! Asset statuses: one row per value of Autotask's active flag.

use std::collections::BTreeMap;

use shared::api::{ApiError, ApiRequest, Reply};
use shared::store::{Store, TenantId};
use shared_core::mapping::rules::{Because, state_of};
use shared_core::mapping::{Area, Book, Flag, Rules, statuses};

use crate::Deps;
use crate::mapped::{Mapped, Wish, authorship, target_wish};
use crate::save::{Own, asset_effect};
use crate::state::State;
use crate::types::because;
use crate::view::{EffectView, StatusRow, StatusesView};

/// The area.
pub(crate) struct Statuses;

impl Mapped for Statuses {
    type Choice = String;
    type State = State;
    const AREA: Area = Area::AssetStatuses;

    async fn load(deps: &Deps, request: &ApiRequest) -> Result<State, ApiError> {
        State::load(deps, request).await
    }

    fn owner(state: &State) -> (&Store, &TenantId) {
        (&state.store, &state.tenant)
    }

    fn book(state: &State) -> &Book<String> {
        &state.statuses
    }

    fn list(state: &State, _: &ApiRequest) -> Result<Reply, ApiError> {
        Reply::ok(&StatusesView {
            version: state.statuses.version,
            targets: statuses::states(&state.statuses.targets),
            rows: rows(state),
        })
    }

    fn table(state: &State) -> Vec<Vec<String>> {
        let head = ["Autotask status", "Assets", "Shown as", "Because", "Changed", "By"];
        let names: BTreeMap<String, String> = statuses::states(&state.statuses.targets)
            .into_iter()
            .map(|target| (target.id, target.name))
            .collect();
        let cells = |row: StatusRow| {
            let shown = names.get(&row.target).cloned().unwrap_or_else(|| "Ignore".to_owned());
            let (at, by) = (row.changed_at.unwrap_or_default(), row.changed_by.unwrap_or_default());
            vec![row.name.to_owned(), row.n_assets.to_string(), shown, because(row.because), at, by]
        };
        std::iter::once(head.map(str::to_owned).to_vec()).chain(rows(state).into_iter().map(cells)).collect()
    }

    fn wish(state: &State, request: &ApiRequest) -> Result<Wish<String>, ApiError> {
        let all = statuses::states(&state.statuses.targets);
        target_wish(request, &state.statuses, &all, |key| flag(key).is_some())
    }

    fn name(_: &State, key: &str) -> String {
        flag(key).map(Flag::name).unwrap_or_default().to_owned()
    }

    fn effect(state: &State, after: &Book<String>) -> EffectView {
        let rules = Rules::new(&state.companies, &state.types, after, &state.type_names());
        asset_effect(state, &rules, &Own { types: &state.types.targets, states: &after.targets })
    }
}

fn flag(key: &str) -> Option<Flag> {
    Flag::ALL.into_iter().find(|flag| flag.key() == key)
}

/// Assets without the flag are rare: their row is there only if there are any, or a choice for them.
fn rows(state: &State) -> Vec<StatusRow> {
    let tallies = state.cube.by_flag();
    let n_assets = |flag: Flag| tallies.get(&flag).map_or(0, |tally| tally.n_assets);
    let is_there = |flag: &Flag| {
        *flag != Flag::Unset || n_assets(*flag) > 0 || state.statuses.choice(flag.key()).is_some()
    };
    let row = |flag: Flag| {
        let choice = state.statuses.choice(flag.key()).cloned();
        let (changed_at, changed_by) = authorship(&state.statuses, flag.key());
        StatusRow {
            key: flag.key(),
            name: flag.name(),
            n_assets: n_assets(flag),
            because: if choice.is_some() { Because::Chosen } else { Because::Default },
            target: state_of(&state.statuses, flag).to_owned(),
            choice,
            changed_at,
            changed_by,
        }
    };
    Flag::ALL.into_iter().filter(is_there).map(row).collect()
}
