//! What a night brings that nobody has decided about: in the inbox, and told by mail once.

use autotask_simulator::Entity as Source;
use serde_json::json;

use super::world::World;

#[tokio::test]
async fn what_waits_for_a_decision_is_told_by_mail_once() {
    let world = World::start().await;
    world.load().await;
    world.night().await;
    let before = world.subjects().len();
    let rows = [
        (Source::ConfigurationItemTypes, json!({"name": "Badge reader", "isActive": true})),
        (Source::Companies, json!({"companyName": "Brand New Ltd", "companyType": 1, "isActive": true})),
        (Source::Companies, json!({"companyName": "Just A Lead", "companyType": 2, "isActive": true})),
    ];
    for (entity, fields) in rows {
        world.control.insert(entity, fields).unwrap();
    }
    world.night().await;
    let mails = world.mails();
    assert_eq!(mails.len(), before + 1, "{:?}", world.subjects());
    let mail = mails.last().unwrap();
    let text = mail.text.as_deref().unwrap();
    assert!(mail.subject.starts_with("New in Autotask: 1 asset type and 1 company"), "{}", mail.subject);
    assert!(text.contains("Badge reader") && text.contains("Brand New Ltd"), "{text}");
    assert!(!text.contains("Just A Lead"), "a lead is no client");

    world.night().await;
    assert_eq!(world.mails().len(), before + 1, "nobody decided, and nobody is told again");
    let types = world.read("asset-types", "").await;
    assert!(types["rows"].as_array().unwrap().iter().any(|row| row["is_new"] == true));

    world.control.insert(Source::ConfigurationItemTypes, json!({"name": "Robot", "isActive": true})).unwrap();
    world.night().await;
    let mails = world.mails();
    assert_eq!(mails.len(), before + 2);
    let text = mails.last().unwrap().text.as_deref().unwrap();
    assert!(text.contains("Robot") && !text.contains("Badge reader"), "{text}");
}

#[tokio::test]
async fn what_came_at_night_waits_in_the_inbox() {
    let world = World::start().await;
    world.load().await;
    let ids = world.control.ids(Source::Companies);
    let new = world.control.insert(
        Source::Companies,
        json!({"companyName": "Brand New Ltd", "companyType": 1, "isActive": true}),
    );
    let new = new.unwrap();
    assert!(!ids.contains(&new));
    world.night().await;
    let inbox = world.read("inbox", "").await;
    assert_eq!(
        (&inbox["items"][0]["kind"], &inbox["items"][0]["count"]),
        (&json!("undecided_companies"), &json!(1))
    );
    let found = world.read("companies", "filter=undecided").await;
    assert_eq!(found["rows"][0]["name"], "Brand New Ltd");
    assert_eq!((&found["rows"][0]["is_new"], &found["rows"][0]["is_active"]), (&json!(true), &json!(false)));
    let version = found["version"].as_u64().unwrap();
    assert_eq!(world.change("companies", version, &new.to_string(), json!("active")).await.0, 200);
    assert_eq!(world.read("inbox", "").await["items"], json!([]));
}

#[tokio::test]
async fn a_renamed_company_keeps_its_mapping_and_says_what_it_was() {
    let world = World::start().await;
    world.load().await;
    let companies = world.read("companies", "limit=1000&filter=active").await;
    let (key, name) = (companies["rows"][0]["key"].as_str().unwrap(), companies["rows"][0]["name"].clone());
    world
        .control
        .update(Source::Companies, key.parse().unwrap(), json!({"companyName": "Zzyzx Renamed"}))
        .unwrap();
    world.night().await;
    let found = world.read("companies", "search=zzyzx").await;
    assert_eq!(found["rows"][0]["was_name"], name);
    assert_eq!(found["rows"][0]["is_active"], true);
}
