//! Discovery, keys, and the sign-in by Authorization Code with PKCE.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::code::Grant;
use super::{CLIENT_ID, Issuer, User, browser, token};
use crate::form::Form;

/// The page loads nothing and sends its form to its own origin.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";

/// The routes of an issuer.
pub(crate) fn router(issuer: Issuer) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/.well-known/jwks.json", get(keys))
        .route("/oauth2/authorize", get(ask).post(choose))
        .route("/oauth2/token", post(exchange))
        .route("/oauth2/logout", get(leave))
        .with_state(issuer)
}

async fn discovery(State(issuer): State<Issuer>) -> Json<Value> {
    let url = issuer.url();
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/oauth2/authorize"),
        "token_endpoint": format!("{url}/oauth2/token"),
        "end_session_endpoint": format!("{url}/oauth2/logout"),
        "jwks_uri": format!("{url}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
        "claims_supported": ["iss", "aud", "sub", "iat", "exp", "token_use", "tenant", "role", "email", "nonce"],
    }))
}

async fn keys(State(issuer): State<Issuer>) -> Response {
    Json(issuer.keys()).into_response()
}

/// A request for a code that may be answered to its redirect address.
#[derive(Debug)]
struct Asked {
    redirect_uri: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct Page<'a> {
    users: [User; 4],
    fields: &'a [(String, String)],
}

async fn ask(State(issuer): State<Issuer>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let form = Form::parse(query.as_deref().unwrap_or_default());
    let asked = match asked(&issuer, &form) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let is_to_be_asked =
        form.one("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "login"));
    if let Some(user) = browser::user(&issuer, &headers).filter(|_| !is_to_be_asked) {
        return granted(&issuer, asked, user);
    }
    let page = Page { users: User::ALL, fields: form.pairs() }.render();
    page.map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |page| ([(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)], Html(page)).into_response(),
    )
}

async fn choose(State(issuer): State<Issuer>, body: Bytes) -> Response {
    let form = Form::parse_bytes(&body);
    let asked = match asked(&issuer, &form) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let Some(user) = form.one("user").and_then(User::from_name) else {
        return redirect(&asked.redirect_uri, &[("error", "access_denied"), ("state", &asked.state)]);
    };
    let mut response = granted(&issuer, asked, user);
    if let Some(cookie) = browser::cookie(&issuer, Some(user)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Sends a code for the user to the admin page.
fn granted(issuer: &Issuer, asked: Asked, user: User) -> Response {
    let Asked { redirect_uri, state, nonce, code_challenge } = asked;
    let grant = Grant { user, redirect_uri: redirect_uri.clone(), code_challenge, nonce };
    match issuer.0.codes.issue(grant, issuer.now_s()) {
        Some(code) => redirect(&redirect_uri, &[("code", &code), ("state", &state)]),
        None => redirect(&redirect_uri, &[("error", "temporarily_unavailable"), ("state", &state)]),
    }
}

/// Forgets who signed in, and goes back to the admin page, whatever address is asked for.
async fn leave(State(issuer): State<Issuer>) -> Response {
    let page = format!("{}/?signed-out", issuer.url());
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
    if let Some(cookie) = browser::cookie(&issuer, None) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn asked(issuer: &Issuer, form: &Form) -> Result<Asked, Box<Response>> {
    let value = |name: &str| form.one(name).unwrap_or_default();
    let redirect_uri = value("redirect_uri");
    // Without a known client and address the answer must not be sent anywhere.
    if value("client_id") != CLIENT_ID || redirect_uri != redirect_uri_of(issuer) {
        let text = format!("client_id must be {CLIENT_ID} and redirect_uri {}", redirect_uri_of(issuer));
        return Err(Box::new((StatusCode::BAD_REQUEST, text).into_response()));
    }
    let refusal = if value("response_type") != "code" {
        Some("unsupported_response_type")
    } else if value("code_challenge_method") != "S256" || value("code_challenge").len() != 43 {
        Some("invalid_request")
    } else if !value("scope").split(' ').any(|scope| scope == "openid") {
        Some("invalid_scope")
    } else {
        None
    };
    if let Some(error) = refusal {
        return Err(Box::new(redirect(redirect_uri, &[("error", error), ("state", value("state"))])));
    }
    Ok(Asked {
        redirect_uri: redirect_uri.to_owned(),
        state: value("state").to_owned(),
        nonce: form.one("nonce").map(str::to_owned),
        code_challenge: value("code_challenge").to_owned(),
    })
}

/// The one place of the admin page that takes codes.
fn redirect_uri_of(issuer: &Issuer) -> String {
    format!("{}/callback", issuer.url())
}

fn redirect(to: &str, pairs: &[(&str, &str)]) -> Response {
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let location = format!("{to}?{}", Form::write(pairs.copied()));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

async fn exchange(State(issuer): State<Issuer>, body: Bytes) -> Response {
    let form = Form::parse_bytes(&body);
    let value = |name: &str| form.one(name).unwrap_or_default();
    if value("grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    if value("client_id") != CLIENT_ID {
        return refused("invalid_client");
    }
    let codes = &issuer.0.codes;
    let granted = codes.redeem(value("code"), value("redirect_uri"), value("code_verifier"), issuer.now_s());
    let Some(grant) = granted else { return refused("invalid_grant") };
    match token::signed(&issuer, grant.user, grant.nonce.as_deref()) {
        // Bearers of this API are ID tokens; OAuth wants a field of the other name as well.
        Ok(token) => uncached(
            StatusCode::OK,
            json!({"id_token": token, "access_token": token, "token_type": "Bearer", "expires_in": token::LIFETIME_S}),
        ),
        Err(error) => {
            tracing::error!("no token: {error:#}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refused(error: &str) -> Response {
    uncached(StatusCode::BAD_REQUEST, json!({ "error": error }))
}

fn uncached(status: StatusCode, body: Value) -> Response {
    const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
    (status, NO_STORE, Json(body)).into_response()
}
