//! A night that comes while a run is not over is not begun, and has a line in the pull log that names the run.

use serde_json::{Value, json};

use super::calls::TENANT;
use super::world::{DAY_MS, MINUTE_MS, World};

impl World {
    /// (begin, run in its place) of every night that was not begun, oldest first.
    async fn skipped(&self) -> Vec<(Value, Value)> {
        let mut lines = self.lines_of(TENANT).await;
        lines.retain(|line| line["state"] == "skipped");
        lines.reverse();
        lines.iter().map(|line| (line["started_at"].clone(), line["instead"].clone())).collect()
    }

    /// Moves the clock to the next night, and answers when that is.
    async fn reach_night(&self) -> Value {
        let night = self.settings().await["next_night_at"].clone();
        self.control.set_clock(night.as_str().unwrap()).unwrap();
        night
    }
}

#[tokio::test]
async fn a_night_that_comes_while_the_first_load_is_under_way_is_skipped_and_says_why() {
    let world = World::start().await;
    let first_load = world.begin_and_die().await["id"].clone();
    let night = world.reach_night().await;
    world.pass(3 * MINUTE_MS);
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.skipped().await, [(night.clone(), first_load)]);
    let line = world.lines_of(TENANT).await.remove(0);
    let asked = format!("runs/{}", line["id"].as_str().unwrap());
    assert_eq!(world.get(&asked).await, (200, line.clone()));
    assert_eq!((&line["kind"], &line["trigger"]), (&json!("nightly"), &json!("schedule")), "{line}");
    assert_eq!((&line["ended_at"], &line["percent"], &line["requests"]), (&night, &Value::Null, &json!(0)));

    world.night().await;
    assert_eq!(world.skipped().await.len(), 1, "the next one is begun");
    assert_eq!(world.log().await[0], ("nightly".to_owned(), "done".to_owned()));
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn nights_behind_a_refused_login_have_lines_once_it_is_corrected() {
    let world = World::start().await;
    world.load().await;
    world.control.configure(|config| "changed upstream".clone_into(&mut config.password));
    world.night().await;
    let refused = world.settings().await["run"]["id"].clone();
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.work().await;
    }
    assert_eq!(world.skipped().await, [], "until then the run says what is wrong");
    assert_eq!(world.save(json!({})).await.0, 200);
    world.work().await;
    let skipped = world.skipped().await;
    assert_eq!(skipped.len(), 3, "{skipped:?}");
    assert!(skipped.iter().all(|(_, instead)| *instead == refused), "{skipped:?}");
    let (status, page) = world.call(TENANT, "GET", "runs", "state=skipped&kind=nightly", &Value::Null).await;
    assert_eq!((status, page["runs"].as_array().map(Vec::len)), (200, Some(3)), "{page}");
}

#[tokio::test]
async fn nights_of_a_paused_integration_were_not_due() {
    let world = World::start().await;
    world.begin_and_die().await;
    world.check(false).await;
    world.pass(3 * MINUTE_MS);
    world.work().await;
    assert_eq!(world.settings().await["run"]["state"], "stopped");
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.work().await;
    }
    world.check(true).await;
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.skipped().await, []);
}
