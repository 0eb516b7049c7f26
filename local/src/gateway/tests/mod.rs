//! The gateway over real HTTP.

mod answers;
mod pages;
mod payloads;
mod sign_in;
mod tokens;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use shared::api::{Method, Role, Route};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::front::Front;
use super::{AdminPage, Gateway, INTEGRATION_TIMEOUT, OutboxMail};
use crate::issuer::{Issuer, User, testing};

const GET_SHOP: Route = Route {
    method: Method::Get,
    path: "/v1/shops/{shop}",
    function: "shops",
    operation: "getShop",
    about: "",
    role: Role::Reader,
    query: &[],
    is_repeatable: false,
    request: None,
    response: (200, None),
};
const POST_MY: Route = Route { method: Method::Post, path: "/my/{parameter1}", ..GET_SHOP };
static ROUTES: [Route; 5] = [
    GET_SHOP,
    Route { path: "/v1/shops/open", function: "open-shops", ..GET_SHOP },
    Route { method: Method::Put, ..GET_SHOP },
    POST_MY,
    Route { path: "/answers/{how}", ..POST_MY },
];

/// A gateway whose functions answer with their event, and its caller.
struct World {
    gateway: Gateway,
    issuer: Issuer,
    url: String,
    client: Client,
    /// How many slow calls were begun.
    n_slow: Arc<AtomicUsize>,
}

impl World {
    async fn start() -> Self {
        Self::with(AdminPage::Missing(String::new()), Vec::new(), INTEGRATION_TIMEOUT).await
    }

    async fn with(page: AdminPage, mails: Vec<OutboxMail>, timeout: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let issuer = testing::issuer(&url);
        let n_slow = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&n_slow);
        let front = Front {
            routes: ROUTES.iter().collect(),
            issuer: issuer.clone(),
            dispatcher: Box::new(move |function, event| {
                Box::pin(answers::answer(function, event, Arc::clone(&counted)))
            }),
            page: watch::channel(page).1,
            timeout,
        };
        let gateway = Gateway::serve(listener, front, Arc::new(move || mails.clone())).unwrap();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { gateway, issuer, url, client, n_slow }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    /// A request of the admin.
    fn signed(&self, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(self.issuer.token(User::Admin).unwrap())
    }

    /// The event that a function got.
    async fn event(&self, request: RequestBuilder) -> Value {
        let (status, event) = read(request).await;
        assert_eq!(status, 200, "{event}");
        event
    }

    async fn page(&self, path: &str) -> (Response, String) {
        let response = self.request("GET", path).send().await.unwrap();
        let copy = Response::from(http_copy(&response));
        (copy, response.text().await.unwrap())
    }
}

/// Status and headers of a response, without its body.
fn http_copy(response: &Response) -> axum::http::Response<String> {
    let mut copy = axum::http::Response::new(String::new());
    *copy.status_mut() = response.status();
    copy.headers_mut().clone_from(response.headers());
    copy
}

async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn message(text: &str) -> Value {
    json!({ "message": text })
}

#[tokio::test]
async fn it_starts_answers_and_stops() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Arc::new(shared::clock::SystemClock);
    let issuer = Issuer::in_memory(address, clock).unwrap();
    let dispatcher = |function: &'static str, _| async move { json!({"statusCode": 200, "body": function}) };
    let routes = ROUTES.iter().collect();
    let page = watch::channel(AdminPage::Building).1;
    let gateway = Gateway::start(listener, routes, issuer.clone(), dispatcher, Vec::new, page).unwrap();
    assert_eq!(gateway.address(), address);
    let token = issuer.token(User::Reader).unwrap();
    let url = format!("http://{address}/v1/shops/7");
    let call = || Client::new().get(&url).bearer_auth(&token).send();
    assert_eq!(call().await.unwrap().text().await.unwrap(), "shops");
    gateway.stop().await;
    assert!(call().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_stop_waits_for_the_answer_under_way() {
    let world = World::start().await;
    let slow = tokio::spawn(world.signed("POST", "/answers/slow").send());
    while world.n_slow.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    world.gateway.stop().await;
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
}
