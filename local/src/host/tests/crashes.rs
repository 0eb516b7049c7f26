//! A worker dies at any of its writes, or does not hear that one succeeded: the result is that of a clean run.

use std::sync::Arc;

use autotask_simulator::{Config as Source, Entity, Sizes};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::calls::{TENANT, event};
use super::cut::{Cut, Fault};
use super::world::{MINUTE_MS, World};
use crate::host::{INITIAL, NIGHTLY};

/// More writes than any slice here makes: the loop must end before it.
const MAX_WRITES: usize = 400;
/// How long a crash may go unnoticed: the lease and the sign of life last 90 s, a claim of a mail 5 minutes.
const NOTICED_WITHIN_MIN: i64 = 10;
/// Worlds at once; workers mostly wait for Autotask's slots.
const N_WORLDS: usize = 6;

fn few() -> Source {
    let sizes = Sizes {
        companies: 3,
        contacts: 4,
        assets: 10,
        products: 2,
        contracts: 1,
        tickets: 1,
        opportunities: 1,
        resources: 1,
    };
    Source { sizes, ..Source::small() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    Initial,
    /// With an edit, a deletion and a new asset.
    Night,
    /// With a password that was changed upstream.
    RefusedNight,
}

impl Story {
    /// A world in which the doorbell of the story was just rung; the doorbell.
    async fn begin(self) -> (World, Value) {
        let world = World::on(few()).await;
        if self == Self::Initial {
            world.set_up(TENANT).await;
            let doorbell = world.doorbells(INITIAL).await.remove(0);
            return (world, doorbell);
        }
        world.load().await;
        let night = world.settings().await["next_night_at"].as_str().unwrap().to_owned();
        world.control.set_clock(&night).unwrap();
        if self == Self::Night {
            change_assets(&world);
        } else {
            world.control.configure(|config| "changed".clone_into(&mut config.password));
            world.control.reset_counters();
        }
        world.pass(2_000);
        assert_eq!(world.tick().await, 1);
        let doorbell = world.doorbells(NIGHTLY).await.remove(0);
        (world, doorbell)
    }

    /// The pull log afterwards.
    fn log(self) -> Vec<(String, String)> {
        let row = |kind: &str, state: &str| (kind.to_owned(), state.to_owned());
        match self {
            Self::Initial => vec![row("initial", "done")],
            Self::Night => vec![row("nightly", "done"), row("initial", "done")],
            Self::RefusedNight => vec![row("nightly", "credentials"), row("initial", "done")],
        }
    }

    /// Mails afterwards, that of the first load among them.
    fn n_mails(self) -> usize {
        if self == Self::RefusedNight { 2 } else { 1 }
    }

    fn status(self) -> &'static str {
        if self == Self::RefusedNight { "credentials" } else { "healthy" }
    }
}

fn change_assets(world: &World) {
    let assets = world.control.ids(Entity::ConfigurationItems);
    world.control.update(Entity::ConfigurationItems, assets[0], json!({"location": "Rack 7"})).unwrap();
    world.control.delete(Entity::ConfigurationItems, assets[1]).unwrap();
    let new = json!({"companyID": 0, "referenceTitle": "NEW", "isActive": true});
    world.control.insert(Entity::ConfigurationItems, new).unwrap();
}

/// Minute after minute, nobody rings but the planner.
async fn recover(world: &World) {
    world.tell().await;
    for _ in 0..NOTICED_WITHIN_MIN {
        world.lose_doorbells().await;
        world.pass(MINUTE_MS);
        world.tick().await;
        world.ring(INITIAL).await;
        world.ring(NIGHTLY).await;
        world.tell().await;
    }
}

/// Plays the story with one fault; answers whether there were so many writes.
async fn play(story: Story, fault: Fault, at: usize) -> bool {
    let (world, doorbell) = story.begin().await;
    let cut = Cut::at(fault, at);
    world.ring_mortal(&cut, doorbell).await;
    let hit = cut.hit();
    let about = format!("{story:?}, {fault:?} at write {at} ({})", hit.as_deref().unwrap_or("none"));
    recover(&world).await;
    assert_eq!(world.log().await, story.log(), "{about}");
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new(), "{about}");
    let subjects = world.subjects();
    assert_eq!(subjects.len(), story.n_mails(), "{about}: {subjects:?}");
    let settings = world.settings().await;
    assert_eq!(settings["status"], story.status(), "{about}");
    if story == Story::RefusedNight {
        assert!(world.logins().1 <= 2, "{about}: only a worker that died untold is followed by a second try");
    } else {
        assert_eq!(settings["run"], Value::Null, "{about}");
        assert!(settings["next_night_at"].as_str().unwrap() > world.control.now().as_str(), "{about}");
    }
    hit.is_some()
}

/// Plays it with the fault at every write there is; several worlds at once.
async fn play_all(story: Story, fault: Fault) {
    let slots = Arc::new(tokio::sync::Semaphore::new(N_WORLDS));
    let mut plays = JoinSet::new();
    let mut n_hit = 0;
    for at in 1..MAX_WRITES {
        let slot = Arc::clone(&slots).acquire_owned().await.unwrap();
        plays.spawn(async move {
            let is_hit = play(story, fault, at).await;
            drop(slot);
            is_hit
        });
        let mut is_over = false;
        while let Some(played) = plays.try_join_next() {
            let is_hit = played.unwrap();
            n_hit += usize::from(is_hit);
            is_over |= !is_hit;
        }
        if is_over {
            break;
        }
    }
    for played in plays.join_all().await {
        n_hit += usize::from(played);
    }
    let fewest = if story == Story::RefusedNight { 8 } else { 20 };
    assert!((fewest..MAX_WRITES - 1).contains(&n_hit), "{n_hit} writes were hit");
}

/// The first save is cut off at one of its writes, and the admin saves again; answers whether there were so many.
async fn save_twice(fault: Fault, at: usize) -> bool {
    let world = World::on(few()).await;
    let cut = Cut::at(fault, at);
    let save = event(TENANT, "admin", "PUT", "settings", "", &world.draft(0, json!({})));
    // Nobody hears what a dead function answers.
    let _ = settings::handle(save, &world.mortal_settings(&cut)).await;
    // An attempt whose end is not known counts as refused for a while.
    world.pass(MINUTE_MS);
    world.lose_doorbells().await;
    let (status, saved) = world.save(json!({})).await;
    let about = format!("{fault:?} at write {at} ({:?})", cut.hit());
    assert_eq!((status, &saved["active"]), (200, &json!(true)), "{about}: {saved}");
    recover(&world).await;
    assert_eq!(world.log().await, Story::Initial.log(), "{about}");
    assert_eq!((world.subjects().len(), world.differences(TENANT).await), (1, Vec::new()), "{about}");
    cut.hit().is_some()
}

#[tokio::test]
async fn a_first_save_that_is_cut_off_anywhere_and_repeated_starts_one_first_load() {
    for fault in [Fault::Death, Fault::LostAnswer] {
        let mut at = 1;
        while save_twice(fault, at).await {
            at += 1;
        }
        assert!(at > 5, "{at} writes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_load_whose_worker_dies_at_any_write_ends_as_if_it_had_not() {
    play_all(Story::Initial, Fault::Death).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_load_that_does_not_hear_of_any_one_success_ends_as_if_it_had() {
    play_all(Story::Initial, Fault::LostAnswer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_whose_worker_dies_at_any_write_ends_as_if_it_had_not() {
    play_all(Story::Night, Fault::Death).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_that_does_not_hear_of_any_one_success_ends_as_if_it_had() {
    play_all(Story::Night, Fault::LostAnswer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_night_is_told_once_whatever_its_worker_dies_over() {
    play_all(Story::RefusedNight, Fault::Death).await;
    play_all(Story::RefusedNight, Fault::LostAnswer).await;
}
