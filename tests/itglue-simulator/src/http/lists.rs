//! Lists and single records.

use super::answer::Answer;
use super::pipeline::Call;
use crate::config::Config;
use crate::organization::{Organization, STATUSES, TYPES};
use crate::query::{BadArgument, ListQuery, Resource};
use crate::world::{World, lock};
use serde_json::{Value, json};

const MADE_AT: &str = "2016-09-14T17:02:44.000Z";

/// Answers a list.
pub(super) fn list(
    world: &World,
    config: &Config,
    call: &Call,
    resource: Resource,
) -> Result<Answer, Answer> {
    let query = ListQuery::parse(&call.query).map_err(|bad| bad_argument(config, &bad))?;
    let rows = match resource {
        Resource::OrganizationTypes => catalogue("organization-types", &TYPES),
        Resource::OrganizationStatuses => catalogue("organization-statuses", &STATUSES),
        _ => organizations(world, &query),
    };
    let base = format!("{}{}", world.public_url(), call.path);
    Ok(page(&rows, &query, &base))
}

/// Answers one record.
pub(super) fn item(world: &World, config: &Config, resource: Resource, id: &str) -> Result<Answer, Answer> {
    let found = match resource {
        Resource::OrganizationTypes => find(catalogue("organization-types", &TYPES), id),
        Resource::OrganizationStatuses => find(catalogue("organization-statuses", &STATUSES), id),
        _ => id.parse().ok().and_then(|id| lock(&world.store).get(id).map(Organization::render)),
    };
    let record = found.ok_or_else(|| Answer::not_found(config, "Record"))?;
    Ok(Answer::document(200, &json!({ "data": record })))
}

fn bad_argument(config: &Config, bad: &BadArgument) -> Answer {
    let detail = format!("{}: {}", bad.name, bad.detail);
    Answer::error(config, bad.status, &detail, json!({"parameter": bad.name}))
}

fn organizations(world: &World, query: &ListQuery) -> Vec<Value> {
    let store = lock(&world.store);
    let mut rows: Vec<&Organization> = store.rows().filter(|row| query.matches(row)).collect();
    rows.sort_by(|one, other| query.compare(one, other));
    rows.into_iter().map(Organization::render).collect()
}

fn catalogue(kind: &str, list: &[(i64, &str)]) -> Vec<Value> {
    let row = |(id, name): &(i64, &str)| {
        let attributes = json!({"name": name, "synced": false, "created-at": MADE_AT, "updated-at": MADE_AT});
        json!({"id": id.to_string(), "type": kind, "attributes": attributes})
    };
    list.iter().map(row).collect()
}

fn find(rows: Vec<Value>, id: &str) -> Option<Value> {
    rows.into_iter().find(|row| row["id"] == id)
}

fn page(rows: &[Value], query: &ListQuery, base: &str) -> Answer {
    let n_rows = rows.len() as u64;
    let n_pages = n_rows.div_ceil(query.size);
    let first = (query.number - 1).saturating_mul(query.size);
    let shown = rows.iter().skip(usize::try_from(first).unwrap_or(usize::MAX)).take(query.size as usize);
    let shown: Vec<&Value> = shown.collect();
    let next = (query.number < n_pages).then_some(query.number + 1);
    let previous = (query.number > 1).then_some(query.number - 1);
    let link = |number: Option<u64>| number.map(|number| link(query, base, number));
    let document = json!({
        "data": shown,
        "links": {
            "self": link(Some(query.number)),
            "first": link(Some(1)),
            "prev": link(previous),
            "next": link(next),
            "last": link(Some(n_pages.max(1))),
        },
        "meta": {
            "current-page": query.number,
            "next-page": next,
            "prev-page": previous,
            "total-pages": n_pages,
            "total-count": n_rows,
            "filters": {},
        },
    });
    Answer { n_rows: shown.len() as u32, ..Answer::document(200, &document) }
}

fn link(query: &ListQuery, base: &str, number: u64) -> String {
    let mut arguments = form_urlencoded::Serializer::new(String::new());
    arguments.extend_pairs(&query.others).append_pair("page[number]", &number.to_string());
    format!("{base}?{}", arguments.finish())
}
