//! Amounts of money as whole numbers.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::sums::Sum;

/// How many of ours make one of the currency.
const PER_UNIT: f64 = 10_000.0;
/// The largest amount of one record, in units of the currency: a trillion, so that thousands of such records fit a sum.
const MAX_UNITS: f64 = 1e12;

/// An amount of money in ten-thousandths of the currency's unit.
///
/// Autotask's amounts are decimals with up to four places; sums of them are exact here, as sums of floating-point
/// numbers are not. The currency is the one of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// Reads an amount; none for one that is no number or beyond a trillion.
    #[must_use]
    pub fn from_units(units: f64) -> Option<Self> {
        if !units.is_finite() || units.abs() > MAX_UNITS {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within 1e16 by the check above")]
        Some(Self((units * PER_UNIT).round() as i64))
    }

    /// The amount in units of the currency, for people and charts.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "shown, never added up")]
    pub fn units(self) -> f64 {
        self.0 as f64 / PER_UNIT
    }

    /// This share of the amount, in percent, rounded half away from zero.
    #[must_use]
    pub fn percent(self, percent: i64) -> Self {
        let product = i128::from(self.0) * i128::from(percent.clamp(0, 100));
        let rounded = (product + 50 * product.signum()) / 100;
        // At most the amount itself, since the percentage is.
        Self(i64::try_from(rounded).unwrap_or(self.0))
    }
}

impl Sum for Amount {
    fn add(&mut self, other: &Self) {
        self.0.add(&other.0);
    }

    fn remove(&mut self, other: &Self) {
        self.0.remove(&other.0);
    }
}

/// An amount as it is shown: a JSON number in units of the currency, with up to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown(pub Amount);

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_f64(self.0.units())
    }
}

impl JsonSchema for Shown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "number",
            "description": "An amount of money in units of the currency, with up to four decimals.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Shown};

    #[test]
    fn amounts_are_exact_to_four_decimals() {
        let check = |units: f64, want: Option<i64>| {
            assert_eq!(Amount::from_units(units).map(|amount| amount.0), want, "{units}");
        };
        check(0.1, Some(1_000));
        check(301.2, Some(3_012_000));
        check(-19.99, Some(-199_900));
        check(0.00004, Some(0));
        check(0.00005, Some(1));
        check(1e12, Some(10_000_000_000_000_000));
        check(1.1e12, None);
        check(f64::NAN, None);
        check(f64::INFINITY, None);
    }

    #[test]
    fn shares_are_rounded_half_away_from_zero() {
        let check = |amount, percent, want| assert_eq!(Amount(amount).percent(percent), Amount(want));
        check(1_000, 25, 250);
        check(1, 50, 1);
        check(-1, 50, -1);
        check(1, 49, 0);
        check(1_000, 120, 1_000);
        check(1_000, -5, 0);
        check(i64::MAX, 100, i64::MAX);
    }

    #[test]
    fn amounts_are_shown_as_numbers_of_the_currency() {
        let shown = |amount| serde_json::to_string(&Shown(Amount(amount))).unwrap();
        assert_eq!([shown(12_345_000), shown(-1), shown(0)], ["1234.5", "-0.0001", "0.0"]);
    }
}
