//! Every version is pinned, once, in the root manifest.

use crate::workspace::{Package, Workspace};
use anyhow::Context;

/// Complains about versions that are not exact, and about versions outside the root manifest.
///
/// # Errors
/// A manifest cannot be read.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for package in workspace.own_packages() {
        complaints.extend(loose_requirements(package));
        let text = std::fs::read_to_string(&package.manifest_path)
            .with_context(|| format!("cannot read {}", package.manifest_path.display()))?;
        let spelled = versions_spelled(&text).into_iter();
        complaints
            .extend(spelled.map(|line| format!("{}: `{line}` belongs in the root manifest", package.name)));
    }
    Ok(complaints)
}

fn loose_requirements(package: &Package) -> Vec<String> {
    let foreign = package.dependencies.iter().filter(|dependency| dependency.path.is_none());
    foreign
        .filter(|dependency| !dependency.req.starts_with('='))
        .map(|dependency| format!("{}: {} {} is not exact", package.name, dependency.name, dependency.req))
        .collect()
}

/// The lines of a member's dependency sections that hold a version.
fn versions_spelled(manifest: &str) -> Vec<&str> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            is_inside = line.contains("dependencies");
        } else if is_inside && !line.starts_with('#') && line.split('"').skip(1).step_by(2).any(is_version) {
            found.push(line);
        }
    }
    found
}

fn is_version(text: &str) -> bool {
    text.trim_start_matches(['=', '^', '~', '<', '>', ' '])
        .starts_with(|letter: char| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::versions_spelled;

    fn check(line: &str, is_found: bool) {
        let manifest =
            format!("[package]\nversion = \"0.1.0\"\n[dependencies]\n{line}\n[lints]\nworkspace = true");
        assert_eq!(!versions_spelled(&manifest).is_empty(), is_found, "{line}");
    }

    #[test]
    fn versions_of_members_are_found() {
        check("serde = \"1\"", true);
        check("serde = { version = \"=1.0.0\", features = [\"derive\"] }", true);
        check("serde.workspace = true", false);
        check("serde_json = { workspace = true, features = [\"float_roundtrip\"] }", false);
        check("# as of \"1.2\"", false);
    }
}
