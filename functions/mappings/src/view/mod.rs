//! What clients see.

mod companies;
mod links;
mod saves;
mod targets;
mod why;

pub use companies::{CompanyCounters, CompanyPage, CompanyRow, NamedId};
pub use links::{LinkCounters, LinkPage, LinkRow, LinkState};
pub use saves::{
    AssetEffect, BeforeAfter, CompanyEffect, DiffRow, EffectView, NamedEffect, OptionsDiff, OptionsView,
    RevertWish, SavedView, VersionPage, VersionRow,
};
pub use targets::{CategoryCount, StatusRow, StatusesView, TypeRow, TypesView};
pub use why::{
    ChainLink, Finding, FindingKind, Fix, InboxItem, InboxKind, InboxView, RecordPage, Screen, Step, WhyView,
};
