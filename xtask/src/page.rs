//! The admin page of a deployment: built by npm, put into the stack's bucket.

use crate::process;
use crate::workspace::Workspace;
use anyhow::ensure;
use std::path::{Path, PathBuf};
use std::process::Command;

const MISSING: &str = "npm is missing, which builds the admin page: install Node.js 20.19 or later, or leave the page \
                       as it is with --no-page";
/// Of sam, where nothing else is asked for: infra/samconfig.toml.
const STACK: &str = "lci";

/// Builds the page; answers the folder with its files.
///
/// # Errors
/// Node.js is missing, or the build fails.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.root.join("admin");
    ensure!(process::succeeds(Command::new("npm").arg("--version")), MISSING);
    for step in [&["ci"][..], &["run", "build"]] {
        let ended = process::run(Command::new("npm").args(step).current_dir(&folder))?;
        ensure!(ended.is_success, "npm {} failed in {}", step.join(" "), folder.display());
    }
    Ok(folder.join("dist"))
}

/// Sends the page to the stack that `sam deploy` was asked for with these arguments.
///
/// # Errors
/// The stack or its bucket cannot be reached.
pub(crate) fn put(
    workspace: &Workspace,
    programs: &Path,
    built: &Path,
    arguments: &[String],
) -> anyhow::Result<()> {
    let mut command = Command::new(programs.join("python"));
    command.arg(workspace.root.join("infra/page.py")).arg("--built").arg(built);
    command.args(["--stack-name", value_of(arguments, "--stack-name").unwrap_or(STACK)]);
    for name in ["--region", "--profile"] {
        command.args(value_of(arguments, name).into_iter().flat_map(|value| [name, value]));
    }
    ensure!(process::run(&mut command)?.is_success, "the stack is deployed, but the admin page was not sent");
    Ok(())
}

/// The value of an argument, written with a blank or with `=`.
fn value_of<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == name {
            return arguments.next().map(String::as_str);
        }
        if let Some(value) = argument.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::value_of;

    #[test]
    fn the_page_goes_to_the_stack_that_was_deployed() {
        let check = |arguments: &[&str], want| {
            let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
            assert_eq!(value_of(&arguments, "--region"), want, "{arguments:?}");
        };
        check(&["--region", "eu-west-1", "--guided"], Some("eu-west-1"));
        check(&["--region=eu-west-1"], Some("eu-west-1"));
        check(&["--regions", "x", "--parameter-overrides", "region=y"], None);
        check(&["--region"], None);
    }
}
