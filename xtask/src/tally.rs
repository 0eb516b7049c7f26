//! Reads how many tests ran off the closing lines of the runners.

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) n_passed: u64,
    /// Tests that failed, timed out or could not be started.
    pub(crate) n_failed: u64,
    /// Tests that were left out.
    pub(crate) n_skipped: u64,
}

impl Tally {
    /// What a line counts, if it is a closing line of cargo test, cargo-nextest or one of our client checks.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        // Indented, it is what cargo-nextest shows of a failed try, which may have passed since.
        if let Some(result) = line.strip_prefix("test result: ") {
            return Some(Self::of_counts(result.split_once(". ")?.1, ';'));
        }
        let line = line.trim();
        if let Some(summary) = line.strip_prefix("Summary [") {
            return Some(Self::of_counts(&without_parentheses(summary.split_once(" run: ")?.1), ','));
        }
        is_plain_line(line).then(|| Self::of_counts(line, ','))
    }

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            n_passed: self.n_passed + other.n_passed,
            n_failed: self.n_failed + other.n_failed,
            n_skipped: self.n_skipped + other.n_skipped,
        }
    }

    fn of_counts(counts: &str, separator: char) -> Self {
        let mut tally = Self::default();
        for (number, word) in counts.split(separator).filter_map(|count| count.trim().split_once(' ')) {
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => tally.n_passed += number,
                "failed" | "timed out" | "exec failed" => tally.n_failed += number,
                "skipped" | "ignored" => tally.n_skipped += number,
                _ => {}
            }
        }
        tally
    }
}

/// `12 passed, 0 failed` and the same with `, 1 skipped`.
fn is_plain_line(line: &str) -> bool {
    let words: Vec<&str> = line.split(", ").filter_map(|count| Some(count.split_once(' ')?.1)).collect();
    matches!(words.as_slice(), ["passed", "failed"] | ["passed", "failed", "skipped"])
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|letter| {
            depth = if *letter == '(' { depth + 1 } else { depth };
            let is_kept = depth == 0;
            depth = if *letter == ')' { depth.saturating_sub(1) } else { depth };
            is_kept
        })
        .collect()
}

/// The test that a line calls failed: one of cargo-nextest, or of the page's own reporter (`failed: name`).
pub(crate) fn failure_of_line(line: &str) -> Option<String> {
    let told = line.trim().strip_prefix("failed: ").map(str::to_owned);
    told.or_else(|| named_after(&["FAIL [", "TIMEOUT [", "SIGABRT [", "SIGSEGV ["], line))
}

/// The test that a line of cargo-nextest calls passed at a further try.
pub(crate) fn passed_again(line: &str) -> Option<String> {
    line.trim().strip_prefix("TRY ").and_then(|_| named_after(&["PASS ["], line))
}

/// The name in `PASS [ 1.9s] (109/544) name`, which may begin with the number of a try.
fn named_after(verdicts: &[&str], line: &str) -> Option<String> {
    let line = line.trim();
    let line = line.strip_prefix("TRY ").and_then(|rest| Some(rest.split_once(' ')?.1)).unwrap_or(line);
    let rest = verdicts.iter().find_map(|verdict| line.strip_prefix(verdict))?;
    let name = rest.split_once("] ")?.1.trim();
    Some(name.split_once(") ").filter(|_| name.starts_with('(')).map_or(name, |(_, name)| name).to_owned())
}

/// A line as it would be on paper.
pub(crate) fn without_colours(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Tally, failure_of_line, without_colours};

    fn check(line: &str, n_passed: u64, n_failed: u64, n_skipped: u64) {
        let read = Tally::of_line(&without_colours(line));
        assert_eq!(read, Some(Tally { n_passed, n_failed, n_skipped }), "{line}");
    }

    #[test]
    fn closing_lines_of_every_runner_are_read() {
        check(
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
            5,
            0,
            1,
        );
        check("test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 5, 2, 0);
        check("     Summary [   0.005s] 7 tests run: 7 passed (1 slow, 1 flaky), 3 skipped", 7, 0, 3);
        check("     Summary [   9.1s] 3/5 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped", 1, 2, 0);
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [ 1s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped",
            2,
            0,
            0,
        );
        check("12 passed, 1 failed", 12, 1, 0);
    }

    #[test]
    fn other_lines_count_nothing() {
        let of_a_try = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 103 filtered out";
        for line in
            [of_a_try, "running 5 tests", "we say: 5 passed, 1 failed", "test wire::five_passed ... ok", ""]
        {
            assert_eq!(Tally::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn failed_tests_are_read_by_name() {
        let cases = [
            ("        FAIL [  69.660s] (111/544) e2e::flows abuse::a_b\n", Some("e2e::flows abuse::a_b")),
            ("        FAIL [   1.000s] xtask::bin/xtask a::b", Some("xtask::bin/xtask a::b")),
            ("     TIMEOUT [ 300.010s] (  1/9) e2e::flows serve_kills::a", Some("e2e::flows serve_kills::a")),
            ("failed: map.spec.ts › a title: it says (no)", Some("map.spec.ts › a title: it says (no)")),
            ("        PASS [   1.974s] (109/544) e2e::flows garbled::a", None),
            ("test a::b ... FAILED", None),
        ];
        for (line, name) in cases {
            assert_eq!(failure_of_line(line).as_deref(), name, "{line}");
        }
    }
}
