//! Everything of a tenant that can be seen from outside, to be compared before and after.

use crate::served::{RUNS, SETTINGS, Served, VERSIONS};
use anyhow::ensure;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Settings, runs, audit trail, mails and secrets at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    api: BTreeMap<&'static str, Value>,
    outbox: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Seen {
    /// Looks at everything.
    ///
    /// # Errors
    /// Something is not answered.
    pub fn now(served: &Served, token: &str, state: &Path) -> anyhow::Result<Self> {
        let mut api = BTreeMap::new();
        for path in [SETTINGS, RUNS, VERSIONS] {
            api.insert(path, served.get(token, path)?);
        }
        let mut files = BTreeMap::new();
        for folder in ["aws/secrets", "outbox"] {
            for entry in std::fs::read_dir(state.join(folder))? {
                let entry = entry?;
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                files.insert(name, std::fs::read(entry.path())?);
            }
        }
        Ok(Self { api, outbox: served.page("/outbox")?, files })
    }

    /// Goes on if nothing is different now.
    ///
    /// # Errors
    /// What is.
    pub fn check_same(&self, later: &Self) -> anyhow::Result<()> {
        for (path, before) in &self.api {
            let after = &later.api[path];
            ensure!(before == after, "{path} was {before} and is {after}");
        }
        ensure!(self.outbox == later.outbox, "the outbox changed");
        let names = |seen: &Self| json!(seen.files.keys().collect::<Vec<_>>());
        ensure!(names(self) == names(later), "files were {} and are {}", names(self), names(later));
        ensure!(self.files == later.files, "the content of a file changed");
        Ok(())
    }
}
