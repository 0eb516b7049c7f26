//! Scores the matching of company names on labelled sets: precision, recall and wrong pairs of each, pooled precision.
//!
//! [`data`] reads the sets, [`product`] asks the product, [`baselines`] asks what everybody else would use, [`score`]
//! counts, [`table`] prints, [`pairs`] lists single pairs. Tests assert the bounds of the product; nothing of the product depends on this package.

pub mod baselines;
pub mod data;
pub mod pairs;
pub mod product;
pub mod score;
pub mod table;
