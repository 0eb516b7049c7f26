//! What becomes of the organizations that are kept when IT Glue's list was read again.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::KeyFault;
use crate::mapping::links::Organization;
use crate::reconcile::is_braked;

/// What one reading of IT Glue's list showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OrganizationsRead")]
pub struct Reading {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Organizations that are kept now.
    pub n_organizations: u64,
    /// Organizations that were not known before.
    pub n_new: u64,
    /// Organizations that IT Glue shows no longer. Those with a link stay, as inactive ones.
    pub n_gone: u64,
    /// Records that could not be used.
    pub n_rejected: u64,
    /// What went wrong, in a sentence; then everything stays as it was.
    pub error: Option<String>,
    /// What is wrong with the key, if that is it: it is not tried again before it is replaced.
    pub key_fault: Option<KeyFault>,
}

/// Organizations as they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// Records that could not be used.
    pub n_rejected: u64,
    /// Ids of records that could not be used: they are there all the same.
    pub rejected_ids: BTreeSet<i64>,
    /// True when these are all of one moment, so that what is missing is gone.
    pub is_complete: bool,
}

/// The organizations to keep, by id, and what to say of them.
///
/// What is missing stays if the list was not complete, if too much is missing to be true (see
/// [`is_braked`]), or if somebody decided something about it.
#[must_use]
pub fn merge(
    before: &[Organization],
    listed: &Listed,
    is_decided: impl Fn(i64) -> bool,
    at: String,
) -> (Vec<Organization>, Reading) {
    let known: BTreeMap<i64, &Organization> = before.iter().map(|one| (one.id, one)).collect();
    let mut after: BTreeMap<i64, Organization> =
        listed.organizations.iter().map(|one| (one.id, one.clone())).collect();
    let n_new = after.keys().filter(|id| !known.contains_key(id)).count() as u64;
    let is_missing =
        |one: &&&Organization| !after.contains_key(&one.id) && !listed.rejected_ids.contains(&one.id);
    let missing: Vec<Organization> = known.values().filter(is_missing).map(|one| (*one).clone()).collect();
    let (n_live, n_missing) = (known.len() as u64, missing.len() as u64);
    let is_held = listed.is_complete && is_braked(n_live, n_missing, 0);
    let stays = known.values().filter(|one| listed.rejected_ids.contains(&one.id)).map(|one| (*one).clone());
    let stays: Vec<Organization> = stays.collect();
    let may_go = listed.is_complete && !is_held;
    for one in missing {
        match may_go {
            true if is_decided(one.id) => {
                drop(after.insert(one.id, Organization { is_active: false, ..one }))
            }
            true => {}
            false => drop(after.insert(one.id, one)),
        }
    }
    for one in stays {
        after.entry(one.id).or_insert(one);
    }
    let error = match (is_held, listed.is_complete) {
        (true, _) => Some(format!(
            "IT Glue shows {n_missing} of {n_live} organizations no longer; none was removed. If they were not deleted \
             there, check what the API key may read."
        )),
        (_, false) => {
            Some("IT Glue's list kept changing while it was read; what is missing was kept.".to_owned())
        }
        _ => None,
    };
    let reading = Reading {
        at,
        n_organizations: after.len() as u64,
        n_new,
        n_gone: if may_go { n_missing } else { 0 },
        n_rejected: listed.n_rejected,
        error,
        key_fault: None,
    };
    (after.into_values().collect(), reading)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Listed, merge};
    use crate::mapping::links::Organization;

    fn organizations(ids: impl IntoIterator<Item = i64>) -> Vec<Organization> {
        ids.into_iter().map(|id| Organization { id, name: format!("o{id}"), is_active: true }).collect()
    }

    fn listed(ids: impl IntoIterator<Item = i64>, is_complete: bool) -> Listed {
        Listed { organizations: organizations(ids), is_complete, ..Listed::default() }
    }

    fn ids(organizations: &[Organization]) -> Vec<i64> {
        organizations.iter().map(|one| one.id).collect()
    }

    #[test]
    fn what_is_gone_goes_unless_somebody_decided_about_it() {
        let before = organizations(1..=100);
        let (after, reading) = merge(&before, &listed(3..=101, true), |id| id == 2, String::new());
        assert_eq!(ids(&after), (2..=101).collect::<Vec<_>>());
        assert!(!after[0].is_active && after[1].is_active);
        assert_eq!((reading.n_new, reading.n_gone, reading.error), (1, 2, None));
    }

    #[test]
    fn a_list_that_is_not_whole_removes_nothing() {
        let (after, reading) = merge(&organizations(1..=9), &listed(5..=12, false), |_| false, String::new());
        assert_eq!(ids(&after), (1..=12).collect::<Vec<_>>());
        assert_eq!((reading.n_new, reading.n_gone), (3, 0));
        assert!(reading.error.is_some());
    }

    #[test]
    fn too_much_that_is_missing_is_not_believed() {
        let before = organizations(1..=200);
        let (after, reading) = merge(&before, &listed(1..=50, true), |_| false, String::new());
        assert_eq!((after.len(), reading.n_gone), (200, 0));
        assert!(reading.error.unwrap().contains("150 of 200"));
    }

    #[test]
    fn a_record_that_cannot_be_used_stays_as_it_was() {
        let one = Listed { n_rejected: 1, rejected_ids: BTreeSet::from([2]), ..listed([1, 3], true) };
        let (after, reading) = merge(&organizations(1..=3), &one, |_| false, String::new());
        assert_eq!((ids(&after), reading.n_rejected, reading.n_gone), (vec![1, 2, 3], 1, 0));
        assert!(after[1].is_active);
    }
}
