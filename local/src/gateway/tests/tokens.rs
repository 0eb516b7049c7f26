use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

use super::{World, message, read};
use crate::issuer::{CLIENT_ID, Issuer, User, testing};

const NOW_S: u64 = testing::NOW_MS / 1_000;

fn claims(issuer: &Issuer) -> Value {
    json!({"iss": issuer.url(), "aud": CLIENT_ID, "sub": "admin", "iat": NOW_S, "exp": NOW_S + 60,
        "tenant": "demo", "role": "admin", "email": "admin@demo.example"})
}

fn changed(issuer: &Issuer, changes: &Value) -> String {
    let mut claims = claims(issuer);
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    testing::forged(issuer, &testing::header(issuer), &claims)
}

async fn status(world: &World, token: &str) -> u16 {
    let request = world.request("GET", "/v1/shops/1").header("authorization", token);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    if status == 401 {
        assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_token\"");
        assert_eq!(response.json::<Value>().await.unwrap(), message("Unauthorized"));
    }
    status
}

#[tokio::test]
async fn claims_decide() {
    let world = World::start().await;
    for (changes, expected) in [
        (json!({}), 200),
        (json!({"aud": ["somebody", CLIENT_ID]}), 200),
        (json!({"nbf": NOW_S}), 200),
        (json!({"exp": NOW_S - 20}), 200),
        (json!({"iat": NOW_S + 20, "nbf": NOW_S + 20}), 200),
        (json!({"exp": NOW_S - 40}), 401),
        (json!({"exp": 0}), 401),
        (json!({"exp": null}), 401),
        (json!({"exp": "tomorrow"}), 401),
        (json!({"nbf": NOW_S + 40}), 401),
        (json!({"nbf": "yesterday"}), 401),
        (json!({"iat": NOW_S + 40}), 401),
        (json!({"iss": "http://127.0.0.1:1"}), 401),
        (json!({"iss": format!("{}/", world.url)}), 401),
        (json!({"iss": null}), 401),
        (json!({"aud": "somebody"}), 401),
        (json!({"aud": ["somebody"]}), 401),
        (json!({"aud": []}), 401),
        (json!({"aud": null}), 401),
    ] {
        let token = changed(&world.issuer, &changes);
        assert_eq!(status(&world, &format!("Bearer {token}")).await, expected, "{changes}");
    }
}

#[tokio::test]
async fn signatures_decide() {
    let world = World::start().await;
    let issuer = &world.issuer;
    let (header, claims) = (testing::header(issuer), claims(issuer));
    let good = testing::forged(issuer, &header, &claims);
    let unsigned = good.rsplit_once('.').unwrap().0;
    let stranger =
        Issuer::in_memory("127.0.0.1:1".parse().unwrap(), std::sync::Arc::new(shared::clock::SystemClock));
    let stranger = stranger.unwrap();
    let of_stranger = testing::forged(&stranger, &header, &claims);
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = format!("{}.{}.", part(json!({"alg": "none", "kid": header.kid})), part(claims.clone()));
    let swapped = good.replace(good.split('.').nth(1).unwrap(), &part(json!({"tenant": "other"})));
    let kid = |kid: Option<&str>| Header { kid: kid.map(str::to_owned), ..header.clone() };
    let other_hash = Header { alg: Algorithm::RS384, ..header.clone() };
    for (what, token) in [
        ("another key under our name", of_stranger.as_str()),
        ("another key under its own name", &testing::forged(&stranger, &testing::header(&stranger), &claims)),
        ("an unknown key", &testing::forged(issuer, &kid(Some("unknown")), &claims)),
        ("no name of a key", &testing::forged(issuer, &kid(None), &claims)),
        ("another hash", &testing::forged(issuer, &other_hash, &claims)),
        ("no algorithm", &none),
        ("no signature", &format!("{unsigned}.")),
        ("two parts", unsigned),
        ("swapped claims", &swapped),
        ("garbage", "garbage"),
        ("nothing", ""),
        ("only dots", ".."),
        ("four parts", &format!("{good}.{good}")),
    ] {
        assert_eq!(status(&world, &format!("Bearer {token}")).await, 401, "{what}");
    }
    assert_eq!(status(&world, &format!("Basic {good}")).await, 401);
    assert_eq!(status(&world, &good).await, 200, "the scheme may be missing");
}

/// HS256 with whatever an attacker may take for the secret: all of it is public.
#[tokio::test]
async fn the_public_key_is_no_secret() {
    let world = World::start().await;
    let (_, keys) = read(world.request("GET", "/.well-known/jwks.json")).await;
    let key = &keys["keys"][0];
    let modulus = key["n"].as_str().unwrap();
    let jwk = key.to_string();
    let header = Header { alg: Algorithm::HS256, ..testing::header(&world.issuer) };
    for secret in [modulus.as_bytes(), &URL_SAFE_NO_PAD.decode(modulus).unwrap(), jwk.as_bytes(), b""] {
        let secret = EncodingKey::from_secret(secret);
        let token = jsonwebtoken::encode(&header, &claims(&world.issuer), &secret).unwrap();
        assert_eq!(status(&world, &format!("Bearer {token}")).await, 401);
    }
}

#[tokio::test]
async fn without_a_token_nothing_passes() {
    let world = World::start().await;
    let response = world.request("GET", "/v1/shops/1").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["www-authenticate"]),
        (401, &"Bearer".parse().unwrap())
    );
    assert_eq!(response.json::<Value>().await.unwrap(), message("Unauthorized"));
}

/// Verified as any stranger would: discovery, keys, token.
#[tokio::test]
async fn a_stranger_can_verify_our_tokens() {
    let world = World::start().await;
    let (_, about) = read(world.request("GET", "/.well-known/openid-configuration")).await;
    assert_eq!(about["issuer"], json!(world.url));
    let keys = about["jwks_uri"].as_str().unwrap().strip_prefix(&world.url).unwrap();
    let (_, keys) = read(world.request("GET", keys)).await;
    assert_eq!(
        keys["keys"][0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["alg", "e", "kid", "kty", "n", "use"]
    );
    let keys: JwkSet = serde_json::from_value(keys).unwrap();
    for (user, tenant, role, email) in [
        (User::Admin, "demo", "admin", "admin@demo.example"),
        (User::Reader, "demo", "reader", "reader@demo.example"),
        (User::Other, "other", "admin", "admin@other.example"),
        (User::Limited, "limited", "admin", "admin@limited.example"),
    ] {
        let token = world.issuer.token(user).unwrap();
        let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[CLIENT_ID]);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap().claims;
        let mut expected = json!({"iss": world.url, "aud": CLIENT_ID, "sub": user.name(), "iat": NOW_S, "exp": NOW_S + 3_600,
            "token_use": "id", "tenant": tenant, "role": role, "email": email});
        if let Some(limit) = user.plan_limit() {
            expected["plan_limit"] = json!(limit);
        }
        assert_eq!(claims, expected);
    }
}

#[test]
fn a_folder_names_the_last_listener() {
    let folder = tempfile::tempdir().unwrap();
    let clock = || std::sync::Arc::new(shared::clock::SystemClock);
    let before = Issuer::of_folder(folder.path(), clock()).unwrap();
    assert_eq!(before.url(), "http://127.0.0.1:8080");
    let listening = Issuer::listening(folder.path(), "127.0.0.1:4711".parse().unwrap(), clock()).unwrap();
    let after = Issuer::of_folder(folder.path(), clock()).unwrap();
    assert_eq!((after.url(), listening.url()), ("http://127.0.0.1:4711", "http://127.0.0.1:4711"));
    assert!(before.keys() == listening.keys() && listening.keys() == after.keys());
}
