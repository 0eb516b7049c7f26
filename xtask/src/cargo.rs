//! The cargo commands of the tiers; all of them build with the one profile `ci`.

use crate::process;
use crate::workspace::{Workspace, cargo_program};
use std::io::IsTerminal;
use std::process::Command;

/// The profile of everything that the tiers compile.
const PROFILE: &str = "ci";

/// A cargo command at the root of the workspace.
pub(crate) fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_program());
    command.args(arguments).current_dir(&workspace.root);
    // Our pipe hides the terminal from the child.
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// A command that builds with the profile, for packages.
pub(crate) fn build_command(workspace: &Workspace, arguments: &[&str], packages: &[&str]) -> Command {
    let mut command = cargo(workspace, arguments);
    command.args(["--profile", PROFILE]);
    add_packages(&mut command, packages);
    command
}

/// True when cargo-nextest is installed.
pub(crate) fn has_nextest(workspace: &Workspace) -> bool {
    process::succeeds(&mut cargo(workspace, &["nextest", "--version"]))
}

/// Runs the tests of `packages` by cargo-nextest.
///
/// `built` holds the packages of all chosen tiers: building the same set every time keeps the features of shared
/// dependencies the same, so that no tier rebuilds what another has built.
pub(crate) fn nextest(workspace: &Workspace, packages: &[&str], built: &[&str]) -> Command {
    let mut command = cargo(workspace, &["nextest", "run", "--cargo-profile", PROFILE]);
    add_packages(&mut command, built);
    let chosen: Vec<String> = packages.iter().map(|package| format!("package(={package})")).collect();
    command.args(["--filterset", &chosen.join(" | "), "--test-threads", &n_at_once().to_string()]);
    command
}

/// Tests that run at once: some more than there are cores, since many of them wait for other processes.
fn n_at_once() -> usize {
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    n_cores + n_cores.div_ceil(2)
}

/// Runs the tests of `packages` by plain cargo, doc tests included.
pub(crate) fn plain_test(workspace: &Workspace, packages: &[&str]) -> Command {
    build_command(workspace, &["test", "--no-fail-fast"], packages)
}

/// Runs the doc tests of `packages`, which cargo-nextest cannot.
pub(crate) fn doc_test(workspace: &Workspace, packages: &[&str]) -> Command {
    build_command(workspace, &["test", "--doc", "--no-fail-fast"], packages)
}

/// Names packages.
pub(crate) fn add_packages(command: &mut Command, packages: &[&str]) {
    for package in packages {
        command.args(["--package", package]);
    }
}
