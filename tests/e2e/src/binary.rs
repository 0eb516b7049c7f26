//! Finds the programs under test beside the running test, and has them built when they are missing or out of date.

use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The path of `lci`: `LCI_BIN` if that is set, else the one of the profile that this program was built with.
///
/// # Errors
/// It is not there and cannot be built.
pub fn lci() -> anyhow::Result<PathBuf> {
    static LCI: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = LCI.get() {
        return Ok(path.clone());
    }
    let path = match std::env::var_os("LCI_BIN") {
        Some(path) => PathBuf::from(path),
        None => fresh("local", "lci")?,
    };
    Ok(LCI.get_or_init(|| path).clone())
}

/// The path of a workspace program beside ours, built first unless it is newer than all of its sources.
///
/// # Errors
/// It cannot be built.
pub fn fresh(package: &str, name: &str) -> anyhow::Result<PathBuf> {
    let folder = profile_folder()?;
    let path = folder.join(name);
    if !is_fresh(&path) {
        build(package, &folder)?;
    }
    ensure!(path.is_file(), "the build of {package} left no {}", path.display());
    Ok(path)
}

/// `target/PROFILE`: two above a test (`deps/`) or an example (`examples/`).
fn profile_folder() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).context("the running program lies in no folder")?;
    Ok(folder.to_owned())
}

/// Reads what cargo noted beside the program: `program: source source …`, blanks escaped.
fn is_fresh(program: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let Some(built_at) = modified(program) else { return false };
    let Ok(notes) = std::fs::read_to_string(program.with_extension("d")) else { return false };
    let Some((_, sources)) = notes.split_once(": ") else { return false };
    let sources = sources.trim().replace("\\ ", "\0");
    sources.split(' ').all(|source| {
        let edited_at = modified(Path::new(&source.replace('\0', " ")));
        edited_at.is_some_and(|edited_at: SystemTime| edited_at <= built_at)
    })
}

fn build(package: &str, profile_folder: &Path) -> anyhow::Result<()> {
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(other) => other,
    };
    let target = profile_folder.parent().context("a profile folder lies in a target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", package, "--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    ensure!(status.success(), "cargo cannot build {package}");
    Ok(())
}
