use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::{Value, json};

use super::World;

const RECORDED: &str = include_str!("../../../../events/api-gateway-v2.json");

#[test]
fn the_recorded_payload_is_one() {
    let event: ApiGatewayV2httpRequest = serde_json::from_str(RECORDED).unwrap();
    assert_eq!(event.route_key.as_deref(), Some("POST /my/{parameter1}"));
    assert_eq!(event.query_string_parameters.all("parameter1"), Some(vec!["value1", "value2"]));
}

/// Everything is compared, except for what names the caller, the host and the call.
#[tokio::test]
async fn a_request_becomes_the_recorded_payload() {
    let world = World::start().await;
    let request = world
        .signed("POST", "/my/value1?parameter1=value1&parameter1=value2&parameter2=value")
        .header("Header1", "value1")
        .header("Header2", "value1")
        .header("Header2", "value2")
        .header("cookie", "cookie1; cookie2")
        .header("user-agent", "agent")
        .header("content-type", "text/plain; charset=utf-8")
        .body("Hello from Lambda");
    let mut event = world.event(request).await;
    let mut recorded: Value = serde_json::from_str(RECORDED).unwrap();
    for replaced in [
        "/requestContext/accountId",
        "/requestContext/apiId",
        "/requestContext/requestId",
        "/requestContext/domainName",
        "/requestContext/domainPrefix",
        "/requestContext/http/sourceIp",
        "/requestContext/authorizer/jwt/claims",
    ] {
        *event.pointer_mut(replaced).unwrap() = Value::Null;
        *recorded.pointer_mut(replaced).unwrap() = Value::Null;
    }
    let headers = recorded["headers"].take();
    let sent = event["headers"].take();
    for (name, value) in headers.as_object().unwrap() {
        assert_eq!(sent[name], *value, "{name}");
    }
    assert_eq!(event, recorded);
}

#[tokio::test]
async fn context_and_claims_are_those_of_the_call() {
    let world = World::start().await;
    let event = world.event(world.signed("GET", "/v1/shops/7").header("x-forwarded-for", "192.0.2.9")).await;
    let context = &event["requestContext"];
    assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
    assert_eq!((&context["domainName"], &context["domainPrefix"]), (&json!("127.0.0.1"), &json!("127")));
    let claims = &context["authorizer"]["jwt"]["claims"];
    assert!(claims.as_object().unwrap().values().all(Value::is_string), "{claims}");
    assert_eq!((&claims["tenant"], &claims["exp"]), (&json!("demo"), &json!("1583352238")));
    assert_eq!(event["headers"]["x-forwarded-for"], "192.0.2.9,127.0.0.1");
    assert!(event["headers"]["authorization"].as_str().unwrap().starts_with("Bearer "));
    for absent in ["body", "cookies", "queryStringParameters"] {
        assert_eq!(event.get(absent), None, "{absent}");
    }
    let other = world.event(world.signed("GET", "/v1/shops/7")).await;
    assert_ne!(context["requestId"], other["requestContext"]["requestId"]);
}

#[tokio::test]
async fn paths_and_queries_are_decoded_once() {
    let world = World::start().await;
    let path = "/v1/shops/caf%C3%A9%20100%2525?q=a%2Bb+c&q=%26&empty=&%C3%A9=1&flag";
    let event = world.event(world.signed("GET", path)).await;
    assert_eq!(event["rawPath"], "/v1/shops/café 100%25");
    assert_eq!(event["pathParameters"], json!({"shop": "café 100%25"}));
    assert_eq!(event["rawQueryString"], "q=a%2Bb+c&q=%26&empty=&%C3%A9=1&flag");
    assert_eq!(event["queryStringParameters"], json!({"q": "a+b c,&", "empty": "", "é": "1", "flag": ""}));
}

#[tokio::test]
async fn only_text_is_handed_on_as_text() {
    let world = World::start().await;
    for (content_type, body, handed_on, is_base64) in [
        ("application/json", &b"{\"a\":1}"[..], "{\"a\":1}", false),
        ("Application/JSON; charset=utf-8", b"1", "1", false),
        ("text/csv", "é".as_bytes(), "é", false),
        ("text/plain", b"\xff", "/w==", true),
        ("application/octet-stream", b"abc", "YWJj", true),
        ("application/x-www-form-urlencoded", b"a=1", "YT0x", true),
        ("image/png", b"\x00\xff", "AP8=", true),
    ] {
        let request = world.signed("POST", "/my/x").header("content-type", content_type).body(body.to_vec());
        let event = world.event(request).await;
        assert_eq!(
            (&event["body"], &event["isBase64Encoded"]),
            (&json!(handed_on), &json!(is_base64)),
            "{content_type}"
        );
    }
}
