//! Receipt handles: which receive of which message.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a handle says. It is valid for its queue only, and has an effect only while it is the message's last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) queue: String,
    pub(super) key: String,
    pub(super) token: String,
}

impl Receipt {
    /// The text that receivers are given.
    pub(super) fn to_handle(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}/{}/{}", self.queue, self.key, self.token))
    }

    /// Reads [`Self::to_handle`].
    pub(super) fn parse(handle: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(handle).ok()?).ok()?;
        let mut parts = text.splitn(3, '/').map(str::to_owned);
        Some(Self { queue: parts.next()?, key: parts.next()?, token: parts.next()? })
    }
}
