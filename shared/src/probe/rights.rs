//! What each entity tells of the API user's rights.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use shared_core::entity::Entity;
use shared_core::query::id_range;
use shared_core::rights::{Access, Counted, Feature, Seen, Wanted};
use tokio::time::{Instant, timeout_at};

use crate::autotask::{AutotaskClient, CallError};

/// What is still to be asked and what was answered.
#[derive(Debug)]
struct Look<'a> {
    client: &'a AutotaskClient,
    to_ask: Mutex<VecDeque<Entity>>,
    seen: Mutex<BTreeMap<Entity, Seen>>,
}

/// Asks three entities at once until all have answered or it is time to stop; what is switched on comes first.
pub(super) async fn look(client: &AutotaskClient, wanted: &Wanted, until: Instant) -> BTreeMap<Entity, Seen> {
    let look = Look { client, to_ask: Mutex::new(order(wanted)), seen: Mutex::default() };
    let lanes = async { tokio::join!(look.lane(), look.lane(), look.lane()) };
    if timeout_at(until, lanes).await.is_err() {
        tracing::warn!("not all rights could be looked at in time");
    }
    look.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn order(wanted: &Wanted) -> VecDeque<Entity> {
    let mut entities = Entity::ALL;
    let is_off = |entity: &Entity| {
        let mut on = Feature::ALL.into_iter().filter(|feature| feature.is_wanted(wanted));
        !on.any(|feature| feature.needs().iter().any(|need| need.entity == *entity))
    };
    entities.sort_by_key(is_off);
    entities.into()
}

impl Look<'_> {
    async fn lane(&self) {
        loop {
            // Taken apart from the loop's condition: the lock must not be held while the entity is asked.
            let next = lock(&self.to_ask).pop_front();
            let Some(entity) = next else { return };
            let seen = self.see(entity).await;
            lock(&self.seen).insert(entity, seen);
        }
    }

    async fn see(&self, entity: Entity) -> Seen {
        let seen = match self.client.rights(entity).await {
            Ok(rights) => Seen::told(&rights),
            Err(error) => return denied_or_unknown(entity, &error),
        };
        if !seen.wants_count() {
            return seen;
        }
        // Should the count not come in time, what was told so far is still worth something.
        lock(&self.seen).insert(entity, Seen { read: Access::Unknown, ..seen });
        let counted = match self.client.count(entity, &id_range(-1, None)).await {
            Ok(n_rows) => Counted::Rows(n_rows),
            Err(error) if is_denial(&error) => Counted::Denied,
            Err(_) => Counted::Unknown,
        };
        seen.with_count(counted)
    }
}

fn denied_or_unknown(entity: Entity, error: &CallError) -> Seen {
    if is_denial(error) {
        return Seen::DENIED;
    }
    tracing::warn!(entity = entity.name(), "rights could not be looked at: {error}");
    Seen::default()
}

fn is_denial(error: &CallError) -> bool {
    matches!(error, CallError::Forbidden { .. } | CallError::Refused { .. })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use shared_core::entity::Entity;
    use shared_core::rights::Wanted;

    use super::order;

    #[test]
    fn what_is_switched_on_is_asked_first() {
        let order = order(&Wanted { tickets: true, ..Wanted::default() });
        assert_eq!(
            (order[0], order[6], order.len()),
            (Entity::Companies, Entity::Tickets, Entity::ALL.len())
        );
    }
}
