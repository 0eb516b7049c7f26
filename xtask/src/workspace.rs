//! The workspace as cargo tells it: packages, what ends up in them, target folder.

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace; loaded once.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// Every package of the lock file, by id.
    pub(crate) packages: BTreeMap<String, Package>,
    /// Ids of our own packages.
    pub(crate) members: BTreeSet<String>,
}

/// A name and a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crate {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// One package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its licence, an SPDX expression.
    pub(crate) license: Option<String>,
    /// Its manifest.
    pub(crate) manifest_path: PathBuf,
    /// What its manifest asks for.
    pub(crate) dependencies: Vec<Declared>,
}

/// One line of a manifest's dependency sections.
#[derive(Debug, Deserialize)]
pub(crate) struct Declared {
    /// The name of the package.
    pub(crate) name: String,
    /// The version asked for.
    pub(crate) req: String,
    /// `dev`, `build`, or none for an ordinary one.
    pub(crate) kind: Option<String>,
    /// Its folder, when it is one of ours.
    pub(crate) path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// Cargo fails, or its answer is not understood.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
        let mut command = Command::new(cargo_program());
        command.args(["metadata", "--format-version", "1"]).current_dir(root);
        let answer = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        ensure!(answer.status.success(), "cargo metadata failed");
        Self::from_json(&String::from_utf8(answer.stdout)?)
    }

    /// Our packages.
    pub(crate) fn own_packages(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    /// What ends up in packages of ours when they are built for this machine, they included; what only runs in the
    /// compiler is left out.
    ///
    /// Asks `cargo tree`, since `cargo metadata` also lists optional dependencies that nobody has turned on.
    ///
    /// # Errors
    /// Cargo fails.
    pub(crate) fn shipped(&self, packages: &[&str]) -> anyhow::Result<BTreeSet<Crate>> {
        let mut command = Command::new(cargo_program());
        command.args(["tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
        for package in packages {
            command.args(["--package", package]);
        }
        command.current_dir(&self.root).stderr(Stdio::inherit());
        let answer = command.output().context("cannot start cargo")?;
        ensure!(answer.status.success(), "cargo tree failed");
        Ok(String::from_utf8(answer.stdout)?.lines().filter_map(Crate::parse).collect())
    }

    /// Reads what `cargo metadata` prints.
    pub(crate) fn from_json(metadata: &str) -> anyhow::Result<Self> {
        let metadata: Metadata = serde_json::from_str(metadata).context("cannot read cargo metadata")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            members: metadata.workspace_members,
            packages: metadata.packages.into_iter().map(|package| (package.id.clone(), package)).collect(),
        })
    }
}

impl Crate {
    /// Reads a line of `cargo tree`: `serde v1.0.0 (*)`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        Some(Self { name: name.to_owned(), version: version.to_owned() })
    }
}

/// The cargo that runs us.
pub(crate) fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
