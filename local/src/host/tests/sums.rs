//! Roll-ups: the sums of one company.

use autotask_simulator::Entity as Source;
use serde_json::{Value, json};

use super::world::World;

#[tokio::test]
async fn a_companys_sums_are_those_of_its_records() {
    let world = World::start().await;
    world.load().await;
    world.check(true).await;
    let (status, saved) =
        world.save(json!({"pulls": {"tickets": true, "contracts": true, "opportunities": true}})).await;
    assert_eq!(status, 200, "{saved}");
    world.night().await;
    let companies = world.read("companies", "limit=1000&filter=active").await;
    let tickets = world.control.truth(Source::Tickets);
    let opened_of = |id: i64| tickets.iter().filter(|ticket| ticket["companyID"] == id).count();
    let busiest = companies["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap());
    let busiest = busiest.max_by_key(|key| opened_of(key.parse().unwrap())).unwrap();
    let n_tickets = opened_of(busiest.parse().unwrap());
    assert!(n_tickets > 0);
    let sums = world.read(&format!("/v1/companies/{busiest}/rollups"), "months=36").await;
    assert_eq!(sums["ticket_totals"]["tickets"], json!(n_tickets), "{sums}");
    assert_eq!(sums["tickets"].as_array().unwrap().len(), 36);
    let hidden = companies_of(&world, "filter=inactive").await;
    let (status, _) = world.map("GET", &format!("/v1/companies/{hidden}/rollups"), "", &Value::Null).await;
    assert_eq!(status, 404);
}

async fn companies_of(world: &World, query: &str) -> String {
    world.read("companies", query).await["rows"][0]["key"].as_str().unwrap().to_owned()
}
