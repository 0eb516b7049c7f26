//! IT Glue as the primary source: Autotask adds what is ticked, of linked companies alone.

use std::collections::{BTreeMap, BTreeSet};

use autotask_simulator::{Entity as Source, Rights};
use serde_json::{Value, json};
use shared::store::TenantId;
use shared_core::entity::Entity;
use shared_core::mapping::links::Organization;

use super::calls::TENANT;
use super::world::{DAY_MS, World};

const NOTHING: Value = Value::Null;

fn supplement(pulls: Value) -> Value {
    json!({"primary_source": "it_glue", "lookback_months": 12, "pulls": pulls})
}

async fn started(pulls: Value) -> World {
    let world = World::start().await;
    let (status, saved) = world.put(&world.draft(0, supplement(pulls))).await;
    assert_eq!(status, 200, "{saved}");
    world.work().await;
    let organizations: Vec<Organization> =
        (1..=4).map(|id| Organization { id, name: format!("Organization {id}"), is_active: true }).collect();
    let tenant = TenantId::parse(TENANT).unwrap();
    world.store().save_organizations(&tenant, &organizations).await.unwrap();
    world
}

fn all() -> Value {
    json!({"tickets": true, "contracts": true, "opportunities": true})
}

impl World {
    /// How fresh a company's tickets are, by both routes that tell it.
    async fn freshness(&self, company_id: i64) -> Value {
        let get = async |what: &str| {
            let (status, body) =
                self.map("GET", &format!("/v1/companies/{company_id}/{what}"), "", &NOTHING).await;
            assert_eq!(status, 200, "{body}");
            body["freshness"].clone()
        };
        let (tickets, sums) = (get("tickets").await, get("rollups").await);
        assert_eq!(sums.as_array().unwrap().iter().find(|of| of["entity"] == "tickets"), Some(&tickets));
        tickets
    }

    /// Links organizations to companies over the present version.
    async fn link(&self, links: &[(i64, Option<i64>)]) {
        let version = self.read("company-links", "").await["version"].clone();
        let change = |&(key, company_id): &(i64, Option<i64>)| {
            let choice = company_id.map(|id| json!({"is": "linked", "company_id": id, "how": "manual"}));
            json!({"key": key.to_string(), "choice": choice})
        };
        let changes: Vec<Value> = links.iter().map(change).collect();
        let draft = json!({"version": version, "changes": changes});
        let (status, saved) = self.map("PUT", "company-links", "", &draft).await;
        assert_eq!(status, 200, "{saved}");
    }

    /// Ids that are stored, by company, past all rules.
    async fn kept(&self, entity: Entity) -> BTreeMap<i64, BTreeSet<i64>> {
        let docs = self.store().all_docs(&TenantId::parse(TENANT).unwrap(), entity).await.unwrap();
        ids_by_company(docs.iter().map(|doc| serde_json::from_str(doc).unwrap()), "company_id")
    }

    /// Companies with most tickets first.
    fn busiest(&self) -> Vec<i64> {
        let by_company = ids_by_company(self.control.truth(Source::Tickets).into_iter(), "companyID");
        let mut sorted: Vec<(usize, i64)> = by_company.iter().map(|(&id, ids)| (ids.len(), id)).collect();
        sorted.sort_unstable_by_key(|&(n, id)| (std::cmp::Reverse(n), id));
        sorted.into_iter().map(|(_, id)| id).collect()
    }

    /// Ids of the source for some companies; tickets as far as the look-back of a link made now goes.
    fn expected(&self, entity: Source, companies: &[i64]) -> BTreeMap<i64, BTreeSet<i64>> {
        let since = jiff::Timestamp::from_millisecond(self.now_ms()).unwrap();
        let since =
            since.to_zoned(jiff::tz::TimeZone::UTC).checked_sub(jiff::Span::new().months(12)).unwrap();
        let since = since.timestamp();
        let is_recent = |row: &Value| {
            let at = |name: &str| row[name].as_str().map(|text| text.parse::<jiff::Timestamp>().unwrap());
            at("completedDate").is_none_or(|at| at >= since) || at("createDate").is_some_and(|at| at >= since)
        };
        let rows = self.control.truth(entity).into_iter().filter(|row| {
            companies.contains(&row["companyID"].as_i64().unwrap())
                && (entity != Source::Tickets || is_recent(row))
        });
        ids_by_company(rows, "companyID")
    }

    async fn assert_kept(&self, companies: &[i64]) {
        let pairs = [
            (Entity::Tickets, Source::Tickets),
            (Entity::Contracts, Source::Contracts),
            (Entity::Opportunities, Source::Opportunities),
        ];
        for (ours, theirs) in pairs {
            assert_eq!(self.kept(ours).await, self.expected(theirs, companies), "{ours} of {companies:?}");
        }
    }
}

fn ids_by_company(rows: impl Iterator<Item = Value>, field: &str) -> BTreeMap<i64, BTreeSet<i64>> {
    let mut found: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        let (id, company_id) = (row["id"].as_i64().unwrap(), row[field].as_i64().unwrap());
        found.entry(company_id).or_default().insert(id);
    }
    found
}

fn note<'r>(run: &'r Value, entity: &str) -> Option<&'r str> {
    let notes = run["notes"].as_array().unwrap().iter();
    notes.filter(|note| note["entity"] == entity).find_map(|note| note["text"].as_str())
}

#[tokio::test]
async fn nothing_of_a_company_is_kept_before_it_is_linked() {
    let world = started(all()).await;
    let run = world.runs().await[0].clone();
    assert_eq!((&run["kind"], &run["state"]), (&json!("initial"), &json!("done")), "{run}");
    world.assert_kept(&[]).await;
    for entity in [Entity::Assets, Entity::Contacts, Entity::Products] {
        assert_eq!(world.stored_count(entity).await, 0, "{entity} are IT Glue's");
    }
    let n_tickets = world.control.truth(Source::Tickets).len();
    let text = note(&run, "tickets").unwrap();
    assert!(text.starts_with(&format!("{n_tickets} tickets belong to ")), "{text}");
    let title = world.control.truth(Source::Tickets)[0]["title"].as_str().unwrap().to_owned();
    assert!(!world.items().await.values().any(|item| item.contains(&title)), "a title is stored");
}

impl World {
    async fn stored_count(&self, entity: Entity) -> usize {
        self.store().all_docs(&TenantId::parse(TENANT).unwrap(), entity).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_linked_company_is_filled_at_once_and_kept_up_every_night() {
    let world = started(all()).await;
    let companies = world.busiest();
    world.pass(60_000);
    world.link(&[(1, Some(companies[0])), (2, Some(companies[1]))]).await;
    world.work().await;
    world.assert_kept(&companies[..2]).await;
    let units = world.stored_count(Entity::ContractServiceUnits).await;
    let contracts =
        world.expected(Source::Contracts, &companies[..2]).into_values().flatten().collect::<Vec<_>>();
    let is_theirs = |row: &Value| contracts.contains(&row["contractID"].as_i64().unwrap());
    let expected = world.control.truth(Source::ContractServiceUnits).into_iter().filter(is_theirs).count();
    assert_eq!(units, expected);

    // One more: the others are not read again.
    world.pass(60_000);
    let before = world.control.counters().requests;
    world.link(&[(3, Some(companies[2]))]).await;
    world.work().await;
    world.assert_kept(&companies[..3]).await;
    let n_requests = world.control.counters().requests - before;
    assert!(n_requests <= 20, "{n_requests} requests for one company");

    // Later edits, of linked companies and of others; an edit of what is left out stays outside.
    let moved = *world.expected(Source::Tickets, &companies[..1])[&companies[0]].first().unwrap();
    world.control.update(Source::Tickets, moved, json!({"companyID": companies[3]})).unwrap();
    world.pass(DAY_MS);
    world.night().await;
    assert!(!world.kept(Entity::Tickets).await.contains_key(&companies[3]));
    assert!(!world.kept(Entity::Tickets).await[&companies[0]].contains(&moved));
    world.control.update(Source::Tickets, moved, json!({"companyID": companies[1]})).unwrap();
    world.night().await;
    assert!(world.kept(Entity::Tickets).await[&companies[1]].contains(&moved));
}

#[tokio::test]
async fn a_company_that_is_linked_while_a_run_works_is_filled_after_it() {
    let world = started(all()).await;
    let companies = world.busiest();
    assert_eq!(world.run_now().await.0, 202);
    world.pass(1_000);
    world.link(&[(1, Some(companies[0]))]).await;
    world.work().await;
    world.assert_kept(&companies[..1]).await;
    let n_runs = world.runs().await.len();
    world.work().await;
    assert_eq!(world.runs().await.len(), n_runs, "it comes to rest");
}

#[tokio::test]
async fn missing_rights_are_named_and_do_not_make_runs_without_end() {
    let world = started(all()).await;
    world.control.set_rights(Source::Tickets, Rights::Forbidden);
    world.pass(60_000);
    world.link(&[(1, Some(world.busiest()[0]))]).await;
    world.work().await;
    let n_runs = world.runs().await.len();
    assert_eq!(n_runs, 2, "{:?}", world.log().await);
    assert_eq!(world.runs().await[0]["state"], "partly");
    world.control.set_rights(Source::Tickets, Rights::Full);
    world.night().await;
    world.assert_kept(&world.busiest()[..1]).await;
}

#[tokio::test]
async fn unticking_keeps_what_is_there_and_ticking_again_catches_up() {
    let world = started(all()).await;
    let companies = world.busiest();
    world.pass(60_000);
    world.link(&[(1, Some(companies[0]))]).await;
    world.work().await;
    let kept = world.kept(Entity::Tickets).await;
    let read_at = world.freshness(companies[0]).await["as_of"].clone();
    assert_eq!(
        world.freshness(companies[0]).await,
        json!({"entity": "tickets", "as_of": read_at, "is_pulled": true})
    );
    let (status, _) = world.save(supplement(json!({"contracts": true}))).await;
    assert_eq!(status, 200);
    world.link(&[(2, Some(companies[1]))]).await;
    world.night().await;
    assert_eq!(world.kept(Entity::Tickets).await, kept);
    let stale = json!({"entity": "tickets", "as_of": read_at, "is_pulled": false});
    assert_eq!(world.freshness(companies[0]).await, stale, "kept, and marked with its date");
    assert_eq!(world.save(supplement(all())).await.0, 200);
    world.night().await;
    assert!(world.kept(Entity::Tickets).await.contains_key(&companies[1]));
    let fresh = world.freshness(companies[0]).await;
    assert!(fresh["is_pulled"] == true && fresh["as_of"].as_str() > read_at.as_str(), "{fresh}");
    let (status, _) =
        world.map("GET", &format!("/v1/companies/{}/rollups", companies[5]), "", &NOTHING).await;
    assert_eq!(status, 404, "not linked");
}

#[tokio::test]
async fn assets_are_never_written_to_where_they_are_it_glues() {
    let world = World::start().await;
    let draft = json!({"primary_source": "it_glue", "warranty_write_back": true});
    let (status, refused) = world.put(&world.draft(0, draft)).await;
    assert_eq!((status, &refused["error"]["details"]["field"]), (400, &json!("warranty_write_back")));
}

#[tokio::test]
async fn what_waits_and_what_is_missing_is_told_by_the_links_alone() {
    let world = started(all()).await;
    let inbox = world.read("inbox", "").await;
    let kinds: Vec<&str> =
        inbox["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds, &inbox["items"][0]["count"]), (vec!["open_links"], &json!(4)), "{inbox}");

    let company_id = world.busiest()[0];
    let why = async || world.read("why-missing", &format!("query={company_id}")).await["findings"][0].clone();
    let finding = why().await;
    assert_eq!((&finding["is_shown"], &finding["broken"]), (&json!(false), &json!("company")), "{finding}");
    assert_eq!(finding["chain"][1]["fix"]["screen"], "company-links");
    world.link(&[(1, Some(company_id))]).await;
    assert_eq!(why().await["is_shown"], true);
    assert_eq!(world.read("inbox", "").await["items"][0]["count"], 3);
    let told = world.read("why-missing", "query=SN-1").await["text"].clone();
    assert!(told.as_str().unwrap().contains("come from IT Glue"), "{told}");
}
