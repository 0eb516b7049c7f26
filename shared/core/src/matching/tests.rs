//! What is proposed for small lists.

use super::{Company, Effort, Lists, SuggestionIndex, Tier, propose};

fn company<'a>(id: &'a str, name: &'a str) -> Company<'a> {
    Company { id, name, is_active: true, is_excluded: false }
}

fn companies<'a>(names: &[&'a str]) -> Vec<Company<'a>> {
    const IDS: [&str; 4] = ["0", "1", "2", "3"];
    names.iter().zip(IDS).map(|(name, id)| company(id, name)).collect()
}

/// Proposes for the first of the left names.
#[track_caller]
fn check(left: &[&str], right: &[&str], tier: Tier, partner: Option<&str>) {
    let (left, right) = (companies(left), companies(right));
    let proposals = propose(&Lists { left: &left, right: &right, ..Lists::default() });
    let first = &proposals[0];
    assert_eq!((first.tier, first.right), (tier, partner), "{left:?} {right:?}: {}", first.reason);
}

#[test]
fn ways_to_write_one_name_are_matched() {
    check(
        &["haddonfield borough"],
        &["Haddonfield Borough", "Haddonfield Borough Schools"],
        Tier::Exact,
        Some("0"),
    );
    check(&["Çelik Yapı"], &["Celik Yapi"], Tier::Near, Some("0"));
    check(&["My Company"], &["My Company, LLC"], Tier::Near, Some("0"));
    check(&["Müller Optik"], &["Mueller Optik", "Muller Optics Lab"], Tier::Near, Some("0"));
    check(&["Springfield, City of"], &["City of Springfield"], Tier::Fuzzy, Some("0"));
    check(&["County of Marin"], &["Marin County"], Tier::Fuzzy, Some("0"));
    check(&["Ferreira & Filhos"], &["Ferreira e Filhos Lda"], Tier::Near, Some("0"));
    check(&["Whitaker & Boone"], &["Boone & Whitaker", "Boone & Whittier"], Tier::Fuzzy, Some("0"));
    check(&["Winchseter Storage"], &["Winchester Storage", "Westchester Storage"], Tier::Fuzzy, Some("0"));
    check(&["Mercy Hospital of Dover"], &["Mercy Hospital Dover"], Tier::Fuzzy, Some("0"));
}

#[test]
fn two_companies_are_never_matched() {
    check(&["Farrow Glass LLC"], &["Farrow Glass Inc"], Tier::Suggest, Some("0"));
    check(&["Hollis Associates"], &["Hollis Association"], Tier::Suggest, Some("0"));
    check(&["Great Plains Ag SE"], &["Great Plains Ag"], Tier::Suggest, Some("0"));
    check(&["Hanson Welding"], &["Hansen Welding"], Tier::None, None);
    check(&["Miami University"], &["University of Miami"], Tier::None, None);
    check(&["Fund II"], &["Fund III"], Tier::None, None);
    check(&["Acme - North"], &["Acme"], Tier::None, None);
    check(&["Acme Holdings"], &["Acme"], Tier::None, None);
    check(&["PS 118"], &["PS 181"], Tier::None, None);
}

#[test]
fn doubt_on_either_side_is_left_to_a_person() {
    check(&["Crowley Paint"], &["Crowley Paint", "Crowley Paint"], Tier::Suggest, Some("0"));
    check(&["Crowley Paint", "CROWLEY PAINT."], &["crowley paint"], Tier::Exact, Some("0"));
    check(&["Crowley Paint", "Crowley Paint"], &["crowley paint"], Tier::Suggest, Some("0"));
    check(&["Sable Yachts"], &["Sable Yachts LLC", "Sable Yachts Inc"], Tier::Suggest, Some("1"));
    check(&["Coastal Onology"], &["Coastal Oncology", "Coastal Ontology"], Tier::None, None);
    check(&["Orange"], &["Orange SA", "Orange Bank GmbH"], Tier::Suggest, Some("0"));
}

#[test]
fn records_that_are_not_to_be_used_are_no_partners() {
    check(&["Keystone Mattress"], &["Keystone Mattress (OLD)"], Tier::None, None);
    check(
        &["Hyland Bakery"],
        &["ZZZ - Hyland Bakery - DO NOT USE", "Hyland Bakery LLC"],
        Tier::Near,
        Some("1"),
    );
    check(&["Acme (OLD)"], &["Acme (OLD)"], Tier::None, None);
    check(&["N/A"], &["NA"], Tier::None, None);
    check(&[""], &[""], Tier::None, None);
}

#[test]
fn inactive_companies_are_suggested_and_stand_in_the_way_of_looser_matches_only() {
    let left = [company("a", "Acme Corp")];
    let check = |right: &[Company<'_>], tier: Tier, partner: &str| {
        let proposals = propose(&Lists { left: &left, right, ..Lists::default() });
        assert_eq!((proposals[0].tier, proposals[0].right), (tier, Some(partner)), "{proposals:?}");
    };
    let inactive = |name| Company { is_active: false, ..company("i", name) };
    check(&[inactive("Acme Corp")], Tier::Suggest, "i");
    check(&[inactive("Acme Corp"), company("b", "Acme Corp")], Tier::Exact, "b");
    check(&[inactive("Acme Corp"), company("b", "Acme")], Tier::Suggest, "i");
}

#[test]
fn what_people_decided_stays() {
    let left = companies(&["Acme", "Bolt", "Cask"]);
    let right = companies(&["Acme", "Bolt", "Cask"]);
    let lists =
        Lists { left: &left, right: &right, links: &[("0", "1")], rejected: &[("2", "2")], is_strict: false };
    let proposals = propose(&lists);
    let shown: Vec<_> = proposals.iter().map(|it| (it.left, it.tier, it.right)).collect();
    assert_eq!(shown, [("1", Tier::Suggest, Some("1")), ("2", Tier::Suggest, Some("2"))]);
}

#[test]
fn a_strict_tenant_sees_legal_forms_first() {
    let (left, right) =
        (companies(&["My Company", "Bolt Ltd"]), companies(&["My Company LLC", "Bolt Limited"]));
    let proposals = propose(&Lists { left: &left, right: &right, is_strict: true, ..Lists::default() });
    assert_eq!(proposals.iter().map(|it| it.tier).collect::<Vec<_>>(), [Tier::Suggest, Tier::Near]);
    assert_eq!(proposals[0].reason, "same name; legal form none against LLC");
}

#[test]
fn a_proposal_names_its_runner_up() {
    let (left, right) = (companies(&["Bolt Ltd"]), companies(&["Bolt Inc", "Bolt Limited"]));
    let proposals = propose(&Lists { left: &left, right: &right, ..Lists::default() });
    assert_eq!((proposals[0].right, proposals[0].runner_up), (Some("1"), Some("0")));
}

#[test]
fn a_name_that_several_have_is_ambiguous_on_either_side() {
    let propose_for = |left: &[&str], right: &[&str]| {
        let (left, right) = (companies(left), companies(right));
        let proposals = propose(&Lists { left: &left, right: &right, ..Lists::default() });
        proposals.iter().map(|it| (it.tier, it.is_ambiguous)).collect::<Vec<_>>()
    };
    assert_eq!(propose_for(&["Bolt"], &["Bolt", "Bolt"]), [(Tier::Suggest, true)]);
    assert_eq!(propose_for(&["Bolt", "Bolt"], &["Bolt"]), [(Tier::Suggest, true); 2]);
    assert_eq!(propose_for(&["Bolt Ltd"], &["Bolt Inc"]), [(Tier::Suggest, false)]);
    assert_eq!(propose_for(&["Bolt"], &["Bolt"]), [(Tier::Exact, false)]);
}

#[test]
fn suggestions_come_best_first_with_reasons() {
    let right =
        companies(&["Mason County Health District", "Emberly Foods Holdings", "Emberly Food LLC", "Zebra"]);
    let index = SuggestionIndex::new(&right);
    let mut search = index.search(Effort::Thorough);
    let ids = |found: Vec<super::Suggestion<'_>>| -> Vec<String> {
        found.into_iter().map(|one| one.company.id.to_owned()).collect()
    };
    assert_eq!(ids(search.suggest("MCHD")), ["0"]);
    assert_eq!(ids(search.suggest("Emberly Foods")), ["2", "1"]);
    assert_eq!(ids(search.suggest("Quite Another")), [""; 0]);
    let last = search.suggest("Emberly Foods").remove(1);
    assert!(last.score < 0.8, "{}", last.reason);
    assert!(last.reason.ends_with("% alike; only there: holdings"), "{}", last.reason);
}

#[test]
fn the_partner_that_was_held_back_is_the_first_choice() {
    let left = companies(&["Bolt Inc", "Acme"]);
    let right = companies(&["Bolt Corp Works", "Bolt LLC", "Acme"]);
    let proposals = propose(&Lists { left: &left, right: &right, ..Lists::default() });
    let index = SuggestionIndex::new(&right);
    let mut search = index.search(Effort::Quick);
    let choices = search.choices(&proposals[0], "Bolt Inc");
    assert_eq!(choices[0].company.id, "1");
    assert_eq!(choices[0].reason, "same name, but legal form Inc against LLC");
    assert!(choices.is_sorted_by(|one, other| one.score >= other.score));
    assert_eq!(search.choices(&proposals[1], "Acme"), []);
}
