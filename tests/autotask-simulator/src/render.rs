//! Writes packed rows as JSON, straight into the text of the answer.

use crate::calendar::write_instant;
use crate::config::DateStyle;
use crate::schema::{Field, Kind, MASK, Schema};
use crate::store::{Row, Texts};
use std::fmt::Write;

/// What to do with the user-defined fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UdfShow {
    /// The values.
    Values,
    /// An empty list, whatever the row holds.
    Empty,
    /// No such key.
    Omit,
}

/// How rows are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style<'a> {
    /// The fields asked for, ascending by index; all when absent.
    pub(crate) fields: Option<&'a [usize]>,
    /// The user-defined fields.
    pub(crate) udfs: UdfShow,
    /// The form of instants.
    pub(crate) dates: DateStyle,
}

/// Writes one row as a JSON object.
pub(crate) fn write_row(out: &mut String, row: &Row, schema: &Schema, texts: &Texts, style: Style<'_>) {
    out.push_str("{\"id\":");
    write_integer(out, row.id);
    match style.fields {
        Some(indices) => {
            for idx in indices {
                if let Some(field) = schema.fields.get(*idx) {
                    write_field(out, row, field, *idx, texts, style.dates);
                }
            }
        }
        None => {
            for (idx, field) in schema.fields.iter().enumerate() {
                write_field(out, row, field, idx, texts, style.dates);
            }
        }
    }
    match style.udfs {
        UdfShow::Values => write_udfs(out, row, schema, texts),
        UdfShow::Empty => out.push_str(",\"userDefinedFields\":[]"),
        UdfShow::Omit => {}
    }
    out.push('}');
}

fn write_field(out: &mut String, row: &Row, field: &Field, idx: usize, texts: &Texts, dates: DateStyle) {
    out.push(',');
    out.push_str(&field.key);
    let Some(cell) = row.cell(idx) else {
        out.push_str("null");
        return;
    };
    match field.kind {
        Kind::Int | Kind::Long => write_integer(out, cell as i64),
        Kind::Bool => out.push_str(if cell == 0 { "false" } else { "true" }),
        Kind::Decimal => write_decimal(out, cell as i64),
        Kind::Text => write_text(out, texts.get(cell)),
        Kind::Time => {
            out.push('"');
            write_instant(out, cell as i64, dates == DateStyle::Z);
            out.push('"');
        }
    }
}

fn write_udfs(out: &mut String, row: &Row, schema: &Schema, texts: &Texts) {
    out.push_str(",\"userDefinedFields\":[");
    for (n, (udf_idx, span)) in row.udfs().iter().enumerate() {
        let Some(udf) = schema.udfs.get(usize::from(*udf_idx)) else { continue };
        out.push_str(if n == 0 { "{\"name\":" } else { ",{\"name\":" });
        write_text(out, udf.name);
        out.push_str(",\"value\":");
        write_text(out, if udf.is_protected { MASK } else { texts.get(*span) });
        out.push('}');
    }
    out.push(']');
}

/// Writes a whole number.
pub(crate) fn write_integer(out: &mut String, value: i64) {
    let mut digits = [0_u8; 20];
    let mut rest = value.unsigned_abs();
    let mut at = digits.len();
    while let Some(slot) = at.checked_sub(1).and_then(|before| digits.get_mut(before)) {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
        at -= 1;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push('-');
    }
    out.push_str(digits.get(at..).and_then(|d| std::str::from_utf8(d).ok()).unwrap_or("0"));
}

/// Money has four decimals on the wire, trailing zeros included.
fn write_decimal(out: &mut String, ten_thousandths: i64) {
    if ten_thousandths < 0 {
        out.push('-');
    }
    let value = ten_thousandths.unsigned_abs();
    write_integer(out, (value / 10_000) as i64);
    let fraction = value % 10_000;
    out.push('.');
    for divisor in [1000, 100, 10, 1] {
        out.push(char::from(b'0' + (fraction / divisor % 10) as u8));
    }
}

/// Writes a JSON string.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\r' => out.push_str("\\r"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            // Writing into a String cannot fail.
            other => drop(write!(out, "\\u{other:04x}")),
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}
