//! Function test-settings.
