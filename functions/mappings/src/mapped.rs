//! What all areas have in common: rows, choices, a version.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::api::{ApiError, ApiRequest, Object, Reply};
use shared::store::{Store, TenantId};
use shared_core::mapping::{Area, Book, Change, Diff, Options, Target, targets};

use crate::Deps;
use crate::view::EffectView;

/// An area that can be mapped.
pub(crate) trait Mapped {
    /// What is chosen for a row.
    type Choice: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What is read at one moment.
    type State: Send + Sync;
    /// Which area.
    const AREA: Area;

    /// Reads everything.
    fn load(deps: &Deps, request: &ApiRequest) -> impl Future<Output = Result<Self::State, ApiError>> + Send;
    /// Whose data.
    fn owner(state: &Self::State) -> (&Store, &TenantId);
    /// The choices.
    fn book(state: &Self::State) -> &Book<Self::Choice>;
    /// Answers a page of rows.
    fn list(state: &Self::State, request: &ApiRequest) -> Result<Reply, ApiError>;
    /// All rows as a table, headings first.
    fn table(state: &Self::State) -> Vec<Vec<String>>;
    /// Reads a draft.
    fn wish(state: &Self::State, request: &ApiRequest) -> Result<Wish<Self::Choice>, ApiError>;
    /// A row's name.
    fn name(state: &Self::State, key: &str) -> String;
    /// Keys of all rows, where new ones are marked.
    fn keys(_: &Self::State) -> Vec<String> {
        Vec::new()
    }
    /// Changed rows that are as auto-map proposed them.
    fn n_auto(_: &[Diff<Self::Choice>]) -> u64 {
        0
    }
    /// What a save would do, and why it cannot be.
    fn effect(state: &Self::State, after: &Book<Self::Choice>) -> EffectView;
}

/// What somebody wants to save.
#[derive(Debug)]
pub(crate) struct Wish<C> {
    pub(crate) version: u64,
    pub(crate) changes: Vec<Change<C>>,
    /// All targets of the tenant's own, with the new ones.
    pub(crate) targets: Option<Vec<Target>>,
    /// How rows are to be proposed from now on.
    pub(crate) options: Option<Options>,
}

impl<C: Clone + PartialEq> Wish<C> {
    /// Whether anything would be different.
    pub(crate) fn is_empty(&self, book: &Book<C>, diffs: &[Diff<C>]) -> bool {
        diffs.is_empty()
            && self.targets.as_ref().is_none_or(|own| *own == book.targets)
            && self.options.as_ref().is_none_or(|options| *options == book.options)
    }
}

/// Changed rows of types or statuses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetDraft {
    /// Version that was read.
    pub(crate) version: u64,
    /// Changed rows; each row once.
    #[serde(default)]
    #[schemars(with = "Vec<TargetChange>")]
    pub(crate) changes: Vec<Object<TargetChange>>,
    /// Names of targets to be added.
    #[serde(default)]
    pub(crate) new_targets: Vec<String>,
}

/// A changed row.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetChange {
    /// Which row.
    pub(crate) key: String,
    /// Id of a target, the name of a new one, or `ignore`; null takes the choice back.
    pub(crate) choice: Option<String>,
}

/// Reads a draft of types or statuses; `all` are the targets that are there.
pub(crate) fn target_wish(
    request: &ApiRequest,
    book: &Book<String>,
    all: &[Target],
    has_row: impl Fn(&str) -> bool,
) -> Result<Wish<String>, ApiError> {
    let draft: TargetDraft = request.json()?;
    let (mut own, mut known) = (book.targets.clone(), all.to_vec());
    for (at, name) in draft.new_targets.iter().enumerate() {
        let refused = |why: String| ApiError::field(&format!("new_targets[{at}]"), why);
        if own.len() >= targets::MAX_OWN {
            return Err(refused(format!("there may be {} targets of your own", targets::MAX_OWN)));
        }
        let target = targets::own(name, &known).map_err(refused)?;
        own.push(target.clone());
        known.push(target);
    }
    let rows = draft.changes.into_iter().map(|Object(change)| (change.key, change.choice));
    let changes = checked(rows, has_row, |choice| {
        let is_it = |target: &&Target| target.id == choice || (target.is_own && target.name == choice);
        match known.iter().find(is_it) {
            Some(target) => Ok(target.id.clone()),
            None if choice == targets::IGNORE => Ok(choice),
            None => Err("there is no such target".to_owned()),
        }
    })?;
    Ok(Wish { version: draft.version, changes, targets: Some(own), options: None })
}

/// Checks changed rows: each is there, comes once, and has a choice that can be.
pub(crate) fn checked<W, C>(
    rows: impl IntoIterator<Item = (String, Option<W>)>,
    has_row: impl Fn(&str) -> bool,
    mut choice_of: impl FnMut(W) -> Result<C, String>,
) -> Result<Vec<Change<C>>, ApiError> {
    let (mut changes, mut seen) = (Vec::new(), std::collections::HashSet::new());
    for (at, (key, choice)) in rows.into_iter().enumerate() {
        let refused = |field: &str, why: String| ApiError::field(&format!("changes[{at}].{field}"), why);
        if !has_row(&key) {
            return Err(refused("key", "there is no such row".to_owned()));
        }
        if !seen.insert(key.clone()) {
            return Err(refused("key", "the row comes twice".to_owned()));
        }
        let choice = choice.map(&mut choice_of).transpose().map_err(|why| refused("choice", why))?;
        changes.push(Change { key, choice });
    }
    Ok(changes)
}

/// When and by whom a row was chosen.
pub(crate) fn authorship<C: Clone + PartialEq>(
    book: &Book<C>,
    key: &str,
) -> (Option<String>, Option<String>) {
    let save = book.save_of(key);
    (save.map(|save| save.at.clone()), save.map(|save| save.by.clone()))
}
