//! Mails: put into words, sent through SES, settled by SES's own events.
//!
//! Reading order: [`frame`] (for whom), `letter` (the wording of each kind), `render` (text and HTML from one letter),
//! [`mailer`] (SES), [`mod@deliver`] (the outbox of a tenant), [`settle`] (what SES tells afterwards).
//! Never decides whether a mail is due or may be sent: that is [`shared_core::mail`]. Called by the nightly function.

pub mod deliver;
pub mod frame;
mod letter;
pub mod mailer;
mod render;
pub mod settle;
mod texts;
mod words;

pub use self::deliver::{Delivered, deliver};
pub use self::frame::{AppUrl, Frame};
pub use self::mailer::{MailError, Mailer};
pub use self::render::{Rendered, render};
pub use self::settle::{BadEvent, SettleError, Settled, settle_event, tenant_of};
