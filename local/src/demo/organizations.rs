//! IT Glue's organizations of the demo's other tenant: the companies of the simulated Autotask as another system would spell
//! them.

use autotask_simulator::{Control, Entity as Source};
use shared_core::mapping::links::Organization;

/// Organizations for most of the companies, and a few that nobody knows.
pub(crate) fn organizations(control: &Control) -> Vec<Organization> {
    let companies = control.truth(Source::Companies);
    let names = companies.iter().filter_map(|company| company["companyName"].as_str());
    let known = names.enumerate().filter(|(at, _)| at % 7 != 6).map(|(at, name)| spelled(at, name));
    let unknown =
        ["Quillfeather Orchards", "Sable & Thorn Attorneys", "Umbra Dental Collective"].map(str::to_owned);
    known
        .chain(unknown)
        .zip(4_001..)
        .map(|(name, id)| Organization { id, name, is_active: id % 11 != 0 })
        .collect()
}

/// One way in which two systems spell one name.
fn spelled(at: usize, name: &str) -> String {
    match at % 5 {
        1 => name.to_uppercase(),
        2 => format!("{name}, LLC"),
        3 => name.replace(" and ", " & ").replace(' ', "  "),
        4 => name.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn names_are_spelled_in_several_ways() {
        let name = "North and South Dental Group";
        let spellings: std::collections::BTreeSet<String> = (0..5).map(|at| spelled(at, name)).collect();
        assert_eq!(spellings.len(), 5);
    }
}
