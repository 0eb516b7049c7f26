//! The macro that declares one of our records, and what all of them answer.
//!
//! Never holds a field itself. Used by the record modules of `model`.

use std::collections::BTreeMap;

/// What every record of ours can say of itself.
pub(crate) trait ModelRecord: serde::Serialize {
    /// Autotask's id.
    fn id(&self) -> i64;

    /// The company to which the record belongs, if its entity has one.
    fn company_id(&self) -> Option<i64>;

    /// What is kept of it beside the records.
    fn facet(&self) -> Option<crate::facets::Facet>;
}

/// Whether a value is left out of a document.
pub(crate) trait Absent {
    fn is_absent(&self) -> bool;
}

impl Absent for i64 {
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<K, V> Absent for BTreeMap<K, V> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Declares a record whose absent values are left out of its document, and `FIELDS`, the names in their order.
///
/// `owner` tells which company a record belongs to, `facet` what is kept of it beside the records. A record without texts
/// has no lifetime.
macro_rules! model_record {
    ($(#[$meta:meta])* $name:ident<$lifetime:lifetime>, owner $owner:expr, $(facet $facet:expr,)? { $($fields:tt)* }) => {
        crate::model::record::model_record! {
            @record [$name<$lifetime>] [$name<'_>] $owner, $(facet $facet,)? { $($fields)* }
            #[serde(bound(deserialize = "'de: 'a"))]
            $(#[$meta])*
        }
    };
    ($(#[$meta:meta])* $name:ident, owner $owner:expr, $fields:tt) => {
        crate::model::record::model_record! { @record [$name] [$name] $owner, $fields $(#[$meta])* }
    };
    (
        @record [$($declared:tt)*] [$used:ty] $owner:expr, $(facet $facet:expr,)?
        { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }
        $(#[$meta:meta])*
    ) => {
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        $(#[$meta])*
        pub struct $($declared)* {
            $(
                $(#[$attribute])*
                #[serde(skip_serializing_if = "crate::model::record::Absent::is_absent")]
                pub $field: $kind,
            )*
        }

        impl $used {
            /// The names of the fields, in the order in which a document holds them.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl crate::model::record::ModelRecord for $used {
            fn id(&self) -> i64 {
                self.id
            }

            fn company_id(&self) -> Option<i64> {
                let owner: fn(&Self) -> Option<i64> = $owner;
                owner(self)
            }

            fn facet(&self) -> Option<crate::facets::Facet> {
                let facet: Option<fn(&Self) -> crate::facets::Facet> = [$($facet as fn(&Self) -> _)?].into_iter().next();
                facet.map(|facet| facet(self))
            }
        }
    };
}

pub(crate) use model_record;
