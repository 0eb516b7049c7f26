use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Filled, Scope, Tally, left_out};
use crate::entity::Entity;
use crate::mapping::links::{Decision, How, Link};
use crate::mapping::{Book, Change, Save};
use crate::project::Record;

fn record(company_id: Option<i64>, doc: &Value) -> Record {
    Record { id: 7, company_id, doc: doc.to_string(), hash: "h".to_owned(), facet: None }
}

fn linked(book: &Book<Decision>, key: &str, company_id: i64, at: &str) -> Book<Decision> {
    let link = Link::Linked { company_id, how: How::Manual, reason: None, is_shared: true };
    let choice = Some(Decision { link: Some(link), ..Decision::default() });
    let save = Save { at: at.to_owned(), by: "a@b.example".to_owned() };
    book.after(&[Change { key: key.to_owned(), choice }], save, |_| String::new()).0
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn tickets_are_kept_while_open_and_as_far_as_the_look_back_goes() {
    let book = linked(&Book::default(), "1", 5, "2026-03-31T10:00:00Z");
    let scope = Scope::new(&book, 1);
    let check = |company_id, created: Option<&str>, completed: Option<&str>, want| {
        let ticket = record(Some(company_id), &json!({"created_at": created, "completed_at": completed}));
        let kept = scope.keeps(Entity::Tickets, &ticket, &BTreeSet::new());
        assert_eq!(kept, want, "{company_id} {created:?} {completed:?}");
    };
    // One month before the 31st of March is the last of February.
    check(5, Some("2020-01-01T00:00:00Z"), Some("2026-02-28T10:00:00Z"), true);
    check(5, Some("2020-01-01T00:00:00Z"), Some("2026-02-28T09:59:59Z"), false);
    check(5, Some("2026-03-01T00:00:00Z"), Some("2026-03-02T00:00:00Z"), true);
    check(5, Some("2001-01-01T00:00:00Z"), None, true);
    check(6, Some("2026-03-01T00:00:00Z"), None, false);
}

#[test]
fn what_belongs_to_a_contract_is_kept_with_it() {
    let scope = Scope::new(&linked(&Book::default(), "1", 5, "2026-03-31T10:00:00Z"), 12);
    let contracts = BTreeSet::from([70]);
    let keeps = |entity, company_id, doc: Value| scope.keeps(entity, &record(company_id, &doc), &contracts);
    assert!(keeps(Entity::Contracts, Some(5), json!({})) && !keeps(Entity::Contracts, Some(6), json!({})));
    assert!(keeps(Entity::ContractServices, None, json!({"contract_id": 70})));
    assert!(!keeps(Entity::ContractServiceUnits, None, json!({"contract_id": 71})));
    assert!(keeps(Entity::Companies, None, json!({})), "the list to link from is whole");
}

#[test]
fn a_company_counts_from_its_first_link() {
    let book = linked(&Book::default(), "1", 5, "2026-06-01T00:00:00Z");
    let book = linked(&book, "2", 5, "2026-01-01T00:00:00Z");
    let filled = Filled::from([(5, at("2025-01-01T00:00:00Z"))]);
    assert_eq!(Scope::new(&book, 12).unfilled(&filled), Vec::<i64>::new());
    assert_eq!(Scope::new(&book, 13).unfilled(&filled), [5], "a longer look-back fills again");
}

#[test]
fn each_link_is_filled_once_and_again_after_it_was_taken_off() {
    let first = linked(&Book::default(), "1", 5, "2026-01-01T00:00:00Z");
    let both = linked(&first, "2", 6, "2026-02-01T00:00:00Z");
    let (one, two) = (Scope::new(&first, 12), Scope::new(&both, 12));
    let january = u64::try_from(at("2026-01-15T00:00:00Z").as_millisecond()).unwrap();
    // The second link came while all rows were being read: who knows how far that was.
    let swept = two.filled_after(&Filled::new(), &[], Some(january));
    assert_eq!(two.unfilled(&swept), [6]);
    let filled = two.filled_after(&swept, &[6], None);
    assert_eq!(two.unfilled(&filled), Vec::<i64>::new());
    let without = one.filled_after(&filled, &[], None);
    assert_eq!(two.unfilled(&without), [6]);
    assert_eq!(
        one.unfilled(&one.filled_after(&Filled::new(), &[], None)),
        [5],
        "a delta alone fills nothing"
    );
}

#[test]
fn nothing_of_a_record_that_is_left_out_remains_but_where_it_belongs() {
    let before = record(Some(5), &json!({"title": "Secret matter"}));
    let after = left_out(before.clone());
    assert_eq!((after.id, after.company_id), (before.id, before.company_id));
    assert!(after.doc.is_empty() && after.hash != before.hash);
}

#[test]
fn what_is_left_out_is_told_with_the_largest_companies() {
    let mut tally = Tally::default();
    assert_eq!(tally.text(Entity::Tickets, |_| None), None);
    tally.add(5, 3);
    tally.add(6, 4);
    tally.add(5, 2);
    let text = tally.text(Entity::Tickets, |id| (id == 5).then(|| "Acme".to_owned())).unwrap();
    assert!(text.starts_with("9 tickets belong to 2 companies that are not linked"), "{text}");
    assert!(text.contains("Acme (5), company 6 (4)."), "{text}");
    for company_id in 1_000..1_300 {
        tally.add(company_id, 1);
    }
    let text = tally.text(Entity::Tickets, |_| None).unwrap();
    assert!(text.starts_with("309 tickets belong to more than 200 companies"), "{text}");
    let mut twice = tally.clone();
    twice.join(&tally);
    assert!(twice.text(Entity::Tickets, |_| None).unwrap().starts_with("618 "));
}
