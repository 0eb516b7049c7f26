//! IT Glue's organizations, read once at the begin of each run.

use shared_core::instant::rfc3339;
use shared_core::itglue::{Listed, Reading, merge};
use shared_core::mapping::links::{Decision, Organization};
use shared_core::mapping::{Area, Book};

use super::answer::{Visit, WorkError};
use super::look::Look;
use crate::autotask::Patience;
use crate::itglue::{ItGlueClient, ItGlueError, Listing};
use crate::store::itglue::ItGlueSettings;
use crate::store::mappings::SaveError;

impl Visit<'_> {
    /// Reads the organizations if a run is about to begin and the tenant has a key; answers what that showed.
    ///
    /// Cut off at any point, the next begin does it again. What IT Glue refuses is told, and stops nothing else.
    pub(super) async fn read_organizations(&self, look: &Look) -> Result<Option<Reading>, WorkError> {
        if look.unfinished.as_ref().is_some_and(|run| run.n_slices > 0) {
            return Ok(None);
        }
        let (store, tenant) = (&self.session.store, &self.tenant);
        let Some((settings, _)) = store.load_it_glue(tenant).await? else { return Ok(None) };
        let before = store.load_reading(tenant).await?;
        if let Some((reading, version)) = before
            && reading.key_fault.is_some()
            && version == settings.key.version
        {
            return Ok(Some(reading));
        }
        let reading = match self.listing(&settings).await? {
            Ok(listing) => self.keep(&listing).await?,
            Err(error) => self.refused(&error),
        };
        if let Some(why) = &reading.error {
            tracing::warn!("organizations of IT Glue: {why}");
        }
        store.save_reading(tenant, &reading, &settings.key.version, self.worker.clock.now_ms()).await?;
        Ok(Some(reading))
    }

    async fn listing(&self, settings: &ItGlueSettings) -> Result<Result<Listing, ItGlueError>, WorkError> {
        let keys = self.session.secrets.it_glue();
        let Some(key) = keys.load(&self.tenant, Some(&settings.key.version)).await? else {
            return Ok(Err(ItGlueError::Key(shared_core::itglue::KeyFault::Refused)));
        };
        let config = self.worker.config.it_glue(settings.region, Patience::Run);
        let client = match ItGlueClient::new(key.password, config, self.worker.clock.clone()) {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        Ok(client.organizations().await)
    }

    async fn keep(&self, listing: &Listing) -> Result<Reading, WorkError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let links: Book<Decision> = store.load_book(tenant, Area::CompanyLinks).await?;
        let before = store.load_organizations(tenant).await?;
        let at = rfc3339(self.worker.clock.now_ms());
        let is_decided = |id: i64| links.choices.contains_key(&id.to_string());
        let (after, reading) = merge(&before, &listed(listing), is_decided, at);
        match store.save_organizations(tenant, &after).await {
            Ok(()) => Ok(reading),
            Err(SaveError::Store(error)) => Err(error.into()),
            Err(error) => Ok(Reading { error: Some(error.to_string()), ..reading }),
        }
    }

    fn refused(&self, error: &ItGlueError) -> Reading {
        let key_fault = match error {
            ItGlueError::Key(fault) => Some(*fault),
            _ => None,
        };
        let at = rfc3339(self.worker.clock.now_ms());
        Reading { at, error: Some(error.to_string()), key_fault, ..Reading::default() }
    }
}

fn listed(listing: &Listing) -> Listed {
    let one = |organization: &shared_core::itglue::Organization| Organization {
        id: organization.id,
        name: organization.name.clone(),
        is_active: organization.is_active,
    };
    Listed {
        organizations: listing.organizations().map(one).collect(),
        n_rejected: listing.rejected().len() as u64,
        rejected_ids: listing.rejected().iter().filter_map(|rejected| rejected.id).collect(),
        is_complete: listing.is_complete(),
    }
}
