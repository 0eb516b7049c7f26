//! The organizations, and edits past the rules of the API.

use crate::organization::Organization;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One change in the source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// A new organization.
    Add {
        /// Its id; the next free one when absent.
        #[serde(default)]
        id: Option<i64>,
        /// Its attributes, `name` among them.
        attributes: Map<String, Value>,
    },
    /// Other attributes for an organization.
    Change {
        /// Which one.
        id: i64,
        /// Those that change.
        attributes: Map<String, Value>,
    },
    /// One organization less.
    Remove {
        /// Which one.
        id: i64,
    },
}

impl Edit {
    /// A new organization with this name.
    pub fn add(name: &str) -> Self {
        let attributes = Map::from_iter([("name".to_owned(), Value::from(name))]);
        Self::Add { id: None, attributes }
    }

    /// A new name for an organization.
    pub fn rename(id: i64, name: &str) -> Self {
        let attributes = Map::from_iter([("name".to_owned(), Value::from(name))]);
        Self::Change { id, attributes }
    }
}

/// All organizations by id.
#[derive(Debug, Default)]
pub(crate) struct Store {
    rows: BTreeMap<i64, Organization>,
}

impl Store {
    /// All of them, ascending by id.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Organization> {
        self.rows.values()
    }

    /// One of them.
    pub(crate) fn get(&self, id: i64) -> Option<&Organization> {
        self.rows.get(&id)
    }

    /// Does one edit and gives the id of its organization.
    ///
    /// # Errors
    /// The organization is not there (or is, for a new one), or an attribute does not fit.
    pub(crate) fn apply(&mut self, edit: &Edit, now_ms: i64) -> anyhow::Result<i64> {
        match edit {
            Edit::Add { id, attributes } => {
                let id = id.unwrap_or_else(|| self.next_id());
                anyhow::ensure!(!self.rows.contains_key(&id), "organization {id} is there already");
                self.rows.insert(id, Organization::new(id, attributes, now_ms)?);
                Ok(id)
            }
            Edit::Change { id, attributes } => {
                let row = self.rows.get_mut(id).with_context(|| format!("no organization {id}"))?;
                let mut changed = row.clone();
                changed.edit(attributes, now_ms)?;
                *row = changed;
                Ok(*id)
            }
            Edit::Remove { id } => {
                self.rows.remove(id).with_context(|| format!("no organization {id}"))?;
                Ok(*id)
            }
        }
    }

    fn next_id(&self) -> i64 {
        self.rows.last_key_value().map_or(4_000, |(id, _)| *id + 7)
    }
}
