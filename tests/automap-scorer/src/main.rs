//! Prints the table, and on request every wrong or missed pair.

use std::path::{Path, PathBuf};

use automap_scorer::data::load_all;
use automap_scorer::pairs::{Wanted, lines};
use automap_scorer::score::Score;
use automap_scorer::{baselines, product, table};
use clap::Parser;

#[derive(Debug, Parser)]
#[command(about = "Scores the matching of company names on labelled data")]
struct Cli {
    /// Folder of sets, each a folder of left.csv, right.csv and truth.csv.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data"))]
    data: PathBuf,
    /// Leave out what everybody else would use; needs no Python and no network.
    #[arg(long)]
    product_only: bool,
    /// List the wrong pairs of the product.
    #[arg(long)]
    wrong: bool,
    /// List the pairs that the product missed.
    #[arg(long)]
    missed: bool,
}

#[expect(clippy::print_stdout, reason = "printing the table is what it is for")]
fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let sets = load_all(&cli.data)?;
    let score = |set| Score::of(set, &product::mapping(set));
    let scores: Vec<_> = sets.iter().map(|set| (set.name.clone(), score(set))).collect();
    println!("{}\n{}", table::header(), table::lines("this product", &scores));
    if !cli.product_only {
        for baseline in baselines::run(&cli.data, &sets, &target())? {
            println!("{}", table::lines(&baseline.title, &baseline.scores));
        }
    }
    let wanted = Wanted { wrong: cli.wrong, missed: cli.missed };
    sets.iter().flat_map(|set| lines(set, wanted)).for_each(|line| println!("{line}"));
    Ok(())
}

/// The folder that cargo builds in: two above the program.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(2).map_or_else(|| PathBuf::from("target"), Path::to_path_buf)
}
