//! A zip with one executable file: the same bytes for the same program, whenever it is made.

use anyhow::Context;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;
use std::num::NonZeroU64;

const NAME: &[u8] = b"bootstrap";
/// Made on Unix, so that the upper half of the attributes is a file mode.
const MADE_BY_UNIX: u16 = (3 << 8) | 20;
const NEEDS_VERSION: u16 = 20;
const DEFLATED: u16 = 8;
/// The first day that a zip can tell: 1980-01-01.
const DATE: u16 = (1 << 5) | 1;
/// A regular file that everybody may run.
const MODE: u32 = 0o100_755;

/// How long to look for a small zip.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// As long as nobody pays for its size.
    Quick,
    /// A minute for some percent less, which every cold start then has less to unpack.
    Thorough,
}

/// Rounds of a thorough search; more find hardly anything.
const ROUNDS: NonZeroU64 = NonZeroU64::new(3).unwrap();

/// The zip of a program, named `bootstrap`.
///
/// # Errors
/// The program is too large for a zip.
pub(super) fn of_bootstrap(program: &[u8], effort: Effort) -> anyhow::Result<Vec<u8>> {
    let packed = match effort {
        Effort::Quick => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(program)?;
            encoder.finish()?
        }
        Effort::Thorough => {
            let mut packed = Vec::new();
            let options = zopfli::Options { iteration_count: ROUNDS, ..zopfli::Options::default() };
            zopfli::compress(options, zopfli::Format::Deflate, program, &mut packed)?;
            packed
        }
    };
    let mut checksum = Crc::new();
    checksum.update(program);
    let entry = entry(checksum.sum(), size(packed.len())?, size(program.len())?);

    let mut zip = Vec::with_capacity(packed.len() + 200);
    zip.extend(b"PK\x03\x04");
    zip.extend(&entry);
    zip.extend(NAME);
    zip.extend(&packed);
    let directory_at = size(zip.len())?;
    zip.extend(b"PK\x01\x02");
    zip.extend(MADE_BY_UNIX.to_le_bytes());
    zip.extend(&entry);
    // No comment, first disk, no internal attributes.
    zip.extend([0; 6]);
    zip.extend((MODE << 16).to_le_bytes());
    zip.extend(0_u32.to_le_bytes());
    zip.extend(NAME);
    let n_directory = size(zip.len())? - directory_at;
    zip.extend(b"PK\x05\x06");
    for number in [0_u16, 0, 1, 1] {
        zip.extend(number.to_le_bytes());
    }
    zip.extend(n_directory.to_le_bytes());
    zip.extend(directory_at.to_le_bytes());
    zip.extend(0_u16.to_le_bytes());
    Ok(zip)
}

/// What the entry and the directory both tell.
fn entry(checksum: u32, n_packed: u32, n_bytes: u32) -> Vec<u8> {
    let mut entry = Vec::new();
    for number in [NEEDS_VERSION, 0, DEFLATED, 0, DATE] {
        entry.extend(number.to_le_bytes());
    }
    for number in [checksum, n_packed, n_bytes] {
        entry.extend(number.to_le_bytes());
    }
    for number in [NAME.len() as u16, 0] {
        entry.extend(number.to_le_bytes());
    }
    entry
}

fn size(n_bytes: usize) -> anyhow::Result<u32> {
    u32::try_from(n_bytes).context("a zip holds less than 4 GB")
}

#[cfg(test)]
mod tests {
    use super::{Effort, of_bootstrap};

    #[test]
    fn the_archive_names_one_executable_and_is_the_same_every_time() {
        for effort in [Effort::Quick, Effort::Thorough] {
            check(effort);
        }
    }

    fn check(effort: Effort) {
        let zip = of_bootstrap(b"#!/bin/sh\n", effort).unwrap();
        assert_eq!(zip, of_bootstrap(b"#!/bin/sh\n", effort).unwrap());
        let end = zip.len() - 22;
        assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
        let directory_at = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap()) as usize;
        assert_eq!(&zip[directory_at..directory_at + 4], b"PK\x01\x02");
        let attributes = &zip[directory_at + 38..directory_at + 42];
        assert_eq!(u32::from_le_bytes(attributes.try_into().unwrap()) >> 16, 0o100_755);
        assert_eq!(&zip[directory_at + 46..end], b"bootstrap");
    }
}
