//! The admin page of `lci serve`: found, or else built by npm while everything else is served already.
//!
//! Two starts at once build it once: the second waits for the first. A build that breaks off leaves nothing behind that
//! could be taken for a page, since the folder gets its name at the end.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use tokio::sync::watch;

use crate::gateway::AdminPage;

/// Built page, below the sources.
const BUILT: &str = "dist";
/// Where it is built.
const IN_WORK: &str = "dist.new";
/// What the build tools need.
const NODE_AT_LEAST: (u32, u32) = (20, 19);
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Finds the page, or has it built in the background; the receiver tells how it stands.
pub(crate) fn provide(may_build: bool) -> watch::Receiver<AdminPage> {
    let source = source();
    if let Some(built) = source.as_deref().and_then(built) {
        return watch::channel(AdminPage::Built(built)).1;
    }
    let Some(source) = source.filter(|_| may_build) else {
        let why = "There is no admin page here: it was not built, and is not to be built by this start.";
        return watch::channel(AdminPage::Missing(why.to_owned())).1;
    };
    let (sender, receiver) = watch::channel(AdminPage::Building);
    // Not a task of the runtime: npm takes its time, and a stop does not wait for it.
    std::thread::spawn(move || {
        say("building the admin page by npm; this is done once and takes a minute");
        let page = build(&source).map_or_else(missing, AdminPage::Built);
        if matches!(page, AdminPage::Built(_)) {
            say("the admin page is built");
        }
        sender.send_replace(page);
    });
    receiver
}

/// Folder `admin` of the working directory, or else that of the workspace that this program was built from.
fn source() -> Option<PathBuf> {
    let of_workspace = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("admin");
    let is_source = |folder: &PathBuf| folder.join("package.json").is_file() || built(folder).is_some();
    [PathBuf::from("admin"), of_workspace].into_iter().find(is_source)
}

fn built(source: &Path) -> Option<PathBuf> {
    let folder = source.join(BUILT);
    folder.join("index.html").is_file().then_some(folder)
}

fn missing(error: anyhow::Error) -> AdminPage {
    let why = format!("The admin page could not be built: {error:#}.");
    say(&why);
    AdminPage::Missing(why)
}

fn build(source: &Path) -> anyhow::Result<PathBuf> {
    check_node(Command::new("node").arg("--version"))?;
    let lock = source.join(".build-lock");
    let failed = || format!("failed to lock {}", lock.display());
    let lock = File::create(&lock).with_context(failed)?;
    lock.lock().with_context(failed)?;
    if let Some(built) = built(source) {
        return Ok(built);
    }
    npm(source, &["ci"])?;
    npm(source, &["run", "build", "--", "--outDir", IN_WORK, "--emptyOutDir"])?;
    let folder = source.join(BUILT);
    std::fs::rename(source.join(IN_WORK), &folder)
        .with_context(|| format!("failed to name {}", folder.display()))?;
    Ok(folder)
}

fn check_node(version: &mut Command) -> anyhow::Result<()> {
    let (major, minor) = NODE_AT_LEAST;
    let wanted = format!("install Node.js {major}.{minor} or later with npm and start again");
    let answer = match version.stderr(Stdio::null()).output() {
        Ok(answer) => String::from_utf8_lossy(&answer.stdout).trim().to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("Node.js is missing: {wanted}"),
        Err(error) => return Err(error).context("node cannot be started"),
    };
    if is_recent(&answer) { Ok(()) } else { bail!("this Node.js ({answer}) is too old: {wanted}") }
}

/// Reads `v20.19.1`.
fn is_recent(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|number| number.parse().ok());
    let read = numbers.next().zip(numbers.next());
    read.is_some_and(|read| read >= NODE_AT_LEAST)
}

fn npm(source: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new(NPM);
    // Standard output belongs to the announcement; what goes wrong is told on the other.
    command.args(arguments).current_dir(source).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.status().context("npm cannot be started: install it besides Node.js")?;
    let spelled = format!("npm {}", arguments.join(" "));
    if status.success() { Ok(()) } else { bail!("{spelled:?} failed in {}", source.display()) }
}

#[expect(clippy::print_stderr, reason = "the word of a command-line program to its user")]
fn say(text: &str) {
    eprintln!("lci: {text}");
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{built, check_node, is_recent};

    #[test]
    fn versions_of_node_are_compared_by_number() {
        for (version, is_fit) in [
            ("v20.19.0", true),
            ("v20.20.2", true),
            ("v22.1.0", true),
            ("v100.0.0", true),
            ("v20.9.0", false),
            ("v18.19.1", false),
            ("", false),
            ("vx.y", false),
        ] {
            assert_eq!(is_recent(version), is_fit, "{version}");
        }
    }

    #[test]
    fn without_node_the_message_says_what_to_install() {
        let error = check_node(&mut Command::new("no-such-program-as-this")).unwrap_err();
        assert!(format!("{error:#}").contains("install Node.js 20.19 or later with npm"), "{error:#}");
    }

    #[test]
    fn half_a_page_is_none() {
        let source = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(source.path().join("dist/assets")).unwrap();
        assert_eq!(built(source.path()), None);
        std::fs::write(source.path().join("dist/index.html"), "").unwrap();
        assert_eq!(built(source.path()), Some(source.path().join("dist")));
    }
}
