//! The admin page: files behind CloudFront, the API below the same address, and nothing else.

use anyhow::{Context, ensure};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::api::BASE;
use crate::stack::{OTHER_ORIGIN, Stack};

const INDEX: &str = "<!doctype html><script type=\"module\" src=\"./assets/page-1a2b.js\"></script>";
const SCRIPT: &str = "export {}";

/// Sends a page as a deployment does, and looks at it as a browser does.
pub(super) async fn files_come_with_their_headers(stack: &Stack) -> anyhow::Result<()> {
    let built = tempfile::tempdir()?;
    for folder in ["assets", ".vite"] {
        std::fs::create_dir(built.path().join(folder))?;
    }
    for (name, text) in
        [("index.html", INDEX), ("assets/page-1a2b.js", SCRIPT), (".vite/manifest.json", "{}")]
    {
        std::fs::write(built.path().join(name), text)?;
    }
    let said = stack.sam.put_page(built.path())?;
    ensure!(said.contains("4 of 4 files"), "{said}");
    let said = stack.sam.put_page(built.path())?;
    ensure!(said.contains("0 of 4 files"), "what is there already was sent again: {said}");

    let page = Page::of(stack)?;
    for (path, text, media_type, caching) in [
        ("/", INDEX, "text/html; charset=utf-8", "no-cache"),
        ("/callback?code=x&state=y", INDEX, "text/html; charset=utf-8", "no-cache"),
        (
            "/assets/page-1a2b.js",
            SCRIPT,
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = page.get(path, "https").await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        ensure!(answer.status() == 200, "{path}: {}", answer.status());
        ensure!(header("content-type") == Some(media_type), "{path}: {:?}", header("content-type"));
        ensure!(header("cache-control") == Some(caching), "{path}: {:?}", header("cache-control"));
        guarded(path, &answer, &stack.issuer.url)?;
        ensure!(answer.text().await? == text, "{path} is another file");
    }
    for path in ["/nothing", "/.vite/manifest.json", "/settings"] {
        let answer = page.get(path, "https").await?;
        ensure!(answer.status() == 403, "{path} does not exist: {}", answer.status());
    }
    Ok(())
}

/// What `config.json` says is what the stack has.
pub(super) async fn the_page_learns_where_to_sign_in(stack: &Stack) -> anyhow::Result<()> {
    let answer = Page::of(stack)?.get("/config.json", "https").await?;
    ensure!(answer.headers()["cache-control"] == "no-cache", "it would be kept");
    let config: Value = serde_json::from_str(&answer.text().await?)?;
    ensure!(
        config["issuer"] == stack.issuer.url && config["client_id"] == crate::issuer::AUDIENCE,
        "{config}"
    );
    ensure!(config["api_base"] == "" && config["claims"]["tenant"] == "tenant", "{config}");
    Ok(())
}

/// Browsers are told to allow this origin and the issuer's, and nothing inline.
fn guarded(path: &str, answer: &Response, issuer: &str) -> anyhow::Result<()> {
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = header("content-security-policy");
    let calls = format!("connect-src 'self' {issuer}");
    for part in ["default-src 'none'", "script-src 'self';", calls.as_str(), "frame-ancestors 'none'"] {
        ensure!(policy.contains(part), "{path}: no {part} in {policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        ensure!(header(name) == value, "{path}: {name} is {:?}", header(name));
    }
    Ok(())
}

/// Plain http leads to https, and the bucket answers to nobody but the distribution.
pub(super) async fn files_are_reached_in_no_other_way(stack: &Stack) -> anyhow::Result<()> {
    let page = Page::of(stack)?;
    let answer = page.get("/", "http").await?;
    let location = answer.headers().get("location").context("plain http leads nowhere")?.to_str()?;
    ensure!(answer.status() == 301 && location.starts_with("https://"), "{} {location}", answer.status());
    let answer = page.call(Method::PUT, "/index.html", "https").body("x").send().await?;
    ensure!(answer.status() == 403, "writing through the page: {}", answer.status());
    let bucket = stack.output("PageBucketName")?;
    let past = format!("{}/{bucket}/index.html", stack.emulator.url);
    let answer = reqwest::get(past).await?;
    ensure!(answer.status() == 403, "reading past the page: {}", answer.status());
    for function in super::functions::FUNCTIONS {
        let role = stack.as_function(function).await?;
        let answer = role.get("s3", &format!("/{bucket}/index.html")).await?;
        answer.denied().with_context(|| format!("reading the page's bucket by {function}"))?;
    }
    Ok(())
}

/// The page calls the API under its own address, with the token that the API checks.
pub(super) async fn the_api_lies_below_the_page(stack: &Stack) -> anyhow::Result<()> {
    let page = Page::of(stack)?;
    let path = format!("{BASE}/settings");
    let answer = page.get(&path, "https").await?;
    ensure!(answer.status() == 401, "without a token: {}", answer.status());
    guarded(&path, &answer, &stack.issuer.url)?;
    let token = stack.issuer.token("acme", "reader")?;
    let answer = page.call(Method::GET, &path, "https").bearer_auth(&token).send().await?;
    ensure!(answer.status() == 200, "with a token: {}", answer.status());
    // An error of the API stays what it is: no page is sent in its place.
    let answer = page.call(Method::GET, &format!("{BASE}/runs/none"), "https").bearer_auth(&token).send();
    let answer = answer.await?;
    ensure!(answer.status() == 404, "a run that does not exist: {}", answer.status());
    ensure!(answer.text().await?.contains("\"code\""), "the API's envelope is gone");
    Ok(())
}

/// Beside the page's own, one origin may call the API from a browser.
pub(super) async fn one_other_origin_may_call(stack: &Stack) -> anyhow::Result<()> {
    for (origin, is_allowed) in [(OTHER_ORIGIN, true), ("https://evil.example", false), ("null", false)] {
        let allowed = stack.api.preflight(&format!("{BASE}/settings"), origin).await?;
        let want = is_allowed.then(|| origin.to_owned());
        ensure!(allowed == want, "{origin} was answered {allowed:?}");
    }
    Ok(())
}

/// The distribution, as the emulator tells it: by host, and https by the header of a front that ended TLS.
struct Page {
    base: String,
    host: String,
    http: Client,
}

impl Page {
    fn of(stack: &Stack) -> anyhow::Result<Self> {
        let http = Client::builder().redirect(Policy::none()).build()?;
        Ok(Self { base: stack.emulator.url.clone(), host: stack.output("PageDistributionDomain")?, http })
    }

    fn call(&self, method: Method, path: &str, scheme: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request.header("host", &self.host).header("x-forwarded-proto", scheme)
    }

    async fn get(&self, path: &str, scheme: &str) -> anyhow::Result<Response> {
        Ok(self.call(Method::GET, path, scheme).send().await?)
    }
}
