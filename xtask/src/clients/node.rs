//! The npm client, in a folder of its own.

use super::{Ready, fingerprint, has_node, install_once, run_installer, scripts};
use crate::workspace::Workspace;
use anyhow::Context;
use std::path::PathBuf;
use std::process::Command;

const MISSING: &str = "install Node.js 18 or later with npm";
/// What npm reads: the pins, the lock file without download addresses, and its settings.
const PINS: &[&str] = &["package.json", "package-lock.json", ".npmrc"];
/// The client needs the built-in fetch.
const PROBE: &str = "process.exit(typeof fetch === 'function' ? 0 : 1)";

/// Installs the locked packages.
pub(super) fn prepare(workspace: &Workspace) -> anyhow::Result<Ready> {
    if !has_node(PROBE) {
        return Ok(Ready::Missing(MISSING));
    }
    let folder = install(workspace)?;
    let mut command = Command::new("node");
    command.arg(scripts(workspace).join("apigrate.cjs")).env("NODE_PATH", folder.join("node_modules"));
    Ok(Ready::Run(command))
}

fn install(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let mut files = Vec::new();
    for name in PINS {
        let path = scripts(workspace).join(name);
        files.push((name, std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?));
    }
    let pins: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let folder = workspace.target.join("node").join(fingerprint(&pins));
    install_once(&folder, || {
        for (name, bytes) in &files {
            std::fs::write(folder.join(name), bytes)?;
        }
        run_installer(Command::new("npm").arg("ci").current_dir(&folder))
    })?;
    Ok(folder)
}
