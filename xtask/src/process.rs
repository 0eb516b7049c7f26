//! Runs a child to its end: its output streams through, and its closing lines are read on the way.

use crate::tally::Tally;
use anyhow::Context;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// Parameters of infra/template.yaml that are not echoed.
const SECRET_PARAMETERS: &[&str] = &["AutotaskIntegrationCode"];

/// How a child ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// True when it exited with 0.
    pub(crate) is_success: bool,
    /// What its closing lines counted; none when it had none.
    pub(crate) tally: Option<Tally>,
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
    let tally = std::thread::scope(|scope| {
        let errors = scope.spawn(|| pass_on(stderr, std::io::stderr()));
        let counted = pass_on(stdout, std::io::stdout())?;
        match errors.join() {
            Ok(other) => Ok(counted.into_iter().chain(other?).reduce(Tally::plus)),
            Err(_) => anyhow::bail!("the reader of standard error stopped"),
        }
    });
    let status = child.wait()?;
    Ok(Ended { is_success: status.success(), tally: tally? })
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

fn pass_on(from: Option<impl Read>, mut to: impl Write) -> anyhow::Result<Option<Tally>> {
    let mut tally: Option<Tally> = None;
    let Some(from) = from else { return Ok(tally) };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        tally = tally.into_iter().chain(Tally::of_line(&String::from_utf8_lossy(&line))).reduce(Tally::plus);
        to.write_all(&line)?;
        to.flush()?;
        line.clear();
    }
    Ok(tally)
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
    use super::shown;

    #[test]
    fn secret_parameters_are_not_printed() {
        assert_eq!(shown("AutotaskIntegrationCode=canary"), "AutotaskIntegrationCode=...");
        assert_eq!(shown("A=b AutotaskIntegrationCode=canary C=d"), "A=b AutotaskIntegrationCode=... C=d");
        assert_eq!(shown("MailFrom=lci@example.com"), "MailFrom=lci@example.com");
    }
}
