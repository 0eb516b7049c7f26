//! The state folder: one process at a time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::database::Embedded;

/// A locked state folder; the lock ends with the process, however it ends.
#[derive(Debug)]
pub(crate) struct StateFolder {
    path: PathBuf,
    _lock: File,
}

impl StateFolder {
    /// Locks the folder, which is made if it is missing.
    pub(crate) fn lock(path: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("failed to make the state folder {}", path.display()))?;
        let file = path.join("lock");
        let lock = File::create(&file).with_context(|| format!("failed to open {}", file.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "state folder {} is in use by another lci: wait for it or choose another folder",
                    path.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("failed to lock {}", file.display()))
            }
        }
    }

    /// Opens the database of the folder.
    pub(crate) async fn database(&self) -> anyhow::Result<Embedded> {
        Embedded::open(Some(&self.path.join("lci.db"))).await
    }
}
