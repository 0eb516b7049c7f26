//! Function initial-sync.
