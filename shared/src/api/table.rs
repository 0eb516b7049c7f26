//! Tables as comma-separated values.

use shared_core::table::inert;

use super::error::{ApiError, Code};
use super::reply::Reply;

/// Answers a table; its first row is the headings. No cell can become a formula.
///
/// # Errors
/// [`Code::Internal`] when it cannot be written.
pub fn csv<R: AsRef<[String]>>(rows: impl IntoIterator<Item = R>) -> Result<Reply, ApiError> {
    let unwritable =
        |error: &dyn std::fmt::Display| ApiError::new(Code::Internal, format!("no table: {error}"));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.as_ref().iter().map(|cell| inert(cell)))
            .map_err(|error| unwritable(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritable(&error))?;
    String::from_utf8(bytes).map(Reply::csv).map_err(|error| unwritable(&error))
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn no_name_becomes_a_formula() {
        let table = [vec!["Name".to_owned()], vec!["=1+1".to_owned()], vec!["a, \"b\"".to_owned()]];
        assert_eq!(csv(table).unwrap().body, "Name\r\n'=1+1\r\n\"a, \"\"b\"\"\"\r\n");
    }
}
