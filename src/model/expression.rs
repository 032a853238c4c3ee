//! An SQL expression: of a default, a generated column, a CHECK or an index part.

/// An SQL expression as its source spells it, without the parentheses that the clause around it
/// needs.
///
/// [`crate::normalize::expression`] compares two expressions; equal texts alone don't decide.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expression {
    /// The text, in UTF-8, as it may be written in SQL.
    pub text: String,
    /// The one spelling for all texts of the same meaning, if the text was understood. Set by
    /// `normalize`; `None` before, and if the text can't be parsed.
    pub canonical: Option<String>,
}

impl Expression {
    /// An expression that has not been normalized.
    pub fn new(text: impl Into<String>) -> Self {
        Expression { text: text.into(), canonical: None }
    }
}
