//! The facet of one record.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Asset, Company};

/// What is kept of one record beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub enum Facet {
    /// Of an asset.
    Asset(AssetFacet),
    /// Of a company; boxed, since assets are far more.
    Company(Box<CompanyFacet>),
}

/// Of an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetFacet {
    /// Its company.
    pub company_id: i64,
    /// Its type, a picklist id; none for "(no type)".
    pub type_id: Option<i64>,
    /// Autotask's active flag.
    pub is_active: Option<bool>,
    /// [`search_hash`] of its serial number; 0 for none.
    pub serial: u32,
    /// [`search_hash`] of its name; 0 for none.
    pub name: u32,
    /// The day on which it was found gone.
    pub gone_on: Option<u32>,
    /// Its category, a picklist id.
    pub category_id: Option<i64>,
}

/// How facets are stored: variants are told by their position, so new ones are added at the end.
#[derive(Serialize, Deserialize)]
enum Stored {
    /// An asset as it was stored before categories were kept.
    Uncategorized(Uncategorized),
    /// A company.
    Company(Box<CompanyFacet>),
    /// An asset.
    Asset(AssetFacet),
}

#[derive(Serialize, Deserialize)]
struct Uncategorized {
    company_id: i64,
    type_id: Option<i64>,
    is_active: Option<bool>,
    serial: u32,
    name: u32,
    gone_on: Option<u32>,
}

impl From<Stored> for Facet {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Asset(asset) => Self::Asset(asset),
            Stored::Company(company) => Self::Company(company),
            Stored::Uncategorized(before) => {
                let Uncategorized { company_id, type_id, is_active, serial, name, gone_on } = before;
                let category_id = None;
                Self::Asset(AssetFacet { company_id, type_id, is_active, serial, name, gone_on, category_id })
            }
        }
    }
}

impl From<Facet> for Stored {
    fn from(facet: Facet) -> Self {
        match facet {
            Facet::Asset(asset) => Self::Asset(asset),
            Facet::Company(company) => Self::Company(company),
        }
    }
}

/// Of a company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyFacet {
    /// Its name; empty for none.
    pub name: String,
    /// Its city.
    pub city: Option<String>,
    /// Customer, lead, vendor and so on, a picklist value.
    pub type_id: Option<i64>,
    /// Autotask's active flag.
    pub is_active: Option<bool>,
    /// The day on which it was found gone.
    pub gone_on: Option<u32>,
}

impl Facet {
    /// The day on which the record was found gone; none while it is live.
    #[must_use]
    pub fn gone_on(&self) -> Option<u32> {
        match self {
            Self::Asset(asset) => asset.gone_on,
            Self::Company(company) => company.gone_on,
        }
    }

    pub(super) fn bury(&mut self, day: u32) {
        let gone_on = match self {
            Self::Asset(asset) => &mut asset.gone_on,
            Self::Company(company) => &mut company.gone_on,
        };
        // A second proof of the same absence does not make it younger.
        gone_on.get_or_insert(day);
    }
}

impl AssetFacet {
    pub(crate) fn of(asset: &Asset<'_>) -> Self {
        let hash = |text: Option<&str>| text.map_or(0, search_hash);
        Self {
            company_id: asset.company_id,
            type_id: asset.type_id,
            is_active: asset.is_active,
            serial: hash(asset.serial_number.as_deref()),
            name: hash(asset.name.as_deref()),
            gone_on: None,
            category_id: asset.category_id,
        }
    }
}

impl CompanyFacet {
    pub(crate) fn of(company: &Company<'_>) -> Self {
        Self {
            name: company.name.as_deref().unwrap_or_default().to_owned(),
            city: company.city.as_deref().map(str::to_owned),
            type_id: company.type_id,
            is_active: company.is_active,
            gone_on: None,
        }
    }
}

/// A hash by which a serial number or a name is found whatever its case and the blanks around it; 0 for a blank text.
///
/// Two texts may share it: what is found by it is compared with the record.
#[must_use]
pub fn search_hash(text: &str) -> u32 {
    let folded = search_text(text);
    if folded.is_empty() {
        return 0;
    }
    // The lower half; never 0, which means "none".
    u32::try_from(xxh3_64(folded.as_bytes()) & 0xFFFF_FFFF).unwrap_or(1).max(1)
}

/// What two texts must share to be found by each other.
#[must_use]
pub fn search_text(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{AssetFacet, Facet, Stored, Uncategorized, search_hash};

    #[test]
    fn what_was_stored_before_categories_is_still_read() {
        let asset = AssetFacet { company_id: 5, type_id: Some(3), serial: 9, ..AssetFacet::default() };
        let old = Stored::Uncategorized(Uncategorized {
            company_id: 5,
            type_id: Some(3),
            is_active: None,
            serial: 9,
            name: 0,
            gone_on: None,
        });
        let bytes = postcard::to_allocvec(&old).unwrap();
        assert_eq!(postcard::from_bytes::<Facet>(&bytes).unwrap(), Facet::Asset(asset.clone()));
        let asset = Facet::Asset(AssetFacet { category_id: Some(7), ..asset });
        for facet in [asset, Facet::Company(Box::default())] {
            let bytes = postcard::to_allocvec(&facet).unwrap();
            assert_eq!(postcard::from_bytes::<Facet>(&bytes).unwrap(), facet);
        }
    }

    #[test]
    fn serials_are_found_whatever_their_case_and_blanks() {
        assert_eq!(search_hash(" 5CG1234XYZ"), search_hash("5cg1234xyz "));
        assert_ne!(search_hash("5CG1234XYZ"), search_hash("5CG1234XYA"));
        assert_eq!((search_hash(""), search_hash("  ")), (0, 0));
    }
}
