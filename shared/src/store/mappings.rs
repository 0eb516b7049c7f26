//! Choices of admins, version by version.
//!
//! A book is one item; its document is deflated, so that choices for some 20,000 companies fit. Every save leaves an item of
//! its own that says what it changed: the history, and the way back.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared_core::entity::Entity;
use shared_core::mapping::links::Organization;
use shared_core::mapping::{Area, Book, Diff, Options, Save, Target};
use shared_core::scope::Filled;

use super::auto_maps::AutoMapped;
use super::item::{Item, bytes, get_bytes, key_item, number, sort_key};
use super::keys::TenantId;
use super::{Store, StoreError, keys};

/// Bytes of a deflated document at most: an item holds 400 KB.
pub const MAX_BYTES: usize = 380_000;

/// What brought a version about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An admin saved.
    Saved,
    /// An admin went back to an older version.
    Reverted,
    /// The first load chose.
    FirstLoad,
}

/// One version of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version<C> {
    /// Its number.
    pub version: u64,
    /// Who and when.
    pub save: Save,
    /// Why.
    pub cause: Cause,
    /// What it changed.
    pub diffs: Vec<Diff<C>>,
    /// The options that it replaced; none where it left them as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_before: Option<Options>,
    /// Those that it brought; none also in what was saved before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_after: Option<Options>,
    /// The tenant's own targets before it; none where it left them as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets_before: Option<Vec<Target>>,
}

/// Why a book was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else saved meanwhile.
    #[error("somebody else saved meanwhile")]
    Newer,
    /// It does not fit an item.
    #[error("the choices take {n_bytes} bytes and may take {MAX_BYTES}")]
    TooLarge {
        /// Deflated.
        n_bytes: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The book of an area; an empty one before the first save.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_book<C: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        area: Area,
    ) -> Result<Book<C>, StoreError> {
        match self.get(&keys::book(tenant, area)).await? {
            Some(item) => inflated(&item),
            None => Ok(Book::default()),
        }
    }

    /// Saves a book over the version before it, together with what the save changed and what the pull log tells of it.
    ///
    /// # Errors
    /// [`SaveError`]; nothing is stored then.
    pub async fn save_book<C: Serialize>(
        &self,
        tenant: &TenantId,
        area: Area,
        book: &Book<C>,
        version: &Version<C>,
        logged: Option<&AutoMapped>,
    ) -> Result<(), SaveError> {
        let before = book.version.saturating_sub(1);
        let mut item = deflated(key_item(&keys::book(tenant, area)), book)?;
        item.insert("version".to_owned(), number(book.version));
        let put = match before {
            0 => self.put_if_new(item),
            before => self.put_when(item, "version = :before", &[(":before", number(before))]),
        };
        let entry = deflated(key_item(&keys::book_version(tenant, area, book.version)), version)?;
        let mut actions = vec![put, self.put_if_new(entry)];
        if let Some(logged) = logged {
            actions.push(self.put_if_new(logged.item(tenant)?));
        }
        match self.transact(actions).await {
            Err(StoreError::Fenced) => Err(SaveError::Newer),
            other => Ok(other?),
        }
    }

    /// Versions of a book, newest first, at most `limit`, older than `before`; and whether there are more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn book_versions<C: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        area: Area,
        before: Option<u64>,
        limit: i32,
    ) -> Result<(Vec<Version<C>>, bool), StoreError> {
        let before = before.map_or_else(|| "~".to_owned(), keys::book_version_sk);
        let (items, has_more) =
            self.page_before(&keys::book_versions_pk(tenant, area), "", &before, limit).await?;
        Ok((items.iter().map(inflated).collect::<Result<_, _>>()?, has_more))
    }

    /// What changed after a version, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn diffs_since<C: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        area: Area,
        version: u64,
    ) -> Result<Vec<Diff<C>>, StoreError> {
        let since = self.versions_since(tenant, area, version).await?;
        Ok(since.into_iter().flat_map(|version| version.diffs).collect())
    }

    /// Versions after one, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn versions_since<C: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        area: Area,
        version: u64,
    ) -> Result<Vec<Version<C>>, StoreError> {
        let (mut found, mut before): (Vec<Version<C>>, _) = (Vec::new(), None);
        loop {
            let (versions, has_more) = self.book_versions(tenant, area, before, 25).await?;
            let is_through = !has_more || versions.last().is_none_or(|last| last.version <= version + 1);
            found.extend(versions.into_iter().filter(|newer| newer.version > version));
            before = found.last().map(|last| last.version);
            if is_through {
                found.reverse();
                return Ok(found);
            }
        }
    }
}

/// Organizations of IT Glue, as they were last read.
impl Store {
    /// The organizations, by id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_organizations(&self, tenant: &TenantId) -> Result<Vec<Organization>, StoreError> {
        match self.get(&keys::organizations(tenant)).await? {
            Some(item) => inflated(&item),
            None => Ok(Vec::new()),
        }
    }

    /// Replaces the organizations.
    ///
    /// # Errors
    /// [`SaveError::TooLarge`], [`SaveError::Store`].
    pub async fn save_organizations(
        &self,
        tenant: &TenantId,
        organizations: &[Organization],
    ) -> Result<(), SaveError> {
        let item = deflated(key_item(&keys::organizations(tenant)), &organizations)?;
        Ok(self.transact(vec![self.put_when(item, "", &[])]).await?)
    }
}

/// Companies whose records are kept where IT Glue is the primary source.
impl Store {
    /// The linked companies that an entity was filled for.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_filled(&self, tenant: &TenantId, entity: Entity) -> Result<Filled, StoreError> {
        match self.get(&keys::filled(tenant, entity)).await? {
            Some(item) => inflated(&item),
            None => Ok(Filled::new()),
        }
    }

    /// Keeps them.
    ///
    /// # Errors
    /// [`SaveError::TooLarge`], [`SaveError::Store`].
    pub async fn save_filled(
        &self,
        tenant: &TenantId,
        entity: Entity,
        filled: &Filled,
    ) -> Result<(), SaveError> {
        let item = deflated(key_item(&keys::filled(tenant, entity)), filled)?;
        Ok(self.transact(vec![self.put_when(item, "", &[])]).await?)
    }
}

pub(super) fn deflated<T: Serialize>(mut item: Item, value: &T) -> Result<Item, SaveError> {
    let unwritable = |error: &dyn std::fmt::Display| StoreError::damaged("(new)", error);
    let json = serde_json::to_vec(value).map_err(|error| unwritable(&error))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&json).map_err(|error| unwritable(&error))?;
    let body = encoder.finish().map_err(|error| unwritable(&error))?;
    if body.len() > MAX_BYTES {
        return Err(SaveError::TooLarge { n_bytes: body.len() });
    }
    item.insert("body".to_owned(), bytes(body));
    Ok(item)
}

pub(super) fn inflated<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    let mut json = Vec::new();
    let damaged = |error: &dyn std::fmt::Display| StoreError::damaged(sort_key(item), error);
    DeflateDecoder::new(get_bytes(item, "body")?).read_to_end(&mut json).map_err(|error| damaged(&error))?;
    serde_json::from_slice(&json).map_err(|error| damaged(&error))
}
