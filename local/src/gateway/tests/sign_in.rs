//! The Authorization Code flow with PKCE, as the admin page does it.

use serde_json::{Value, json};

use super::{World, read};
use crate::form::Form;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A request for a code with some of its values replaced.
fn asked(world: &World, replaced: &[(&str, &str)]) -> String {
    let redirect_uri = format!("{}/callback", world.url);
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", "lci-admin"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "openid"),
        ("state", "s t&te"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in replaced {
        pairs.retain(|(other, _)| other != name);
        pairs.push((name, value));
    }
    Form::write(pairs.into_iter())
}

/// Status, and what the answer sends to the admin page.
async fn posted(world: &World, form: String) -> (u16, Form) {
    let response = world.request("POST", "/oauth2/authorize").body(form).send().await.unwrap();
    let location = response.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
    let query = location.map(|location| {
        let (address, query) = location.split_once('?').unwrap();
        assert_eq!(address, format!("{}/callback", world.url));
        query.to_owned()
    });
    (response.status().as_u16(), Form::parse(&query.unwrap_or_default()))
}

async fn exchanged(world: &World, code: &str, replaced: &[(&str, &str)]) -> (u16, Value) {
    let redirect_uri = format!("{}/callback", world.url);
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "lci-admin"),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    for (name, value) in replaced {
        pairs.retain(|(other, _)| other != name);
        pairs.push((name, value));
    }
    read(world.request("POST", "/oauth2/token").body(Form::write(pairs.into_iter()))).await
}

#[tokio::test]
async fn a_user_signs_in_and_calls_the_api() {
    let world = World::start().await;
    let (response, page) = world.page(&format!("/oauth2/authorize?{}", asked(&world, &[]))).await;
    assert_eq!(response.status(), 200);
    assert!(page.contains("value=\"reader\"") && page.contains("value=\"s t&#38;te\""), "{page}");
    let (status, sent) = posted(&world, asked(&world, &[("user", "reader")])).await;
    assert_eq!((status, sent.one("state")), (303, Some("s t&te")));
    let (status, tokens) = exchanged(&world, sent.one("code").unwrap(), &[]).await;
    assert_eq!(
        (status, &tokens["token_type"], &tokens["expires_in"]),
        (200, &json!("Bearer"), &json!(3_600))
    );
    let request = world.request("GET", "/v1/shops/1").bearer_auth(tokens["id_token"].as_str().unwrap());
    let event = world.event(request).await;
    let claims = &event["requestContext"]["authorizer"]["jwt"]["claims"];
    assert_eq!((&claims["role"], &claims["nonce"]), (&json!("reader"), &json!("n")));
    let again = exchanged(&world, sent.one("code").unwrap(), &[]).await;
    assert_eq!(again, (400, json!({"error": "invalid_grant"})));
}

#[tokio::test]
async fn a_code_is_for_who_asked_for_it() {
    let world = World::start().await;
    for (replaced, error) in [
        (("code_verifier", "another-verifier-of-forty-three-characters-"), "invalid_grant"),
        (("code_verifier", ""), "invalid_grant"),
        (("redirect_uri", "http://evil.example/callback"), "invalid_grant"),
        (("code", "guessed"), "invalid_grant"),
        (("client_id", "evil"), "invalid_client"),
        (("grant_type", "password"), "unsupported_grant_type"),
    ] {
        let (_, sent) = posted(&world, asked(&world, &[("user", "admin")])).await;
        let answered = exchanged(&world, sent.one("code").unwrap(), &[replaced]).await;
        assert_eq!(answered, (400, json!({ "error": error })), "{replaced:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_addresses_that_are_not_ours() {
    let world = World::start().await;
    let (near, other) = (format!("{}/callback/", world.url), format!("{}/callback?x=1", world.url));
    for replaced in [
        ("redirect_uri", near.as_str()),
        ("redirect_uri", &other),
        ("redirect_uri", "http://evil.example/callback"),
        ("redirect_uri", ""),
        ("client_id", "evil"),
    ] {
        let (status, sent) = posted(&world, asked(&world, &[replaced, ("user", "admin")])).await;
        assert_eq!((status, sent.pairs().len()), (400, 0), "{replaced:?}");
        let (response, _) = world.page(&format!("/oauth2/authorize?{}", asked(&world, &[replaced]))).await;
        assert_eq!(response.status(), 400, "{replaced:?}");
    }
}

#[tokio::test]
async fn half_a_request_gets_an_error_and_no_code() {
    let world = World::start().await;
    for (replaced, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("scope", "email"), "invalid_scope"),
        (("user", "root"), "access_denied"),
    ] {
        let (status, sent) = posted(&world, asked(&world, &[("user", "admin"), replaced])).await;
        assert_eq!((status, sent.one("error"), sent.one("code")), (303, Some(error), None), "{replaced:?}");
        assert_eq!(sent.one("state"), Some("s t&te"));
    }
}

#[tokio::test]
async fn a_browser_that_signed_in_is_not_asked_again_until_it_signs_out() {
    let world = World::start().await;
    let chosen = world.request("POST", "/oauth2/authorize").body(asked(&world, &[("user", "reader")]));
    let set = chosen.send().await.unwrap().headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = set.split(';').next().unwrap();
    let ask = async |replaced: &[(&str, &str)]| {
        let path = format!("/oauth2/authorize?{}", asked(&world, replaced));
        world.request("GET", &path).header("cookie", cookie).send().await.unwrap()
    };
    let response = ask(&[]).await;
    assert_eq!(response.status(), 303);
    let location = response.headers()["location"].to_str().unwrap();
    let sent = Form::parse(location.split_once('?').unwrap().1);
    let (status, _) = exchanged(&world, sent.one("code").unwrap(), &[]).await;
    assert_eq!(status, 200);
    assert_eq!(ask(&[("prompt", "login")]).await.status(), 200);
    assert_eq!(ask(&[("redirect_uri", "http://evil.example/callback")]).await.status(), 400);
    let path = "/oauth2/logout?post_logout_redirect_uri=http://evil.example/";
    let (response, _) = world.page(path).await;
    assert_eq!(response.headers()["location"], format!("{}/?signed-out", world.url));
    assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
}
