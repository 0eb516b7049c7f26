//! What comes from PyPI, each in a virtual environment of its own.

use super::{Ready, fingerprint, install_once, run_installer, scripts};
use crate::process;
use crate::workspace::Workspace;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

const MISSING: &str = "install CPython 3.12 or later with venv, or name one: PYTHON=/path/to/python3.12 cargo xtask test --tier flows";
/// The clients need 3.12; a Debian python3 comes without the module that makes a virtual environment.
const PROBE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))";

/// A script and the packages that it needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tool {
    /// A client of Autotask.
    AutotaskClient,
    /// A tester of HTTP APIs.
    Schemathesis,
}

impl Tool {
    /// Its pins and its script.
    fn files(self) -> (&'static str, &'static str) {
        match self {
            Self::AutotaskClient => ("requirements.txt", "autotask_client.py"),
            Self::Schemathesis => ("schemathesis.txt", "schemathesis_api.py"),
        }
    }
}

/// Finds an interpreter and installs the pinned packages.
pub(super) fn prepare(workspace: &Workspace, tool: Tool) -> anyhow::Result<Ready> {
    let Some(python) = interpreter() else { return Ok(Ready::Missing(MISSING)) };
    let (requirements, script) = tool.files();
    let requirements = scripts(workspace).join(requirements);
    let pins =
        std::fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let key = fingerprint(&[&pins, python.as_os_str().as_encoded_bytes()]);
    let folder = workspace.target.join("venvs").join(key);
    let inside = folder.join("bin").join("python");
    install_once(&folder, || {
        run_installer(Command::new(&python).args(["-m", "venv"]).arg(&folder))?;
        let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        run_installer(Command::new(&inside).args(arguments).arg("--requirement").arg(&requirements))
    })?;
    let mut command = Command::new(inside);
    command.arg("-u").arg(scripts(workspace).join(script));
    Ok(Ready::Run(command))
}

fn interpreter() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("PYTHON") {
        return Some(PathBuf::from(chosen)).filter(|python| is_new_enough(python));
    }
    let named = ["python3", "python3.14", "python3.13", "python3.12", "python"].map(PathBuf::from);
    named.into_iter().chain(pyenv_interpreters()).find(|python| is_new_enough(python))
}

fn is_new_enough(python: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-c", PROBE]))
}

/// Interpreters that pyenv has but does not show under their name, newest last in its folder, so taken first.
fn pyenv_interpreters() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(std::env::home_dir()?.join(".pyenv")));
    let Some(Ok(entries)) = root.map(|root| std::fs::read_dir(root.join("versions"))) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path().join("bin").join("python3"))).collect();
    found.sort();
    found.reverse();
    found
}
