//! One IT Glue account as one API key sees it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Url;
use secrecy::SecretString;
use shared_core::itglue::{Ask, KeyFault, Region, RequestWindow, SORT, decode, parse_page, peek_id};

use super::error::ItGlueError;
use super::listing::{Listing, PageRead};
use crate::autotask::Patience;
use crate::autotask::address::AddressPolicy;
use crate::autotask::exchange;
use crate::clock::Clock;

/// How to reach IT Glue.
#[derive(Clone, Debug)]
pub struct ItGlueConfig {
    /// Base of the API, without a slash at the end; see [`base_url`].
    pub base_url: String,
    /// Which hosts may be called.
    pub policy: AddressPolicy,
    /// How long and how often a call is tried.
    pub patience: Patience,
    /// Certificates of authorities to trust besides the system's, as PEM.
    pub extra_ca_pem: Option<String>,
}

/// The API of a region.
#[must_use]
pub fn base_url(region: Region) -> &'static str {
    match region {
        Region::Us => "https://api.itglue.com",
        Region::Eu => "https://api.eu.itglue.com",
        Region::Au => "https://api.au.itglue.com",
    }
}

/// A client for one API key. Clones share everything.
#[derive(Clone, Debug)]
pub struct ItGlueClient {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) key: SecretString,
    pub(super) config: ItGlueConfig,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) window: RequestWindow,
    /// Why the key was refused; it is not sent again.
    pub(super) refused: Option<KeyFault>,
    pub(super) n_requests: u64,
    pub(super) bytes_in: u64,
    pub(super) waited_ms: u64,
}

impl ItGlueClient {
    /// A client that has not called anybody yet.
    ///
    /// # Errors
    /// [`ItGlueError::Address`] for a base that is not allowed, [`ItGlueError::Unavailable`] when TLS cannot be set up (a
    /// bundle of certificates that is none, too).
    pub fn new(key: SecretString, config: ItGlueConfig, clock: Arc<dyn Clock>) -> Result<Self, ItGlueError> {
        config.policy.check(&config.base_url)?;
        let http = exchange::http(config.patience.timeouts(), &config.policy, config.extra_ca_pem.as_deref());
        let http = http.map_err(|why| ItGlueError::Unavailable {
            n_attempts: 0,
            last: why.to_owned(),
            is_size_suspect: false,
        })?;
        let inner = Inner { http, key, config, clock, state: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many organizations the key sees: the smallest call that shows whether it is good.
    ///
    /// # Errors
    /// See [`ItGlueError`].
    pub async fn count_organizations(&self) -> Result<u64, ItGlueError> {
        let url = self.organizations_url(1, 1)?;
        self.call(&url, |body| Ok(parse_page(body)?.n_total)).await
    }

    /// Reads all organizations.
    ///
    /// # Errors
    /// See [`ItGlueError`].
    pub async fn organizations(&self) -> Result<Listing, ItGlueError> {
        let mut listing = Listing::default();
        while self.advance(&mut listing).await? {}
        Ok(listing)
    }

    /// Makes the next request of a listing; false when there is none left.
    ///
    /// # Errors
    /// See [`ItGlueError`]; the listing stays where it was and may go on later.
    pub async fn advance(&self, listing: &mut Listing) -> Result<bool, ItGlueError> {
        let read = match listing.ask() {
            Ask::Nothing { .. } => return Ok(false),
            Ask::Row { number } => self.row(number).await.map(|id| listing.row_read(id)),
            Ask::Page { number, size } => self.page(number, size).await.map(|page| listing.page_read(page)),
        };
        match read {
            Err(ItGlueError::Unavailable { is_size_suspect: true, last, .. }) if listing.shrink() => {
                tracing::warn!("page did not come through ({last}); asking for smaller ones");
                Ok(true)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(true),
        }
    }

    /// Calls made, bytes received, milliseconds waited.
    #[must_use]
    pub fn totals(&self) -> (u64, u64, u64) {
        let state = self.state();
        (state.n_requests, state.bytes_in, state.waited_ms)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn page(&self, number: u32, size: u32) -> Result<PageRead, ItGlueError> {
        let url = self.organizations_url(number, size)?;
        self.call(&url, |body| {
            let page = parse_page(body)?;
            let ids = page.records.iter().map(|record| peek_id(record)).collect();
            let records = page.records.iter().map(|record| decode(record)).collect();
            Ok(PageRead { ids, records, n_total: page.n_total, has_next: page.has_next })
        })
        .await
    }

    async fn row(&self, number: u32) -> Result<Option<i64>, ItGlueError> {
        let url = self.organizations_url(number, 1)?;
        self.call(&url, |body| Ok(parse_page(body)?.records.first().and_then(|record| peek_id(record)))).await
    }

    fn organizations_url(&self, number: u32, size: u32) -> Result<Url, ItGlueError> {
        let config = &self.inner.config;
        let base = config.base_url.trim_end_matches('/');
        let mut url = config.policy.check(&format!("{base}/organizations"))?;
        url.query_pairs_mut()
            .append_pair("sort", SORT)
            .append_pair("page[size]", &size.to_string())
            .append_pair("page[number]", &number.to_string());
        Ok(url)
    }
}
