//! The browser tier: the admin page as it is built, and real Chromium on `lci serve --demo`.

use crate::clients::{counted, fingerprint, has_node, run_installer};
use crate::process;
use crate::report::{Outcome, Report};
use crate::tiers::ran;
use crate::workspace::Workspace;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

const NODE_MISSING: &str = "install Node.js 20.19 or later with npm";
const CHROMIUM_MISSING: &str = "install Debian's package chromium, or name one: CHROMIUM=/path/to/chromium cargo xtask test --tier browser";
/// The build tools' own word.
const NODE_PROBE: &str =
    "const [a, b] = process.versions.node.split('.'); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)";
/// What npm reads: the pins, the lock file, and its settings.
const PINS: &[&str] = &["package.json", "package-lock.json", ".npmrc"];
/// The page's own checks, each a script of its package; the size is that of what was built.
const CHECKS: &[&str] = &["build", "size", "typecheck", "lint"];

/// Builds and checks the page, then shows it to a browser.
pub(crate) fn run(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "page: npm ci", || installed(workspace));
    for check in CHECKS {
        report.step(tier, &format!("page: {check}"), || script(workspace, check));
    }
    report.step(tier, "page: browser tests", || shown(workspace));
}

fn installed(workspace: &Workspace) -> anyhow::Result<Outcome> {
    if !has_node(NODE_PROBE) {
        return Ok(Outcome::Skipped(NODE_MISSING.to_owned()));
    }
    let folder = folder(workspace);
    let pins: Vec<Vec<u8>> = PINS.iter().map(|name| read(&folder.join(name))).collect::<Result<_, _>>()?;
    let key = fingerprint(&pins.iter().map(Vec::as_slice).collect::<Vec<_>>());
    // Written last, and gone with the packages.
    let marker = folder.join("node_modules").join(format!(".installed-{key}"));
    if !marker.exists() {
        run_installer(Command::new("npm").arg("ci").current_dir(&folder))?;
        std::fs::write(marker, "")?;
    }
    Ok(Outcome::Ran(process::Ended::well()))
}

fn script(workspace: &Workspace, name: &str) -> anyhow::Result<Outcome> {
    if !has_node(NODE_PROBE) {
        return Ok(Outcome::Skipped(NODE_MISSING.to_owned()));
    }
    ran(Command::new("npm").args(["run", "--silent", name]).current_dir(folder(workspace)))
}

fn shown(workspace: &Workspace) -> anyhow::Result<Outcome> {
    if !has_node(NODE_PROBE) {
        return Ok(Outcome::Skipped(NODE_MISSING.to_owned()));
    }
    let Some(chromium) = chromium() else { return Ok(Outcome::Skipped(CHROMIUM_MISSING.to_owned())) };
    let product = workspace.target.join("ci").join("lci");
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "test"]).current_dir(folder(workspace));
    // A proxy of the developer's network cannot reach this loopback.
    counted(command.env("CHROMIUM", chromium).env("LCI", product).env("NO_PROXY", "127.0.0.1"))
}

/// The one that is named, or else the first in the path.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|named| named.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let candidates = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("admin")
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
