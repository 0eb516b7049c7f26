//! A list of companies from a CSV file, read to the letter: blanks are part of a name.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use csv::ByteRecord;
use shared_core::matching::Company;

/// Ids and names, in the order of the file.
#[derive(Debug)]
pub(super) struct List {
    rows: Vec<(String, String)>,
}

/// A column of the file.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    at: usize,
}

impl List {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = std::fs::File::open(path).with_context(|| format!("failed to read {}", path.display()))?;
        Self::parse(&path.display().to_string(), file)
    }

    /// Reads CSV; errors name the file, the line and the column.
    pub(super) fn parse(file: &str, text: impl Read) -> anyhow::Result<Self> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let header = reader.byte_headers().with_context(|| format!("failed to read {file}"))?.clone();
        let columns = ["id", "name"].map(|name| column(&header, name));
        let [Some(id), Some(name)] = columns else {
            return Err(anyhow!("{file}, line 1: the columns id and name are required"));
        };
        let (mut rows, mut lines) = (Vec::new(), HashMap::new());
        for record in reader.into_byte_records() {
            let record = record.with_context(|| format!("failed to read {file}"))?;
            let line = record.position().map_or(0, csv::Position::line);
            let place = |column: Column| format!("{file}, line {line}, column {}", column.name);
            ensure!(
                record.len() <= header.len(),
                "{file}, line {line}: {} values for {} columns; a value with a comma needs quotes",
                record.len(),
                header.len()
            );
            let id_text = value(&record, id).with_context(|| place(id))?;
            let name_text = value(&record, name).with_context(|| place(name))?;
            ensure!(!id_text.is_empty(), "{}: an id is required", place(id));
            if let Some(before) = lines.insert(id_text.clone(), line) {
                return Err(anyhow!("{}: {id_text} stands in line {before} already", place(id)));
            }
            rows.push((id_text, name_text));
        }
        Ok(Self { rows })
    }

    /// The rows as matching takes them.
    pub(super) fn companies(&self) -> Vec<Company<'_>> {
        let rows = self.rows.iter();
        rows.map(|(id, name)| Company { id, name, is_active: true, is_excluded: false }).collect()
    }
}

/// Spreadsheets begin their files with a byte order mark.
fn column(header: &ByteRecord, name: &'static str) -> Option<Column> {
    let bare =
        |value: &'_ [u8]| value.strip_prefix("\u{feff}".as_bytes()).unwrap_or(value) == name.as_bytes();
    header.iter().position(bare).map(|at| Column { name, at })
}

fn value(record: &ByteRecord, column: Column) -> anyhow::Result<String> {
    let bytes = record.get(column.at).context("the value is missing")?;
    let text =
        std::str::from_utf8(bytes).map_err(|_| anyhow!("the value is not UTF-8; save the file as UTF-8"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn names_are_read_to_the_letter() {
        let text = "\u{feff}name,id,city\n\" Acme, \"\"LLC\"\" \",7,x\n,8,y\nBolt\t,9\n";
        let list = List::parse("l.csv", text.as_bytes()).unwrap();
        let expected = [("7", " Acme, \"LLC\" "), ("8", ""), ("9", "Bolt\t")];
        assert_eq!(list.rows, expected.map(|(id, name)| (id.to_owned(), name.to_owned())));
        assert_eq!(List::parse("l.csv", "id,name\n".as_bytes()).unwrap().rows, []);
    }

    #[test]
    fn bad_input_is_refused_with_its_place() {
        let check = |text: &[u8], message: &str| {
            let error = List::parse("l.csv", text).unwrap_err();
            assert_eq!(format!("{error:#}"), message);
        };
        check(b"", "l.csv, line 1: the columns id and name are required");
        check(b"id,title\n1,Acme\n", "l.csv, line 1: the columns id and name are required");
        check(b"id,name\n1,Acme\n2\n", "l.csv, line 3, column name: the value is missing");
        check(
            b"id,name\n1,\xe9\n",
            "l.csv, line 2, column name: the value is not UTF-8; save the file as UTF-8",
        );
        check(b"id,name\n,Acme\n", "l.csv, line 2, column id: an id is required");
        check(b"id,name\n1,A\n2,B\n1,C\n", "l.csv, line 4, column id: 1 stands in line 2 already");
        check(
            b"id,name\n1,Acme, LLC\n",
            "l.csv, line 2: 3 values for 2 columns; a value with a comma needs quotes",
        );
    }
}
