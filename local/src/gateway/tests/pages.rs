use super::super::INTEGRATION_TIMEOUT;
use super::{AdminPage, OutboxMail, World, message, read};

const EVIL: &str = "<script>alert(1)</script>\"'&";

fn mail(id: &str) -> OutboxMail {
    OutboxMail {
        id: id.to_owned(),
        time: "2026-11-22T02:00:00Z".parse().unwrap(),
        to: vec![format!("{EVIL}@demo.example"), "b@demo.example".to_owned()],
        subject: EVIL.to_owned(),
        text: EVIL.to_owned(),
        html: "<h1>Done</h1><script>alert(2)</script>".to_owned(),
    }
}

#[tokio::test]
async fn mails_are_shown_and_cannot_break_out() {
    let id = "a/../\"><script>&?#é";
    let world = World::with(AdminPage::Building, vec![mail(id), mail("2")], INTEGRATION_TIMEOUT).await;
    let (_, list) = world.page("/outbox").await;
    let link = list.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let (response, single) = world.page(link).await;
    assert_eq!(response.status(), 200, "{link}");
    for page in [&list, &single] {
        assert!(!page.contains("<script") && page.contains("&#60;script&#62;"), "{page}");
        assert!(page.contains("2026-11-22T02:00:00Z") && page.contains("b@demo.example"), "{page}");
    }
    assert!(single.contains(&format!("<iframe sandbox title=\"HTML of the mail\" src=\"{link}/html\">")));
    let (response, html) = world.page(&format!("{link}/html")).await;
    assert_eq!(html, mail(id).html);
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox; default-src 'none';") && !policy.contains("allow"), "{policy}");
}

#[tokio::test]
async fn an_empty_outbox_says_so() {
    let world = World::start().await;
    let (response, list) = world.page("/outbox").await;
    assert!(list.contains("No mail was sent yet."));
    assert!(
        response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none';")
    );
    for path in ["/outbox/1", "/outbox/1/html"] {
        assert_eq!(read(world.request("GET", path)).await, (404, message("Not Found")), "{path}");
    }
}

#[tokio::test]
async fn the_admin_page_is_served_and_no_other_path_is_it() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    std::fs::write(dist.join("index.html"), "<title>page</title>").unwrap();
    std::fs::write(dist.join("assets/app-1a.js"), "let a").unwrap();
    std::fs::write(folder.path().join("lci.db"), "secret").unwrap();
    let world = World::with(AdminPage::Built(dist), Vec::new(), INTEGRATION_TIMEOUT).await;
    for (path, content_type, text) in [
        ("/", "text/html; charset=utf-8", "<title>page</title>"),
        ("/index.html", "text/html; charset=utf-8", "<title>page</title>"),
        ("/callback?code=a&state=b", "text/html; charset=utf-8", "<title>page</title>"),
        ("/assets/app-1a.js", "text/javascript; charset=utf-8", "let a"),
    ] {
        let (response, body) = world.page(path).await;
        assert_eq!((response.status().as_u16(), body.as_str()), (200, text), "{path}");
        assert_eq!(response.headers()["content-type"], content_type, "{path}");
        assert!(
            response.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'")
        );
    }
    for path in [
        "/settings/runs/7",
        "/assets/gone.js",
        "/v1/unknown",
        "/..%2flci.db",
        "/%2e%2e/lci.db",
        "/assets/..%2f..%2flci.db",
    ] {
        assert_eq!(read(world.request("GET", path)).await, (404, message("Not Found")), "{path}");
    }
    assert_eq!(read(world.request("POST", "/")).await, (404, message("Not Found")));
}

#[tokio::test]
async fn a_page_that_is_not_there_says_why_and_loads_nothing() {
    for (page, text, is_looked_at_again) in [
        (AdminPage::Building, "is being built", true),
        (AdminPage::Missing("no Node.js <here>".to_owned()), "no Node.js &lt;here>", false),
    ] {
        let world = World::with(page, Vec::new(), INTEGRATION_TIMEOUT).await;
        let (response, body) = world.page("/").await;
        assert_eq!(response.status(), 503);
        assert!(body.contains(text) && !body.contains("<script"), "{body}");
        assert_eq!(response.headers().contains_key("refresh"), is_looked_at_again);
        assert_eq!(read(world.request("GET", "/assets/app.js")).await.0, 404);
    }
}

#[tokio::test]
async fn the_page_learns_where_to_sign_in() {
    let world = World::start().await;
    let (response, body) = world.page("/config.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let config: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(config, serde_json::json!({"issuer": world.url, "client_id": "lci-admin", "api_base": ""}));
}

#[tokio::test]
async fn under_another_name_of_loopback_the_page_goes_to_the_one_that_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let world =
        World::with(AdminPage::Built(folder.path().to_owned()), Vec::new(), INTEGRATION_TIMEOUT).await;
    let port = world.url.rsplit_once(':').unwrap().1;
    let response =
        world.request("GET", "/").header("host", format!("localhost:{port}")).send().await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], format!("{}/", world.url));
}

#[tokio::test]
async fn nothing_inline_runs_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let world =
        World::with(AdminPage::Built(folder.path().to_owned()), Vec::new(), INTEGRATION_TIMEOUT).await;
    let (response, _) = world.page("/").await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}
