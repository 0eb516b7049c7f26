//! Tables as comma-separated values.

use shared::api::{ApiError, Code, Reply};

/// Writes a table; the first row is its headings.
pub(crate) fn csv(table: Vec<Vec<String>>) -> Result<Reply, ApiError> {
    let unwritable =
        |error: &dyn std::fmt::Display| ApiError::new(Code::Internal, format!("no table: {error}"));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in table {
        writer.write_record(row.iter().map(|cell| guarded(cell))).map_err(|error| unwritable(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritable(&error))?;
    String::from_utf8(bytes).map(Reply::csv).map_err(|error| unwritable(&error))
}

/// Names come from others: a cell that a spreadsheet would take for a formula is kept as text.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn no_name_becomes_a_formula() {
        let table = vec![vec!["Name".to_owned()], vec!["=1+1".to_owned()], vec!["a, \"b\"".to_owned()]];
        assert_eq!(csv(table).unwrap().body, "Name\r\n'=1+1\r\n\"a, \"\"b\"\"\"\r\n");
    }
}
