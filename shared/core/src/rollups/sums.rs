//! Sums that can be added and taken away, alone and by key.
//!
//! Numbers wrap instead of stopping at a limit, since a sum that stops could not be taken away again; amounts are bounded
//! so that millions of records stay far below the limit. Used by the other modules here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something that can be added and taken away.
pub(crate) trait Sum: Clone + Default + PartialEq {
    fn add(&mut self, other: &Self);
    fn remove(&mut self, other: &Self);
}

impl Sum for i64 {
    fn add(&mut self, other: &Self) {
        *self = self.wrapping_add(*other);
    }

    fn remove(&mut self, other: &Self) {
        *self = self.wrapping_sub(*other);
    }
}

/// Declares numbers that are added and taken away field by field; zeros are left out of their JSON.
macro_rules! sums {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[$attribute])*
                #[serde(skip_serializing_if = "crate::rollups::sums::is_zero")]
                pub $field: $kind,
            )*
        }

        impl crate::rollups::sums::Sum for $name {
            fn add(&mut self, other: &Self) {
                $(crate::rollups::sums::Sum::add(&mut self.$field, &other.$field);)*
            }

            fn remove(&mut self, other: &Self) {
                $(crate::rollups::sums::Sum::remove(&mut self.$field, &other.$field);)*
            }
        }
    };
}

pub(crate) use sums;

pub(crate) fn is_zero<T: Sum>(value: &T) -> bool {
    *value == T::default()
}

/// Sums by key; a key whose sums are all zero is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "K: Ord + Deserialize<'de>, V: Deserialize<'de>"))]
pub struct Buckets<K, V>(BTreeMap<K, V>);

impl<K, V> Default for Buckets<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K, V> Buckets<K, V> {
    /// Keys and their sums, ascending by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter()
    }

    /// True when there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Ord, V> Buckets<K, V> {
    /// The sums of a key; none when all of them are zero.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }
}

/// Adds to one key.
pub(crate) fn add_to<K: Ord, V: Sum>(buckets: &mut Buckets<K, V>, key: K, value: &V) {
    change(buckets, key, |sums| sums.add(value));
}

fn change<K: Ord, V: Sum>(buckets: &mut Buckets<K, V>, key: K, change: impl FnOnce(&mut V)) {
    let mut sums = buckets.0.remove(&key).unwrap_or_default();
    change(&mut sums);
    if !is_zero(&sums) {
        buckets.0.insert(key, sums);
    }
}

impl<K: Ord + Clone, V: Sum> Sum for Buckets<K, V> {
    fn add(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            change(self, key.clone(), |sums| sums.add(value));
        }
    }

    fn remove(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            change(self, key.clone(), |sums| sums.remove(value));
        }
    }
}
