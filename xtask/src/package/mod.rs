//! Packages for Lambda: each function's program as `bootstrap`, alone in a zip.
//!
//! Nothing is installed on the way: where a target or a cross compiler is missing, the message says what to install.

mod glibc;
mod measure;
mod target;
mod zip;

pub(crate) use target::Architecture;

use self::zip::Effort;
use crate::cargo::{add_packages, cargo};
use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, ensure};
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The profile of what is deployed for good; the tiers package what they have built anyway.
const PROFILE: &str = "lambda";
/// Largest zip of a deployed function, in bytes: unpacking is part of every cold start.
const MAX_ZIP_BYTES: usize = 4_000_000;

/// What to package.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Processor of the functions, as in the template's parameter
    #[arg(long, value_enum, default_value = "arm64")]
    pub(crate) arch: Architecture,
    /// Profile to build with; sizes are judged for the profile `lambda` only
    #[arg(long, default_value = PROFILE)]
    pub(crate) profile: String,
    /// Functions to package [default: all]
    #[arg(long = "function")]
    pub(crate) functions: Vec<String>,
    /// Also start each program fifty times and tell how long its first poll of the Runtime API takes; let nothing else run
    #[arg(long)]
    pub(crate) measure: bool,
}

impl Options {
    /// One function, as it is deployed.
    pub(crate) fn of_one(arch: Architecture, function: &str) -> Self {
        Self { arch, profile: PROFILE.to_owned(), functions: vec![function.to_owned()], measure: false }
    }
}

/// Builds and packages; answers the folder with one folder per function.
///
/// # Errors
/// Something is missing, a build fails, or a program could not run on Lambda.
pub(crate) fn package(workspace: &Workspace, options: &Options) -> anyhow::Result<PathBuf> {
    let functions = chosen(workspace, &options.functions)?;
    let is_judged = options.profile == PROFILE;
    ensure!(
        !options.measure || Architecture::of_host() == Some(options.arch),
        "--measure starts the programs here: package for this machine's processor, --arch {}",
        Architecture::of_host().unwrap_or(Architecture::X86).name()
    );
    let started = Instant::now();
    let built = build(workspace, options, &functions)?;
    println!("built in {:.0} s", started.elapsed().as_secs_f64());
    let folder = pack_all(workspace, &built, &functions, is_judged)?;
    if options.measure {
        measure::measure(&folder, &functions, is_judged)?;
    }
    Ok(folder)
}

/// Packages all functions as some other command has built them for this machine; their sizes are not judged.
///
/// # Errors
/// A program is missing, or could not run on Lambda.
pub(crate) fn package_built(workspace: &Workspace, built: &Path) -> anyhow::Result<PathBuf> {
    pack_all(workspace, built, &functions(workspace), false)
}

fn pack_all(
    workspace: &Workspace,
    built: &Path,
    functions: &[String],
    is_judged: bool,
) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("package");
    println!("{:<16}{:>12}{:>12}  glibc", "function", "program", "zip");
    for function in functions {
        pack(&built.join(function), &folder, function, is_judged)
            .with_context(|| format!("cannot package {function}"))?;
    }
    Ok(folder)
}

/// Names of all functions: the packages below `functions/`.
fn functions(workspace: &Workspace) -> Vec<String> {
    let folder = workspace.root.join("functions");
    let mut names: Vec<String> = workspace
        .own_packages()
        .filter(|package| package.manifest_path.starts_with(&folder))
        .map(|package| package.name.clone())
        .collect();
    names.sort();
    names
}

fn chosen(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<Vec<String>> {
    let all = functions(workspace);
    for name in wanted {
        ensure!(all.contains(name), "there is no function {name}; there are {}", all.join(", "));
    }
    Ok(if wanted.is_empty() { all } else { wanted.to_vec() })
}

/// Answers the folder with the programs.
fn build(workspace: &Workspace, options: &Options, functions: &[String]) -> anyhow::Result<PathBuf> {
    let mut command = cargo(workspace, &["build", "--locked", "--bins", "--profile", &options.profile]);
    let names: Vec<&str> = functions.iter().map(String::as_str).collect();
    add_packages(&mut command, &names);
    let mut folder = workspace.target.clone();
    if let Some(triple) = options.arch.prepare(&mut command)? {
        command.args(["--target", triple]);
        folder.push(triple);
    }
    ensure!(process::run(&mut command)?.is_success, "the build failed");
    let profile = if options.profile == "dev" { "debug" } else { &options.profile };
    Ok(folder.join(profile))
}

fn pack(program: &Path, folder: &Path, function: &str, is_judged: bool) -> anyhow::Result<()> {
    let bytes = std::fs::read(program)?;
    let glibc = glibc::highest(&bytes);
    glibc::check(glibc)?;
    let zip = zip::of_bootstrap(&bytes, if is_judged { Effort::Thorough } else { Effort::Quick })?;
    let own = folder.join(function);
    std::fs::create_dir_all(&own)?;
    std::fs::copy(program, own.join("bootstrap"))?;
    std::fs::write(folder.join(format!("{function}.zip")), &zip)?;
    let (n_bytes, n_zip) = (bytes.len(), zip.len());
    println!("{function:<16}{n_bytes:>12}{n_zip:>12}  {}", glibc::text(glibc));
    ensure!(
        !is_judged || n_zip <= MAX_ZIP_BYTES,
        "its zip has {n_zip} bytes; at most {MAX_ZIP_BYTES} are allowed"
    );
    Ok(())
}
