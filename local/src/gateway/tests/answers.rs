use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::front::{MAX_BODY_BYTES, MAX_READ_BYTES};
use super::{AdminPage, World, message, read};

/// What the functions of these tests do.
pub(super) async fn answer(function: &'static str, event: Value, n_slow: Arc<AtomicUsize>) -> Value {
    let how = event["pathParameters"]["how"].as_str().unwrap_or_default();
    match how {
        "nothing" => Value::Null,
        "text" => json!("done"),
        "panic" => panic!("a function that breaks off"),
        "never" => std::future::pending().await,
        "binary" => json!({"statusCode": 203, "headers": {"content-type": "image/png"}, "body": "AP/+",
            "isBase64Encoded": true, "cookies": ["a=1", "b=2"]}),
        "slow" => {
            n_slow.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            json!({"statusCode": 200})
        }
        _ => {
            json!({"statusCode": 200, "headers": {"content-type": "application/json", "x-function": function},
            "body": event.to_string()})
        }
    }
}

#[tokio::test]
async fn answers_become_http() {
    let world = World::start().await;
    let response = world.signed("POST", "/answers/binary").send().await.unwrap();
    assert_eq!(response.status(), 203);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.headers()["apigw-requestid"].len(), 16);
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.bytes().await.unwrap()[..], [0, 255, 254]);
}

#[tokio::test]
async fn failing_functions_are_told_in_the_real_words() {
    let world = World::start().await;
    for (how, status, words) in [
        ("nothing", 500, "Internal Server Error"),
        ("text", 500, "Internal Server Error"),
        ("panic", 500, "Internal Server Error"),
    ] {
        let answered = read(world.signed("POST", &format!("/answers/{how}"))).await;
        assert_eq!(answered, (status, message(words)), "{how}");
    }
    let impatient = World::with(AdminPage::Building, Vec::new(), Duration::from_millis(10)).await;
    let answered = read(impatient.signed("POST", "/answers/never")).await;
    assert_eq!(answered, (503, message("Service Unavailable")));
}

#[tokio::test]
async fn unknown_routes_and_methods_are_not_found() {
    let world = World::start().await;
    for (method, path) in [
        ("GET", "/v1/shops"),
        ("GET", "/v1/shops/1/"),
        ("GET", "/v1/shops/a%2Fb"),
        ("DELETE", "/v1/shops/1"),
        ("GET", "/my/value1"),
        ("POST", "/"),
        ("GET", "/nowhere"),
    ] {
        assert_eq!(read(world.signed(method, path)).await, (404, message("Not Found")), "{method} {path}");
    }
    assert_eq!(read(world.signed("GET", "/v1/shops/%ff")).await, (400, message("Bad Request")));
}

#[tokio::test]
async fn a_head_is_as_long_as_the_real_gateway_takes_it() {
    let world = World::start().await;
    let of = |length: usize| read(world.signed("GET", "/v1/shops/1").header("x-long", "x".repeat(length)));
    assert_eq!(of(8_000).await.0, 200);
    for length in [10_240, 100_000] {
        assert_eq!(of(length).await, (431, message("Request Header Fields Too Large")), "{length}");
    }
}

#[tokio::test]
async fn the_plainest_route_wins() {
    let world = World::start().await;
    for (path, function) in [("/v1/shops/open", "open-shops"), ("/v1/shops/shut", "shops")] {
        let response = world.signed("GET", path).send().await.unwrap();
        assert_eq!(response.headers()["x-function"], function, "{path}");
    }
}

#[tokio::test]
async fn bodies_over_the_limit_are_refused() {
    let world = World::start().await;
    let post = |n_bytes: usize| world.signed("POST", "/answers/slow").body(vec![b'x'; n_bytes]);
    assert_eq!(post(MAX_BODY_BYTES).send().await.unwrap().status(), 200);
    let too_large = read(post(MAX_BODY_BYTES + 1)).await;
    assert_eq!(too_large, (413, message("Request Entity Too Large")));
    // The sender may be cut off before it reads the answer, but it is never let through.
    if let Ok(response) = post(MAX_READ_BYTES + 1).send().await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(world.n_slow.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn names_of_others_are_refused() {
    let world = World::start().await;
    for path in ["/v1/shops/1", "/outbox", "/oauth2/authorize", "/.well-known/jwks.json"] {
        let request = world.signed("GET", path).header("host", "rebound.example");
        assert_eq!(read(request).await, (403, message("Forbidden")), "{path}");
    }
}
