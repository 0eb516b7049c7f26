//! Is it a word? A slip of the hand gives a word that nobody knows; two known words are two companies.
//!
//! The words are common English ones and American surnames and given names, kept as a Bloom filter: about one unknown
//! word in 300 passes as known. `words/README.md` tells where they come from and how the filter is made.

const FILTER: &[u8; 1 << 17] = include_bytes!("words/known_words.bin");
const N_PROBES: u64 = 8;

/// Shortest word that the list holds.
pub(super) const MIN_LETTERS: usize = 5;

/// True for a word of the list, and for very few others.
pub(super) fn is_known(word: &str) -> bool {
    word.len() < MIN_LETTERS
        || positions(word).all(|(byte, bit)| FILTER.get(byte).is_some_and(|it| it & bit != 0))
}

/// Where a word leaves its bits: double hashing over FNV-1a, which a script repeats easily.
fn positions(word: &str) -> impl Iterator<Item = (usize, u8)> {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let step = (hash >> 32) | 1;
    (0..N_PROBES).map(move |probe| {
        let at = hash.wrapping_add(probe.wrapping_mul(step)) & 0xf_ffff;
        (usize::try_from(at >> 3).unwrap_or(0), 1 << (at & 7))
    })
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn words_and_surnames_are_known_and_slips_are_not() {
        let known =
            ["hotels", "services", "peterson", "petersen", "catherine", "katherine", "stuffing", "harbour"];
        let unknown =
            ["hotles", "serivces", "chesapeke", "rosenbergg", "winchseter", "yellowstne", "maintenence"];
        assert_eq!(known.iter().find(|word| !is_known(word)), None);
        assert_eq!(unknown.iter().find(|word| is_known(word)), None);
    }
}
