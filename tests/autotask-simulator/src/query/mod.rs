//! Queries: what was asked, which rows answer it, and where the next page lies.

mod paging;
mod request;

pub(crate) use paging::{Cursor, percent_decode};
pub(crate) use request::Query;

use crate::config::Config;
use crate::render::{Style, UdfShow, write_integer, write_row, write_text};
use crate::store::{IdRange, Row};
use crate::view::View;

/// How a page was asked for, which decides the form of its links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Links<'a> {
    /// The URL of the entity's `query` route.
    pub(crate) query_url: &'a str,
    /// The filter of a GET, as it was sent; nothing for POST.
    pub(crate) search: Option<&'a str>,
}

/// The body of one page.
///
/// # Errors
/// The text of a 500.
pub(crate) fn page(
    view: &View<'_>,
    query: &Query,
    cursor: &Cursor,
    links: Links<'_>,
    config: &Config,
) -> Result<(String, usize), String> {
    refuse_missing_id(view, query)?;
    let range = IdRange { low: query.range.low.max(cursor.after_id + 1), high: query.range.high };
    let mut rows: Vec<&Row> = view.rows(range, &query.conditions).take(cursor.page_size + 1).collect();
    let has_more = rows.len() > cursor.page_size;
    rows.truncate(cursor.page_size);
    let mut out = String::with_capacity(rows.len() * query.row_bytes() + 1024);
    write_items(&mut out, view, &rows, query, config);
    out.push_str(",\"pageDetails\":{\"count\":");
    write_integer(&mut out, rows.len() as i64);
    out.push_str(",\"requestCount\":");
    write_integer(&mut out, cursor.page_size as i64);
    out.push_str(",\"prevPageUrl\":");
    write_link(
        &mut out,
        cursor.previous().map(|previous| previous.url(links.query_url, "previous", links.search)),
    );
    out.push_str(",\"nextPageUrl\":");
    let last_id = rows.last().map_or(cursor.after_id, |row| row.id);
    write_link(&mut out, has_more.then(|| cursor.next(last_id).url(links.query_url, "next", links.search)));
    out.push_str("}}");
    Ok((out, rows.len()))
}

fn refuse_missing_id(view: &View<'_>, query: &Query) -> Result<(), String> {
    if query.includes_id() || view.rows(query.range, &query.conditions).take(501).count() <= 500 {
        return Ok(());
    }
    Err("Invalid query. IncludeFields must contain id when more than 500 records are matched.".to_owned())
}

fn write_link(out: &mut String, url: Option<String>) {
    match url {
        Some(url) => write_text(out, &url),
        None => out.push_str("null"),
    }
}

fn write_items(out: &mut String, view: &View<'_>, rows: &[&Row], query: &Query, config: &Config) {
    let style = Style {
        fields: query.fields.as_deref(),
        udfs: udf_show(rows, query, config),
        dates: config.date_style,
    };
    out.push_str("{\"items\":[");
    for (n, row) in rows.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write_row(out, row, view.schema, &view.store.texts, style);
    }
    out.push(']');
}

/// Whole rows leave the collection out when no row has a value; `IncludeFields` always brings it.
fn udf_show(rows: &[&Row], query: &Query, config: &Config) -> UdfShow {
    if query.fields.is_none() {
        return if rows.iter().any(|row| !row.udfs().is_empty()) { UdfShow::Values } else { UdfShow::Omit };
    }
    if config.udf_only_when_included && !query.lists_udfs { UdfShow::Empty } else { UdfShow::Values }
}

/// The body of a GET by id.
pub(crate) fn item(view: &View<'_>, id: i64, config: &Config) -> Option<String> {
    let row = view.get(id)?;
    let udfs = if row.udfs().is_empty() { UdfShow::Omit } else { UdfShow::Values };
    let mut out = String::from("{\"item\":");
    let style = Style { fields: None, udfs, dates: config.date_style };
    write_row(&mut out, row, view.schema, &view.store.texts, style);
    out.push('}');
    Some(out)
}
