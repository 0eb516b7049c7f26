//! The rules that decide about a row, in the order in which they are asked; the first that applies decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a rule does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyDecision")]
pub enum DecisionKind {
    /// The date is to be written.
    Write,
    /// There is something to write, and a person has to look at it first.
    Hold,
    /// There is nothing to write.
    Skip,
}

/// Declares the rules in their order: name, what it does, its words.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident: $kind:ident, $name:literal, $words:literal;)*) => {
        /// Why a row is written, held or skipped; the order is the order of asking.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[schemars(rename = "WarrantyRule")]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of asking.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// What it does with a row.
            #[must_use]
            pub fn kind(self) -> DecisionKind {
                match self {
                    $(Self::$rule => DecisionKind::$kind,)*
                }
            }

            /// Stable name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// What the screen says.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$rule => $words,)*
                }
            }
        }
    };
}

rules! {
    /// The asset is tombstoned.
    Gone: Skip, "gone", "The asset is no longer in Autotask.";
    /// The asset is not active in Autotask.
    Inactive: Skip, "inactive", "The asset is inactive in Autotask.";
    /// Nobody mapped the company.
    Unmapped: Skip, "unmapped", "The asset's company is not mapped.";
    /// The mappings of types or statuses leave the asset out.
    Ignored: Skip, "ignored", "The mapping of its type or status ignores the asset.";
    /// A person locked the client.
    ClientLocked: Hold, "client_locked", "The client is locked: its warranty dates are left alone.";
    /// A person locked the asset.
    AssetLocked: Hold, "asset_locked", "The asset is locked: its warranty date is left alone.";
    /// Somebody keeps putting another date there.
    TugOfWar: Hold, "tug_of_war", "Another tool changed our date twice: we stopped writing this asset.";
    /// The serial number is none.
    JunkSerial: Skip, "junk_serial", "The serial number is missing or a placeholder, so no vendor can know the device.";
    /// We hold no date for it.
    NothingKnown: Skip, "nothing_known", "No warranty date is known.";
    /// The date is not a vendor's own.
    NotVendorSourced: Skip, "not_vendor_sourced", "The date does not come from the vendor itself.";
    /// The date was looked up for another serial number.
    SerialDiffers: Hold, "serial_differs", "The date was looked up for another serial number than the asset has now.";
    /// The coverage never ends.
    Lifetime: Skip, "lifetime", "The coverage is for life: there is no end to write.";
    /// The date lies too far ahead.
    FarFuture: Skip, "far_future", "The date lies further ahead than the limit.";
    /// The warranty would end before it began.
    NotAfterInstall: Skip, "not_after_install", "The warranty would end on or before the day of installation.";
    /// Autotask holds this very date.
    AlreadyThere: Skip, "already_there", "Autotask already holds this date.";
    /// Autotask's date differs by too little.
    WithinTolerance: Skip, "within_tolerance", "Autotask's date differs by no more than the tolerance.";
    /// Autotask has a date, and only blanks are filled.
    NotBlank: Hold, "not_blank", "Autotask has a date, and only blanks are filled.";
    /// Autotask's date is later.
    WouldShorten: Hold, "would_shorten", "Autotask's date is later: ours would shorten the warranty.";
    /// Autotask did not take this very date.
    WrittenInVain: Hold, "written_in_vain", "Autotask did not take this date in two plans: it is left alone until the asset is edited there, another date comes, or you let it go on.";
    /// The run's cap is used up.
    OverCap: Hold, "over_cap", "The cap of dates in one run is used up.";
    /// Autotask has no date.
    FillsBlank: Write, "fills_blank", "Autotask has no date yet.";
    /// Ours is later.
    Lengthens: Write, "lengthens", "Our date is later than Autotask's.";
    /// Ours is earlier, and that is allowed.
    Shortens: Write, "shortens", "Our date is earlier than Autotask's, and the policy always takes ours.";
}

#[cfg(test)]
mod tests {
    use super::{DecisionKind, Rule};

    #[test]
    fn the_name_on_the_wire_is_the_name_in_the_table() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.name());
            assert!(rule.words().ends_with('.'), "{rule:?}");
        }
    }

    #[test]
    fn writes_are_asked_last() {
        let first_write = Rule::ALL.iter().position(|rule| rule.kind() == DecisionKind::Write).unwrap();
        assert!(Rule::ALL[first_write..].iter().all(|rule| rule.kind() == DecisionKind::Write));
        assert!(Rule::ALL.is_sorted());
    }
}
