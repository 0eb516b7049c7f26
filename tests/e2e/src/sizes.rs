//! Sizes of the simulated customer that the flows share.

use autotask_simulator::{Config, Sizes};

/// Everything on one page, for flows about one rule.
#[must_use]
pub fn few() -> Config {
    Config::small()
}

/// Several pages of what is large in life: five of assets, two of contacts, two of tickets.
#[must_use]
pub fn pages() -> Config {
    let sizes = Sizes {
        companies: 30,
        contacts: 620,
        assets: 2_100,
        products: 40,
        contracts: 50,
        tickets: 540,
        opportunities: 20,
        resources: 6,
    };
    Config { sizes, ..Config::small() }
}

/// [`pages`], slow enough that something can happen in the middle of a run.
#[must_use]
pub fn slow_pages() -> Config {
    Config { latency_ms: 30, ..pages() }
}
