//! An SQL expression: of a default, a generated column, a CHECK or an index part.

/// An SQL expression as its source spells it, without the parentheses that the
/// surrounding clause demands.
///
/// Two expressions are compared by [`crate::normalize::expression`], never by text alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expression {
    /// The text, in UTF-8, as it may stand in SQL.
    pub text: String,
    /// The spelling that all texts of the same meaning share, where the text was understood.
    /// Set by `normalize`; `None` before it, and for what it can't read.
    pub canonical: Option<String>,
}

impl Expression {
    /// An expression that has not been normalized.
    pub fn new(text: impl Into<String>) -> Self {
        Expression { text: text.into(), canonical: None }
    }
}
