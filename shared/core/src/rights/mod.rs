//! The permission X-ray: what each feature needs of Autotask, what the API user has, and what is more than needed.
//!
//! Reading order: `seen` (what is known of one entity), `feature` (needs and the boxes that grant them), `report` (the
//! two laid side by side).
//! Never asks anybody. Used by the probe behind «Test Settings».

mod feature;
mod report;
mod seen;

pub use feature::{Action, Feature, Need, Wanted};
pub use report::{Excess, Grant, Line, Row, Verdict, XRay, x_ray};
pub use seen::{Access, Counted, Seen};
