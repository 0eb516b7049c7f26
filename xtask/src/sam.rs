//! The template's tools: build and deployment by `sam`, lints, checks of security.

use crate::package::{self, Options};
use crate::page;
use crate::process;
use crate::report::{Outcome, Report};
use crate::tiers::ran;
use crate::venv;
use crate::workspace::Workspace;
use anyhow::{Context, ensure};
use clap::Args;
use std::path::Path;
use std::process::Command;

/// The linter asks which region's rules hold; they hardly differ.
const REGION: &str = "eu-west-1";

/// What to look at when a deployment is refused.
const REFUSED: &str = "a missing parameter is named above; for a resource that was refused see the events of the stack, \
                       for credentials and region the environment or --profile and --region";

/// What `cargo xtask deploy` takes.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    #[command(flatten)]
    package: Options,
    /// Leave the admin page as it is
    #[arg(long)]
    no_page: bool,
    /// Passed on to `sam deploy`, for example --parameter-overrides MailFrom=...
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Packages, builds and deploys functions and page.
///
/// # Errors
/// Says which step failed, and what it wants.
pub(crate) fn deploy(workspace: &Workspace, wanted: &Deploy) -> anyhow::Result<()> {
    // First what takes no time, so that nobody waits for a build in vain.
    let programs = venv::programs(workspace, "sam")?.context(venv::MISSING)?;
    ensure!(
        wanted.package.functions.is_empty(),
        "a stack has all functions or none: deploy without --function"
    );
    let page = if wanted.no_page { None } else { Some(page::build(workspace)?) };
    let packages = package::package(workspace, &wanted.package)?;
    let infra = workspace.root.join("infra");
    let built = workspace.target.join("sam");
    let mut build = sam(&programs);
    build.args(["build", "--template-file", "template.yaml", "--build-dir"]).arg(&built);
    ensure!(
        process::run(build.current_dir(&infra).env("PACKAGES", packages))?.is_success,
        "sam build failed"
    );
    let mut deploy = sam(&programs);
    deploy.arg("deploy").arg("--template-file").arg(built.join("template.yaml"));
    deploy.arg("--config-file").arg(infra.join("samconfig.toml"));
    // The parameter must say what was packaged, whatever else is asked for.
    deploy.args(with_architecture(&wanted.arguments, wanted.package.arch.name()));
    ensure!(process::run(deploy.current_dir(&infra))?.is_success, "sam deploy failed: {REFUSED}");
    page.map_or(Ok(()), |built| page::put(workspace, &programs, &built, &wanted.arguments))
}

/// The gates of the template; each tool is installed once.
pub(crate) fn gates(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "template: cfn-lint", || {
        judged(workspace, "sam", "cfn-lint", &["--template", "infra/template.yaml"])
    });
    report.step(tier, "template: sam validate", || {
        judged(workspace, "sam", "sam", &["validate", "--lint", "--template", "infra/template.yaml"])
    });
    report.step(tier, "template: checkov", || {
        let arguments = ["--config-file", "infra/checkov.yaml", "--file", "infra/template.yaml"];
        judged(workspace, "checkov", "checkov", &arguments)
    });
}

fn judged(workspace: &Workspace, venv: &str, program: &str, arguments: &[&str]) -> anyhow::Result<Outcome> {
    let Some(programs) = venv::programs(workspace, venv)? else {
        return Ok(Outcome::Skipped(venv::MISSING.to_owned()));
    };
    let mut command = Command::new(programs.join(program));
    command.args(arguments).current_dir(&workspace.root);
    command.env("SAM_CLI_TELEMETRY", "0").env("AWS_DEFAULT_REGION", REGION);
    ran(&mut command)
}

fn sam(programs: &Path) -> Command {
    let mut command = Command::new(programs.join("sam"));
    command.env("SAM_CLI_TELEMETRY", "0");
    command
}

/// Adds the architecture to the parameters, which `sam deploy` takes in one place only.
fn with_architecture(arguments: &[String], architecture: &str) -> Vec<String> {
    let mut arguments = arguments.to_vec();
    let own = format!("Architecture={architecture}");
    match arguments.iter().position(|argument| argument == "--parameter-overrides") {
        Some(at) => arguments.insert(at + 1, own),
        None => arguments.extend(["--parameter-overrides".to_owned(), own]),
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::with_architecture;

    #[test]
    fn parameters_always_tell_the_architecture() {
        let given = ["--stack-name", "a", "--parameter-overrides", "B=c"].map(str::to_owned);
        let wanted = ["--stack-name", "a", "--parameter-overrides", "Architecture=arm64", "B=c"];
        assert_eq!(with_architecture(&given, "arm64"), wanted);
        assert_eq!(with_architecture(&[], "x86_64"), ["--parameter-overrides", "Architecture=x86_64"]);
    }
}
