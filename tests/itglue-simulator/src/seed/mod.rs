//! Makes the organizations from a seed.

mod names;

use crate::config::Config;
use crate::rng::Rng;
use crate::store::{Edit, Store};
use names::{own_name, with_noise};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// How the name of an organization differs from the company name that it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Not at all.
    Same,
    /// In capitals.
    Case,
    /// In commas, full stops and blanks.
    Punctuation,
    /// `&` for `and`, or the other way.
    Ampersand,
    /// A legal form more or less.
    LegalForm,
    /// Two letters have changed places.
    Slip,
    /// Marked as old, and inactive.
    Old,
}

/// From which company name an organization was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The organization.
    pub id: i64,
    /// The company name as it was given.
    pub company_name: String,
    /// How the organization's name differs.
    pub noise: Noise,
}

/// The organizations of a configuration, and where they came from.
///
/// # Errors
/// None are expected: an error says that the seed breaks the store's own rules.
pub(crate) fn seed(config: &Config, start_ms: i64) -> anyhow::Result<(Store, Vec<Origin>)> {
    let mut maker =
        Maker { rng: Rng::new(config.seed, 1), store: Store::default(), last_id: 4_012, start_ms };
    let mut origins = Vec::new();
    maker.make("Our own MSP", json!({"primary": true, "organization-type-id": 75}))?;
    for company_name in &config.company_names {
        // One company in eight was never written down here.
        if maker.rng.chance(12) || company_name.trim().is_empty() {
            continue;
        }
        let (name, noise) = with_noise(company_name, &mut maker.rng);
        let status_id = if noise == Noise::Old { 16 } else { 15 };
        let id = maker.make(&name, json!({"organization-status-id": status_id}))?;
        origins.push(Origin { id, company_name: company_name.clone(), noise });
    }
    for _ in 0..config.n_own {
        let name = own_name(&mut maker.rng);
        maker.make(&name, json!({}))?;
    }
    Ok((maker.store, origins))
}

struct Maker {
    rng: Rng,
    store: Store,
    last_id: i64,
    start_ms: i64,
}

impl Maker {
    fn make(&mut self, name: &str, chosen: Value) -> anyhow::Result<i64> {
        // Ids have gaps, and newer accounts have very long ones.
        self.last_id += if self.rng.chance(1) { 1_000_000_007 } else { 1 + self.rng.below(9) as i64 };
        let mut attributes = self.attributes(name);
        attributes.extend(chosen.as_object().cloned().unwrap_or_default());
        let created_ms = self.start_ms - DAY_MS * (30 + self.rng.below(2_000) as i64);
        let edit = Edit::Add { id: Some(self.last_id), attributes };
        let id = self.store.apply(&edit, created_ms)?;
        if self.rng.chance(60) {
            let edited_ms = created_ms + 1_000 * self.rng.below(29 * 86_400) as i64;
            self.store.apply(&Edit::Change { id, attributes: Map::new() }, edited_ms)?;
        }
        Ok(id)
    }

    fn attributes(&mut self, name: &str) -> Map<String, Value> {
        let rng = &mut self.rng;
        let type_id = match rng.below(20) {
            0 => Value::Null,
            1 | 2 => json!(72),
            3 => json!(74),
            _ => json!(71),
        };
        let status_id = match rng.below(20) {
            0 => Value::Null,
            1 | 2 => json!(16),
            3 => json!(17),
            _ => json!(15),
        };
        let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
        let short_name = if rng.chance(40) { json!(initials) } else { Value::Null };
        let psa = if rng.chance(70) { "enabled" } else { "disabled" };
        let fields = json!({
            "name": name,
            "organization-type-id": type_id,
            "organization-status-id": status_id,
            "short-name": short_name,
            "psa-integration": psa,
            "quick-notes": if rng.chance(20) { json!("<p>Call \"reception\" first &amp; ask</p>") } else { Value::Null },
            "alert": if rng.chance(5) { json!("VIP") } else { Value::Null },
        });
        fields.as_object().cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Noise, seed};
    use crate::clock::instant_text;
    use crate::config::Config;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn config(seed: u64) -> Config {
        let company_names = (0..400).map(|n| format!("Harbor Logistics {n} and Partners, LLC")).collect();
        Config { seed, company_names, n_own: 50, ..Config::small() }
    }

    #[test]
    fn the_same_seed_gives_the_same_organizations() {
        let lines =
            |n| -> Vec<Value> { seed(&config(n), 0).unwrap().0.rows().map(|row| row.render()).collect() };
        assert_eq!(lines(1), lines(1));
        assert_ne!(lines(1), lines(2));
    }

    #[test]
    fn most_company_names_become_organizations_with_every_kind_of_noise() {
        let (store, origins) = seed(&config(1), 1_700_000_000_000).unwrap();
        assert!((300..390).contains(&origins.len()), "{}", origins.len());
        assert_eq!(store.rows().count(), 1 + origins.len() + 50);
        let kinds: BTreeSet<Noise> = origins.iter().map(|origin| origin.noise).collect();
        assert_eq!(kinds.len(), 7, "{kinds:?}");
        for origin in &origins {
            let name = store.get(origin.id).unwrap().text("name");
            assert_eq!(name == origin.company_name, origin.noise == Noise::Same, "{name} {origin:?}");
        }
        let start = instant_text(1_700_000_000_000);
        assert!(store.rows().all(|row| row.text("updated-at") < start.as_str()));
    }
}
