//! Prints how long matching takes, and how much memory: 50,000 x 50,000 and 10,000 x 10,000 names, and suggestions for one
//! row among 50,000.
//!
//! Run with `cargo run --release -p shared-core --example match_speed`. Each size runs in a process of its own, so that
//! its peak memory is its own; the names come from a seeded generator.
#![expect(clippy::print_stdout, reason = "printing the figures is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock; core itself still has none")]

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use shared_core::matching::{Company, Effort, Lists, SuggestionIndex, Tier, propose};

const SYLLABLES: &[&str] = &[
    "ba", "bel", "bro", "cal", "cor", "da", "del", "dor", "fan", "fer", "gal", "gra", "hal", "har", "jen",
    "ka", "kel", "lan", "lor", "mar", "mel", "mon", "nor", "pal", "per", "quin", "ra", "ros", "sal", "ster",
    "tan", "tor", "ul", "van", "wes", "zel",
];
const TRADES: &[&str] = &[
    "Dental",
    "Construction",
    "Law Offices",
    "Medical Center",
    "Logistics",
    "Engineering",
    "Foods",
    "Consulting",
    "Properties",
    "Roofing",
    "Manufacturing",
    "Insurance",
    "Software",
    "Veterinary Clinic",
    "Bank",
    "Church",
    "School District",
    "Partners",
];
const FORMS: &[&str] =
    &["", " LLC", ", Inc.", " Ltd", " Limited", " GmbH", " Group", " Corp", " S.A.", " Co"];

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("suggestions") => suggestions(50_000),
        Some(size) => pairs(size.parse()?),
        None => return each_alone(&["10000", "50000", "suggestions"]),
    }
    Ok(())
}

fn each_alone(sizes: &[&str]) -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    for size in sizes {
        let ended = Command::new(&program).arg(size).status()?;
        ended.success().then_some(()).ok_or("a measurement broke off")?;
    }
    Ok(())
}

fn pairs(n_names: usize) {
    let (left, right) = lists(n_names);
    let (left, right) = (companies(&left), companies(&right));
    let (start, cpu_before_ms) = (Instant::now(), cpu_ms());
    let proposals = propose(&Lists { left: &left, right: &right, ..Lists::default() });
    let (took_ms, cpu_ms) = (start.elapsed().as_millis(), cpu_ms() - cpu_before_ms);
    let count = |tier: Tier| proposals.iter().filter(|proposal| proposal.tier == tier).count();
    println!(
        "{n_names} x {n_names}: {took_ms} ms ({cpu_ms} ms of CPU); exact {}, near {}, fuzzy {}, suggest {}, none {}; peak {} MB",
        count(Tier::Exact),
        count(Tier::Near),
        count(Tier::Fuzzy),
        count(Tier::Suggest),
        count(Tier::None),
        peak_mb()
    );
}

fn suggestions(n_names: usize) {
    let (left, right) = lists(n_names);
    let right = companies(&right);
    let start = Instant::now();
    let index = SuggestionIndex::new(&right);
    println!("suggestions: index of {n_names} names built in {} ms", start.elapsed().as_millis());
    for effort in [Effort::Thorough, Effort::Quick] {
        let mut search = index.search(effort);
        let mut took_us: Vec<_> = left
            .iter()
            .step_by(25)
            .map(|(_, name)| {
                let start = Instant::now();
                std::hint::black_box(search.suggest(name));
                start.elapsed().as_micros()
            })
            .collect();
        took_us.sort_unstable();
        let (half, most) = (took_us[took_us.len() / 2], took_us.last().copied().unwrap_or_default());
        println!(
            "suggestions for one row, {effort:?}: median {half} us, longest {most} us; peak {} MB",
            peak_mb()
        );
    }
}

/// Ids and names.
type Rows = Vec<(String, String)>;

fn companies(rows: &[(String, String)]) -> Vec<Company<'_>> {
    rows.iter().map(|(id, name)| Company { id, name, is_active: true, is_excluded: false }).collect()
}

/// Two lists that share most companies, spelled in two ways.
fn lists(n_names: usize) -> (Rows, Rows) {
    let mut random = Random(0x5eed);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for at in 0..n_names {
        let (name, form) = (name(&mut random), random.pick(FORMS));
        left.push((format!("L{at}"), format!("{name}{form}")));
        right.push((format!("R{at}"), variant(&name, form, &mut random)));
    }
    (left, right)
}

fn name(random: &mut Random) -> String {
    let (one, other) = (word(random), word(random));
    format!("{one} {other} {}", random.pick(TRADES))
}

fn word(random: &mut Random) -> String {
    let n_syllables = 2 + random.below(2);
    let mut word: String = (0..n_syllables).map(|_| random.pick(SYLLABLES)).collect();
    word.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    word
}

/// The name as another system has it; every tenth is another company.
fn variant(name: &str, form: &str, random: &mut Random) -> String {
    let (lost, slip) = (random.below(2) == 0, 2 + random.below(3));
    match random.below(10) {
        0 => format!("{}{form}", name.to_uppercase()),
        1 => format!("The {name}{form}"),
        2 => format!("{}{}{form}", &name[..slip], &name[slip + 1..]),
        3 => format!("{name} North{form}"),
        4 => format!("{} {} {}", word(random), word(random), random.pick(TRADES)),
        _ if lost => name.to_owned(),
        _ => format!("{name}{form}"),
    }
}

/// xorshift: the same names every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or_default()
    }
}

/// Processor time so far, by `/proc` in steps of 10 ms: on a busy machine the wall time measures its neighbours.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}

/// Peak memory by `/proc`; 0 where there is none.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
