//! The bounds that the product must keep on the labelled sets.

use std::path::Path;

use automap_scorer::data::load_all;
use automap_scorer::product::mapping;
use automap_scorer::score::{Score, pooled};

/// Least recall, and most wrong pairs per 1,000 left rows, by set.
const BOUNDS: &[(&str, f64, f64)] = &[
    ("hard_cases", 0.97, 0.0),
    ("hospitals", 0.735, 1.5),
    ("intl_listing", 0.62, 0.5),
    ("msp_noise_a", 0.97, 0.5),
    ("siblings_a", 0.0, 1.5),
    ("ukgpg", 0.92, 0.5),
];
const POOLED_PRECISION: f64 = 0.998;

#[test]
fn every_set_keeps_its_bounds() {
    let sets = load_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).unwrap();
    let scores: Vec<_> = sets.iter().map(|set| (set.name.as_str(), Score::of(set, &mapping(set)))).collect();
    for (name, least_recall, most_wrong) in BOUNDS {
        let (_, score) = scores.iter().find(|(set, _)| set == name).unwrap();
        assert!(score.recall() >= *least_recall, "{name}: {score:?}");
        assert!(score.wrong_per_thousand() <= *most_wrong, "{name}: {score:?}");
    }
    let pooled = pooled(scores.iter().map(|(_, score)| score));
    assert!(pooled.precision() >= POOLED_PRECISION, "{pooled:?}");
    assert_eq!(scores.len(), BOUNDS.len());
}
