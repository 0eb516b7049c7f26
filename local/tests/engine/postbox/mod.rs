//! A stand-in for SES: takes `SendEmail` in the Query protocol, keeps what it took, and fails as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials as Keys;
use aws_sdk_ses::config::{BehaviorVersion, Region};
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use shared::mail::Mailer;

/// What the next call meets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// Takes the mail.
    Takes,
    /// Takes the mail, but its answer gets lost.
    AnswerIsLost,
    /// Refuses with this status and code.
    Refuses(u16, &'static str),
}

/// The parameters of one call.
pub(crate) type Call = BTreeMap<String, String>;

#[derive(Debug, Default)]
struct Inner {
    moods: VecDeque<Mood>,
    n_calls: usize,
    taken: Vec<Call>,
}

/// The stand-in.
#[derive(Clone, Debug)]
pub(crate) struct Postbox {
    inner: Arc<Mutex<Inner>>,
    endpoint: String,
}

impl Postbox {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner::default()));
        let router = Router::new().route("/", post(handle)).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { inner, endpoint }
    }

    /// What the next calls meet, in this order; all later ones are taken.
    pub(crate) fn will(&self, moods: &[Mood]) {
        self.inner.lock().unwrap().moods.extend(moods);
    }

    /// The mails that were taken.
    pub(crate) fn taken(&self) -> Vec<Call> {
        self.inner.lock().unwrap().taken.clone()
    }

    pub(crate) fn n_calls(&self) -> usize {
        self.inner.lock().unwrap().n_calls
    }

    /// SES's event about the n-th mail that was taken, made from the sample and that mail's own tags.
    pub(crate) fn send_event(&self, idx: usize) -> Value {
        let mut event: Value =
            serde_json::from_str(include_str!("../../../../events/ses-send.json")).unwrap();
        let call = &self.taken()[idx];
        let tags = (1..=2).map(|at| {
            let part = |part: &str| call[&format!("Tags.member.{at}.{part}")].clone();
            (part("Name"), json!([part("Value")]))
        });
        event["detail"]["mail"]["tags"] = Value::Object(tags.collect());
        event["detail"]["mail"]["messageId"] = message_id(idx).into();
        event
    }

    /// A mailer with the SDK's own habits: it must not repeat calls although the SDK would.
    pub(crate) fn mailer(&self) -> Mailer {
        mailer(&self.endpoint)
    }
}

/// A mailer that sends to an endpoint.
pub(crate) fn mailer(endpoint: &str) -> Mailer {
    let config = aws_sdk_ses::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("local"))
        .credentials_provider(Keys::from_keys("local", "local", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    let client = aws_sdk_ses::Client::from_conf(config.build());
    Mailer::new(client, "Lifecycle Insights <no-reply@lci.example>", "lci")
}

fn message_id(idx: usize) -> String {
    format!("message-{idx}")
}

async fn handle(State(inner): State<Arc<Mutex<Inner>>>, Form(call): Form<Call>) -> Response {
    let mut inner = inner.lock().unwrap();
    assert_eq!(call["Action"], "SendEmail");
    inner.n_calls += 1;
    let mood = inner.moods.pop_front().unwrap_or(Mood::Takes);
    let id = message_id(inner.taken.len());
    if !matches!(mood, Mood::Refuses(..)) {
        inner.taken.push(call);
    }
    match mood {
        Mood::Takes => format!(
            "<SendEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendEmailResult>\
             <MessageId>{id}</MessageId></SendEmailResult></SendEmailResponse>"
        )
        .into_response(),
        // A proxy in between gave up.
        Mood::AnswerIsLost => (StatusCode::GATEWAY_TIMEOUT, "").into_response(),
        Mood::Refuses(status, code) => {
            let body = format!(
                "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>secret@acme.example is not verified</Message></Error></ErrorResponse>"
            );
            (StatusCode::from_u16(status).unwrap(), body).into_response()
        }
    }
}
