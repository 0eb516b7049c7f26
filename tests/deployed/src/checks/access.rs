//! Who may call the API: every documented route is tried, so that a new one cannot be forgotten.

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::BASE;
use crate::stack::Stack;

const DOCUMENT: &str = "admin/openapi.json";

/// A route as the document tells it.
struct Documented {
    method: Method,
    /// With values in place of parameters.
    path: String,
    /// Whether it asks for the role admin.
    is_admins: bool,
}

fn documented(stack: &Stack) -> anyhow::Result<Vec<Documented>> {
    let document: Value = serde_json::from_slice(&std::fs::read(stack.tools.root.join(DOCUMENT))?)?;
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().context("the document has no paths")? {
        // Every other piece is the name of a parameter.
        let pieces = path.split(['{', '}']).enumerate();
        let path: String = pieces.map(|(at, piece)| if at % 2 == 0 { piece } else { "1" }).collect();
        for (method, route) in methods.as_object().context("a path without methods")? {
            // Beside the methods stands what they share.
            let Some(role) = route["x-lci-role"].as_str() else { continue };
            let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
            routes.push(Documented { method, path: path.clone(), is_admins: role == "admin" });
        }
    }
    ensure!(routes.len() >= 9, "{} routes are documented", routes.len());
    Ok(routes)
}

async fn status_of(stack: &Stack, route: &Documented, token: Option<&str>) -> anyhow::Result<u16> {
    let empty = json!({});
    let body = matches!(route.method, Method::POST | Method::PUT).then_some(&empty);
    Ok(stack.api.call(route.method.clone(), &route.path, token, body).await?.0)
}

/// No token, and every kind of bad one, is refused on every route before a function sees it.
pub(super) async fn only_good_tokens_pass(stack: &Stack) -> anyhow::Result<()> {
    let mut tokens = stack.issuer.bad_tokens("acme")?;
    tokens.push(("that is empty", String::new()));
    for route in documented(stack)? {
        let about = format!("{} {}", route.method, route.path);
        let status = status_of(stack, &route, None).await?;
        ensure!(status == 401, "{about} without a token: {status}");
        for (what, token) in &tokens {
            let status = status_of(stack, &route, Some(token)).await?;
            ensure!(status == 401, "{about} with a token {what}: {status}");
        }
    }
    let path = format!("{BASE}/settings");
    let (status, body) = stack.api.get(&path, &stack.issuer.token("acme", "admin")?).await?;
    ensure!(status == 200, "a good token: {status} {body}");
    Ok(())
}

/// The role is read from the token: a reader gets nowhere near what is an admin's, and a role that is none nowhere at all.
pub(super) async fn roles_open_their_routes_and_no_others(stack: &Stack) -> anyhow::Result<()> {
    let reader = stack.issuer.token("acme", "reader")?;
    let nobody = stack.issuer.token("acme", "owner")?;
    for route in documented(stack)? {
        let about = format!("{} {}", route.method, route.path);
        let status = status_of(stack, &route, Some(&reader)).await?;
        ensure!((status == 403) == route.is_admins && status != 401, "{about} as reader: {status}");
        let status = status_of(stack, &route, Some(&nobody)).await?;
        ensure!(status == 403, "{about} with a role that is none: {status}");
    }
    Ok(())
}

/// Each route is wired to a function that finds what it needs: an empty body may be refused, but nothing breaks.
pub(super) async fn every_documented_route_works_for_an_admin(stack: &Stack) -> anyhow::Result<()> {
    let admin = stack.issuer.token("acme", "admin")?;
    for route in documented(stack)? {
        let status = status_of(stack, &route, Some(&admin)).await?;
        let is_well = status < 500 && ![401, 403].contains(&status);
        ensure!(is_well, "{} {} as admin: {status}", route.method, route.path);
    }
    Ok(())
}

/// A tenant that never saved anything is shown nothing of anybody's.
pub(super) async fn a_stranger_sees_an_empty_tenant(stack: &Stack) -> anyhow::Result<()> {
    let token = stack.issuer.token("stranger", "admin")?;
    let (status, body) = stack.api.get(&format!("{BASE}/settings"), &token).await?;
    ensure!((status, &body["version"], &body["username"]) == (200, &json!(0), &json!("")), "{status} {body}");
    let bad = stack.issuer.token("ACME#x", "admin")?;
    let (status, body) = stack.api.get(&format!("{BASE}/settings"), &bad).await?;
    ensure!(status == 403, "a tenant id that is none: {status} {body}");
    Ok(())
}

/// The admin of another tenant neither sees nor changes what the first one has, whatever they name.
pub(super) async fn another_tenants_admin_reaches_nothing(stack: &Stack) -> anyhow::Result<()> {
    let (own, other) = (stack.issuer.token("acme", "admin")?, stack.issuer.token("stranger", "admin")?);
    let (_, runs) = stack.api.get(&format!("{BASE}/runs"), &own).await?;
    let run = runs["runs"][0]["id"].as_str().context("no run is listed")?.to_owned();
    let (_, before) = stack.api.get(&format!("{BASE}/settings"), &own).await?;

    let (status, body) = stack.api.get(&format!("{BASE}/runs/{run}"), &other).await?;
    ensure!(status == 404, "the run of another tenant: {status} {body}");
    let (_, runs) = stack.api.get(&format!("{BASE}/runs"), &other).await?;
    ensure!(runs["runs"] == json!([]), "the runs of another tenant: {runs}");
    for path in [format!("{BASE}/settings?confirm=acme"), format!("{BASE}/settings?confirm=acme&tenant=acme")]
    {
        let (status, body) = stack.api.call(Method::DELETE, &path, Some(&other), None).await?;
        ensure!((400..500).contains(&status), "leaving in the name of another tenant: {status} {body}");
    }
    let draft =
        json!({ "tenant": "acme", "active": false, "username": "x", "version": before["version"].clone() });
    let path = format!("{BASE}/settings");
    let (status, body) = stack.api.call(Method::PUT, &path, Some(&other), Some(&draft)).await?;
    ensure!((400..500).contains(&status), "settings of another tenant: {status} {body}");
    let (_, after) = stack.api.get(&format!("{BASE}/settings"), &own).await?;
    for field in ["version", "username", "active"] {
        ensure!(before[field] == after[field], "{field} was {} and is {}", before[field], after[field]);
    }
    Ok(())
}
