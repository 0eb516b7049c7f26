//! IT Glue: what its answers mean, and how its organizations are read.
//!
//! Reading order: [`region`](Region), `organization` (one record), `page` (the envelope), `walk` (pages that shift while
//! they are read), `meaning` (what a refusal means), `pace` (the limit of requests), `reading` (what becomes of the organizations that are kept).
//! Never does I/O and never writes to IT Glue: nothing here could. The only place that spells IT Glue's names of
//! attributes. Used by the IT Glue client.

mod meaning;
mod organization;
mod pace;
mod page;
mod reading;
mod region;
mod walk;

pub use meaning::{KeyFault, Meaning, meaning};
pub use organization::{Organization, Rejected, decode, peek_id};
pub use pace::RequestWindow;
pub use page::{Malformed, Page, parse_errors, parse_page};
pub use reading::{Listed, Reading, merge};
pub use region::Region;
pub use walk::{Ask, PageFacts, Walk};

/// Rows of the largest page.
///
/// # Source
/// The vendor's developer page: «the maximum number of page results that can be requested is 1000».
pub const MAX_PAGE_SIZE: u32 = 1_000;
/// The order in which organizations are asked for: ids only grow, so rows are added at the end.
pub const SORT: &str = "id";
