//! The opaque part of paging URLs: a keyset on the id, with a short memory for the way back.

use crate::filter::integer;
use serde_json::{Value, json};

/// The service remembers this many pages for going back.
const MAX_PREVIOUS: usize = 50;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Rows per page.
    pub(crate) page_size: usize,
    /// The page holds rows above this id.
    pub(crate) after_id: i64,
    previous_ids: Vec<i64>,
}

impl Cursor {
    /// The first page.
    pub(crate) fn first(page_size: usize) -> Self {
        Self { page_size, after_id: -1, previous_ids: Vec::new() }
    }

    /// Reads the `paging` argument of a URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let page_size = usize::try_from(integer(value.get("pageSize")?)?).ok()?;
        let after_id = value.get("nextIds")?.as_array()?.last().and_then(integer)?;
        let previous_ids = value.get("previousIds")?.as_array()?.iter().filter_map(integer).collect();
        (1..=500).contains(&page_size).then_some(Self { page_size, after_id, previous_ids })
    }

    /// The page after this one.
    pub(crate) fn next(&self, last_id: i64) -> Self {
        let mut previous_ids = self.previous_ids.clone();
        previous_ids.push(self.after_id);
        let excess = previous_ids.len().saturating_sub(MAX_PREVIOUS);
        previous_ids.drain(..excess);
        Self { page_size: self.page_size, after_id: last_id, previous_ids }
    }

    /// The page before this one, as far as it is remembered.
    pub(crate) fn previous(&self) -> Option<Self> {
        let mut previous_ids = self.previous_ids.clone();
        let after_id = previous_ids.pop()?;
        Some(Self { page_size: self.page_size, after_id, previous_ids })
    }

    /// The URL of the page.
    pub(crate) fn url(&self, query_url: &str, way: &str, search: Option<&str>) -> String {
        let paging = json!({
            "pageSize": self.page_size,
            "previousIds": self.previous_ids,
            "nextIds": [self.after_id],
        });
        let mut url = format!("{query_url}/{way}?paging={}", percent_encode(&paging.to_string()));
        if let Some(search) = search {
            url.push_str("&search=");
            url.push_str(&percent_encode(search));
        }
        url
    }
}

/// Encodes everything but letters, digits and `-_.~`, with lower-case digits as the service does.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
    }
    out
}

/// Decodes a query argument; `+` is a blank.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let high = bytes.next().and_then(hex);
                let low = bytes.next().and_then(hex);
                out.push(high.zip(low).map_or(b'?', |(high, low)| high << 4 | low));
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, percent_decode, percent_encode};

    #[test]
    fn only_fifty_pages_are_remembered() {
        let mut cursor = Cursor::first(2);
        for id in 1..=120 {
            cursor = cursor.next(id);
        }
        let mut n_back = 0;
        while let Some(previous) = cursor.previous() {
            cursor = previous;
            n_back += 1;
        }
        assert_eq!(n_back, 50);
    }

    #[test]
    fn encoding_survives_a_round_trip() {
        let text = "{'a & b + ü #1'}";
        assert_eq!(percent_decode(&percent_encode(text)), text);
        assert!(percent_encode("{").ends_with("%7b"));
    }
}
