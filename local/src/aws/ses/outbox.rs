//! Accepted mails, and their events until those are handled.

use std::fs;
use std::ops::Bound;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use shared::clock::Clock;
use tokio::sync::{Notify, mpsc, watch};

use super::address::Mailbox;
use super::mail::{Mail, StoredMail};
use super::request::SendEmail;
use super::{eml, faults};
use crate::aws::config::LoopbackConfig;
use crate::aws::fault::Fault;
use crate::aws::files;
use crate::aws::records::Records;

/// How long after the last mail events are handed over again that nobody has acknowledged.
pub(in crate::aws) const REPEAT_AFTER: Duration = Duration::from_secs(60);

/// All mails that were accepted.
#[derive(Debug)]
pub(in crate::aws) struct Outbox {
    identities: Vec<String>,
    configuration_sets: Vec<String>,
    clock: Arc<dyn Clock>,
    mails: Mutex<Records<Mail>>,
    /// Where the files for mail programs are.
    folder: Option<PathBuf>,
    accepted: Notify,
}

impl Outbox {
    /// Opens the outbox with all mails that are in it.
    ///
    /// # Errors
    /// A mail cannot be read, or its file cannot be written.
    pub(in crate::aws) fn open(
        records: Option<PathBuf>,
        folder: Option<PathBuf>,
        config: &LoopbackConfig,
    ) -> anyhow::Result<Self> {
        if let Some(folder) = &folder {
            files::open_folder(folder)?;
        }
        let outbox = Self {
            identities: config.identities.clone(),
            configuration_sets: config.configuration_sets.clone(),
            clock: Arc::clone(&config.clock),
            mails: Mutex::new(Records::open(records)?),
            folder,
            accepted: Notify::new(),
        };
        outbox.complete_last_file()?;
        Ok(outbox)
    }

    /// All mails, oldest first.
    pub(in crate::aws) fn mails(&self) -> Vec<StoredMail> {
        self.locked().rows().values().map(StoredMail::from).collect()
    }

    /// Accepts a mail; answers its message id.
    ///
    /// # Errors
    /// The account may not send it, or it cannot be written.
    pub(super) fn accept(&self, request: SendEmail) -> Result<String, Fault> {
        self.allow(&request)?;
        let mut mails = self.locked();
        let number = mails.rows().values().next_back().map_or(1, |last| last.number + 1);
        let mail = Mail::new(request, number, self.clock.now_ms());
        // The record first: a mail without its file is completed at the next start, a file without its record is not.
        mails.put(&mail.key(), mail.clone())?;
        if let Err(error) = self.write_file(&mail) {
            mails.remove(&mail.key())?;
            return Err(error.into());
        }
        drop(mails);
        self.accepted.notify_one();
        Ok(mail.id)
    }

    /// Forgets the event of an id.
    ///
    /// # Errors
    /// It cannot be written down.
    pub(in crate::aws) fn settle(&self, event_id: &str) -> std::io::Result<()> {
        let mut mails = self.locked();
        let found = mails.rows().values().find(|mail| mail.event_id() == Some(event_id)).cloned();
        match found {
            Some(mail) => mails.put(&mail.key(), Mail { event: None, ..mail }),
            None => Ok(()),
        }
    }

    fn allow(&self, request: &SendEmail) -> Result<(), Fault> {
        let sender = Mailbox::parse(&request.source)?;
        if !self.identities.iter().any(|identity| sender.is_of(identity)) {
            return Err(faults::not_verified(&request.source));
        }
        match &request.configuration_set {
            Some(set) if !self.configuration_sets.contains(set) => {
                Err(faults::no_such_configuration_set(set))
            }
            _ => Ok(()),
        }
    }

    /// Only the last mail can lack its file; others that are gone were taken away by somebody.
    fn complete_last_file(&self) -> std::io::Result<()> {
        let mails = self.locked();
        let (Some(folder), Some(last)) = (&self.folder, mails.rows().values().next_back()) else {
            return Ok(());
        };
        let is_complete = last.event.is_none() && last.request.configuration_set.is_some();
        if is_complete || fs::exists(folder.join(last.file_name()))? { Ok(()) } else { self.write_file(last) }
    }

    fn write_file(&self, mail: &Mail) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        files::write(folder, &mail.file_name(), &eml::written(mail)?)
    }

    /// The first unacknowledged event after a key, with its own key.
    fn next_event(&self, after: Option<&str>) -> Option<(String, Value)> {
        let mails = self.locked();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut later = mails.rows().range::<str, _>((from, Bound::Unbounded));
        later.find_map(|(key, mail)| Some((key.clone(), mail.event.clone()?)))
    }

    fn locked(&self) -> MutexGuard<'_, Records<Mail>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands over events in the order of their mails, until the receiver or the other side of `stopped` is gone.
pub(in crate::aws) async fn hand_over(
    outbox: Arc<Outbox>,
    events: mpsc::Sender<Value>,
    repeat_after: Duration,
    mut stopped: watch::Receiver<()>,
) {
    let handing_over = async {
        let mut last = None;
        loop {
            while let Some((key, event)) = outbox.next_event(last.as_deref()) {
                if events.send(event).await.is_err() {
                    return;
                }
                last = Some(key);
            }
            let accepted = pin!(outbox.accepted.notified());
            if tokio::time::timeout(repeat_after, accepted).await.is_err() {
                last = None;
            }
        }
    };
    tokio::select! {
        () = handing_over => {}
        _ = stopped.changed() => {}
    }
}
