//! The one function that decides whether an asset is shown, and as what.
//!
//! | company | type | status | then |
//! |---|---|---|---|
//! | not active | any | any | hidden by its company |
//! | active | Ignore | any | hidden by its type |
//! | active | a target | Ignore | hidden by its status |
//! | active | a target | a state | shown as target and state |
//!
//! Until the first load has chosen companies, all of them count as active. A type that nobody chose for is what its name
//! suggests, or Other: never dropped. A company that came later counts as inactive until somebody decides.

use std::collections::{BTreeMap, HashSet};

use super::book::Book;
use super::companies::Activation;
use super::statuses::Flag;
use super::targets::{DEFAULT_TYPE, IGNORE, suggested};
use crate::facets::AssetFacet;

/// Why an asset is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Its company is not active.
    Company,
    /// Its type is ignored.
    Type,
    /// Its status is ignored.
    Status,
}

/// What an asset is shown as: ids of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Target of its type.
    pub kind: &'a str,
    /// Target of its status.
    pub state: &'a str,
}

/// Where a row's target comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Somebody chose it.
    Chosen,
    /// The name suggests it.
    Suggested,
    /// Nothing is known.
    Default,
}

/// The three mappings of a tenant, ready to be applied.
#[derive(Clone, Debug)]
pub struct Rules {
    active: Option<HashSet<i64>>,
    types: BTreeMap<String, String>,
    named: BTreeMap<i64, &'static str>,
    states: [String; 3],
}

/// The key of a type's row.
#[must_use]
pub fn type_key(type_id: Option<i64>) -> String {
    type_id.map_or_else(|| "none".to_owned(), |id| id.to_string())
}

/// The target of a type, and where it comes from.
#[must_use]
pub fn type_target<'a>(book: &'a Book<String>, key: &str, type_name: Option<&str>) -> (&'a str, Because) {
    if let Some(chosen) = book.choice(key) {
        return (chosen, Because::Chosen);
    }
    match type_name.and_then(suggested) {
        Some(target) => (target, Because::Suggested),
        None => (DEFAULT_TYPE, Because::Default),
    }
}

/// The state that a flag is shown as.
#[must_use]
pub fn state_of(book: &Book<String>, flag: Flag) -> &str {
    book.choice(flag.key()).map_or(flag.default_state(), String::as_str)
}

impl Rules {
    /// The rules of these books. `type_names` are the names of Autotask's types.
    #[must_use]
    pub fn new(
        companies: &Book<Activation>,
        types: &Book<String>,
        statuses: &Book<String>,
        type_names: &BTreeMap<i64, String>,
    ) -> Self {
        let active = companies.choices.iter().filter(|(_, chosen)| chosen.choice == Activation::Active);
        let ids = active.filter_map(|(key, _)| key.parse().ok()).collect();
        let named = type_names.iter().filter_map(|(&id, name)| Some((id, suggested(name)?))).collect();
        Self {
            active: (companies.version > 0).then_some(ids),
            types: types.choices.iter().map(|(key, chosen)| (key.clone(), chosen.choice.clone())).collect(),
            named,
            states: Flag::ALL.map(|flag| state_of(statuses, flag).to_owned()),
        }
    }

    /// Whether a company is shown.
    #[must_use]
    pub fn is_active(&self, company_id: i64) -> bool {
        self.active.as_ref().is_none_or(|active| active.contains(&company_id))
    }

    fn kind(&self, type_id: Option<i64>) -> &str {
        let named = || type_id.and_then(|id| self.named.get(&id).copied()).unwrap_or(DEFAULT_TYPE);
        self.types.get(&type_key(type_id)).map_or_else(named, String::as_str)
    }

    fn state(&self, flag: Flag) -> &str {
        &self.states[flag as usize]
    }

    /// Whether an asset is shown, and as what.
    ///
    /// # Errors
    /// [`Hidden`]: the first mapping that hides it.
    pub fn show(&self, asset: &AssetFacet) -> Result<Shown<'_>, Hidden> {
        self.decide(asset.company_id, asset.type_id, Flag::of(asset.is_active))
    }

    pub(super) fn decide(
        &self,
        company_id: i64,
        type_id: Option<i64>,
        flag: Flag,
    ) -> Result<Shown<'_>, Hidden> {
        if !self.is_active(company_id) {
            return Err(Hidden::Company);
        }
        let (kind, state) = (self.kind(type_id), self.state(flag));
        match (kind == IGNORE, state == IGNORE) {
            (true, _) => Err(Hidden::Type),
            (_, true) => Err(Hidden::Status),
            _ => Ok(Shown { kind, state }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Hidden, Rules, Shown};
    use crate::facets::AssetFacet;
    use crate::mapping::{Activation, Book, Change, Save};

    fn book<C: Clone + PartialEq>(choices: &[(&str, C)]) -> Book<C> {
        let changes: Vec<Change<C>> = choices
            .iter()
            .map(|(key, choice)| Change { key: (*key).to_owned(), choice: Some(choice.clone()) })
            .collect();
        Book::default().after(&changes, Save { at: String::new(), by: String::new() }, |_| String::new()).0
    }

    fn show(
        rules: &Rules,
        company_id: i64,
        type_id: Option<i64>,
        is_active: bool,
    ) -> Result<(String, String), Hidden> {
        let asset = AssetFacet { company_id, type_id, is_active: Some(is_active), ..AssetFacet::default() };
        rules.show(&asset).map(|Shown { kind, state }| (kind.to_owned(), state.to_owned()))
    }

    #[test]
    fn company_then_type_then_status() {
        let names = BTreeMap::from([(1, "Server".to_owned()), (2, "Coffee machine".to_owned())]);
        let companies = book(&[("5", Activation::Active), ("6", Activation::Inactive)]);
        let types = book(&[("3", "ignore".to_owned()), ("4", "own-kiosk".to_owned())]);
        let rules = Rules::new(&companies, &types, &book(&[("inactive", "ignore".to_owned())]), &names);
        let shown = |kind: &str, state: &str| Ok((kind.to_owned(), state.to_owned()));
        assert_eq!(show(&rules, 5, Some(1), true), shown("server", "active"));
        assert_eq!(show(&rules, 5, Some(2), true), shown("other", "active"));
        assert_eq!(show(&rules, 5, None, true), shown("other", "active"));
        assert_eq!(show(&rules, 5, Some(4), true), shown("own-kiosk", "active"));
        assert_eq!(show(&rules, 6, Some(3), false), Err(Hidden::Company), "the first of the three is named");
        assert_eq!(show(&rules, 7, Some(1), true), Err(Hidden::Company), "came later");
        assert_eq!(show(&rules, 5, Some(3), false), Err(Hidden::Type));
        assert_eq!(show(&rules, 5, Some(1), false), Err(Hidden::Status));
    }

    #[test]
    fn before_anything_is_chosen_everything_is_shown() {
        let (types, statuses) = (Book::default(), Book::default());
        let rules = Rules::new(&Book::default(), &types, &statuses, &BTreeMap::new());
        assert!(show(&rules, 7, Some(9), true).is_ok());
        assert_eq!(show(&rules, 7, None, false), Ok(("other".to_owned(), "inactive".to_owned())));
    }
}
