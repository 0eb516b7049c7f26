use std::collections::BTreeMap;

use super::{Excess, Grant, Verdict, XRay, x_ray};
use crate::entity::Entity;
use crate::rights::{Access, Action, Feature, Seen, Wanted};

const READ: Seen = Seen { read: Access::All, update: Access::None, may_create: false, may_delete: false };
const EDIT: Seen = Seen { update: Access::All, ..READ };

/// The first document's security level: configuration items may be edited, and only what assets need is seen.
fn first_level() -> BTreeMap<Entity, Seen> {
    let seen_of = |entity| match entity {
        Entity::Assets => EDIT,
        Entity::Contracts
        | Entity::ContractServices
        | Entity::ContractServiceUnits
        | Entity::Tickets
        | Entity::Opportunities => Seen::DENIED,
        _ => READ,
    };
    Entity::ALL.map(|entity| (entity, seen_of(entity))).into()
}

fn verdict(x_ray: &XRay, feature: Feature) -> Verdict {
    x_ray.rows.iter().find(|row| row.feature == feature).unwrap().verdict
}

#[test]
fn the_first_documents_level_is_enough_for_assets_and_has_nothing_to_spare() {
    let found = x_ray(&Wanted::default(), &first_level());
    assert_eq!(verdict(&found, Feature::Assets), Verdict::Granted);
    for feature in [Feature::Contracts, Feature::Tickets, Feature::Opportunities] {
        assert_eq!(verdict(&found, feature), Verdict::NotGrantedNotNeeded, "{feature:?}");
    }
    assert_eq!(verdict(&found, Feature::WarrantyWriteBack), Verdict::GrantedNotNeeded);
    assert_eq!((found.first_missing(), found.excess), (None, vec![]));
}

#[test]
fn what_is_switched_on_names_what_it_lacks() {
    let check = |wanted: Wanted, feature, entity: Entity, words: &str| {
        let found = x_ray(&wanted, &first_level());
        assert_eq!(verdict(&found, feature), Verdict::Missing);
        let missing = found.first_missing().unwrap();
        assert_eq!((missing.entity, missing.action), (entity, Action::Read));
        assert!(missing.setting().contains(words), "{}", missing.setting());
    };
    let off = Wanted::default();
    let contracts = Wanted { contracts: true, ..off };
    check(contracts, Feature::Contracts, Entity::Contracts, "Contract Visibility = Full");
    check(Wanted { tickets: true, ..off }, Feature::Tickets, Entity::Tickets, "Service Desk");
    let opportunities = Wanted { opportunities: true, ..off };
    check(opportunities, Feature::Opportunities, Entity::Opportunities, "Sales & Opportunities");
    let found = x_ray(&Wanted { write_back: true, ..off }, &first_level());
    assert_eq!(verdict(&found, Feature::WarrantyWriteBack), Verdict::Granted);
}

#[test]
fn each_way_of_seeing_has_its_grant_and_its_verdict() {
    let check = |entity, read, grant, want| {
        let mut seen = first_level();
        seen.insert(entity, Seen { read, ..READ });
        let found = x_ray(&Wanted::default(), &seen);
        let line = found.rows[0].lines.iter().find(|line| line.need.entity == entity).unwrap();
        assert_eq!((line.grant, found.rows[0].verdict), (grant, want), "{entity} {read:?}");
    };
    check(Entity::Contacts, Access::All, Grant::Granted, Verdict::Granted);
    check(Entity::Contacts, Access::Restricted, Grant::Restricted, Verdict::Restricted);
    check(Entity::Contacts, Access::NoRows, Grant::NothingSeen, Verdict::NothingSeen);
    check(Entity::Companies, Access::NoRows, Grant::Missing, Verdict::Missing);
    check(Entity::Contacts, Access::None, Grant::Missing, Verdict::Missing);
    check(Entity::Contacts, Access::Silent, Grant::NotTested, Verdict::NotTested);
    check(Entity::Contacts, Access::Unknown, Grant::NotTested, Verdict::NotTested);
}

#[test]
fn what_was_not_asked_is_not_tested_and_never_missing() {
    let found = x_ray(&Wanted { tickets: true, ..Wanted::default() }, &BTreeMap::new());
    for feature in Feature::ALL {
        assert_eq!(verdict(&found, feature), Verdict::NotTested, "{feature:?}");
    }
    assert_eq!(found.first_missing(), None);
}

#[test]
fn rights_to_write_that_nothing_needs_are_excess() {
    let mut seen = first_level();
    seen.insert(Entity::Companies, Seen { may_create: true, ..EDIT });
    seen.insert(Entity::Assets, Seen { may_delete: true, ..EDIT });
    let want = [
        (Entity::Companies, Action::Update),
        (Entity::Companies, Action::Create),
        (Entity::Assets, Action::Delete),
    ];
    let want: Vec<_> = want.into_iter().map(|(entity, action)| Excess { entity, action }).collect();
    assert_eq!(x_ray(&Wanted::default(), &seen).excess, want);
}
