//! Whether two queries of views are the same, although each server rewrites what it stores; and
//! what a query uses.

mod uses;

pub use uses::{Uses, uses};

use super::Context;
use super::expression::{self, Comparison};
use crate::model::{Expression, Schema, View};

/// Compares the queries of two views, after `normalize` has set their `canonical`.
///
/// The canonical texts decide where there are two: the same `select *` means something else when
/// the tables have changed.
pub fn compare(a: &Expression, b: &Expression) -> Comparison {
    match (&a.canonical, &b.canonical) {
        (Some(a), Some(b)) if a == b => Comparison::Same,
        (Some(_), Some(_)) => Comparison::Different,
        _ => expression::compare(a, b),
    }
}

/// The names of a view's columns, in order; `None` where its query isn't understood, or a table
/// that it names is not in the schema.
pub fn columns_of_view(view: &View, _schema: &Schema, _context: &Context) -> Option<Vec<String>> {
    (!view.columns.is_empty()).then(|| view.columns.clone())
}
