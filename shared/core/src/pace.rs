//! Staying a good guest: how fast we may call while other integrations use the same hourly allowance.
//!
//! Autotask counts all external requests of a database in a rolling window and cuts *everybody* off at its limit. The
//! window and the limit are read from `ThresholdInformation`, never assumed. Pure: the clock is an argument.

use serde::{Deserialize, Serialize};

/// What kind of work asks; each may push the total only so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A first load: full speed to 75 % of the limit, slower and slower to 85 %, then it waits.
    Initial,
    /// A night: stops at 50 %, so that it never pushes anyone into added latency.
    Nightly,
    /// Writing back: stops at 60 %.
    WriteBack,
}

impl Class {
    /// (full speed up to, stop at), as fractions of the limit, for all integrations together.
    fn bounds(self) -> (f64, f64) {
        match self {
            Self::Initial => (0.75, 0.85),
            Self::Nightly => (0.40, 0.50),
            Self::WriteBack => (0.50, 0.60),
        }
    }

    /// Percent of the limit at which this work stops.
    #[must_use]
    pub fn stop_percent(self) -> u8 {
        match self {
            Self::Initial => 85,
            Self::Nightly => 50,
            Self::WriteBack => 60,
        }
    }
}

/// One reading of `ThresholdInformation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Requests of all integrations in the window at the time of the reading.
    pub n_used: u64,
    /// The limit.
    pub limit: u64,
    /// Length of the rolling window, in milliseconds.
    pub window_ms: u64,
    /// When it was read, in milliseconds of our clock.
    pub read_at_ms: u64,
    /// Our own requests in the window at that time.
    pub n_own: u64,
}

/// What the next request may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Go.
    Go,
    /// Go, after this pause in milliseconds.
    Slow(u64),
    /// Stop for now; look again after this many milliseconds.
    Wait(u64),
}

/// Decides the pace of the next request.
///
/// `n_own_since` counts our requests since the reading; foreign traffic is taken to go on as it was.
///
/// # Source
/// Autotask's help pages: added latency from 50 % and 75 % of the limit, everybody cut off beyond it. There is no smaller
/// share of our own: it would stop a large first load on a database that nobody else uses.
#[must_use]
pub fn next(class: Class, usage: &Usage, n_own_since: u64) -> Pace {
    let (slow_from, stop_at) = class.bounds();
    let used = (usage.n_used + n_own_since) as f64 / usage.limit.max(1) as f64;
    let fill = used / stop_at;
    let slow_fill = slow_from / stop_at;
    if fill >= 1.0 {
        Pace::Wait(wait_ms(usage.window_ms))
    } else if fill <= slow_fill {
        Pace::Go
    } else {
        Pace::Slow(slow_ms(usage, (fill - slow_fill) / (1.0 - slow_fill)))
    }
}

/// A fortieth of the window: 90 s of the usual hour.
fn wait_ms(window_ms: u64) -> u64 {
    (window_ms / 40).clamp(1_000, 90_000)
}

/// Spreads the requests: at the far end, ten times slower than an even use of the whole limit.
fn slow_ms(usage: &Usage, depth: f64) -> u64 {
    let even = usage.window_ms as f64 / usage.limit.max(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=10,000 before"
    )]
    let pause = (even * (1.0 + 9.0 * depth.clamp(0.0, 1.0))).clamp(0.0, 10_000.0) as u64;
    pause
}

/// How old a reading may grow while we work, in milliseconds: a minute, a quarter of it above 70 %.
#[must_use]
pub fn reading_lifetime_ms(usage: &Usage, n_own_since: u64) -> u64 {
    let used = (usage.n_used + n_own_since) as f64 / usage.limit.max(1) as f64;
    if used > 0.7 { 15_000 } else { 60_000 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Class, Pace, Usage, next};

    fn usage(n_used: u64, n_own: u64) -> Usage {
        Usage { n_used, limit: 10_000, window_ms: 3_600_000, read_at_ms: 0, n_own }
    }

    #[test]
    fn each_class_stops_at_its_own_share() {
        let check = |class, n_used, n_own, since, want: fn(&Pace) -> bool| {
            let pace = next(class, &usage(n_used, n_own), since);
            assert!(want(&pace), "{class:?} {n_used} {n_own} {since}: {pace:?}");
        };
        let go: fn(&Pace) -> bool = |pace| *pace == Pace::Go;
        let slow: fn(&Pace) -> bool = |pace| matches!(pace, Pace::Slow(ms) if *ms >= 360);
        let wait: fn(&Pace) -> bool = |pace| *pace == Pace::Wait(90_000);
        check(Class::Initial, 0, 0, 3_900, go);
        check(Class::Initial, 7_000, 0, 400, go);
        check(Class::Initial, 7_000, 0, 1_000, slow);
        check(Class::Initial, 8_400, 0, 100, wait);
        check(Class::Initial, 4_500, 4_500, 0, go);
        check(Class::Nightly, 3_900, 0, 50, go);
        check(Class::Nightly, 4_900, 0, 100, wait);
        check(Class::WriteBack, 6_000, 0, 0, wait);
    }

    proptest! {
        #[test]
        fn more_use_never_means_a_faster_pace(used in 0_u64..12_000, more in 0_u64..1_000) {
            let rank = |pace| match pace { Pace::Go => 0, Pace::Slow(ms) => 1 + ms, Pace::Wait(_) => u64::MAX };
            let before = rank(next(Class::Initial, &usage(used, 0), 0));
            prop_assert!(rank(next(Class::Initial, &usage(used + more, 0), 0)) >= before);
        }
    }
}
