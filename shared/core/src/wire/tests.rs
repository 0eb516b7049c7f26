//! Laws of the name tables.

use super::{endpoint, is_optional_field, wanted_fields, watermark_fields};
use crate::entity::Entity;

#[test]
fn wanted_fields_start_with_id_and_name_each_field_once() {
    for entity in Entity::ALL {
        let wanted = wanted_fields(entity);
        assert_eq!(wanted.first(), Some(&super::ID), "{entity}");
        assert!(!wanted.contains(&super::USER_DEFINED_FIELDS), "{entity}");
        let unique: std::collections::BTreeSet<_> = wanted.iter().collect();
        assert_eq!(unique.len(), wanted.len(), "{entity}");
    }
}

#[test]
fn watermarks_are_wanted() {
    for entity in Entity::ALL {
        for stamp in watermark_fields(entity) {
            assert!(wanted_fields(entity).contains(stamp), "{entity}.{stamp}");
        }
    }
}

#[test]
fn picklist_fields_of_assets_are_wanted() {
    for field in [super::ASSET_MANUFACTURER, super::ASSET_MODEL, super::COMPANY_ID] {
        assert!(wanted_fields(Entity::Assets).contains(&field), "{field}");
    }
}

#[test]
fn optional_fields_compare_without_case() {
    assert!(is_optional_field(Entity::Contracts, "LastModifiedDateTime"));
    assert!(!is_optional_field(Entity::Contracts, "id"));
    assert!(!is_optional_field(Entity::Tickets, "lastModifiedDateTime"));
}

#[test]
fn endpoints_are_unique() {
    let unique: std::collections::BTreeSet<_> = Entity::ALL.into_iter().map(endpoint).collect();
    assert_eq!(unique.len(), Entity::ALL.len());
}
