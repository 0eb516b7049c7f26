//! Records of one kind: a JSON file each, or in memory only.
//!
//! All of them are held in memory as well, so that both kinds differ by the writing alone. A record is written before it
//! is seen; whoever changes two things that belong together keeps them in one record.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::files;

/// The records of one folder, by key. A key is part of a file's name.
#[derive(Debug)]
pub(super) struct Records<T> {
    folder: Option<PathBuf>,
    rows: BTreeMap<String, T>,
}

impl<T: Serialize + DeserializeOwned> Records<T> {
    /// Reads all records of a folder; without a folder they last as long as this value.
    ///
    /// # Errors
    /// The folder cannot be used, or a file in it is no such record.
    pub(super) fn open(folder: Option<PathBuf>) -> anyhow::Result<Self> {
        let rows = match &folder {
            Some(folder) => load(folder).with_context(|| format!("failed to read {}", folder.display()))?,
            None => BTreeMap::new(),
        };
        Ok(Self { folder, rows })
    }

    /// The records, by key.
    pub(super) fn rows(&self) -> &BTreeMap<String, T> {
        &self.rows
    }

    /// Writes a record, replacing the one under the same key.
    ///
    /// # Errors
    /// Those of the file system; what is seen here has not changed.
    pub(super) fn put(&mut self, key: &str, row: T) -> io::Result<()> {
        if let Some(folder) = &self.folder {
            files::write(folder, &file_name(key), &serde_json::to_vec(&row)?)?;
        }
        self.rows.insert(key.to_owned(), row);
        Ok(())
    }

    /// Removes a record; one that is not there is no error.
    ///
    /// # Errors
    /// Those of the file system; what is seen here has not changed.
    pub(super) fn remove(&mut self, key: &str) -> io::Result<()> {
        if let Some(folder) = &self.folder {
            files::remove(folder, &file_name(key))?;
        }
        self.rows.remove(key);
        Ok(())
    }
}

fn file_name(key: &str) -> String {
    format!("{key}.json")
}

fn load<T: DeserializeOwned>(folder: &Path) -> anyhow::Result<BTreeMap<String, T>> {
    files::open_folder(folder)?;
    let mut rows = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let (Some(key), Some("json")) = (stem(&path), path.extension().and_then(|ending| ending.to_str()))
        else {
            continue;
        };
        // The error of a damaged file may quote it: its text is left out.
        let row = serde_json::from_slice(&fs::read(&path)?);
        let row = row.ok().with_context(|| format!("{} is damaged: move it away", path.display()))?;
        rows.insert(key, row);
    }
    Ok(rows)
}

fn stem(path: &Path) -> Option<String> {
    path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::Records;

    #[test]
    fn records_outlive_the_process_and_unfinished_files_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        let mut records: Records<u32> = Records::open(Some(path.clone())).unwrap();
        records.put("one", 1).unwrap();
        records.put("one", 2).unwrap();
        records.put("two", 3).unwrap();
        records.remove("two").unwrap();
        records.remove("never").unwrap();
        std::fs::write(path.join(".new-torn"), "{").unwrap();
        let again: Records<u32> = Records::open(Some(path.clone())).unwrap();
        assert_eq!(again.rows(), records.rows());
        assert_eq!(again.rows().len(), 1);
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 1);
    }

    #[test]
    fn damaged_record_is_named_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), "\"canary\"").unwrap();
        let error = Records::<u32>::open(Some(folder.path().to_owned())).unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("x.json") && !text.contains("canary"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        Records::open(Some(path.clone())).unwrap().put("one", 1_u32).unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.clone()), 0o700);
        assert_eq!(mode(path.join("one.json")), 0o600);
    }
}
