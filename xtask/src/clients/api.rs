//! `lci serve --demo` as a process of its own, for testers of its HTTP API.

use super::started::Started;
use crate::workspace::Workspace;
use anyhow::Context;
use std::path::PathBuf;

/// The product at work on its bundled simulator, in memory; stops when dropped.
#[derive(Debug)]
pub(super) struct Api {
    document: PathBuf,
    started: Started,
}

impl Api {
    /// Starts the binary that the tier has built, on a free port of the loopback.
    ///
    /// # Errors
    /// It is not built, or does not announce itself within a minute.
    pub(super) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let mut command = Started::command(workspace, "lci")?;
        command.args(["serve", "--demo", "--memory", "--no-page-build", "--listen", "127.0.0.1:0"]);
        let document = workspace.root.join("admin").join("openapi.json");
        Ok(Self { document, started: Started::run(command, 2)? })
    }

    /// What a tester must know.
    ///
    /// # Errors
    /// The product said something else than where it is.
    pub(super) fn environment(&self) -> anyhow::Result<[(&'static str, String); 5]> {
        let said = &self.started.said;
        let after = |text: &str| {
            word_after(said, text).with_context(|| format!("lci serve announced itself by {said:?}"))
        };
        Ok([
            ("LCI_URL", after("lci serves ")?),
            ("LCI_AUTOTASK_USER", after("(user ")?),
            ("LCI_AUTOTASK_PASSWORD", after(", password ")?),
            ("LCI_OPENAPI", self.document.display().to_string()),
            // A proxy of the developer's network cannot reach this loopback.
            ("NO_PROXY", "127.0.0.1".to_owned()),
        ])
    }
}

fn word_after(said: &str, text: &str) -> Option<String> {
    let word = said.split_once(text)?.1.split([' ', ',', ')']).next()?;
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::word_after;

    #[test]
    fn the_announcement_is_understood() {
        let said = "lci serves http://127.0.0.1:1 (API below)\nAutotask simulator at http://x (user u@d, password p-w)\n";
        assert_eq!(word_after(said, "lci serves ").as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(word_after(said, "(user ").as_deref(), Some("u@d"));
        assert_eq!(word_after(said, ", password ").as_deref(), Some("p-w"));
        assert_eq!(word_after(said, "nothing "), None);
    }
}
