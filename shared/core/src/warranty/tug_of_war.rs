//! Noticing that somebody keeps putting another date where we wrote ours.
//!
//! Each write of ours is watched once: if the date came back different, that is counted, with what Autotask tells of who
//! edited the asset last. The second time, writing the asset stops until a person lets it go on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::HeldDate;

/// So many returns stop an asset.
const STOPS_AT: usize = 2;

/// Who may have changed our date: the last one who edited the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantySuspect")]
pub struct Suspect {
    /// The integration that looks after the asset, a picklist value.
    pub api_vendor_id: Option<i64>,
    /// The person or API user, by Autotask's id.
    pub person_id: Option<i64>,
    /// What kind of person that is, a picklist value.
    pub person_type: Option<i64>,
}

/// A date of ours that came back different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyReturn")]
pub struct Return {
    /// The run that wrote ours.
    pub run_id: String,
    /// What we wrote.
    #[schemars(with = "String")]
    pub ours: Date,
    /// What was there instead.
    #[schemars(with = "Option<String>")]
    pub found: Option<Date>,
    /// When the asset was last edited.
    #[schemars(with = "Option<String>")]
    pub edited_at: Option<Timestamp>,
    /// Who edited it last.
    pub suspect: Suspect,
}

/// What is remembered of an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tug {
    /// Returns since a person last looked at it, oldest first.
    pub returns: Vec<Return>,
    /// The write that was watched last.
    watched_run_id: Option<String>,
}

impl Tug {
    /// Whether writing the asset stops.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.returns.len() >= STOPS_AT
    }

    /// Looks at what became of our last verified write; a difference of a day is none.
    ///
    /// # Shape
    /// Asked as often as one likes: a write is counted once.
    #[must_use]
    pub fn watch(mut self, run_id: &str, ours: Date, held: &HeldDate) -> Self {
        let found = held.warranty_expiration_date;
        let is_same = found.is_some_and(|found| ours.duration_until(found).as_hours().abs() <= 24);
        if is_same || self.watched_run_id.as_deref() == Some(run_id) {
            return self;
        }
        let suspect = Suspect::of(held);
        let (run_id, edited_at) = (run_id.to_owned(), held.last_modified_time);
        self.watched_run_id = Some(run_id.clone());
        self.returns.push(Return { run_id, ours, found, edited_at, suspect });
        self
    }

    /// A person lets it go on: what was counted is forgotten, and is not counted again.
    #[must_use]
    pub fn released(self) -> Self {
        Self { returns: Vec::new(), ..self }
    }

    /// Who is named: the one who was there most often, the last of those who were equally often.
    #[must_use]
    pub fn suspect(&self) -> Option<Suspect> {
        let n_of = |suspect: &Suspect| self.returns.iter().filter(|entry| entry.suspect == *suspect).count();
        self.returns.iter().map(|entry| entry.suspect).max_by_key(n_of)
    }
}

impl Suspect {
    fn of(held: &HeldDate) -> Self {
        Self {
            api_vendor_id: held.api_vendor_id,
            person_id: held.last_activity_person_id,
            person_type: held.last_activity_person_type,
        }
    }
}

/// How many contested assets each suspect has, most first.
#[must_use]
pub fn by_suspect<'a>(tugs: impl IntoIterator<Item = &'a Tug>) -> Vec<(Suspect, u64)> {
    let mut n_by_suspect: BTreeMap<Suspect, u64> = BTreeMap::new();
    for suspect in tugs.into_iter().filter(|tug| tug.is_contested()).filter_map(Tug::suspect) {
        *n_by_suspect.entry(suspect).or_default() += 1;
    }
    let mut told: Vec<_> = n_by_suspect.into_iter().collect();
    told.sort_by_key(|&(_, n_assets)| std::cmp::Reverse(n_assets));
    told
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{Suspect, Tug, by_suspect};
    use crate::wire::HeldDate;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn held(date: &str, person_id: i64) -> HeldDate {
        HeldDate {
            warranty_expiration_date: Some(day(date)),
            last_activity_person_id: Some(person_id),
            api_vendor_id: Some(9),
            ..HeldDate::default()
        }
    }

    fn watch(tug: Tug, run_id: &str, found: &str, person_id: i64) -> Tug {
        tug.watch(run_id, day("2027-05-01"), &held(found, person_id))
    }

    #[test]
    fn the_second_return_stops_the_asset_and_names_who_was_there() {
        let once = watch(Tug::default(), "run-1", "2025-01-01", 4);
        let again = watch(once.clone(), "run-1", "2025-01-01", 4);
        assert_eq!(once, again);
        assert!(!again.is_contested());
        let twice = watch(again, "run-2", "2025-01-02", 4);
        assert!(twice.is_contested());
        let suspect = Suspect { api_vendor_id: Some(9), person_id: Some(4), person_type: None };
        assert_eq!((twice.suspect(), by_suspect([&twice, &once])), (Some(suspect), vec![(suspect, 1)]));
    }

    #[test]
    fn a_blank_is_a_return_and_a_day_is_none() {
        let blank = Tug::default().watch("run-1", day("2027-05-01"), &HeldDate::default());
        assert_eq!(blank.returns.len(), 1);
        for found in ["2027-04-30", "2027-05-01", "2027-05-02"] {
            assert_eq!(watch(Tug::default(), "run-1", found, 4), Tug::default());
        }
    }

    #[test]
    fn the_most_frequent_guest_is_named_and_among_equals_the_last() {
        let mut tug = watch(Tug::default(), "run-1", "2025-01-01", 4);
        tug = watch(tug, "run-2", "2025-01-01", 5);
        assert_eq!(tug.suspect().unwrap().person_id, Some(5));
        tug = watch(tug, "run-3", "2025-01-01", 4);
        assert_eq!(tug.suspect().unwrap().person_id, Some(4));
    }

    #[test]
    fn a_released_asset_is_written_again_and_needs_two_new_returns() {
        let mut tug = watch(watch(Tug::default(), "run-1", "2025-01-01", 4), "run-2", "2025-01-01", 4);
        tug = watch(tug.released(), "run-2", "2025-01-01", 4);
        assert!(tug.returns.is_empty());
        tug = watch(tug, "run-3", "2025-01-01", 4);
        assert!(!tug.is_contested());
    }
}
