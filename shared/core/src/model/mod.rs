//! Our words: one record of each entity as it is stored, read and exported.
//!
//! Never knows Autotask's names. A stored document is the compact JSON of one of these, absent values left out, in the
//! order of the fields. Used by `project`, `catalogue`, `export`, the store's readers and the functions.

mod asset;
mod company;
mod contact;
mod contract;
mod opportunity;
mod product;
mod record;
mod text;
mod ticket;

pub use asset::{Asset, AssetCategory, AssetType};
pub use company::Company;
pub use contact::Contact;
pub use contract::{Contract, ContractService, ContractServiceUnit};
pub use opportunity::Opportunity;
pub use product::Product;
pub use text::Text;
pub use ticket::Ticket;

pub(crate) use record::ModelRecord;
