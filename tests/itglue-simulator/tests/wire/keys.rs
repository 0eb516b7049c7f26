//! Keys and the limit of requests.

use crate::client::{world, world_with};
use itglue_simulator::{ApiKey, Config, KeyRefusal, KeyRights, KeyState, Region, RetryAfter};
use serde_json::json;

#[tokio::test]
async fn only_a_living_key_of_this_region_opens_the_door() {
    let mut world = world().await;
    let good = world.key.clone();
    world.control.configure(|config| {
        let dead = |secret: &str, state| ApiKey { state, ..ApiKey::active(secret) };
        config.keys.push(dead("revoked", KeyState::Revoked));
        config.keys.push(dead("expired", KeyState::Expired));
        config.keys.push(ApiKey { region: Region::Eu, ..ApiKey::active("european") });
    });
    for refusal in [KeyRefusal::Forbidden403, KeyRefusal::Unauthorized401] {
        world.control.configure(|config| config.key_refusal = refusal);
        for key in ["", "wrong", "revoked", "expired", "european"] {
            world.key = key.to_owned();
            let reply = world.get("/organizations").await;
            match refusal {
                KeyRefusal::Forbidden403 => {
                    assert_eq!((reply.status, reply.json()), (403, json!({"message": "Forbidden"})), "{key}");
                }
                KeyRefusal::Unauthorized401 => {
                    assert_eq!(reply.status, 401, "{key}");
                    assert_eq!(reply.json()["errors"][0]["title"], "Unauthorized", "{key}");
                }
            }
        }
    }
    world.key = good;
    assert_eq!(world.get("/organizations").await.status, 200);
    assert_eq!(world.control.counters().key_refusals, 10);
    world.control.revoke_key();
    assert_eq!(world.get("/organizations").await.status, 401);
    world.control.set_key_state(KeyState::Active);
    world.control.configure(|config| config.region = Region::Eu);
    assert_eq!(world.get("/organizations").await.status, 401);
}

#[tokio::test]
async fn rights_decide_what_a_good_key_may_do() {
    let world = world().await;
    let body = json!({"data": {"type": "organizations", "attributes": {"name": "Written"}}});
    for (rights, read, written) in [
        (KeyRights::Full, 200, 201),
        (KeyRights::ReadOnly, 200, 403),
        (KeyRights::None, 401, 401),
        (KeyRights::OtherAddress, 403, 403),
    ] {
        world.control.set_key_rights(rights);
        assert_eq!(world.get("/organizations").await.status, read, "{rights:?}");
        assert_eq!(world.post("/organizations", body.clone()).await.status, written, "{rights:?}");
    }
}

#[tokio::test]
async fn the_window_is_five_minutes_and_belongs_to_the_key() {
    let config = Config { is_clock_frozen: true, limit: 3, ..Config::small() };
    let mut world = world_with(config).await;
    world.control.configure(|config| config.keys.push(ApiKey::active("second")));
    for status in [200, 200, 200, 429, 429] {
        assert_eq!(world.get("/organizations").await.status, status);
    }
    assert_eq!(world.control.window_requests(&world.key), 3);
    world.control.advance_clock_ms(299_000);
    let reply = world.get("/organizations").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, None));
    assert_eq!(reply.json()["errors"][0]["title"], "Too Many Requests");
    world.control.configure(|config| config.retry_after = RetryAfter::Seconds(60));
    assert_eq!(world.get("/organizations").await.header("retry-after").as_deref(), Some("60"));
    world.control.configure(|config| config.retry_after = RetryAfter::HttpDate(60));
    let date = world.get("/organizations").await.header("retry-after");
    assert_eq!(date.as_deref(), Some("Fri, 20 Nov 2026 02:05:59 GMT"));
    let first = std::mem::replace(&mut world.key, "second".to_owned());
    assert_eq!(world.get("/organizations").await.status, 200);
    world.control.advance_clock_ms(1_000);
    world.key = first;
    assert_eq!(world.get("/organizations").await.status, 200);
    let key = world.key.clone();
    world.control.add_foreign_requests(&key, 2);
    assert_eq!(world.get("/organizations").await.status, 429);
    world.control.reset_limits();
    assert_eq!(world.get("/organizations").await.status, 200);
    assert_eq!(world.control.counters().limit_rejections, 6);
}

#[test]
fn the_limit_is_the_vendors() {
    let config = Config::default();
    assert_eq!((config.limit, config.window_s), (3_000, 300));
}
