//! Function settings.
