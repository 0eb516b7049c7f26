//! What SES says when it refuses.

use crate::aws::REGION;
use crate::aws::fault::Fault;

/// An operation that there is none of, here or at all.
pub(super) fn unknown_action(action: &str) -> Fault {
    Fault::refused("InvalidAction", format!("Could not find operation {action} for version 2010-12-01"))
}

/// A parameter's value is not allowed.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refused("InvalidParameterValue", message)
}

/// A member that must be there is not.
pub(super) fn missing(member: &str) -> Fault {
    let message = format!(
        "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must not be null"
    );
    Fault::refused("ValidationError", message)
}

/// Nobody has shown that the sender is theirs.
pub(super) fn not_verified(address: &str) -> Fault {
    let region = REGION.to_uppercase();
    let message = format!(
        "Email address is not verified. The following identities failed the check in region {region}: {address}"
    );
    Fault::refused("MessageRejected", message)
}

/// The message is larger than SES takes.
pub(super) fn too_long(n_bytes: usize, max_bytes: usize) -> Fault {
    let message = format!("Message length is more than {max_bytes} bytes long: '{n_bytes}'.");
    Fault::refused("InvalidParameterValue", message)
}

/// The configuration set is not there.
pub(super) fn no_such_configuration_set(name: &str) -> Fault {
    let message = format!("Configuration set <{name}> does not exist.");
    Fault::refused("ConfigurationSetDoesNotExist", message)
}
