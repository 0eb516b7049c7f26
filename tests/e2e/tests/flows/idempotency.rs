//! `Idempotency-Key`: the same request twice is done once and answered alike.

use e2e::scene::Scene;
use e2e::served::{RUNS, SETTINGS, VERSIONS};
use e2e::wire::{Answer, Ask};
use serde_json::{Value, json};

fn ask(
    scene: &Scene,
    token: &str,
    method: &str,
    target: &str,
    key: &str,
    body: &Value,
) -> anyhow::Result<Answer> {
    let ask = Ask::new(method, target).token(token).header("Idempotency-Key", key).json(body.to_string());
    ask.send(scene.served.address())
}

fn put(scene: &Scene, key: &str, body: &Value) -> anyhow::Result<Answer> {
    ask(scene, &scene.admin, "PUT", SETTINGS, key, body)
}

fn n_saves(scene: &Scene, token: &str) -> anyhow::Result<usize> {
    let versions = scene.served.get(token, VERSIONS)?["versions"].clone();
    let is_save = |version: &&Value| version["what"] == "settings.saved";
    Ok(versions.as_array().map_or(0, |versions| versions.iter().filter(is_save).count()))
}

fn draft(version: u64, recipient: &str) -> Value {
    json!({"active": false, "username": "someone@demo.example", "version": version, "recipients": [recipient]})
}

#[test]
fn the_same_save_twice_is_one_save_with_one_answer() -> anyhow::Result<()> {
    let scene = Scene::demo()?;
    let (first, again) =
        (put(&scene, "save-1", &draft(0, "a@b.example"))?, put(&scene, "save-1", &draft(0, "a@b.example"))?);
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(again.status, 200);
    let other = put(&scene, "save-1", &draft(1, "c@d.example"))?;
    assert_eq!((other.status, other.code().as_deref()), (422, Some("idempotency_mismatch")));
    assert_eq!(n_saves(&scene, &scene.admin)?, 1);
    assert_eq!(scene.served.get(&scene.admin, SETTINGS)?["recipients"], json!(["a@b.example"]));
    Ok(())
}

#[test]
fn a_key_belongs_to_its_tenant_and_its_route() -> anyhow::Result<()> {
    let scene = Scene::demo()?;
    let (other, reader) = (scene.serve.token("other")?, scene.serve.token("reader")?);
    assert_eq!(put(&scene, "k", &draft(0, "a@b.example"))?.status, 200);
    assert_eq!(ask(&scene, &reader, "PUT", SETTINGS, "k", &draft(0, "a@b.example"))?.status, 403);
    assert_eq!(ask(&scene, &other, "PUT", SETTINGS, "k", &draft(0, "x@y.example"))?.status, 200);
    assert_eq!((n_saves(&scene, &scene.admin)?, n_saves(&scene, &other)?), (1, 1));
    let run = ask(&scene, &scene.admin, "POST", RUNS, "k", &json!({}))?;
    assert_eq!((run.status, run.code().as_deref()), (409, Some("conflict")), "{}", run.text());
    Ok(())
}

#[test]
fn a_refused_request_leaves_its_key_free() -> anyhow::Result<()> {
    let scene = Scene::demo()?;
    assert_eq!(put(&scene, "again", &draft(7, "a@b.example"))?.status, 409);
    assert_eq!(put(&scene, "again", &draft(0, "a@b.example"))?.status, 200);
    assert_eq!(n_saves(&scene, &scene.admin)?, 1);
    Ok(())
}

#[test]
fn the_same_request_by_many_at_once_is_done_once() -> anyhow::Result<()> {
    let scene = Scene::demo()?;
    let login =
        json!({"active": true, "username": "lciapi@demo.example", "password": "demo-password", "version": 0});
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| put(&scene, "at-once", &login))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<anyhow::Result<Vec<_>>>()
    })?;
    let done: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(!done.is_empty() && done.iter().all(|answer| answer.body == done[0].body));
    let busy = |answer: &&Answer| answer.json()["error"]["details"]["reason"] == "in_progress";
    assert_eq!(done.len() + answers.iter().filter(busy).count(), answers.len());
    assert_eq!(n_saves(&scene, &scene.admin)?, 1);
    scene.served.loaded(&scene.admin)?;
    Ok(())
}

#[test]
fn a_run_that_is_asked_for_twice_is_one_run() -> anyhow::Result<()> {
    let scene = Scene::demo()?;
    let login =
        json!({"active": true, "username": "lciapi@demo.example", "password": "demo-password", "version": 0});
    scene.served.save(&scene.admin, &login)?;
    scene.served.loaded(&scene.admin)?;
    let start = || ask(&scene, &scene.admin, "POST", RUNS, "run-1", &json!({"entities": ["companies"]}));
    let (first, again) = (start()?, start()?);
    assert_eq!((first.status, &first.body), (202, &again.body), "{}", first.text());
    let other = ask(&scene, &scene.admin, "POST", RUNS, "run-1", &json!({}))?;
    assert_eq!((other.status, other.code().as_deref()), (422, Some("idempotency_mismatch")));
    let id = first.json()["id"].clone();
    scene.served.settings_when(&scene.admin, |settings| settings["last_run"]["id"] == id)?;
    assert_eq!(start()?.body, first.body);
    assert_eq!(scene.served.get(&scene.admin, RUNS)?["runs"].as_array().map(Vec::len), Some(2));
    Ok(())
}
