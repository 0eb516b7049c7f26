//! A mail as a file that mail programs open (RFC 5322).

use std::io;

use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::raw::Raw;

use super::mail::Mail;

/// Writes a mail out: blind copies are not among its headers.
///
/// # Errors
/// The builder gave up.
pub(super) fn written(mail: &Mail) -> io::Result<Vec<u8>> {
    let seconds = i64::try_from(mail.accepted_ms / 1000).unwrap_or_default();
    let mut message = MessageBuilder::new()
        .date(seconds)
        .message_id(format!("{}@lci.localhost", mail.id))
        .subject(mail.request.subject.as_str());
    // Addresses are 7-bit already, their names encoded by the sender: they are folded and not touched otherwise.
    let sender = std::slice::from_ref(&mail.request.source);
    let headers = [
        ("From", sender),
        ("To", &mail.request.to),
        ("Cc", &mail.request.cc),
        ("Reply-To", &mail.request.reply_to),
    ];
    for (name, addresses) in headers {
        if !addresses.is_empty() {
            message = message.header(name, HeaderType::from(Raw::new(addresses.join(", "))));
        }
    }
    if let Some(text) = &mail.request.text {
        message = message.text_body(text.as_str());
    }
    if let Some(html) = &mail.request.html {
        message = message.html_body(html.as_str());
    }
    message.write_to_vec()
}
