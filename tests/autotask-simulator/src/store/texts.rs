//! All texts of all rows in one string; a row keeps only where its text lies.
//!
//! Replaced texts are not given back: a test run edits far too little for that to matter.

use std::collections::HashMap;

/// Where a text lies: offset in the upper 40 bits, length in the lower 24.
pub(crate) type Span = u64;

const LENGTH_BITS: u32 = 24;

/// The one string.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    all: String,
    shared: HashMap<String, Span>,
}

impl Texts {
    /// Keeps a text that probably no other row has.
    pub(crate) fn push(&mut self, text: &str) -> Span {
        let offset = self.all.len() as u64;
        self.all.push_str(text);
        (offset << LENGTH_BITS) | text.len() as u64
    }

    /// Keeps a text that many rows have, once.
    pub(crate) fn share(&mut self, text: &str) -> Span {
        if let Some(span) = self.shared.get(text) {
            return *span;
        }
        let span = self.push(text);
        self.shared.insert(text.to_owned(), span);
        span
    }

    /// The text at a place.
    pub(crate) fn get(&self, span: Span) -> &str {
        let offset = (span >> LENGTH_BITS) as usize;
        let length = (span & ((1 << LENGTH_BITS) - 1)) as usize;
        self.all.get(offset..offset + length).unwrap_or_default()
    }
}
