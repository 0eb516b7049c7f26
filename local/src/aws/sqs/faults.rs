//! What SQS says when it refuses.

use crate::aws::fault::Fault;

/// The queue of a call is not there.
pub(super) fn no_such_queue() -> Fault {
    Fault::refused("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.")
        .with_query_code("AWS.SimpleQueueService.NonExistentQueue")
}

/// A parameter's value is not allowed.
pub(super) fn invalid(parameter: &str, value: &str, reason: &str) -> Fault {
    let message = format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}.");
    Fault::refused("com.amazon.coral.service#InvalidParameterValueException", message)
        .with_query_code("InvalidParameterValue")
}

/// A parameter is missing.
pub(super) fn missing(parameter: &str) -> Fault {
    let message = format!("The request must contain the parameter {parameter}.");
    Fault::refused("com.amazon.coral.service#MissingRequiredParameterException", message)
        .with_query_code("MissingParameter")
}

/// A request that cannot be read, or that holds what is not known here.
pub(super) fn unreadable(why: &str) -> Fault {
    Fault::refused("com.amazonaws.sqs#UnsupportedOperation", format!("not supported here: {why}"))
        .with_query_code("AWS.SimpleQueueService.UnsupportedOperation")
}

/// A body holds characters that SQS does not carry.
pub(super) fn invalid_contents() -> Fault {
    let message = "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | \
                   #xE000 to #xFFFD | #x10000 to #x10FFFF";
    Fault::refused("com.amazonaws.sqs#InvalidMessageContents", message)
        .with_query_code("InvalidMessageContents")
}

/// A receipt handle that was never given out for this queue.
pub(super) fn invalid_receipt(handle: &str) -> Fault {
    let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
    Fault::refused("com.amazonaws.sqs#ReceiptHandleIsInvalid", message)
        .with_query_code("ReceiptHandleIsInvalid")
}

/// The message of a visibility change is not in flight.
pub(super) fn not_in_flight() -> Fault {
    Fault::refused("com.amazonaws.sqs#MessageNotInflight", "The message referred to isn't in flight.")
        .with_query_code("AWS.SimpleQueueService.MessageNotInflight")
}

/// An attribute that queues do not have.
pub(super) fn unknown_attribute(name: &str) -> Fault {
    Fault::refused("com.amazonaws.sqs#InvalidAttributeName", format!("Unknown Attribute {name}."))
        .with_query_code("InvalidAttributeName")
}
