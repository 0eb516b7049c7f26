//! Mappings: what is shown, counted, saved, taken back and explained.

use std::collections::BTreeMap;

use autotask_simulator::Entity as Source;
use serde_json::{Value, json};
use shared::store::Store;
use shared_core::entity::Entity;
use shared_core::facets::Facet;

use super::calls::{TENANT, event};
use super::world::World;

impl World {
    /// Calls `mappings` or `auto-map`.
    pub(super) async fn map(&self, method: &str, path: &str, query: &str, body: &Value) -> (u64, Value) {
        self.map_as("admin", method, path, query, body).await
    }

    async fn map_as(&self, role: &str, method: &str, path: &str, query: &str, body: &Value) -> (u64, Value) {
        let mut event = event(TENANT, role, method, path, query, body);
        if let Some(path) = path.strip_prefix('/') {
            event["rawPath"] = format!("/{path}").into();
        }
        let is_auto = path.ends_with("/auto-map") || path.ends_with("/suggestions");
        let function = match path.strip_prefix("/v1/integrations/it-glue/") {
            Some("settings") => "settings",
            Some(_) => "test-settings",
            None if is_auto => "auto-map",
            None => "mappings",
        };
        let answer = self.host.call(function, event).await.unwrap();
        let body = answer["body"].as_str().unwrap_or_default();
        let body = serde_json::from_str(body).unwrap_or_else(|_| body.into());
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    pub(super) async fn read(&self, path: &str, query: &str) -> Value {
        let (status, body) = self.map("GET", path, query, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(super) async fn change(&self, area: &str, version: u64, key: &str, choice: Value) -> (u64, Value) {
        let draft = json!({"version": version, "changes": [{"key": key, "choice": choice}]});
        self.map("PUT", area, "", &draft).await
    }
}

/// The live facets of an entity, and what the records say instead.
async fn facets_and_records(store: &Store, entity: Entity) -> (BTreeMap<i64, Facet>, BTreeMap<i64, Facet>) {
    let tenant = shared::store::TenantId::parse(TENANT).unwrap();
    let facets = store.load_facets(&tenant, entity).await.unwrap();
    let live = facets.rows().filter(|(_, facet)| facet.gone_on().is_none()).collect();
    let mut records = BTreeMap::new();
    for doc in store.all_docs(&tenant, entity).await.unwrap() {
        let record: Value = serde_json::from_str(&doc).unwrap();
        let id = record["id"].as_i64().unwrap();
        records.insert(id, facets.get(id).unwrap());
        match facets.get(id).unwrap() {
            Facet::Asset(asset) => {
                assert_eq!(record["company_id"].as_i64(), Some(asset.company_id));
                assert_eq!(record["type_id"].as_i64(), asset.type_id);
                assert_eq!(record["category_id"].as_i64(), asset.category_id);
                assert_eq!(record["is_active"].as_bool(), asset.is_active);
            }
            Facet::Company(company) => {
                assert_eq!(record["name"].as_str().unwrap_or_default(), company.name);
                assert_eq!(record["is_active"].as_bool(), company.is_active);
            }
        }
    }
    (live, records)
}

fn sum(rows: &Value, field: &str) -> u64 {
    rows.as_array().unwrap().iter().map(|row| row[field].as_u64().unwrap()).sum()
}

fn row<'r>(rows: &'r Value, key: &str) -> &'r Value {
    rows.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap()
}

#[tokio::test]
async fn facets_follow_the_records_through_loads_edits_and_deletions() {
    let world = World::start().await;
    world.load().await;
    for entity in [Entity::Assets, Entity::Companies] {
        let (facets, records) = facets_and_records(&world.store(), entity).await;
        assert!(!records.is_empty());
        assert_eq!(facets, records);
    }
    let ids: Vec<i64> = world.control.ids(Source::ConfigurationItems);
    world.control.update(Source::ConfigurationItems, ids[3], json!({"isActive": false})).unwrap();
    world.control.delete(Source::ConfigurationItems, ids[5]).unwrap();
    world.night().await;
    let (facets, records) = facets_and_records(&world.store(), Entity::Assets).await;
    assert_eq!(facets, records);
    assert!(!facets.contains_key(&ids[5]));
    let Some(Facet::Asset(edited)) = facets.get(&ids[3]) else { panic!("no facet") };
    assert_eq!(edited.is_active, Some(false));
}

#[tokio::test]
async fn the_first_load_chooses_active_customers_and_calls_nothing_new() {
    let world = World::start().await;
    world.load().await;
    let companies = world.read("companies", "limit=1000").await;
    let counters = &companies["counters"];
    assert!(counters["active"].as_u64().unwrap() > 0, "{counters}");
    assert_eq!(counters["undecided"], 0);
    for company in companies["rows"].as_array().unwrap() {
        let is_client = company["type_name"] == "Customer" && company["is_source_active"] == true;
        assert_eq!(company["is_active"], json!(is_client && company["key"] != "0"), "{company}");
        assert_eq!(company["changed_by"], "lifecycle-insights");
    }
    let types = world.read("asset-types", "").await;
    let rows = types["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["is_new"] == false));
    // Each asset of the simulator has a category.
    assert!(rows.iter().all(|row| sum(&row["categories"], "n_assets") == row["n_assets"].as_u64().unwrap()));
    assert_eq!(world.read("inbox", "").await["items"], json!([]));
    let versions = world.read("companies/versions", "").await;
    assert_eq!(versions["versions"][0]["what"], "first_load");
}

#[tokio::test]
async fn a_preview_counts_what_a_save_then_shows_and_a_revert_brings_it_back() {
    let world = World::start().await;
    world.load().await;
    let types = world.read("asset-types", "").await;
    let (version, first) = (types["version"].as_u64().unwrap(), &types["rows"][0]);
    let key = first["key"].as_str().unwrap();
    let draft = json!({"version": version, "changes": [{"key": key, "choice": "ignore"}]});
    let (status, effect) = world.map("POST", "asset-types/preview", "", &draft).await;
    assert_eq!(status, 200, "{effect}");
    assert_eq!(world.read("asset-types", "").await, types, "a preview stores nothing");
    let removed = effect["assets"]["removed"].as_u64().unwrap();
    assert!(removed > 0 && removed <= first["n_assets"].as_u64().unwrap(), "{effect}");

    let shown = async |world: &World| {
        let companies = world.read("companies", "limit=1000&filter=active").await;
        let mut n_shown = 0;
        for company in companies["rows"].as_array().unwrap() {
            let path = format!("/v1/companies/{}/assets", company["key"].as_str().unwrap());
            n_shown += world.read(&path, "").await["rows"].as_array().unwrap().len() as u64;
        }
        n_shown
    };
    assert_eq!(shown(&world).await, effect["assets"]["before"].as_u64().unwrap());
    let (status, saved) = world.map("PUT", "asset-types", "", &draft).await;
    assert_eq!((status, &saved["n_changes"]), (200, &json!(1)), "{saved}");
    assert_eq!(shown(&world).await, effect["assets"]["after"].as_u64().unwrap());

    let revert = json!({"version": saved["version"], "to": version});
    let (status, reverted) = world.map("POST", "asset-types/revert", "", &revert).await;
    assert_eq!(status, 200, "{reverted}");
    assert_eq!(shown(&world).await, effect["assets"]["before"].as_u64().unwrap());
    let history = world.read("asset-types/versions", "limit=2").await;
    assert_eq!(history["versions"][0]["what"], "reverted");
    assert_eq!(history["versions"][1]["changes"][0]["after"], "ignore");
    let older =
        world.read("asset-types/versions", &format!("cursor={}", history["cursor"].as_str().unwrap())).await;
    assert_eq!(older["versions"][0]["what"], "first_load");
}

#[tokio::test]
async fn two_admins_at_once_lose_no_edit() {
    let world = World::start().await;
    world.load().await;
    let types = world.read("asset-types", "").await;
    let version = types["version"].as_u64().unwrap();
    let keys: Vec<&str> =
        types["rows"].as_array().unwrap().iter().take(2).map(|row| row["key"].as_str().unwrap()).collect();
    let (first, second) = tokio::join!(
        world.change("asset-types", version, keys[0], json!("server")),
        world.change("asset-types", version, keys[0], json!("printer")),
    );
    let (won, lost) = if first.0 == 200 { (first, second) } else { (second, first) };
    assert_eq!((won.0, lost.0), (200, 409), "{won:?} {lost:?}");
    assert_eq!(lost.1["error"]["code"], "version_conflict");
    let details = &lost.1["error"]["details"];
    assert_eq!(details["conflict_keys"], json!([keys[0]]));
    assert_eq!(details["conflicts"][0]["key"], keys[0]);
    assert_ne!(details["conflicts"][0]["yours"], details["conflicts"][0]["theirs"]);
    assert_eq!(details["conflicts"][0]["changed_by"], "admin@acme.example");
    // Another row: nothing to quarrel about, but what was previewed is no longer what is there.
    let (status, other) = world.change("asset-types", version, keys[1], json!("laptop")).await;
    assert_eq!((status, &other["error"]["details"]["conflicts"]), (409, &json!([])));
    assert_eq!(other["error"]["details"]["changed"][0]["key"], keys[0]);
    let now = other["error"]["details"]["version"].as_u64().unwrap();
    assert_eq!(world.change("asset-types", now, keys[1], json!("laptop")).await.0, 200);
    let rows = &world.read("asset-types", "").await["rows"];
    assert_eq!(row(rows, keys[1])["choice"], "laptop");
    assert_ne!(row(rows, keys[0])["choice"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused_by_field_and_stores_nothing() {
    let world = World::start().await;
    world.load().await;
    let before = world.items().await;
    let keys = [("asset-types", "none"), ("asset-statuses", "active")];
    for (area, key) in keys {
        let version = world.read(area, "").await["version"].as_u64().unwrap();
        for (draft, field) in [
            (json!({"version": version, "changes": [{"key": "x", "choice": "server"}]}), "changes[0].key"),
            (json!({"version": version, "changes": [{"key": key, "choice": "x"}]}), "changes[0].choice"),
            (
                json!({"version": version, "changes": [{"key": key, "choice": null}, {"key": key, "choice": null}]}),
                "changes[1].key",
            ),
            (json!({"version": version, "new_targets": ["Ignore"]}), "new_targets[0]"),
            (json!({"version": version + 9}), "version"),
            (json!({"version": version, "x": 1}), "x"),
        ] {
            let (status, answer) = world.map("PUT", area, "", &draft).await;
            assert_eq!(
                (status, &answer["error"]["details"]["field"]),
                (400, &json!(field)),
                "{draft}: {answer}"
            );
        }
    }
    let (status, answer) = world.map_as("reader", "PUT", "asset-types", "", &json!({"version": 1})).await;
    assert_eq!(status, 403, "{answer}");
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn a_target_of_ones_own_can_be_added_and_chosen_at_once() {
    let world = World::start().await;
    world.load().await;
    let version = world.read("asset-types", "").await["version"].as_u64().unwrap();
    let draft = json!({"version": version, "new_targets": ["Kiosk"], "changes": [{"key": "none", "choice": "Kiosk"}]});
    assert_eq!(world.map("PUT", "asset-types", "", &draft).await.0, 200);
    let types = world.read("asset-types", "").await;
    assert_eq!(row(&types["rows"], "none")["target"], "own-kiosk");
    let has_kiosk =
        |types: &Value| types["targets"].as_array().unwrap().iter().any(|target| target["name"] == "Kiosk");
    assert!(has_kiosk(&types));
    for (back, version, expected) in [(version, version + 1, false), (version + 1, version + 2, true)] {
        let wish = json!({"version": version, "to": back});
        assert_eq!(world.map("POST", "asset-types/revert", "", &wish).await.0, 200);
        assert_eq!(has_kiosk(&world.read("asset-types", "").await), expected, "back at version {back}");
    }
    let types = world.read("asset-types", "").await;
    assert_eq!(row(&types["rows"], "none")["target"], "own-kiosk", "it went back and forth");
}

#[tokio::test]
async fn a_plan_limit_is_kept_by_the_first_load_and_by_every_save() {
    let world = World::start().await;
    world.load().await;
    let companies = world.read("companies", "limit=1000").await;
    let (version, active) =
        (companies["version"].as_u64().unwrap(), companies["counters"]["active"].as_u64().unwrap());
    let inactive =
        companies["rows"].as_array().unwrap().iter().find(|row| row["is_active"] == false).unwrap();
    let key = inactive["key"].as_str().unwrap();
    let draft = json!({"version": version, "changes": [{"key": key, "choice": "active"}]});
    let mut limited = event(TENANT, "admin", "PUT", "companies", "", &draft);
    limited["requestContext"]["authorizer"]["jwt"]["claims"]["plan_limit"] = active.to_string().into();
    let answer = world.host.call("mappings", limited).await.unwrap();
    assert_eq!(answer["statusCode"], 409, "{answer}");
    assert!(answer["body"].as_str().unwrap().contains(&format!("allows {active} active companies")));
    assert_eq!(world.read("companies", "limit=1").await["version"], version);
    assert_eq!(world.map("PUT", "companies", "", &draft).await.0, 200, "without a limit it can be");
}

#[tokio::test]
async fn lists_are_paged_searched_and_exported() {
    let world = World::start().await;
    world.load().await;
    let all = world.read("companies", "limit=1000").await;
    let n_all = all["counters"]["all"].as_u64().unwrap();
    assert_eq!(all["rows"].as_array().unwrap().len() as u64, n_all);
    let (mut paged, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = world.read("companies", &query).await;
        paged.extend(page["rows"].as_array().unwrap().clone());
        match page["cursor"].as_str() {
            Some(cursor) => query = format!("limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(json!(paged), all["rows"]);
    let name = all["rows"][2]["name"].as_str().unwrap();
    let found =
        world.read("companies", &format!("search={}", name.replace(' ', "+").replace('&', "%26"))).await;
    assert!(found["rows"].as_array().unwrap().iter().any(|row| row["name"] == name), "{found}");
    let (status, csv) = world.map("GET", "companies/csv", "", &Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(csv.as_str().unwrap().lines().count() as u64, n_all + 1);
    let types = world.read("asset-types", "").await;
    let statuses = world.read("asset-statuses", "").await;
    assert_eq!(sum(&types["rows"], "n_assets"), sum(&statuses["rows"], "n_assets"));
    assert_eq!(sum(&types["rows"], "n_assets"), sum(&all["rows"], "n_assets"));
}

#[tokio::test]
async fn why_something_is_missing_names_the_first_broken_link() {
    let world = World::start().await;
    world.load().await;
    let tenant = shared::store::TenantId::parse(TENANT).unwrap();
    let companies = world.read("companies", "limit=1000&filter=active").await;
    let company =
        companies["rows"].as_array().unwrap().iter().find(|row| row["n_active_assets"] != 0).unwrap();
    let company_id = company["key"].as_str().unwrap();
    let docs = world.store().by_company(&tenant, Entity::Assets, company_id.parse().unwrap()).await.unwrap();
    let assets: Vec<Value> = docs.iter().map(|doc| serde_json::from_str(doc).unwrap()).collect();
    let asset =
        assets.iter().find(|asset| asset["serial_number"].is_string() && asset["is_active"] == true).unwrap();
    let serial = asset["serial_number"].as_str().unwrap();
    let why = async |world: &World, query: &str| {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        world.read("why-missing", &format!("query={query}")).await
    };
    let finding = async |world: &World| {
        let why = why(world, &serial.to_lowercase()).await;
        why["findings"].as_array().unwrap().iter().find(|one| one["id"] == asset["id"]).unwrap().clone()
    };
    assert_eq!(
        (&finding(&world).await["is_shown"], &finding(&world).await["broken"]),
        (&json!(true), &Value::Null)
    );

    let key = asset["type_id"].as_i64().map_or_else(|| "none".to_owned(), |id| id.to_string());
    let version = async |world: &World, area: &str| world.read(area, "").await["version"].as_u64().unwrap();
    let ignored =
        world.change("asset-types", version(&world, "asset-types").await, &key, json!("ignore")).await;
    assert_eq!(ignored.0, 200);
    let found = finding(&world).await;
    assert_eq!((&found["broken"], &found["is_shown"]), (&json!("type"), &json!(false)));
    assert_eq!(found["chain"][2]["fix"]["screen"], "asset-types");
    assert_eq!(found["chain"][2]["fix"]["key"], json!(key));

    let off =
        world.change("companies", version(&world, "companies").await, company_id, json!("inactive")).await;
    assert_eq!(off.0, 200);
    assert_eq!(finding(&world).await["broken"], "company", "the first of two broken links");

    let id = asset["id"].as_i64().unwrap();
    world.control.delete(Source::ConfigurationItems, id).unwrap();
    world.night().await;
    let gone = finding(&world).await;
    assert_eq!(gone["broken"], "visible", "{gone}");
    assert!(gone["chain"][0]["text"].as_str().unwrap().contains("no longer since 2026-11-2"), "{gone}");
    let never = why(&world, "NO-SUCH-SERIAL").await;
    assert_eq!(never["findings"], json!([]));
    assert!(never["text"].as_str().unwrap().contains("never"));
}
