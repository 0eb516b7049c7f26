//! Which Autotask company is which IT Glue organization, and which pairs somebody refused.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An IT Glue organization, as far as linking needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// IT Glue's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Active in IT Glue.
    pub is_active: bool,
}

/// Who made a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A person picked the company.
    Manual,
    /// A proposal that a person saved.
    Auto,
}

/// What was chosen for an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Link {
    /// It is this company.
    Linked {
        /// Autotask's id.
        company_id: i64,
        /// Who said so.
        how: How,
        /// Why, where a machine proposed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Several organizations may be this company.
        #[serde(default)]
        is_shared: bool,
    },
    /// It is left unlinked on purpose.
    Excluded,
}

/// Everything that was decided about an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The link.
    pub link: Option<Link>,
    /// Companies that it is not: never proposed again.
    #[serde(default)]
    pub rejected: BTreeSet<i64>,
}

impl Link {
    /// The company, if it is linked.
    #[must_use]
    pub fn company_id(&self) -> Option<i64> {
        match self {
            Self::Linked { company_id, .. } => Some(*company_id),
            Self::Excluded => None,
        }
    }
}

impl Decision {
    /// What remains when somebody decides anew: a proposal that was saved and is now replaced counts as refused; a company
    /// that is picked is refused no longer.
    #[must_use]
    pub fn with(&self, link: Option<Link>, rejects: &[i64]) -> Option<Self> {
        let mut rejected = self.rejected.clone();
        rejected.extend(rejects);
        if let Some(Link::Linked { company_id, how: How::Auto, .. }) = &self.link {
            rejected.insert(*company_id);
        }
        if let Some(company_id) = link.as_ref().and_then(Link::company_id) {
            rejected.remove(&company_id);
        }
        let is_empty = link.is_none() && rejected.is_empty();
        (!is_empty).then_some(Self { link, rejected })
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, How, Link};

    fn linked(company_id: i64, how: How) -> Link {
        Link::Linked { company_id, how, reason: None, is_shared: false }
    }

    #[test]
    fn refused_pairs_are_remembered_until_somebody_picks_them() {
        let start = Decision::default();
        assert_eq!(start.with(None, &[]), None);
        let auto = start.with(Some(linked(7, How::Auto)), &[]).unwrap();
        let corrected = auto.with(Some(linked(8, How::Manual)), &[]).unwrap();
        assert_eq!(corrected.rejected.iter().copied().collect::<Vec<_>>(), [7]);
        let open = corrected.with(None, &[9]).unwrap();
        assert_eq!(
            (open.link.clone(), open.rejected.len()),
            (None, 2),
            "a manual link taken back refuses nothing"
        );
        let picked = open.with(Some(linked(7, How::Manual)), &[]).unwrap();
        assert_eq!(picked.rejected.iter().copied().collect::<Vec<_>>(), [9]);
        assert_eq!(auto.with(Some(linked(7, How::Auto)), &[]).unwrap(), auto);
    }
}
