//! Evaluates conditions on packed rows without writing them out.

use super::{Compare, Condition, Test};
use crate::schema::{Kind, Schema};
use crate::store::{Row, Texts};
use std::borrow::Cow;

impl Condition {
    /// True when the row meets the condition.
    pub(crate) fn holds(&self, row: &Row, schema: &Schema, texts: &Texts) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.holds(row, schema, texts)),
            Self::Or(any) => any.iter().any(|one| one.holds(row, schema, texts)),
            Self::Id(test) => test.holds_number(Some(row.id)),
            Self::Field(idx, test) => {
                let is_text = schema.fields.get(*idx).is_some_and(|field| field.kind == Kind::Text);
                if is_text {
                    test.holds_text(row.cell(*idx).map(|span| texts.get(span)))
                } else {
                    test.holds_number(row.number(*idx))
                }
            }
            Self::Udf(idx, test) => test.holds_text(row.udf(*idx).map(|span| texts.get(span))),
        }
    }
}

impl Test {
    fn holds_number(&self, value: Option<i64>) -> bool {
        match self {
            Self::Exists(wanted) => value.is_some() == *wanted,
            Self::Number(compare, argument) => value.is_some_and(|v| orders(*compare, v.cmp(argument))),
            Self::NumberIn(list, negated) => {
                value.is_some_and(|v| list.binary_search(&v).is_ok() != *negated)
            }
            Self::Text(..) | Self::TextIn(..) => false,
        }
    }

    fn holds_text(&self, value: Option<&str>) -> bool {
        match self {
            Self::Exists(wanted) => value.is_some() == *wanted,
            Self::Text(compare, argument) => value.is_some_and(|v| compares(*compare, &lower(v), argument)),
            Self::TextIn(list, negated) => value.is_some_and(|v| {
                let value = lower(v);
                list.iter().any(|one| *one == value) != *negated
            }),
            Self::Number(..) | Self::NumberIn(..) => false,
        }
    }
}

fn orders(compare: Compare, order: std::cmp::Ordering) -> bool {
    match compare {
        Compare::Eq => order.is_eq(),
        Compare::NotEq => order.is_ne(),
        Compare::Gt => order.is_gt(),
        Compare::Gte => order.is_ge(),
        Compare::Lt => order.is_lt(),
        Compare::Lte => order.is_le(),
        Compare::BeginsWith | Compare::EndsWith | Compare::Contains => false,
    }
}

fn compares(compare: Compare, value: &str, argument: &str) -> bool {
    match compare {
        Compare::BeginsWith => value.starts_with(argument),
        Compare::EndsWith => value.ends_with(argument),
        Compare::Contains => value.contains(argument),
        other => orders(other, value.cmp(argument)),
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
