//! Linking: "map companies" proposes, people decide, nothing is stored before they save.

use serde_json::{Value, json};
use shared::store::TenantId;
use shared_core::mapping::links::Organization;

use super::calls::TENANT;
use super::world::{MINUTE_MS, World};

async fn linked_world() -> (World, Vec<Value>) {
    let world = World::start().await;
    world.load().await;
    let companies =
        world.read("companies", "limit=1000&filter=active").await["rows"].as_array().unwrap().clone();
    let name = |at: usize| companies[at]["name"].as_str().unwrap().to_owned();
    let names = [name(0), format!("{}.", name(1).to_uppercase()), "Qwertz Unheard Of GmbH".to_owned()];
    let organizations: Vec<Organization> =
        names.into_iter().zip(1..).map(|(name, id)| Organization { id, name, is_active: true }).collect();
    let tenant = TenantId::parse(TENANT).unwrap();
    world.store().save_organizations(&tenant, &organizations).await.unwrap();
    (world, companies)
}

fn link(company: &Value, how: &str) -> Value {
    let id: i64 = company["key"].as_str().unwrap().parse().unwrap();
    json!({"is": "linked", "company_id": id, "how": how})
}

#[tokio::test]
async fn map_companies_proposes_and_save_changes_stores() {
    let (world, companies) = linked_world().await;
    let before = world.items().await;
    let (status, proposed) = world.map("POST", "company-links/auto-map", "", &json!({})).await;
    assert_eq!(status, 200, "{proposed}");
    assert_eq!(world.items().await, before, "nothing is stored by it");
    assert_eq!(proposed["counters"]["auto"], 2, "{proposed}");
    let tiers: Vec<&Value> =
        proposed["proposals"].as_array().unwrap().iter().map(|one| &one["tier"]).collect();
    assert_eq!(tiers[..2], [&json!("exact"), &json!("near")]);
    assert!(
        proposed["proposals"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| !one["reason"].as_str().unwrap().is_empty())
    );

    world.pass(MINUTE_MS);
    let changes: Vec<Value> = proposed["proposals"].as_array().unwrap()[..2]
        .iter()
        .map(|one| {
            let choice = json!({"is": "linked", "company_id": one["company"]["id"], "how": "auto", "reason": one["reason"]});
            json!({"key": one["key"], "choice": choice})
        })
        .collect();
    let (status, saved) =
        world.map("PUT", "company-links", "", &json!({"version": 0, "changes": changes})).await;
    assert_eq!((status, &saved["n_changes"]), (200, &json!(2)), "{saved}");
    let page = world.read("company-links", "").await;
    assert_eq!(page["counters"], json!({"all": 3, "linked": 2, "auto": 2, "excluded": 0, "open": 1}));
    assert_eq!(page["rows"][0]["company"]["name"], companies[0]["name"]);
    let (status, log) = world.call(TENANT, "GET", "runs", "with_auto_map=true", &Value::Null).await;
    assert_eq!((status, log["runs"].as_array().unwrap().len()), (200, 2), "{log}");
    let line = &log["runs"][0];
    assert_eq!(
        (&line["kind"], &line["trigger"], &line["state"]),
        (&json!("auto_map"), &json!("manual"), &json!("done"))
    );
    assert_eq!((&line["auto_map"]["n_auto"], &line["auto_map"]["version"]), (&json!(2), &json!(1)), "{line}");
    let (_, one) = world.get(&format!("runs/{}", line["id"].as_str().unwrap())).await;
    assert_eq!(&one, line);
    let (_, again) = world.map("POST", "company-links/auto-map", "", &json!({})).await;
    assert_eq!(again["counters"]["auto"], 0, "saved links stay, only open rows are proposed");
    let inbox = world.read("inbox", "").await;
    assert_eq!((&inbox["items"][0]["kind"], &inbox["items"][0]["count"]), (&json!("open_links"), &json!(1)));
}

#[tokio::test]
async fn a_corrected_proposal_is_not_made_again() {
    let (world, companies) = linked_world().await;
    let auto = json!({"version": 0, "changes": [{"key": "1", "choice": link(&companies[0], "auto")}]});
    assert_eq!(world.map("PUT", "company-links", "", &auto).await.0, 200);
    let open = json!({"version": 1, "changes": [{"key": "1", "choice": null}]});
    assert_eq!(world.map("PUT", "company-links", "", &open).await.0, 200);
    assert_eq!(n_auto_maps(&world).await, 1, "what a person takes back is no work of auto-map");
    let (_, proposed) = world.map("POST", "company-links/auto-map", "", &json!({})).await;
    let first = proposed["proposals"].as_array().unwrap().iter().find(|one| one["key"] == "1");
    assert!(first.is_none_or(|one| one["tier"] == "suggest"), "{first:?}");
    let suggestions = world.read("company-links/1/suggestions", "").await;
    assert_eq!(suggestions["suggestions"][0]["is_rejected"], true, "{suggestions}");
    let reverted = json!({"version": 2, "to": 1});
    assert_eq!(world.map("POST", "company-links/revert", "", &reverted).await.0, 200);
    assert_eq!(world.read("company-links", "").await["rows"][0]["state"], "linked");
    assert_eq!(n_auto_maps(&world).await, 1, "neither is going back to it");
}

/// Lines of the pull log that tell of auto-map.
async fn n_auto_maps(world: &World) -> usize {
    let (_, log) = world.call(TENANT, "GET", "runs", "kind=auto_map", &Value::Null).await;
    log["runs"].as_array().unwrap().len()
}

/// Links, exclusions, refused pairs and options: everything of the area that a save can change.
async fn decisions(world: &World) -> Value {
    let page = world.read("company-links", "").await;
    let of = |row: &Value| json!([row["key"], row["choice"], row["rejected"]]);
    let rows: Vec<Value> = page["rows"].as_array().unwrap().iter().map(of).collect();
    json!({"rows": rows, "is_strict": page["is_strict"], "excluded_types": page["excluded_types"]})
}

#[tokio::test]
async fn going_back_restores_links_exclusions_refused_pairs_and_options() {
    let (world, companies) = linked_world().await;
    let other: i64 = companies[2]["key"].as_str().unwrap().parse().unwrap();
    let saves = [
        json!([{"key": "1", "choice": link(&companies[0], "auto")}, {"key": "2", "choice": null, "rejects": [other]}]),
        json!([{"key": "1", "choice": {"is": "excluded"}, "rejects": [other]}, {"key": "3", "choice": {"is": "excluded"}}]),
        json!([{"key": "1", "choice": null}, {"key": "2", "choice": link(&companies[2], "manual")}]),
    ];
    let page = world.read("company-links", "").await;
    let mut history = vec![decisions(&world).await];
    for (version, changes) in saves.iter().enumerate() {
        let excluded_types: Vec<&Value> =
            page["company_types"].as_array().unwrap().iter().take(version).map(|one| &one["id"]).collect();
        let draft = json!({"version": version, "changes": changes, "is_strict": version == 1, "excluded_types": excluded_types});
        let (status, saved) = world.map("PUT", "company-links", "", &draft).await;
        assert_eq!(status, 200, "{saved}");
        history.push(decisions(&world).await);
    }
    let versions = world.read("company-links/versions", "").await["versions"].clone();
    let strict = |version: usize, when: &str| versions[3 - version]["options"][when]["is_strict"].clone();
    assert_eq!(versions[2]["options"], Value::Null, "the first save left the rules alone");
    assert_eq!([strict(2, "before"), strict(2, "after")], [false, true], "{versions}");
    assert_eq!([strict(3, "before"), strict(3, "after")], [true, false], "{versions}");
    for (version, to) in (3..).zip([2, 0, 3, 1]) {
        let (status, back) =
            world.map("POST", "company-links/revert", "", &json!({"version": version, "to": to})).await;
        assert_eq!((status, &back["version"]), (200, &json!(version + 1)), "{back}");
        assert_eq!(decisions(&world).await, history[to], "back to version {to}");
    }
}

#[tokio::test]
async fn companies_of_an_excluded_type_are_held_back_and_can_still_be_chosen() {
    let (world, companies) = linked_world().await;
    let page = world.read("company-links", "").await;
    let id_of = |row: &Value| {
        let types = page["company_types"].as_array().unwrap();
        types.iter().find(|one| one["name"] == row["type_name"]).unwrap()["id"].clone()
    };
    let excluded = json!([id_of(&companies[0])]);
    let tier = async |wish: Value| {
        let (status, proposed) = world.map("POST", "company-links/auto-map", "", &wish).await;
        assert_eq!(status, 200, "{proposed}");
        let one = proposed["proposals"].as_array().unwrap().iter().find(|one| one["key"] == "1").cloned();
        one.map(|one| one["tier"].clone())
    };
    assert_eq!(tier(json!({})).await, Some(json!("exact")));
    assert_eq!(tier(json!({"excluded_types": excluded})).await, Some(json!("suggest")), "as wished for");
    let (status, saved) = world
        .map("PUT", "company-links", "", &json!({"version": 0, "changes": [], "excluded_types": excluded}))
        .await;
    assert_eq!((status, &saved["version"]), (200, &json!(1)), "{saved}");
    assert_eq!(tier(json!({})).await, Some(json!("suggest")), "as stored");
    let by_hand = json!({"version": 1, "changes": [{"key": "1", "choice": link(&companies[0], "manual")}]});
    assert_eq!(world.map("PUT", "company-links", "", &by_hand).await.0, 200);
    assert_eq!(world.read("company-links", "").await["excluded_types"], excluded);
    let unknown = json!({"version": 2, "changes": [], "excluded_types": [987_654]});
    assert_eq!(world.map("PUT", "company-links", "", &unknown).await.0, 400);
}

#[tokio::test]
async fn two_organizations_share_a_company_only_if_somebody_says_so() {
    let (world, companies) = linked_world().await;
    let both = |is_shared: bool| {
        let mut choice = link(&companies[0], "manual");
        choice["is_shared"] = is_shared.into();
        json!({"version": 0, "changes": [{"key": "1", "choice": choice}, {"key": "2", "choice": choice}]})
    };
    let (status, refused) = world.map("PUT", "company-links", "", &both(false)).await;
    assert_eq!(
        (status, &refused["error"]["details"]["field"]),
        (400, &json!("changes[0].choice")),
        "{refused}"
    );
    assert_eq!(world.map("PUT", "company-links", "", &both(true)).await.0, 200);
    let rows = &world.read("company-links", "").await["rows"];
    assert_eq!((&rows[0]["n_shared"], &rows[1]["n_shared"]), (&json!(2), &json!(2)));
    let excluded = json!({"version": 1, "changes": [{"key": "3", "choice": {"is": "excluded"}}]});
    assert_eq!(world.map("PUT", "company-links", "", &excluded).await.0, 200);
    let (_, proposed) = world.map("POST", "company-links/auto-map", "", &json!({})).await;
    assert_eq!(proposed["proposals"], json!([]));
    let unknown = json!({"version": 2, "changes": [{"key": "3", "choice": {"is": "linked", "company_id": 99_999_999, "how": "manual"}}]});
    assert_eq!(world.map("PUT", "company-links", "", &unknown).await.0, 400);
}

#[tokio::test]
async fn companies_are_found_by_what_somebody_types() {
    let (world, companies) = linked_world().await;
    let name = companies[1]["name"].as_str().unwrap();
    let begin: String = name.to_lowercase().chars().take(4).collect();
    let query: String = form_urlencoded::byte_serialize(begin.as_bytes()).collect();
    let found = world.read("company-links/3/suggestions", &format!("search={query}&limit=50")).await;
    assert!(
        found["suggestions"].as_array().unwrap().iter().any(|one| one["company"]["name"] == name),
        "{found}"
    );
    let (status, _) = world.map("GET", "company-links/77/suggestions", "", &Value::Null).await;
    assert_eq!(status, 404);
}
