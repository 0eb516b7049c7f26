//! Which C library a program asks for: Lambda's Amazon Linux 2023 has 2.34.

use anyhow::ensure;

const MARK: &[u8] = b"GLIBC_";
/// What `provided.al2023` has.
const OF_LAMBDA: (u32, u32) = (2, 34);

/// The highest version among the names of needed symbols; none for a static program.
///
/// Reads the names wherever they stand in the file: simpler than the tables of ELF, and wrong only to the safe side.
pub(super) fn highest(program: &[u8]) -> Option<(u32, u32)> {
    let marks = program.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    marks.filter_map(|(at, _)| version(program.get(at + MARK.len()..)?)).max()
}

/// Refuses what Lambda could not start.
pub(super) fn check(highest: Option<(u32, u32)>) -> anyhow::Result<()> {
    let is_fit = highest.is_none_or(|version| version <= OF_LAMBDA);
    ensure!(
        is_fit,
        "it needs glibc {}, and Lambda has {}: build on an older system, or in an image of Amazon Linux 2023",
        text(highest),
        text(Some(OF_LAMBDA))
    );
    Ok(())
}

/// For people.
pub(super) fn text(version: Option<(u32, u32)>) -> String {
    version.map_or_else(|| "none".to_owned(), |(major, minor)| format!("{major}.{minor}"))
}

fn version(bytes: &[u8]) -> Option<(u32, u32)> {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let text: String = bytes.iter().take_while(is_part).map(|byte| char::from(*byte)).collect();
    let (major, rest) = text.split_once('.')?;
    Some((major.parse().ok()?, rest.split('.').next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{check, highest};

    #[test]
    fn a_program_that_lambda_cannot_start_is_refused() {
        let program = b"\0GLIBC_2.9\0GLIBC_2.2.5\0GLIBC_PRIVATE\0GLIBC_2.34\0";
        assert_eq!(highest(program), Some((2, 34)));
        assert!(check(highest(program)).is_ok() && check(None).is_ok());
        assert!(check(highest(b"GLIBC_2.35")).is_err());
    }
}
