//! The simulated clock: starts at a fixed instant, flows with real time, can be moved and stopped.

use jiff::Timestamp;
use std::time::Instant;

/// Simulated time in milliseconds since 1970, UTC.
#[derive(Debug)]
pub(crate) struct Clock {
    base_ms: i64,
    anchor: Instant,
    is_frozen: bool,
}

impl Clock {
    /// A clock that shows `start_ms` now.
    pub(crate) fn new(start_ms: i64, is_frozen: bool) -> Self {
        Self { base_ms: start_ms, anchor: Instant::now(), is_frozen }
    }

    /// What the clock shows.
    pub(crate) fn now_ms(&self) -> i64 {
        let flowed_ms = if self.is_frozen { 0 } else { self.anchor.elapsed().as_millis() as i64 };
        self.base_ms + flowed_ms
    }

    /// Puts the clock at an instant.
    pub(crate) fn set(&mut self, at_ms: i64) {
        self.base_ms = at_ms;
        self.anchor = Instant::now();
    }

    /// Moves the clock forward, or back when negative.
    pub(crate) fn advance(&mut self, by_ms: i64) {
        self.base_ms += by_ms;
    }

    /// Stops the clock, or lets it flow again, without a jump.
    pub(crate) fn freeze(&mut self, is_frozen: bool) {
        self.set(self.now_ms());
        self.is_frozen = is_frozen;
    }
}

/// Reads an instant such as `2026-11-20T02:00:00Z`.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// Writes an instant as the service does, such as `2026-02-15T14:22:00.000Z`.
pub(crate) fn instant_text(at_ms: i64) -> String {
    timestamp(at_ms).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Writes an instant for an HTTP header, such as `Fri, 20 Nov 2026 02:00:00 GMT`.
pub(crate) fn http_date(at_ms: i64) -> String {
    timestamp(at_ms).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{http_date, instant_text, parse_instant};

    #[test]
    fn instants_are_written_as_the_service_does() {
        let at_ms = parse_instant("2026-11-20T02:00:00.05Z").unwrap();
        assert_eq!(instant_text(at_ms), "2026-11-20T02:00:00.050Z");
        assert_eq!(instant_text(at_ms - 50), "2026-11-20T02:00:00.000Z");
        assert_eq!(http_date(at_ms), "Fri, 20 Nov 2026 02:00:00 GMT");
        assert_eq!(parse_instant("yesterday"), None);
    }
}
