//! A program of ours at work, which says in its first lines that it is ready.

use crate::workspace::Workspace;
use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const READY_LIMIT: Duration = Duration::from_secs(60);

/// A child that is ready; stops when dropped.
#[derive(Debug)]
pub(super) struct Started {
    child: Child,
    /// Its first lines.
    pub(super) said: String,
}

impl Started {
    /// A call of a binary that the tier has built.
    ///
    /// # Errors
    /// It is not built.
    pub(super) fn command(workspace: &Workspace, name: &str) -> anyhow::Result<Command> {
        let path = workspace.target.join("ci").join(name);
        ensure!(path.exists(), "{} is not built", path.display());
        Ok(Command::new(path))
    }

    /// Starts a program and waits for its first lines.
    ///
    /// # Errors
    /// It does not start, or does not say them within a minute.
    pub(super) fn run(mut command: Command, n_lines: usize) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let child = child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
        // From here on, leaving early stops the child.
        let mut started = Self { child, said: String::new() };
        let stdout = started.child.stdout.take().context("the program has no standard output")?;
        started.said = first_lines(stdout, n_lines)?;
        Ok(started)
    }
}

fn first_lines(stdout: ChildStdout, n_lines: usize) -> anyhow::Result<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut said = String::new();
        let read = (0..n_lines).try_for_each(|_| reader.read_line(&mut said).map(drop));
        // Nobody listens any more once the limit has passed.
        let _ = sender.send(read.map(|()| said));
        // What it says later must not fill the pipe.
        let _ = reader.read_to_end(&mut Vec::new());
    });
    Ok(receiver.recv_timeout(READY_LIMIT).context("the program did not get ready")??)
}

impl Drop for Started {
    fn drop(&mut self) {
        // Either may fail only because it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
