//! Who may call the API.

use anyhow::ensure;
use reqwest::Method;
use serde_json::json;

use crate::api::BASE;
use crate::stack::Stack;

/// No token, and every kind of bad one, is refused before a function sees it.
pub(super) async fn only_good_tokens_pass(stack: &Stack) -> anyhow::Result<()> {
    let path = format!("{BASE}/settings");
    let (status, _) = stack.api.call(Method::GET, &path, None, None).await?;
    ensure!(status == 401, "without a token: {status}");
    for (what, token) in stack.issuer.bad_tokens("acme")? {
        let (status, _) = stack.api.get(&path, &token).await?;
        ensure!(status == 401, "a token {what}: {status}");
    }
    let (status, body) = stack.api.get(&path, &stack.issuer.token("acme", "admin")?).await?;
    ensure!(status == 200, "a good token: {status} {body}");
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

/// The role is read from the token.
pub(super) async fn a_reader_may_not_write(stack: &Stack) -> anyhow::Result<()> {
    let token = stack.issuer.token("acme", "reader")?;
    let draft = json!({ "active": false, "username": "x", "version": 0 });
    let (status, body) =
        stack.api.call(Method::PUT, &format!("{BASE}/settings"), Some(&token), Some(&draft)).await?;
    ensure!(status == 403, "{status} {body}");
    Ok(())
}
