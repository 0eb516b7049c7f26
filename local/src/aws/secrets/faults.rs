//! What Secrets Manager says when it refuses.

use crate::aws::fault::Fault;

/// The secret, or the version of it, is not there.
pub(super) fn not_found(what: &str) -> Fault {
    Fault::refused("ResourceNotFoundException", format!("Secrets Manager can't find the specified {what}."))
}

/// Something of that name is there already.
pub(super) fn exists(what: &str) -> Fault {
    Fault::refused("ResourceExistsException", what)
}

/// A parameter's value is not allowed.
pub(super) fn invalid(why: impl Into<String>) -> Fault {
    Fault::refused("InvalidParameterException", why)
}
