//! The client against the simulator, on a real wire.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use itglue_simulator::{
    Config, Control, Edit, Fault, FaultAction, Garble, KeyRefusal, KeyRights, Plan, Resource, RetryAfter,
    Simulator,
};
use serde_json::Value;
use shared_core::itglue::{KeyFault, Region};

use super::{ItGlueClient, ItGlueConfig, ItGlueError, Listing, base_url};
use crate::autotask::Patience;
use crate::autotask::address::AddressPolicy;
use crate::clock::Clock;

/// A clock that moves only when told.
#[derive(Debug, Default)]
struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct World {
    _simulator: Simulator,
    control: Control,
    client: ItGlueClient,
    clock: Arc<HandClock>,
}

fn config_for(base_url: String) -> ItGlueConfig {
    let policy = AddressPolicy { allow_loopback_http: true, ..AddressPolicy::it_glue() };
    ItGlueConfig { base_url, policy, patience: Patience::Probe, extra_ca_pem: None }
}

async fn world(config: Config) -> World {
    let key = config.first_key().to_owned();
    world_with_key(config, &key).await
}

async fn world_with_key(config: Config, key: &str) -> World {
    let simulator = Simulator::start(config).await.unwrap();
    let clock = Arc::new(HandClock::default());
    let client = ItGlueClient::new(key.into(), config_for(simulator.base_url()), clock.clone()).unwrap();
    World { control: simulator.control(), _simulator: simulator, client, clock }
}

/// The simulator's own list, by id: name and whether its status is «Inactive».
fn truth(control: &Control) -> BTreeMap<i64, (String, bool)> {
    let row = |row: &Value| {
        let attributes = &row["attributes"];
        let is_active = attributes["organization-status-name"] != "Inactive";
        let id = row["id"].as_str().unwrap().parse().unwrap();
        (id, (attributes["name"].as_str().unwrap().to_owned(), is_active))
    };
    control.truth().iter().map(row).collect()
}

fn found(listing: &Listing) -> BTreeMap<i64, (String, bool)> {
    listing.organizations().map(|one| (one.id, (one.name.clone(), one.is_active))).collect()
}

#[tokio::test]
async fn all_organizations_come_over_many_pages_and_nothing_is_written() {
    let world = world(Config { n_own: 2_300, ..Config::small() }).await;
    let listing = world.client.organizations().await.unwrap();
    assert!(listing.is_complete() && listing.rejected().is_empty());
    assert_eq!(found(&listing), truth(&world.control));
    let counters = world.control.counters();
    assert_eq!((counters.requests, counters.writes), (5, 0), "three pages and two cuts");
    assert_eq!((world.client.totals().0, world.client.totals().2), (5, 0));
    assert_eq!(world.client.count_organizations().await, Ok(2_301));
}

#[tokio::test]
async fn pages_that_shift_are_read_again() {
    let world = world(Config { n_own: 1_500, ..Config::small() }).await;
    let first_id = world.control.ids()[0];
    let edits = vec![Edit::Remove { id: first_id }, Edit::add("Added while reading")];
    world.control.plan(Plan { after_page: 1, edits });
    let listing = world.client.organizations().await.unwrap();
    assert!(listing.is_complete());
    assert_eq!(found(&listing), truth(&world.control));
    assert!(world.control.counters().requests > 3);
}

#[tokio::test]
async fn a_listing_may_be_put_away_between_two_requests() {
    let world = world(Config { n_own: 1_500, ..Config::small() }).await;
    let mut listing = Listing::default();
    while world.client.advance(&mut listing).await.unwrap() {
        let kept = serde_json::to_string(&listing).unwrap();
        listing = serde_json::from_str(&kept).unwrap();
    }
    assert!(listing.is_complete());
    assert_eq!(found(&listing), truth(&world.control));
}

async fn refused(world: &World, want: KeyFault) {
    for _ in 0..2 {
        assert_eq!(world.client.count_organizations().await, Err(ItGlueError::Key(want)));
    }
    assert_eq!(world.control.counters().requests, 1, "a refused key is not sent again");
}

#[tokio::test]
async fn a_refused_key_is_sent_once() {
    for key_refusal in [KeyRefusal::Forbidden403, KeyRefusal::Unauthorized401] {
        let world = world_with_key(Config { key_refusal, ..Config::small() }, "wrong").await;
        refused(&world, KeyFault::Refused).await;
    }
    for (rights, want) in
        [(KeyRights::None, KeyFault::NoRights), (KeyRights::OtherAddress, KeyFault::Address)]
    {
        let world = world(Config::small()).await;
        world.control.set_key_rights(rights);
        refused(&world, want).await;
    }
    let world = world_with_key(Config::small(), "a key\nwith two lines").await;
    refused(&world, KeyFault::Refused).await;
}

#[tokio::test]
async fn a_key_that_is_revoked_half_way_ends_the_listing() {
    let world = world(Config { n_own: 1_500, ..Config::small() }).await;
    let mut listing = Listing::default();
    assert_eq!(world.client.advance(&mut listing).await, Ok(true));
    world.control.revoke_key();
    assert_eq!(world.client.advance(&mut listing).await, Err(ItGlueError::Key(KeyFault::Refused)));
    assert!(!listing.is_over());
}

#[tokio::test]
async fn outages_and_broken_answers_are_asked_again() {
    let world = world(Config::small()).await;
    for action in [
        FaultAction::Html { status: 503 },
        FaultAction::Html { status: 200 },
        FaultAction::Html { status: 403 },
        FaultAction::Errors { status: 500, detail: "deadlock".to_owned() },
        FaultAction::TruncatedJson,
        FaultAction::CutOff,
        FaultAction::Garble { garble: Garble::NoData, row_idx: 0 },
    ] {
        world.control.clear_faults();
        world.control.add_fault(Fault::new(action.clone()).on(Resource::Organizations).times(1));
        let listing = world.client.organizations().await.unwrap();
        assert_eq!((listing.is_complete(), found(&listing)), (true, truth(&world.control)), "{action:?}");
    }
    assert!(world.client.totals().2 > 0, "it waited in between");
}

#[tokio::test]
async fn pages_that_do_not_come_through_become_smaller() {
    let world = world(Config { n_own: 700, ..Config::small() }).await;
    world.control.add_fault(Fault::new(FaultAction::CutOff).times(2));
    let listing = world.client.organizations().await.unwrap();
    assert_eq!((listing.is_complete(), found(&listing)), (true, truth(&world.control)));
    assert_eq!(world.control.counters().requests, 5, "two failures, two pages of 500, one cut");
}

#[tokio::test]
async fn an_outage_without_end_is_given_up() {
    let world = world(Config::small()).await;
    world.control.add_fault(Fault::new(FaultAction::Html { status: 502 }));
    let error = world.client.organizations().await.unwrap_err();
    let last = "status 502".to_owned();
    assert_eq!(error, ItGlueError::Unavailable { n_attempts: 2, last, is_size_suspect: false });
}

#[tokio::test]
async fn refusals_of_the_request_and_redirects_end_the_call() {
    let world = world(Config::small()).await;
    let elsewhere = FaultAction::Redirect { location: "https://elsewhere.example/".to_owned() };
    world.control.add_fault(Fault::new(elsewhere).times(1));
    let said = "no reason given".to_owned();
    assert_eq!(world.client.count_organizations().await, Err(ItGlueError::Refused { status: 302, said }));
    world
        .control
        .add_fault(Fault::new(FaultAction::Errors { status: 422, detail: "odd".to_owned() }).times(1));
    let said = "Unprocessable Entity: odd".to_owned();
    assert_eq!(world.client.count_organizations().await, Err(ItGlueError::Refused { status: 422, said }));
    assert_eq!(world.control.counters().requests, 2);
}

#[tokio::test]
async fn after_a_429_nothing_is_sent_until_the_time_asked_for_is_over() {
    let world = world(Config { limit: 2, retry_after: RetryAfter::Seconds(60), ..Config::small() }).await;
    for _ in 0..2 {
        assert!(world.client.count_organizations().await.is_ok());
    }
    let throttled = |wait_ms| Err(ItGlueError::Throttled { wait_ms });
    assert_eq!(world.client.count_organizations().await, throttled(60_000));
    world.clock.0.store(20_000, Ordering::SeqCst);
    assert_eq!(world.client.count_organizations().await, throttled(40_000));
    assert_eq!(world.control.counters().requests, 3, "the second refusal was our own");
    world.clock.0.store(60_000, Ordering::SeqCst);
    world.control.reset_limits();
    assert!(world.client.count_organizations().await.is_ok());
}

#[tokio::test]
async fn one_bad_record_is_a_rejection_with_its_reason() {
    let world = world(Config::small()).await;
    let garble = Garble::WrongType { attribute: "name".to_owned(), value: Value::from(vec![1]) };
    world.control.add_fault(Fault::new(FaultAction::Garble { garble, row_idx: 4 }));
    let listing = world.client.organizations().await.unwrap();
    assert!(listing.is_complete());
    let bad_id = world.control.ids()[4];
    let rejected = &listing.rejected()[0];
    assert_eq!((rejected.id, rejected.attribute.as_deref()), (Some(bad_id), Some("name")));
    assert_eq!(listing.organizations().len() + 1, world.control.ids().len());
}

#[tokio::test]
async fn keys_go_to_allowed_addresses_only_and_are_never_shown() {
    let clock = Arc::new(HandClock::default());
    for (base, is_allowed) in [
        (base_url(Region::Us), true),
        (base_url(Region::Eu), true),
        (base_url(Region::Au), true),
        ("http://api.itglue.com", false),
        ("http://127.0.0.1:1", false),
        ("https://itglue.example", false),
        ("https://user:canary@api.itglue.com", false),
    ] {
        let config = ItGlueConfig { policy: AddressPolicy::it_glue(), ..config_for(base.to_owned()) };
        let client = ItGlueClient::new("ITG.canary".into(), config, clock.clone());
        assert_eq!(client.is_ok(), is_allowed, "{base}");
        let shown = format!("{client:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
