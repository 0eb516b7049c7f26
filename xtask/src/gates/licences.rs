//! Every package in the lock file may be shipped: its SPDX expression can be met with licences that we accept.

use crate::workspace::Workspace;

/// Licences that ask for no more than naming the author, or that stay within their own files (MPL).
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Complains about every package that we could not ship.
pub(super) fn check(workspace: &Workspace) -> Vec<String> {
    workspace
        .packages
        .values()
        .filter(|package| !package.license.as_deref().is_some_and(is_met))
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("no licence");
            format!("{} {}: {licence}", package.name, package.version)
        })
        .collect()
}

/// True when the expression can be met; the slash of old manifests means OR.
fn is_met(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

/// `a OR b`: both sides are read to their end, whatever the first gives.
fn either(rest: &mut &[&str]) -> bool {
    let mut is_met = both(rest);
    while take(rest, "OR") {
        is_met |= both(rest);
    }
    is_met
}

/// `a AND b`, which binds more closely.
fn both(rest: &mut &[&str]) -> bool {
    let mut is_met = one(rest);
    while take(rest, "AND") {
        is_met &= one(rest);
    }
    is_met
}

/// A licence, with its exception if it has one, or an expression in parentheses.
fn one(rest: &mut &[&str]) -> bool {
    if take(rest, "(") {
        let is_met = either(rest);
        return take(rest, ")") && is_met;
    }
    let Some((name, after)) = rest.split_first() else { return false };
    *rest = after;
    if !take(rest, "WITH") {
        return ACCEPTED.contains(name);
    }
    let Some((exception, after)) = rest.split_first() else { return false };
    *rest = after;
    ACCEPTED.contains(&format!("{name} WITH {exception}").as_str())
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    match rest.split_first() {
        Some((first, after)) if *first == word => {
            *rest = after;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_met;

    fn check(expression: &str, expected: bool) {
        assert_eq!(is_met(expression), expected, "{expression}");
    }

    #[test]
    fn one_way_to_meet_it_is_enough() {
        check("MIT", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0-only OR MIT", true);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true);
        check("GPL-3.0-only", false);
        check("", false);
    }

    #[test]
    fn every_part_of_an_and_counts() {
        check("MIT AND BSD-3-Clause", true);
        check("MIT AND GPL-2.0", false);
        check("(MIT OR GPL-2.0) AND Unicode-3.0", true);
        check("ISC AND (GPL-2.0 OR AGPL-3.0)", false);
        check("MIT OR GPL-2.0 AND ISC", true);
    }
}
