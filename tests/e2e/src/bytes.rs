//! Looks for texts that must not be anywhere.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// The files below a folder that hold a text, wherever in them.
///
/// # Errors
/// A file cannot be read.
pub fn files_with(folder: &Path, needle: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_with(&path, needle)?);
        } else if path.is_file() && holds(&std::fs::read(&path)?, needle.as_bytes()) {
            found.push(path);
        }
    }
    Ok(found)
}

/// How many files lie below a folder.
///
/// # Errors
/// A folder cannot be listed.
pub fn n_files(folder: &Path) -> anyhow::Result<usize> {
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        n_files += if path.is_dir() { self::n_files(&path)? } else { 1 };
    }
    Ok(n_files)
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && bytes.windows(needle.len()).any(|window| window == needle)
}
