//! What a night found that waits for a decision.

use shared_core::health::Settlement;
use shared_core::ledger::Run;
use shared_core::mail::digest::Sources;
use shared_core::mail::{MailKind, digest::News};
use shared_core::mapping::Area;
use shared_core::run::{Kind, State};
use shared_core::settings::PrimarySource;

use super::answer::Visit;
use super::look::Look;
use crate::directory::Directory;
use crate::mappings::{asset_types, names};
use crate::store::StoreError;

impl Visit<'_> {
    /// Adds the digest to what a good night tells, if there is any; beside IT Glue mappings decide nothing.
    pub(super) async fn find_news(
        &self,
        look: &Look,
        run: &Run,
        settlement: &mut Settlement,
    ) -> Result<News, StoreError> {
        let is_good = matches!(run.state, State::Done | State::Partly | State::Held);
        let is_asked = run.kind == Kind::Nightly && look.settings.primary_source == PrimarySource::Autotask;
        if !is_good || !is_asked {
            return Ok(News::default());
        }
        let (store, tenant) = (&self.session.store, &self.tenant);
        let (types, activations, source_types, directory) = tokio::try_join!(
            store.load_book(tenant, Area::AssetTypes),
            store.load_book(tenant, Area::Companies),
            asset_types(store, tenant),
            Directory::load(store, tenant),
        )?;
        let sources = Sources {
            type_names: &names(&source_types),
            types: &types,
            companies: &directory.companies,
            activations: &activations,
        };
        let (news, told) = sources.news(settlement.health.told);
        if !news.is_empty() {
            settlement.notices.push(MailKind::Digest);
            settlement.health.told = told;
        }
        Ok(news)
    }
}
