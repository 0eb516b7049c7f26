//! The macro that declares one Autotask record: its Rust field, our type and Autotask's name, on one line each.
//!
//! Never holds a name itself. Used by the record modules of `wire`.

/// Declares a record that is decoded leniently, and `WANTED`, the names to ask Autotask for.
///
/// Every field is an `Option`: null, `""` and absent are one. The part after `also` is decoded but not asked for. A
/// record without texts has no lifetime.
macro_rules! wire_record {
    ($(#[$meta:meta])* $name:ident<$lifetime:lifetime> $fields:tt $(also $extra:tt)?) => {
        crate::wire::record::wire_record! {
            @record [$name<$lifetime>] [$name<'_>] $fields $(also $extra)?
            #[serde(bound(deserialize = "'de: 'a"))]
            $(#[$meta])*
        }
    };
    ($(#[$meta:meta])* $name:ident $fields:tt) => {
        crate::wire::record::wire_record! { @record [$name] [$name] $fields $(#[$meta])* }
    };
    (
        @record [$($declared:tt)*] [$used:ty]
        { $($field:ident: $kind:ty = $wire:literal $(or $alias:literal)?,)* }
        $(also { $extra:ident: $extra_kind:ty = $extra_wire:literal, with $extra_with:literal })?
        $(#[$meta:meta])*
    ) => {
        #[derive(Default, serde::Deserialize)]
        #[serde(default, expecting = "an object")]
        $(#[$meta])*
        pub(crate) struct $($declared)* {
            $(
                #[serde(rename = $wire, $(alias = $alias,)? deserialize_with = "crate::wire::lenient")]
                pub(crate) $field: Option<$kind>,
            )*
            $(
                #[serde(rename = $extra_wire, deserialize_with = $extra_with)]
                pub(crate) $extra: $extra_kind,
            )?
        }

        impl $used {
            /// The names to ask for, `id` first.
            pub(crate) const WANTED: &'static [&'static str] = &[$($wire),*];
        }
    };
}

pub(crate) use wire_record;
