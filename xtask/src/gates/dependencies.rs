//! What ends up in the product: each crate once, and one TLS stack.

use crate::workspace::{Crate, Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// Crates that may be there in several versions, each with the reason.
const ALLOWED_DUPLICATES: &[(&str, &str)] = &[
    ("base64", "the AWS runtime and the HTTP client each pin their own; a few kilobytes"),
    (
        "hashbrown",
        "indexmap and the embedded database differ by a version; generic code, hardly any of it kept",
    ),
    ("untrusted", "the crypto provider and the certificate checker differ by a version; a few hundred lines"),
];
/// TLS is rustls with one provider; a second stack doubles what must be patched.
const FORBIDDEN: &[&str] = &["native-tls", "openssl", "openssl-sys", "boring", "boring-sys"];
const CRYPTO_PROVIDERS: &[&str] = &["aws-lc-rs", "ring"];
/// Not part of the product.
const TOOLS: &[&str] = &["xtask", "e2e", "deployed", "automap-scorer"];

/// Complains about second versions and second TLS stacks.
///
/// # Errors
/// Cargo fails.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let names = workspace.own_packages().map(|package| package.name.as_str());
    let product: Vec<&str> = names.filter(|name| !TOOLS.contains(name)).collect();
    let shipped = workspace.shipped(&product)?;
    let names: BTreeSet<&str> = shipped.iter().map(|one| one.name.as_str()).collect();
    let mut complaints = second_versions(&shipped);
    complaints.extend(second_stacks(&names));
    Ok(complaints)
}

fn second_versions(shipped: &BTreeSet<Crate>) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Crate { name, version } in shipped {
        versions.entry(name).or_default().push(version);
    }
    let is_allowed = |name: &str| ALLOWED_DUPLICATES.iter().any(|(allowed, _)| *allowed == name);
    let doubled = versions.iter().filter(|(name, versions)| versions.len() > 1 && !is_allowed(name));
    doubled
        .map(|(name, versions)| {
            format!(
                "{name} is there in versions {}; align them, or allow it with a reason",
                versions.join(", ")
            )
        })
        .collect()
}

fn second_stacks(names: &BTreeSet<&str>) -> Vec<String> {
    let forbidden = FORBIDDEN.iter().filter(|name| names.contains(**name));
    let mut complaints: Vec<String> = forbidden.map(|name| format!("{name} is a second TLS stack")).collect();
    let providers = CRYPTO_PROVIDERS.iter().filter(|name| names.contains(**name));
    if providers.count() > 1 {
        complaints.push(format!("two crypto providers: {}", CRYPTO_PROVIDERS.join(" and ")));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{second_stacks, second_versions};
    use crate::workspace::Crate;
    use std::collections::BTreeSet;

    fn n_complaints(shipped: &[(&str, &str)]) -> usize {
        let make =
            |(name, version): &(&str, &str)| Crate { name: (*name).into(), version: (*version).into() };
        second_versions(&shipped.iter().map(make).collect()).len()
    }

    #[test]
    fn a_second_version_needs_a_reason() {
        assert_eq!(n_complaints(&[("hyper", "1.0.0"), ("hyper", "0.14.0")]), 1);
        assert_eq!(n_complaints(&[("base64", "0.22.1"), ("base64", "0.23.1")]), 0);
        assert_eq!(n_complaints(&[("hyper", "1.0.0"), ("tokio", "1.0.0")]), 0);
    }

    #[test]
    fn one_tls_stack_with_one_provider() {
        assert!(second_stacks(&BTreeSet::from(["rustls", "aws-lc-rs"])).is_empty());
        assert_eq!(second_stacks(&BTreeSet::from(["ring", "aws-lc-rs"])).len(), 1);
        assert_eq!(second_stacks(&BTreeSet::from(["rustls", "ring", "native-tls"])).len(), 1);
    }
}
