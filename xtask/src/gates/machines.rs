//! No file names a machine: neither somebody's folders nor the host of a package registry.
//!
//! A lock file with download addresses would install only where those addresses are reached.

use super::sources::{Source, Sources};

/// This file spells what it forbids.
const EXEMPT: &str = "xtask/src/gates/machines.rs";
const FORBIDDEN: &[&str] = &[
    "/root/",
    "/work/",
    "/home/",
    "/Users/",
    "index.crates.io",
    "static.crates.io",
    "registry.npmjs.org",
    "registry.yarnpkg.com",
    "files.pythonhosted.org",
    "pypi.org/simple",
    "deb.debian.org",
    "\"resolved\": \"http",
];

/// Complains about every line that names one.
pub(super) fn check(sources: &Sources) -> Vec<String> {
    sources.files.iter().filter(|file| file.path != EXEMPT).flat_map(check_file).collect()
}

fn check_file(file: &Source) -> Vec<String> {
    let found = |line: &str| FORBIDDEN.iter().copied().find(|word| line.contains(word));
    let lines = file.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| Some(format!("{}:{} names {}", file.path, index + 1, found(line)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::gates::sources::Sources;

    #[test]
    fn folders_and_registries_are_found_with_their_line() {
        let lock = "{\n  \"resolved\": \"https://registry.example/debug.tgz\"\n}\n";
        let found = check(&Sources::of(&[("package-lock.json", lock), ("a.md", "see /home/ann/notes")]));
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("package-lock.json:2 "), "{found:?}");
    }

    #[test]
    fn an_ordinary_file_passes() {
        assert!(check(&Sources::of(&[("README.md", "cargo run -- demo")])).is_empty());
    }
}
