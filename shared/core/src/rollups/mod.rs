//! The sums that a quarterly business review needs of one company.
//!
//! Tickets opened and closed by month with the time they took, what contracts bring by month, the sales that may come by
//! stage. A [`Rollup`] is a sum over records: what a record adds depends on that record and the tenant's time zone alone,
//! so that taking a record's old state away and adding its new one gives what all records would give anew, in any order
//! and in any parts. All sums are whole numbers; none loses anything to rounding on its way.
//!
//! Never looks a record up and never joins: whoever calls knows whose record it is (a unit's company is its contract's).
//! Used by the readers of a company's roll-ups, through [`view`].

mod amount;
mod contracts;
mod kept;
mod month;
mod opportunities;
mod sums;
mod tickets;
pub mod view;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::model::{Contract, ContractServiceUnit, Opportunity, Ticket};

pub use amount::Amount;
pub use contracts::ContractMonth;
pub use kept::{Basis, Kept};
pub use month::{Month, UnknownMonth};
pub use opportunities::{Stage, StageSums};
pub use sums::Buckets;
pub use tickets::{TicketMonth, Totals};

use sums::Sum;

/// The sums over some records of one company.
///
/// # Shape
/// Equal sums are equal values and equal JSON: a bucket whose numbers are all zero is left out. Every number may be
/// negative while a record is taken away before it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollup {
    /// What happened to tickets, by month.
    #[serde(default, skip_serializing_if = "Buckets::is_empty")]
    pub tickets: Buckets<Month, TicketMonth>,
    /// What contracts bring, by month.
    #[serde(default, skip_serializing_if = "Buckets::is_empty")]
    pub contracts: Buckets<Month, ContractMonth>,
    /// Open opportunities, by stage.
    #[serde(default, skip_serializing_if = "Buckets::is_empty")]
    pub pipeline: Buckets<Stage, StageSums>,
    /// What belongs to no month and no stage.
    #[serde(default)]
    pub totals: Totals,
}

impl Rollup {
    /// What one stored document contributes; entities that no sum is about contribute nothing.
    ///
    /// # Errors
    /// The document is not one of this entity's.
    pub fn of(entity: Entity, doc: &str, zone: &TimeZone) -> Result<Self, serde_json::Error> {
        Ok(match entity {
            Entity::Tickets => Self::of_ticket(&serde_json::from_str(doc)?, zone),
            Entity::Contracts => Self::of_contract(&serde_json::from_str(doc)?),
            Entity::ContractServiceUnits => Self::of_unit(&serde_json::from_str(doc)?),
            Entity::Opportunities => Self::of_opportunity(&serde_json::from_str(doc)?),
            _ => Self::default(),
        })
    }

    /// What one ticket contributes; the zone decides in which month something happened.
    #[must_use]
    pub fn of_ticket(ticket: &Ticket<'_>, zone: &TimeZone) -> Self {
        tickets::contribution(ticket, zone)
    }

    /// What one contract contributes.
    #[must_use]
    pub fn of_contract(contract: &Contract<'_>) -> Self {
        contracts::of_contract(contract)
    }

    /// What one billing period of a service contributes.
    #[must_use]
    pub fn of_unit(unit: &ContractServiceUnit) -> Self {
        contracts::of_unit(unit)
    }

    /// What one opportunity contributes; only open ones are in the pipeline.
    #[must_use]
    pub fn of_opportunity(opportunity: &Opportunity<'_>) -> Self {
        opportunities::contribution(opportunity)
    }

    /// Adds the sums over other records.
    pub fn add(&mut self, other: &Self) {
        self.tickets.add(&other.tickets);
        self.contracts.add(&other.contracts);
        self.pipeline.add(&other.pipeline);
        self.totals.add(&other.totals);
    }

    /// Takes the sums over some records away: the exact inverse of [`Rollup::add`].
    pub fn remove(&mut self, other: &Self) {
        self.tickets.remove(&other.tickets);
        self.contracts.remove(&other.contracts);
        self.pipeline.remove(&other.pipeline);
        self.totals.remove(&other.totals);
    }

    /// True when nothing was added, or all of it was taken away.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
