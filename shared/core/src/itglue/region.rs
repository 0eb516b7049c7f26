//! The data centers of IT Glue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an IT Glue account lives; its keys are good there only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ItGlueRegion")]
pub enum Region {
    /// The United States.
    #[default]
    Us,
    /// The European Union.
    Eu,
    /// Australia.
    Au,
}

impl Region {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Us, Self::Eu, Self::Au];

    /// The region as people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Us => "United States",
            Self::Eu => "Europe",
            Self::Au => "Australia",
        }
    }
}
