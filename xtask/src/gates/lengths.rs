//! No file over 400 lines: a longer one holds two nouns.

use super::sources::Sources;

const MAX_LINES: usize = 400;
const ENDINGS: &[&str] = &["rs", "ts", "tsx", "js", "cjs", "mjs", "css", "py", "sh"];

/// Complains about every source file that is too long.
pub(super) fn check(sources: &Sources) -> Vec<String> {
    let measured = sources
        .files
        .iter()
        .filter(|file| file.has_ending(ENDINGS))
        .map(|file| (&file.path, file.text.lines().count()));
    measured
        .filter(|(_, n_lines)| *n_lines > MAX_LINES)
        .map(|(path, n_lines)| format!("{path} has {n_lines} lines; split it by noun (at most {MAX_LINES})"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINES, check};
    use crate::gates::sources::Sources;

    #[test]
    fn one_line_too_many_is_refused() {
        let (most, more) = ("x\n".repeat(MAX_LINES), "x\n".repeat(MAX_LINES + 1));
        assert_eq!(check(&Sources::of(&[("a/most.rs", &most), ("data.json", &more)])), Vec::<String>::new());
        assert_eq!(check(&Sources::of(&[("a/more.ts", &more)])).len(), 1);
    }
}
