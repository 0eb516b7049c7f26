//! What keys promise.

use shared_core::entity::Entity;

use super::{TenantId, record, record_company, record_id};

#[test]
fn tenant_ids_cannot_reach_into_other_keys() {
    for bad in ["", "A", "a#b", "a b", "ä", "a/b", &"x".repeat(65)] {
        assert!(TenantId::parse(bad).is_err(), "{bad}");
    }
    assert!(TenantId::parse("msp-1").is_ok());
}

#[test]
fn a_page_of_neighbouring_ids_spreads_over_all_shards() {
    let tenant = TenantId::parse("t").unwrap();
    let pks: std::collections::BTreeSet<String> =
        (0..500).map(|id| record(&tenant, Entity::Assets, Some(7), id).pk).collect();
    assert_eq!(pks.len(), 16);
}

#[test]
fn each_entity_has_keys_of_its_own() {
    let tenant = TenantId::parse("t").unwrap();
    let pks: std::collections::BTreeSet<String> =
        Entity::ALL.map(|entity| super::records_pk(&tenant, entity, 0)).into();
    assert_eq!(pks.len(), Entity::ALL.len());
}

#[test]
fn numbers_in_keys_sort_as_numbers() {
    let numbers = [0, 1, 9, 10, 99, 100, 12_345, 999_999, 1_000_000, i64::MAX];
    let texts: Vec<String> = numbers.map(super::sortable).into();
    assert!(texts.is_sorted(), "{texts:?}");
    assert_eq!(texts.iter().filter_map(|text| super::parse_sortable(text)).collect::<Vec<_>>(), numbers);
}

#[test]
fn record_keys_sort_by_company_and_read_back() {
    let tenant = TenantId::parse("t").unwrap();
    let key = record(&tenant, Entity::Assets, Some(0), 32);
    assert_eq!((key.pk.as_str(), key.sk.as_str()), ("T#t#as00", "b0#c32"));
    assert_eq!((record_id(&key.sk), record_company(&key.sk)), (Some(32), Some(0)));
    assert_eq!(record_id(&record(&tenant, Entity::Products, None, 5).sk), Some(5));
}
