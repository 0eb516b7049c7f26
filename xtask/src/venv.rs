//! Python tools in virtual environments of their own under the target folder, pinned to the last package.
//!
//! A folder is named after the pins and the interpreter, so an unchanged list is installed once.

use crate::clients::{fingerprint, install_once, run_installer};
use crate::process;
use crate::workspace::Workspace;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Said where no interpreter is found.
pub(crate) const MISSING: &str =
    "install CPython 3.11 or later with venv, or name one: PYTHON=/path/to/python3 cargo xtask test";
/// A Debian python3 comes without the module that makes a virtual environment.
const PROBE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
/// The pins: one file per environment.
const FOLDER: &str = "tests/deployed/tools";

/// The folder with the programs of an environment, installed if need be; none without an interpreter.
///
/// # Errors
/// The pins cannot be read or not be installed.
pub(crate) fn programs(workspace: &Workspace, name: &str) -> anyhow::Result<Option<PathBuf>> {
    let Some(python) = interpreter() else { return Ok(None) };
    let file = workspace.root.join(FOLDER).join(format!("{name}.txt"));
    let pins = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let key = fingerprint(&[&pins, python.as_os_str().as_encoded_bytes()]);
    let folder = workspace.target.join("venvs").join(format!("{name}-{key}"));
    let inside = folder.join("bin");
    install_once(&folder, || {
        run_installer(Command::new(&python).args(["-m", "venv"]).arg(&folder))?;
        let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        let mut command = Command::new(inside.join("python"));
        run_installer(command.args(arguments).arg("--requirement").arg(&file))
    })?;
    Ok(Some(inside))
}

fn interpreter() -> Option<PathBuf> {
    let chosen = std::env::var_os("PYTHON").map(PathBuf::from);
    let named = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"].map(PathBuf::from);
    chosen.into_iter().chain(named).find(|python| is_fit(python))
}

fn is_fit(python: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-c", PROBE]))
}
