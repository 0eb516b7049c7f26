//! What a list is asked for: page, order and filters.

use crate::organization::Organization;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// `/organizations` and one of them.
    Organizations,
    /// `/organization_types`.
    OrganizationTypes,
    /// `/organization_statuses`.
    OrganizationStatuses,
    /// Anything else.
    Other,
}

/// Rows of a page unless it says otherwise.
const DEFAULT_SIZE: u64 = 50;
/// Rows of a page at most; the vendor's page names this number.
const MAX_SIZE: u64 = 1_000;
const SORTS: [&str; 4] = ["name", "id", "created_at", "updated_at"];

/// An argument that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadArgument {
    /// 400 or 422.
    pub(crate) status: u16,
    /// The argument.
    pub(crate) name: String,
    /// Why.
    pub(crate) detail: String,
}

impl BadArgument {
    fn new(status: u16, name: &str, detail: &str) -> Self {
        Self { status, name: name.to_owned(), detail: detail.to_owned() }
    }
}

/// A list as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListQuery {
    /// From 1.
    pub(crate) number: u64,
    /// Rows of a page.
    pub(crate) size: u64,
    /// Attribute and whether it descends.
    sort: (String, bool),
    filters: Vec<Filter>,
    /// All arguments but the page's number, as they came, for the links.
    pub(crate) others: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Filter {
    field: String,
    value: String,
    is_exclude: bool,
}

impl ListQuery {
    /// Reads the query part of a URL.
    ///
    /// # Errors
    /// The first argument that is refused.
    pub(crate) fn parse(query: &str) -> Result<Self, BadArgument> {
        // Without an order, rows come by name: who relies on ids must ask for them.
        let mut list = Self {
            number: 1,
            size: DEFAULT_SIZE,
            sort: ("name".to_owned(), false),
            filters: Vec::new(),
            others: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            list.take(&name, &value)?;
            if name != "page[number]" {
                list.others.push((name, value));
            }
        }
        Ok(list)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), BadArgument> {
        match name {
            "page[number]" => self.number = page_number(name, value)?,
            "page[size]" => {
                self.size = page_number(name, value)?;
                if self.size > MAX_SIZE {
                    return Err(BadArgument::new(422, name, "Must be less than or equal to 1000."));
                }
            }
            "sort" => self.sort = sort_of(value)?,
            _ => self.filters.extend(filter_of(name, value)?),
        }
        Ok(())
    }

    /// True when the row passes all filters.
    pub(crate) fn matches(&self, row: &Organization) -> bool {
        self.filters.iter().all(|filter| filter.matches(row) != filter.is_exclude)
    }

    /// The order that was asked for; ids decide between equals.
    pub(crate) fn compare(&self, one: &Organization, other: &Organization) -> Ordering {
        let (field, is_descending) = &self.sort;
        let order = match field.as_str() {
            "id" => one.id.cmp(&other.id),
            field => one.text(&field.replace('_', "-")).cmp(other.text(&field.replace('_', "-"))),
        };
        let order = if *is_descending { order.reverse() } else { order };
        order.then(one.id.cmp(&other.id))
    }
}

fn page_number(name: &str, value: &str) -> Result<u64, BadArgument> {
    let number = value.parse().map_err(|_| BadArgument::new(400, name, "Must be a number."))?;
    if number == 0 { Err(BadArgument::new(422, name, "Must be greater than 0.")) } else { Ok(number) }
}

fn sort_of(value: &str) -> Result<(String, bool), BadArgument> {
    let (field, is_descending) = value.strip_prefix('-').map_or((value, false), |field| (field, true));
    let field = field.replace('-', "_");
    if SORTS.contains(&field.as_str()) {
        Ok((field, is_descending))
    } else {
        Err(BadArgument::new(400, "sort", "Must be one of: `name`, `id`, `created_at`, `updated_at`."))
    }
}

/// `filter[name]` or `filter[exclude][name]`; other arguments are not looked at, as the service does not either.
fn filter_of(name: &str, value: &str) -> Result<Option<Filter>, BadArgument> {
    let Some(inner) = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(None);
    };
    let (field, is_exclude) = inner.strip_prefix("exclude][").map_or((inner, false), |field| (field, true));
    let field = field.replace('-', "_");
    let is_valid = match field.as_str() {
        "name" | "short_name" => true,
        "id" | "organization_type_id" | "organization_status_id" => {
            value.split(',').all(|part| part.trim().parse::<i64>().is_ok())
        }
        "created_at" | "updated_at" => value.contains(',') && !is_exclude,
        _ => return Err(BadArgument::new(400, name, "is not a filter of this resource.")),
    };
    let detail = if field.ends_with("_at") { "Must be a range: start, end." } else { "Must be a number." };
    if is_valid {
        Ok(Some(Filter { field, value: value.to_owned(), is_exclude }))
    } else {
        Err(BadArgument::new(400, name, detail))
    }
}

impl Filter {
    fn matches(&self, row: &Organization) -> bool {
        let has_number =
            |id: i64| self.value.split(',').any(|part| part.trim().parse::<i64>().is_ok_and(|n| n == id));
        match self.field.as_str() {
            "id" => has_number(row.id),
            "name" => row.text("name").contains(&self.value),
            "short_name" => row.text("short-name") == self.value,
            "created_at" | "updated_at" => self.is_within(row.text(&self.field.replace('_', "-"))),
            field => row.number(&field.replace('_', "-")).is_some_and(has_number),
        }
    }

    /// Texts of instants in one form sort as the instants do.
    fn is_within(&self, instant: &str) -> bool {
        let (from, to) = self.value.split_once(',').unwrap_or((&self.value, "*"));
        let (from, to) = (from.trim(), to.trim());
        (from == "*" || instant >= from) && (to == "*" || instant <= to)
    }
}
