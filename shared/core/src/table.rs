//! Tables that are opened in spreadsheets.

/// A cell that a spreadsheet will not run: names come from others, and what begins like a formula is kept as text.
#[must_use]
pub fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
