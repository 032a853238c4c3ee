//! Whether the queries of two views are the same, although each server rewrites what it stores.
//! Also finds what a query uses.
//!
//! A query is parsed into a tree, and its names are looked up in the schema. It is then written as
//! a canonical text, which is the same for all spellings: every column has its table, every `*` is
//! expanded, and joins and expressions have one form. If something in the query isn't understood,
//! or wasn't verified on real servers, it has no canonical text.

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
/// If both have a canonical text, these decide, even if the written texts are equal: the same
/// `select *` means something else when the tables have changed.
pub fn compare(a: &SelectText, b: &SelectText) -> Sameness {
    match (&a.canonical, &b.canonical) {
        (Some(a), Some(b)) if a == b => Sameness::Same,
        (Some(_), Some(_)) => Sameness::Different,
        _ => expression::compare(a, b),
    }
}
