//! Whether two expressions mean the same.

use crate::model::Expression;

/// What can be said about two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// They mean the same.
    Same,
    /// They don't.
    Different,
    /// It can't be told without asking a server.
    Unknown,
}

/// Compares two expressions, after `normalize` has set their `canonical`.
pub fn compare(a: &Expression, b: &Expression) -> Comparison {
    match (&a.canonical, &b.canonical) {
        _ if a.text == b.text => Comparison::Same,
        (Some(a), Some(b)) if a == b => Comparison::Same,
        (Some(_), Some(_)) => Comparison::Different,
        _ => Comparison::Unknown,
    }
}
