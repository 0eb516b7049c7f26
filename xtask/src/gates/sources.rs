//! The text files of the repository: tracked ones, and new ones that are not ignored.

use crate::workspace::Workspace;
use anyhow::{Context, ensure};
use std::process::Command;

/// One file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path from the root, with slashes.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) text: String,
}

/// All text files, by path.
#[derive(Debug)]
pub(crate) struct Sources {
    /// The files.
    pub(crate) files: Vec<Source>,
}

impl Sources {
    /// Reads them; files that are not UTF-8 are left out.
    ///
    /// # Errors
    /// Git cannot list the files, or one cannot be read.
    pub(crate) fn load(workspace: &Workspace) -> anyhow::Result<Self> {
        let mut command = Command::new("git");
        command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let answer = command.current_dir(&workspace.root).output().context("cannot start git")?;
        ensure!(answer.status.success(), "git ls-files: {}", String::from_utf8_lossy(&answer.stderr).trim());
        let mut files = Vec::new();
        for path in String::from_utf8(answer.stdout)?.split_terminator('\0') {
            let full = workspace.root.join(path);
            // A file that was deleted but not yet committed is still listed.
            if !full.is_file() {
                continue;
            }
            let bytes = std::fs::read(&full).with_context(|| format!("cannot read {path}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(Source { path: path.to_owned(), text });
            }
        }
        Ok(Self { files })
    }
}

impl Source {
    /// True for a file whose name ends with one of the endings.
    pub(crate) fn has_ending(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Its folder, empty at the root.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

#[cfg(test)]
impl Sources {
    /// Files that a test makes up.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let make = |(path, text): &(&str, &str)| Source { path: (*path).into(), text: (*text).into() };
        Self { files: files.iter().map(make).collect() }
    }
}
