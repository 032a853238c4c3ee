//! Whether two queries of views are the same, although each server rewrites what it stores; and
//! what a query uses.
//!
//! A query is read into a tree, names are looked up in the schema, and it is written as the text
//! that all its spellings share: every column with its table, every `*` expanded, every join and
//! expression one way. Where something in it isn't understood, or was not verified on real
//! servers, there is no such text.

mod aggregate;
mod catalog;
mod column_info;
mod intersect;
mod json_table;
mod missing;
mod names;
mod naming;
mod null_dates;
mod resolve;
mod resolved;
mod scope;
mod set;
mod source;
#[cfg(test)]
mod tests;
mod uses;
mod views;
mod write;

pub use missing::Missing;
pub use uses::{Uses, uses};
pub use views::{ViewInfo, views_of};

pub(super) use views::all;

use super::expression::{self, Sameness};
use crate::model::SelectText;

/// Compares the queries of two views, after `normalize` has set their `canonical`.
///
/// The canonical texts decide where there are two: the same `select *` means something else when
/// the tables have changed.
pub fn compare(a: &SelectText, b: &SelectText) -> Sameness {
    match (&a.canonical, &b.canonical) {
        (Some(a), Some(b)) if a == b => Sameness::Same,
        (Some(_), Some(_)) => Sameness::Different,
        _ => expression::compare(a, b),
    }
}
