//! Roll-ups: the sums of one company.

use std::collections::BTreeMap;

use autotask_simulator::{Config, Entity as Source, Sizes};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::sums_oracle::{Rows, check};
use super::world::World;
use crate::database::TABLE;

/// Tickets, contracts and opportunities that are edited: more than a hundredth of each.
const EDIT_EVERY: usize = 40;

impl World {
    async fn sums_of(&self, company_id: i64) -> Value {
        self.read(&format!("/v1/companies/{company_id}/rollups"), "months=36").await
    }

    /// Compares the sums of every company that is shown; answers how many tickets they count.
    async fn check_sums(&self) -> usize {
        let companies = self.read("companies", "limit=1000&filter=active").await;
        let mut n_tickets = 0;
        for company in companies["rows"].as_array().unwrap() {
            let id: i64 = company["key"].as_str().unwrap().parse().unwrap();
            let (rows, shown) = (Rows::of(&self.control, id), self.sums_of(id).await);
            let zone = TimeZone::get(shown["time_zone"].as_str().unwrap()).unwrap();
            check(&shown["tickets"], "month", &rows.tickets(&zone), &format!("tickets of {id}"));
            check(&shown["contracts"], "month", &rows.contracts(), &format!("contracts of {id}"));
            check(&shown["pipeline"], "stage_id", &rows.pipeline(), &format!("opportunities of {id}"));
            assert_eq!(shown["ticket_totals"]["tickets"], json!(rows.n_tickets()), "{id}");
            n_tickets += rows.n_tickets();
        }
        n_tickets
    }

    /// A company that is shown and has tickets.
    async fn company_with_tickets(&self) -> i64 {
        let companies = self.read("companies", "limit=1000&filter=active").await;
        for company in companies["rows"].as_array().unwrap() {
            let id: i64 = company["key"].as_str().unwrap().parse().unwrap();
            if Rows::of(&self.control, id).n_tickets() > 1 {
                return id;
            }
        }
        panic!("no company has tickets");
    }

    /// Where a ticket of a company lies in the table.
    async fn any_ticket_of(&self, company_id: i64) -> [String; 2] {
        let is_its = |pk: &str, item: &str| {
            pk.starts_with("T#acme#ti") && item.contains(&format!("\\\"company_id\\\":{company_id},"))
        };
        let items = self.items().await;
        let ((pk, sk), _) = items.into_iter().find(|((pk, _), item)| is_its(pk, item)).unwrap();
        [pk, sk]
    }

    /// Edits some records of an entity; answers how many.
    fn edit_some(&self, entity: Source, fields: &Value) -> usize {
        let ids: Vec<i64> = self.control.ids(entity).into_iter().step_by(EDIT_EVERY).collect();
        for &id in &ids {
            self.control.update(entity, id, fields.clone()).unwrap();
        }
        ids.len()
    }
}

#[tokio::test]
async fn the_sums_of_every_company_are_those_of_its_records_also_after_a_day_of_edits() {
    let sizes = Sizes {
        companies: 12,
        contacts: 5,
        assets: 20,
        products: 3,
        contracts: 90,
        tickets: 900,
        opportunities: 120,
        resources: 4,
    };
    let world = World::on(Config { sizes, ..Config::small() }).await;
    world.load().await;
    let pulls = json!({"tickets": true, "contracts": true, "opportunities": true});
    let zone = "America/New_York";
    let (status, saved) = world.save(json!({"pulls": pulls, "time_zone": zone})).await;
    assert_eq!(status, 200, "{saved}");
    world.night().await;
    assert!(world.check_sums().await > 100, "sums of nothing prove nothing");

    let resolved = "2026-11-01T03:30:00Z";
    let edits = [
        (Source::Tickets, json!({"completedDate": resolved, "resolvedDateTime": resolved, "status": 5})),
        (Source::Contracts, json!({"endDate": "2027-03-14T00:00:00Z", "estimatedRevenue": 12_345.67})),
        (Source::Opportunities, json!({"amount": 4_321.09, "probability": 33})),
    ];
    let n_edits: BTreeMap<String, usize> = edits
        .iter()
        .map(|(entity, fields)| (format!("{entity:?}"), world.edit_some(*entity, fields)))
        .collect();
    assert!(n_edits.values().all(|n| *n > 0), "{n_edits:?}");
    let gone = world.control.ids(Source::Tickets)[1];
    world.control.delete(Source::Tickets, gone).unwrap();
    world.night().await;
    world.check_sums().await;
}

#[tokio::test]
async fn sums_are_kept_until_a_run_begins_or_the_time_zone_changes() {
    let world = World::start().await;
    world.load().await;
    let pulls = json!({"tickets": true, "contracts": true, "opportunities": true});
    assert_eq!(world.save(json!({"pulls": pulls})).await.0, 200);
    world.night().await;
    let id = world.company_with_tickets().await;
    let first = world.sums_of(id).await;
    // Past all code: a record disappears, so that sums that are made anew would differ.
    let ticket = world.any_ticket_of(id).await;
    let keys = ["pk", "sk"].map(str::to_owned).into_iter().zip(ticket);
    let keys = keys.map(|(name, value)| (name, AttributeValue::S(value))).collect();
    let client = world.host._database.client();
    client.delete_item().table_name(TABLE).set_key(Some(keys)).send().await.unwrap();
    assert_eq!(world.sums_of(id).await, first, "they are kept");
    let n_tickets = |sums: &Value| sums["ticket_totals"]["tickets"].as_i64().unwrap();
    assert_eq!(world.save(json!({"pulls": pulls, "time_zone": "Pacific/Auckland"})).await.0, 200);
    assert_eq!(n_tickets(&world.sums_of(id).await), n_tickets(&first) - 1, "another zone, other months");
    assert_eq!(world.save(json!({"pulls": pulls, "time_zone": "UTC"})).await.0, 200);
    let fields = json!({"companyID": id, "title": "New", "status": 1, "priority": 1, "createDate": world.control.now()});
    world.control.insert(Source::Tickets, fields).unwrap();
    world.night().await;
    assert!(n_tickets(&world.sums_of(id).await) > n_tickets(&first) - 1, "a night went by");
}

#[tokio::test]
async fn nothing_is_told_of_companies_that_are_not_shown() {
    let world = World::start().await;
    world.load().await;
    let hidden = world.read("companies", "filter=inactive").await["rows"][0]["key"].clone();
    let path = format!("/v1/companies/{}/rollups", hidden.as_str().unwrap());
    assert_eq!(world.map("GET", &path, "", &Value::Null).await.0, 404);
}
