//! Build and deployment by the real `sam`.

use anyhow::ensure;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::Tools;
use crate::aws::{REGION, ROOT_KEY};

/// Name of the stack.
pub(crate) const STACK: &str = "lci-test";

/// What has been built, and how to deploy it.
#[derive(Debug)]
pub(crate) struct Sam {
    program: PathBuf,
    infra: PathBuf,
    built: PathBuf,
    endpoint: String,
    parameters: Vec<String>,
}

impl Sam {
    /// Runs `sam build`.
    pub(crate) fn build(
        tools: &Tools,
        folder: &Path,
        endpoint: &str,
        parameters: Vec<String>,
    ) -> anyhow::Result<Self> {
        let (program, infra) = (tools.sam.clone(), tools.root.join("infra"));
        let built = folder.join("sam").join("build");
        let sam = Self { program, infra, built, endpoint: endpoint.to_owned(), parameters };
        let mut command = sam.command();
        command.args(["build", "--template-file", "template.yaml", "--build-dir"]).arg(&sam.built);
        succeeded(command.env("PACKAGES", &tools.packages).output()?)?;
        Ok(sam)
    }

    /// Runs `sam deploy`; answers what it printed.
    pub(crate) fn deploy(&self) -> anyhow::Result<String> {
        let mut command = self.command();
        command.args(["deploy", "--stack-name", STACK, "--no-confirm-changeset", "--no-progressbar"]);
        command.arg("--template-file").arg(self.built.join("template.yaml"));
        command.arg("--config-file").arg(self.infra.join("samconfig.toml"));
        succeeded(command.arg("--parameter-overrides").args(&self.parameters).output()?)
    }

    /// Sends a built page to the stack; answers what that printed.
    pub(crate) fn put_page(&self, built: &Path) -> anyhow::Result<String> {
        let mut command = self.environment(Command::new(self.program.with_file_name("python")));
        command.arg("page.py").args(["--stack-name", STACK]).arg("--built").arg(built);
        succeeded(command.output()?)
    }

    /// Removes the stack.
    pub(crate) fn delete(&self) -> anyhow::Result<String> {
        let mut command = self.command();
        succeeded(
            command.args(["delete", "--no-prompts", "--stack-name", STACK, "--region", REGION]).output()?,
        )
    }

    fn command(&self) -> Command {
        self.environment(Command::new(&self.program))
    }

    fn environment(&self, mut command: Command) -> Command {
        command.current_dir(&self.infra).env("SAM_CLI_TELEMETRY", "0");
        command.env("AWS_ENDPOINT_URL", &self.endpoint).env("AWS_DEFAULT_REGION", REGION);
        command.env("AWS_ACCESS_KEY_ID", ROOT_KEY).env("AWS_SECRET_ACCESS_KEY", ROOT_KEY);
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("NO_PROXY", "127.0.0.1,localhost");
        command
    }
}

fn succeeded(output: Output) -> anyhow::Result<String> {
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = text.lines().collect();
    ensure!(output.status.success(), "sam failed:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    Ok(text)
}
