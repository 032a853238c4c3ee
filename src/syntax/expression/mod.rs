//! Reads expressions into trees.

mod cast_type;
mod number;
mod parser;
mod plain;
mod primary;
mod token;

pub(crate) use parser::{Parsed, TreeParser, Unread, parse};
pub(crate) use plain::is_column_or_literal;
pub(crate) use primary::WITHOUT_PARENTHESES;
pub(crate) use token::{ExpressionToken, tokens, with_places};

use crate::model::Expression;
use crate::model::tree::Node;

/// The tree of an expression, which is parsed only once. `None` if the expression isn't understood.
pub(crate) fn tree(expression: &Expression) -> Option<&Node> {
    expression.tree(parse).map(|node| &**node)
}
