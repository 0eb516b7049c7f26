//! `lci auto-map`: two lists of companies in, proposals and suggestions out, all as CSV.

mod list;

use std::io::Write;

use anyhow::Context;
use shared_core::matching::{Effort, Lists, SuggestionIndex, propose};

use crate::cli::AutoMapArgs;
use crate::exit::Exit;
use list::List;

/// Up to here every suggestion may look at the whole index; beyond, a file of open rows would take minutes.
const MAX_THOROUGH_COMPANIES: usize = 20_000;

pub(crate) fn run(args: &AutoMapArgs) -> anyhow::Result<Exit> {
    let (left, right) = (List::read(&args.left)?, List::read(&args.right)?);
    let table = written(&left, &right).context("failed to write the proposals")?;
    std::fs::write(&args.out, table).with_context(|| format!("failed to write {}", args.out.display()))?;
    Ok(Exit::Done)
}

/// The file's text: an automatic proposal in one row, else up to five suggestions, else nothing.
fn written(left: &List, right: &List) -> anyhow::Result<Vec<u8>> {
    let (lefts, rights) = (left.companies(), right.companies());
    let index = SuggestionIndex::new(&rights);
    let is_small = rights.len() <= MAX_THOROUGH_COMPANIES;
    let mut search = index.search(if is_small { Effort::Thorough } else { Effort::Quick });
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["left_id", "right_id", "tier", "score", "reason"])?;
    let proposals = propose(&Lists { left: &lefts, right: &rights, ..Lists::default() });
    for (company, proposal) in lefts.iter().zip(&proposals) {
        if let Some(right) = proposal.right.filter(|_| proposal.tier.is_automatic()) {
            row(&mut out, [company.id, right, proposal.tier.name()], proposal.score, &proposal.reason)?;
        }
        for choice in search.choices(proposal, company.name) {
            row(&mut out, [company.id, choice.company.id, "suggest"], choice.score, &choice.reason)?;
        }
    }
    Ok(out.into_inner()?)
}

fn row(out: &mut csv::Writer<impl Write>, ids: [&str; 3], score: f32, reason: &str) -> csv::Result<()> {
    let [left, right, tier] = ids;
    out.write_record([left, right, tier, &format!("{score:.3}"), reason])
}

#[cfg(test)]
mod tests {
    use super::list::List;
    use super::written;

    fn check(left: &str, right: &str, expected: &[&str]) {
        let list = |text: &str| List::parse("test.csv", format!("id,name\n{text}").as_bytes()).unwrap();
        let text = String::from_utf8(written(&list(left), &list(right)).unwrap()).unwrap();
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_automatic_proposal_is_one_row() {
        check("1,Acme\n", "a,ACME\nb,Acme Works\n", &["1,a,exact,0.990,same name but for case or blanks"]);
        check("1,Acme\n", "a,\"Acme, LLC\"\n", &["1,a,near,0.940,same name; legal form none against LLC"]);
    }

    #[test]
    fn suggestions_are_rows_and_nothing_alike_is_no_row() {
        check(
            "1,Acme Inc\n",
            "a,Acme LLC\n",
            &["1,a,suggest,0.750,\"same name, but legal form Inc against LLC\""],
        );
        check("1,Acme\n2,Zebra\n", "a,Quite Another\n", &[]);
    }

    #[test]
    fn rows_come_in_the_order_of_the_left_file() {
        let rows = ["2,b,exact,1.000,same name", "1,a,exact,1.000,same name"];
        check("2,Bolt\n1,Acme\n", "a,Acme\nb,Bolt\n", &rows);
    }
}
