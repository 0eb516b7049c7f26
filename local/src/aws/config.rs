//! What the endpoints are started with.

use std::sync::Arc;

use anyhow::{bail, ensure};
use shared::clock::Clock;

/// The settings of the endpoints.
#[derive(Clone, Debug)]
pub(crate) struct LoopbackConfig {
    /// The queues; there is no way to make more of them later.
    pub(crate) queues: Vec<QueueConfig>,
    /// Verified identities of SES: whole addresses, or domains.
    pub(crate) identities: Vec<String>,
    /// Configuration sets of SES; each publishes send events.
    pub(crate) configuration_sets: Vec<String>,
    /// Tells when a message is due.
    pub(crate) clock: Arc<dyn Clock>,
}

/// One standard queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueConfig {
    /// Its name.
    pub(crate) name: String,
    /// How long a received message stays hidden, unless the receiver says otherwise.
    pub(crate) visibility_timeout_s: u64,
    /// Where messages go that nobody can process.
    pub(crate) redrive: Option<Redrive>,
}

/// A redrive policy.
#[derive(Clone, Debug)]
pub(crate) struct Redrive {
    /// How often a message is received before it is put aside.
    pub(crate) max_receive_count: u32,
    /// The name of the queue that takes it.
    pub(crate) dead_letter_queue: String,
}

impl LoopbackConfig {
    /// Finds what contradicts itself.
    ///
    /// # Errors
    /// A queue's name is doubled or not one of SQS, or a dead-letter queue is missing.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for (idx, queue) in self.queues.iter().enumerate() {
            let name = &queue.name;
            ensure!(is_queue_name(name), "queue name {name} is not one of SQS: use A-Z, a-z, 0-9, _ and -");
            ensure!(
                self.queues.iter().skip(idx + 1).all(|other| other.name != *name),
                "queue {name} is doubled"
            );
            let Some(redrive) = &queue.redrive else { continue };
            let target = &redrive.dead_letter_queue;
            if redrive.max_receive_count == 0 || !self.queues.iter().any(|other| other.name == *target) {
                bail!("queue {name} needs a receive count of 1 or more and a dead-letter queue that exists");
            }
        }
        Ok(())
    }
}

fn is_queue_name(name: &str) -> bool {
    (1..=80).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::{QueueConfig, Redrive};
    use crate::aws::testing::{MovedClock, config};

    fn queue(name: &str, redrive: Option<(u32, &str)>) -> QueueConfig {
        let redrive = redrive
            .map(|(max_receive_count, to)| Redrive { max_receive_count, dead_letter_queue: to.to_owned() });
        QueueConfig { name: name.to_owned(), visibility_timeout_s: 30, redrive }
    }

    #[test]
    fn contradictions_are_refused_at_the_start() {
        let check = |queues: Vec<QueueConfig>| {
            let mut config = config(&MovedClock::new());
            config.queues = queues;
            config.check().is_ok()
        };
        assert!(check(vec![queue("a", Some((3, "b"))), queue("b", None)]));
        assert!(!check(vec![queue("a", Some((3, "c"))), queue("b", None)]));
        assert!(!check(vec![queue("a", Some((0, "b"))), queue("b", None)]));
        assert!(!check(vec![queue("a", None), queue("a", None)]));
        assert!(!check(vec![queue("a.fifo", None)]));
    }
}
