//! Processors of Lambda, and what it takes to build for them here.

use anyhow::{Context, ensure};
use clap::ValueEnum;
use std::process::Command;

use crate::process;

/// A processor, by its name in Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Architecture {
    /// Graviton; a fifth cheaper
    #[value(name = "arm64")]
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86,
}

impl Architecture {
    /// That of this machine, if Lambda has it.
    pub(crate) fn of_host() -> Option<Self> {
        match std::env::consts::ARCH {
            "aarch64" => Some(Self::Arm64),
            "x86_64" => Some(Self::X86),
            _ => None,
        }
    }

    /// As the template calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }

    /// Prepares a build; answers the target to ask for, or none where the machine builds for itself.
    ///
    /// # Errors
    /// The target or the C compiler for it is missing; nothing is installed here.
    pub(super) fn prepare(self, command: &mut Command) -> anyhow::Result<Option<&'static str>> {
        if cfg!(all(target_os = "linux", target_env = "gnu")) && Self::of_host() == Some(self) {
            return Ok(None);
        }
        let (triple, compiler) = self.cross();
        ensure!(
            installed_targets()?.lines().any(|line| line.trim() == triple),
            "this Rust has no target {triple}: run `rustup target add {triple}`, or package on a {0} machine, or \
             package for this machine's own processor and deploy with Architecture={1}",
            self.name(),
            Self::of_host().unwrap_or(Self::X86).name()
        );
        ensure!(
            process::succeeds(Command::new(compiler).arg("--version")),
            "there is no {compiler}, which compiles and links the C parts for {triple}: on Debian it is in the \
             package gcc-{}-linux-gnu",
            triple.split('-').next().unwrap_or_default().replace('_', "-")
        );
        let key = triple.replace('-', "_");
        command.env(format!("CARGO_TARGET_{}_LINKER", key.to_uppercase()), compiler);
        command.env(format!("CC_{key}"), compiler);
        Ok(Some(triple))
    }

    fn cross(self) -> (&'static str, &'static str) {
        match self {
            Self::Arm64 => ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc"),
            Self::X86 => ("x86_64-unknown-linux-gnu", "x86_64-linux-gnu-gcc"),
        }
    }
}

fn installed_targets() -> anyhow::Result<String> {
    let answer = Command::new("rustup").args(["target", "list", "--installed"]).output();
    let answer = answer.context("cannot start rustup, which tells the installed targets")?;
    Ok(String::from_utf8(answer.stdout)?)
}
