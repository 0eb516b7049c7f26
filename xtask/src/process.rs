//! Runs a child to its end: its output streams through, and its closing lines are read on the way.

use crate::tally::{Tally, failure_of_line, passed_again, without_colours};
use anyhow::Context;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// Parameters of infra/template.yaml that are not echoed.
const SECRET_PARAMETERS: &[&str] = &["AutotaskIntegrationCode"];

/// How a child ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// True when it exited with 0.
    pub(crate) is_success: bool,
    /// What its output told.
    pub(crate) heard: Heard,
}

impl Ended {
    /// The end of what went well and counted nothing.
    pub(crate) fn well() -> Self {
        Self { is_success: true, heard: Heard::default() }
    }
}

/// What was read off a child's output.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// What its closing lines counted; none when it had none.
    pub(crate) tally: Option<Tally>,
    /// The tests that it called failed.
    pub(crate) failures: BTreeSet<String>,
}

impl Heard {
    fn take(&mut self, line: &str) {
        if let Some(name) = passed_again(line) {
            self.failures.remove(&name);
        }
        self.plus(Self {
            tally: Tally::of_line(line),
            failures: failure_of_line(line).into_iter().collect(),
        });
    }

    fn plus(&mut self, other: Self) {
        self.tally = self.tally.into_iter().chain(other.tally).reduce(Tally::plus);
        self.failures.extend(other.failures);
    }
}

/// Runs a command to its end.
///
/// # Errors
/// The command cannot be started, or its output cannot be passed on.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Ended> {
    println!("$ {}", spelled(command));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let heard = std::thread::scope(|scope| {
        let errors = scope.spawn(|| pass_on(stderr, std::io::stderr()));
        let mut heard = pass_on(stdout, std::io::stdout())?;
        let Ok(other) = errors.join() else { anyhow::bail!("the reader of standard error stopped") };
        heard.plus(other?);
        Ok(heard)
    });
    let status = child.wait()?;
    Ok(Ended { is_success: status.success(), heard: heard? })
}

/// True when the command can be started and exits with 0; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn pass_on(from: Option<impl Read>, mut to: impl Write) -> anyhow::Result<Heard> {
    let mut heard = Heard::default();
    let Some(from) = from else { return Ok(heard) };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        heard.take(&without_colours(&String::from_utf8_lossy(&line)));
        to.write_all(&line)?;
        to.flush()?;
        line.clear();
    }
    Ok(heard)
}

fn spelled(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|argument| shown(&argument.to_string_lossy())));
    words.join(" ")
}

/// An argument as it may stand in a log.
fn shown(argument: &str) -> String {
    let is_secret = |word: &str| SECRET_PARAMETERS.iter().any(|name| word.starts_with(name));
    let words = argument.split(' ').map(|word| match word.split_once('=') {
        Some((name, _)) if is_secret(word) => format!("{name}=..."),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Heard, shown};
    use crate::tally::Tally;

    #[test]
    fn both_tries_of_a_failed_test_are_one_failure() {
        let mut heard = Heard::default();
        for line in
            ["FAIL [ 1s] (2/9) e2e::flows a::b", "2 passed, 1 failed", "FAIL [ 1s] (2/9) e2e::flows a::b"]
        {
            heard.take(line);
        }
        let tally = Some(Tally { n_passed: 2, n_failed: 1, n_skipped: 0 });
        assert_eq!(heard, Heard { tally, failures: ["e2e::flows a::b".to_owned()].into() });
    }

    #[test]
    fn a_test_that_passes_at_a_further_try_did_not_fail() {
        let mut heard = Heard::default();
        for line in [
            "  TRY 1 FAIL [ 1.044s] (───────) e2e::flows a::b",
            "  TRY 1 FAIL [ 1s] (───────) e2e::flows a::c",
        ] {
            heard.take(line);
        }
        assert_eq!(heard.failures.len(), 2);
        heard.take("  TRY 2 PASS [ 1.692s] ( 87/545) e2e::flows a::b");
        heard.take("  TRY 2 FAIL [ 1.692s] ( 88/545) e2e::flows a::c");
        assert_eq!(heard.failures, ["e2e::flows a::c".to_owned()].into());
    }

    #[test]
    fn secret_parameters_are_not_printed() {
        assert_eq!(shown("AutotaskIntegrationCode=canary"), "AutotaskIntegrationCode=...");
        assert_eq!(shown("A=b AutotaskIntegrationCode=canary C=d"), "A=b AutotaskIntegrationCode=... C=d");
        assert_eq!(shown("MailFrom=lci@example.com"), "MailFrom=lci@example.com");
    }
}
