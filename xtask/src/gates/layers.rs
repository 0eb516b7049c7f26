//! Who may know whom.
//!
//! `shared-core` stays pure, the simulators stay a second reading of the wire, and the embedded database stays out
//! of everything that is deployed.

use crate::workspace::{Package, Workspace};

/// Crates without clock, network, environment or randomness of their own.
const PURE: &[&str] = &[
    "jiff",
    "postcard",
    "roaring",
    "schemars",
    "serde",
    "serde_json",
    "serde_path_to_error",
    "thiserror",
    "unicode-normalization",
    "xxhash-rust",
];
/// Only the one-process product and the tests may embed a database.
const EMBEDDED_DATABASE: &str = "dynoxide-rs";
const MAY_EMBED: &[&str] = &["local", "e2e"];

/// Complains about every dependency that points the wrong way.
///
/// # Errors
/// Cargo fails.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut complaints = declared(workspace);
    for package in workspace.own_packages().filter(|package| !MAY_EMBED.contains(&package.name.as_str())) {
        let shipped = workspace.shipped(&[&package.name])?;
        if shipped.iter().any(|one| one.name == EMBEDDED_DATABASE) {
            let allowed = MAY_EMBED.join(" and ");
            complaints.push(format!("{} contains {EMBEDDED_DATABASE}; only {allowed} may", package.name));
        }
    }
    Ok(complaints)
}

/// What the manifests alone show.
fn declared(workspace: &Workspace) -> Vec<String> {
    let core = workspace.own_packages().filter(|package| package.name == "shared-core");
    let simulators = workspace.own_packages().filter(|package| package.name.ends_with("-simulator"));
    core.flat_map(impure).chain(simulators.flat_map(ours)).collect()
}

fn impure(core: &Package) -> Vec<String> {
    let shipped = core.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"));
    shipped
        .filter(|dependency| !PURE.contains(&dependency.name.as_str()))
        .map(|dependency| format!("{} depends on {}, which is not known as pure", core.name, dependency.name))
        .collect()
}

fn ours(simulator: &Package) -> Vec<String> {
    let own = simulator.dependencies.iter().filter(|dependency| dependency.path.is_some());
    own.map(|dependency| format!("{} depends on our {}", simulator.name, dependency.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::declared;
    use crate::workspace::Workspace;
    use serde_json::{Value, json};

    /// How many complaints a package of ours gives that depends on one other.
    fn check(name: &str, dependency: &str, kind: Option<&str>, path: Option<&str>) -> usize {
        let declared_dependency: Value =
            json!({"name": dependency, "req": "=1.0.0", "kind": kind, "path": path});
        let package = json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT", "manifest_path": "",
            "dependencies": [declared_dependency]});
        let metadata = json!({"packages": [package], "workspace_members": [name], "workspace_root": "",
            "target_directory": ""});
        declared(&Workspace::from_json(&metadata.to_string()).unwrap()).len()
    }

    #[test]
    fn core_stays_pure() {
        assert_eq!(check("shared-core", "serde", None, None), 0);
        assert_eq!(check("shared-core", "tokio", None, None), 1);
        assert_eq!(check("shared-core", "proptest", Some("dev"), None), 0);
    }

    #[test]
    fn simulators_know_nothing_of_ours() {
        assert_eq!(check("other-simulator", "axum", None, None), 0);
        assert_eq!(check("other-simulator", "shared", None, Some("shared")), 1);
        assert_eq!(check("other-simulator", "shared", Some("dev"), Some("shared")), 1);
    }
}
