//! What a save would show and hide, counted before it is saved.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::rules::Rules;
use super::statuses::Flag;
use crate::facets::{AssetFacet, Facets};

/// Live assets by company, type and flag: enough to count any mapping.
#[derive(Clone, Debug, Default)]
pub struct Cube {
    cells: HashMap<(i64, Option<i64>, Flag), u64>,
    categories: HashMap<(Option<i64>, i64), u64>,
}

/// Shown assets before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Shown now.
    pub before: u64,
    /// Shown then.
    pub after: u64,
    /// Not shown now, but then.
    pub added: u64,
    /// Shown now, but not then.
    pub removed: u64,
    /// Shown now and then, but of another type or state.
    pub changed: u64,
    /// By target of the type: shown now and then.
    pub targets: BTreeMap<String, (u64, u64)>,
    /// By state: shown now and then.
    pub states: BTreeMap<String, (u64, u64)>,
    /// By company, only those whose number changes: shown now and then.
    pub companies: BTreeMap<i64, (u64, u64)>,
}

impl Cube {
    /// Of all live assets.
    #[must_use]
    pub fn of(assets: &Facets) -> Self {
        let mut cube = Self::default();
        assets.assets().for_each(|(_, asset)| cube.add(&asset));
        cube
    }

    /// Takes in one live asset.
    pub fn add(&mut self, asset: &AssetFacet) {
        let cell = (asset.company_id, asset.type_id, Flag::of(asset.is_active));
        *self.cells.entry(cell).or_default() += 1;
        if let Some(category_id) = asset.category_id {
            *self.categories.entry((asset.type_id, category_id)).or_default() += 1;
        }
    }

    /// Categories of the assets of each type, those of most assets first, with their numbers.
    #[must_use]
    pub fn categories(&self) -> BTreeMap<Option<i64>, Vec<(i64, u64)>> {
        let mut by_type: BTreeMap<Option<i64>, Vec<(i64, u64)>> = BTreeMap::new();
        for (&(type_id, category_id), &n_assets) in &self.categories {
            by_type.entry(type_id).or_default().push((category_id, n_assets));
        }
        for categories in by_type.values_mut() {
            categories.sort_unstable_by_key(|&(category_id, n_assets)| (Reverse(n_assets), category_id));
        }
        by_type
    }

    /// Number of assets by type.
    #[must_use]
    pub fn by_type(&self) -> BTreeMap<Option<i64>, Tally> {
        self.by(|&(_, type_id, _)| type_id)
    }

    /// Number of assets by company.
    #[must_use]
    pub fn by_company(&self) -> BTreeMap<i64, Tally> {
        self.by(|&(company_id, _, _)| company_id)
    }

    /// Number of assets by flag.
    #[must_use]
    pub fn by_flag(&self) -> BTreeMap<Flag, Tally> {
        self.by(|&(_, _, flag)| flag)
    }

    fn by<K: Ord>(&self, key: impl Fn(&(i64, Option<i64>, Flag)) -> K) -> BTreeMap<K, Tally> {
        let mut tallies: BTreeMap<K, Tally> = BTreeMap::new();
        for (cell, n_assets) in &self.cells {
            let tally = tallies.entry(key(cell)).or_default();
            tally.n_assets += n_assets;
            tally.n_active += if cell.2 == Flag::Active { *n_assets } else { 0 };
        }
        tallies
    }

    /// What going from one set of rules to another does.
    #[must_use]
    pub fn effect(&self, before: &Rules, after: &Rules) -> Effect {
        let mut effect = Effect::default();
        for (&(company_id, type_id, flag), &n_assets) in &self.cells {
            let now = before.decide(company_id, type_id, flag).ok();
            let then = after.decide(company_id, type_id, flag).ok();
            let (was, is) = (count(now.is_some(), n_assets), count(then.is_some(), n_assets));
            effect.before += was;
            effect.after += is;
            effect.added += is.saturating_sub(was);
            effect.removed += was.saturating_sub(is);
            let is_other = now.is_some() && then.is_some() && now != then;
            effect.changed += count(is_other, n_assets);
            if let Some(now) = now {
                effect.targets.entry(now.kind.to_owned()).or_default().0 += n_assets;
                effect.states.entry(now.state.to_owned()).or_default().0 += n_assets;
            }
            if let Some(then) = then {
                effect.targets.entry(then.kind.to_owned()).or_default().1 += n_assets;
                effect.states.entry(then.state.to_owned()).or_default().1 += n_assets;
            }
            let company = effect.companies.entry(company_id).or_default();
            *company = (company.0 + was, company.1 + is);
        }
        effect.companies.retain(|_, (was, is)| was != is);
        effect
    }
}

fn count(is_shown: bool, n_assets: u64) -> u64 {
    if is_shown { n_assets } else { 0 }
}

/// How many assets, and how many of them are active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub n_assets: u64,
    /// With Autotask's active flag.
    pub n_active: u64,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::Cube;
    use crate::facets::AssetFacet;
    use crate::mapping::{Activation, Book, Change, Rules, Save};

    fn rules(companies: &[(i64, bool)], types: &[(i64, bool)], inactive: Option<&str>) -> Rules {
        let save = || Save { at: String::new(), by: String::new() };
        let activation = |is_active| if is_active { Activation::Active } else { Activation::Inactive };
        let companies: Vec<_> = companies
            .iter()
            .map(|&(id, is_active)| Change { key: id.to_string(), choice: Some(activation(is_active)) })
            .collect();
        let target = |is_kept| if is_kept { "server" } else { "ignore" }.to_owned();
        let types: Vec<_> = types
            .iter()
            .map(|&(id, is_kept)| Change { key: id.to_string(), choice: Some(target(is_kept)) })
            .collect();
        let companies = Book::default().after(&companies, save(), |_| String::new()).0;
        let types = Book::default().after(&types, save(), |_| String::new()).0;
        let inactive = Change { key: "inactive".to_owned(), choice: inactive.map(str::to_owned) };
        let statuses = Book::default().after(&[inactive], save(), |_| String::new()).0;
        Rules::new(&companies, &types, &statuses, &BTreeMap::new())
    }

    #[test]
    fn another_state_is_an_effect_though_no_asset_comes_or_goes() {
        let mut cube = Cube::default();
        for is_active in [Some(true), Some(false), Some(false)] {
            cube.add(&AssetFacet { company_id: 1, is_active, ..AssetFacet::default() });
        }
        let effect = cube.effect(&rules(&[(1, true)], &[], None), &rules(&[(1, true)], &[], Some("retired")));
        let states = [("active", (1, 1)), ("inactive", (2, 0)), ("retired", (0, 2))];
        assert_eq!(effect.states, states.map(|(id, numbers)| (id.to_owned(), numbers)).into());
        assert_eq!((effect.before, effect.after, effect.added, effect.removed), (3, 3, 0, 0));
        assert_eq!(effect.changed, 2);
    }

    #[test]
    fn categories_of_a_type_come_by_number() {
        let mut cube = Cube::default();
        for (type_id, category_id) in
            [(Some(1), Some(9)), (Some(1), Some(4)), (Some(1), Some(4)), (None, None)]
        {
            cube.add(&AssetFacet { company_id: 1, type_id, category_id, ..AssetFacet::default() });
        }
        assert_eq!(cube.categories(), BTreeMap::from([(Some(1), vec![(4, 2), (9, 1)])]));
    }

    proptest! {
        #[test]
        fn an_effect_is_the_difference_of_what_is_shown(
            assets in prop::collection::vec((0_i64..4, prop::option::of(0_i64..3), prop::option::of(any::<bool>())), 0..60),
            before in prop::collection::vec((0_i64..4, any::<bool>()), 0..4),
            after in prop::collection::vec((0_i64..4, any::<bool>()), 0..4),
            types in prop::collection::vec((0_i64..3, any::<bool>()), 0..3),
            inactive in prop::option::of(prop::sample::select(vec!["retired", "ignore"])),
        ) {
            let (before, after) = (rules(&before, &[], None), rules(&after, &types, inactive));
            let mut cube = Cube::default();
            let (mut was, mut is, mut added, mut changed) = (0, 0, 0, 0);
            for (company_id, type_id, is_active) in assets {
                let asset = AssetFacet { company_id, type_id, is_active, ..AssetFacet::default() };
                let (now, then) = (before.show(&asset).ok(), after.show(&asset).ok());
                was += u64::from(now.is_some());
                is += u64::from(then.is_some());
                added += u64::from(then.is_some() && now.is_none());
                changed += u64::from(now.zip(then).is_some_and(|(now, then)| now != then));
                cube.add(&asset);
            }
            let effect = cube.effect(&before, &after);
            prop_assert_eq!((effect.before, effect.after), (was, is));
            prop_assert_eq!((effect.added, effect.changed), (added, changed));
            prop_assert_eq!(effect.before + effect.added - effect.removed, effect.after);
            prop_assert_eq!(effect.targets.values().map(|(_, then)| then).sum::<u64>(), is);
            prop_assert_eq!(effect.states.values().map(|(now, _)| now).sum::<u64>(), was);
            prop_assert_eq!(effect.states.values().map(|(_, then)| then).sum::<u64>(), is);
            prop_assert!(effect.companies.values().all(|(now, then)| now != then));
        }
    }
}
