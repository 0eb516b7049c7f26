//! The only write of the whole product: one warranty date of one configuration item.
//!
//! It is sent once and never repeated here: whether it took effect is found out by reading, by whoever journalled it.

use jiff::civil::Date;
use reqwest::Method;
use shared_core::entity::Entity;
use shared_core::retry::{self, Answer, Meaning};
use shared_core::wire;

use super::call::{Call, HOLD_AFTER_TIME_OUT, millis, said, unavailable};
use super::client::AutotaskClient;
use super::error::CallError;
use super::exchange::{self, Received, exchange};
use super::throttle::Permit;

/// What came of a write that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// What the answer means; transient if there was none that can be used.
    pub meaning: Meaning,
    /// Autotask's words, where it refused.
    pub reason: String,
    /// How long to leave the database alone after its hourly limit, in milliseconds.
    pub wait_ms: Option<u64>,
}

/// Why a write never left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Its time was over when its turn came.
    #[error("its time was over when its turn came")]
    TooLate,
    /// The zone moved: try again in the new one.
    #[error("the zone moved")]
    Moved,
    /// The call could not be made.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl AutotaskClient {
    /// Sets the warranty date of a configuration item, or blanks it; `may_send` is asked last.
    ///
    /// # Errors
    /// [`NotSent`]: it is certain that Autotask did not see it.
    pub async fn patch_warranty(
        &self,
        asset_id: i64,
        date: Option<Date>,
        may_send: impl Fn() -> bool,
    ) -> Result<Patched, NotSent> {
        let endpoint = wire::endpoint(Entity::Assets);
        let permit = self.inner.throttle.enter(endpoint).await;
        let (generation, zone) = self.trusted_zone().await?;
        self.keep_pace().await?;
        if !may_send() {
            return Err(NotSent::TooLate);
        }
        let call = Call {
            endpoint,
            method: Method::PATCH,
            path: endpoint.to_owned(),
            body: None,
            is_paced: true,
            is_only_try: true,
        };
        let request = self.request(&zone, &call)?.body(wire::warranty_patch(asset_id, date));
        self.inner.pacer.note_call(endpoint, true, self.inner.clock.now_ms());
        match exchange(request).await {
            Ok(received) => self.patched(&received, permit, generation).await,
            Err(what) if what == exchange::NO_CONNECTION || what == exchange::NO_TLS => {
                Err(unavailable(endpoint, 1, &what).into())
            }
            Err(what) => {
                if what == exchange::TIMED_OUT {
                    // The server may still be at work on it.
                    permit.hold_for(HOLD_AFTER_TIME_OUT);
                }
                Ok(Patched { meaning: Meaning::Transient, reason: what, wait_ms: None })
            }
        }
    }

    async fn patched(
        &self,
        received: &Received,
        permit: Permit,
        generation: u64,
    ) -> Result<Patched, NotSent> {
        self.note_received(received);
        // A refusal may hide behind a status of success.
        let errors = wire::parse_errors(&received.body).unwrap_or_else(|| received.answer.errors.clone());
        let answer = Answer { errors, ..received.answer.clone() };
        let meaning = retry::meaning(&answer);
        let wait_ms = match &meaning {
            Meaning::Success => {
                permit.note_clean();
                None
            }
            Meaning::ThreadLimit => {
                let rest = permit.note_thread_limit();
                drop(permit);
                self.pause(millis(rest)).await;
                None
            }
            Meaning::HourlyLimit { retry_after_ms } | Meaning::UnclearLimit { retry_after_ms } => {
                Some(self.note_limit(*retry_after_ms))
            }
            Meaning::Unauthorized => {
                drop(permit);
                if self.has_moved(generation).await? {
                    return Err(NotSent::Moved);
                }
                None
            }
            _ => None,
        };
        Ok(Patched { meaning, reason: said(answer.status, &answer.errors), wait_ms })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    fn for_each_file(folder: &Path, check: &mut impl FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                for_each_file(&path, check);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                check(&path, &fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// What could write: verbs that change something, and POSTs to anything but queries.
    fn writers(text: &str) -> Vec<String> {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_writer = |line: &&str| {
            let changes = ["Method::PATCH", "Method::PUT", "Method::DELETE", ".patch(", ".put(", ".delete("];
            let is_post = line.contains("Method::POST") && !line.contains("\"query");
            changes.iter().any(|verb| line.contains(verb)) || is_post || line.contains(".post(")
        };
        product.lines().filter(is_writer).map(|line| line.trim().to_owned()).collect()
    }

    #[test]
    fn there_is_no_other_write() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let (mut found, mut n_clients) = (Vec::new(), 0);
        for_each_file(&source, &mut |path, text| {
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            // Every file near a client of HTTP; the store's own calls have the same words.
            let is_near = path
                .parent()
                .is_some_and(|folder| folder.ends_with("autotask") || folder.ends_with("itglue"));
            assert!(is_near || !product.contains("reqwest::Client"), "{} speaks HTTP", path.display());
            n_clients += usize::from(product.contains("reqwest::Client::builder"));
            if is_near {
                let name = path.file_name().unwrap().to_owned();
                found.extend(writers(text).into_iter().map(|line| (name.clone(), line)));
            }
        });
        assert_eq!(found, [("write.rs".into(), "method: Method::PATCH,".to_owned())]);
        assert!(n_clients >= 1);
        assert!(!writers("call(entity, Method::POST, \"entities\", body)").is_empty());
    }
}
