//! Records, why something is not shown, and what waits for a decision.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use shared::directory::CompanyRef;
use shared_core::freshness::Freshness;

/// Records of one company.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordPage {
    /// One object per record, by id; the fields are those of `lci export`.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    pub rows: Vec<Box<RawValue>>,
    /// Records that the mappings hide.
    pub n_hidden: usize,
    /// How fresh they are.
    pub freshness: Freshness,
}

/// Why something is not shown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WhyView {
    /// What was asked for.
    pub query: String,
    /// What was found; at most 20.
    pub findings: Vec<Finding>,
    /// The answer in a sentence.
    pub text: String,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// An asset.
    Asset,
    /// A company.
    Company,
}

/// One asset or company, and the chain that leads to its being shown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Autotask's id.
    pub id: i64,
    /// Its name.
    pub name: Option<String>,
    /// Its company, of an asset.
    pub company: Option<CompanyRef>,
    /// Whether it is shown.
    pub is_shown: bool,
    /// The first link that is broken.
    pub broken: Option<Step>,
    /// The chain, from the source to the screen.
    pub chain: Vec<ChainLink>,
}

/// A link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Autotask shows it to our API user.
    Visible,
    /// It could be read.
    Readable,
    /// Its company is shown.
    Company,
    /// Its type is kept.
    Type,
    /// Its status is kept.
    Status,
}

/// One link of the chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChainLink {
    /// Which.
    pub step: Step,
    /// Whether it holds.
    pub is_ok: bool,
    /// What is known, in a sentence.
    pub text: String,
    /// What to do if it is broken.
    pub fix: Option<Fix>,
}

/// What to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fix {
    /// In words.
    pub text: String,
    /// On which screen.
    pub screen: Screen,
    /// Which row there.
    pub key: Option<String>,
}

/// Screens of the admin page, as its addresses name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// Settings and Pull Log.
    Settings,
    /// One run.
    Runs,
    /// Asset Mapping.
    AssetTypes,
    /// Asset Status Mapping.
    AssetStatuses,
    /// Company Mapping.
    Companies,
    /// Link Companies to IT GLUE.
    CompanyLinks,
    /// A plan of the warranty write-back.
    WriteBack,
}

/// What waits for a decision.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InboxView {
    /// Most urgent first.
    pub items: Vec<InboxItem>,
}

/// One thing that waits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InboxItem {
    /// What it is.
    pub kind: InboxKind,
    /// How many.
    pub count: u64,
    /// In words, with what to do.
    pub text: String,
    /// Where it is decided.
    pub screen: Screen,
    /// Which row or run there.
    pub key: Option<String>,
}

/// Kinds of things that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InboxKind {
    /// Autotask refuses the login.
    Credentials,
    /// The last run failed.
    FailedRun,
    /// Deletions are held by the brake.
    HeldRun,
    /// A write-back stopped and needs a person.
    StoppedWriteBack,
    /// Records could not be used.
    RejectedRecords,
    /// Types that came since somebody last looked.
    NewAssetTypes,
    /// Companies that nobody decided on.
    UndecidedCompanies,
    /// Organizations that nobody linked.
    OpenLinks,
}
