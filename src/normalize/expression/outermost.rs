//! What kind of expression it is, by its outermost operation.

use crate::model::Expression;
use crate::model::tree::Node;
use crate::syntax::expression::tree;

/// The kind of an expression that isn't a condition by its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outermost {
    /// A column.
    Column,
    /// A literal, or the result of an operator, a cast or CASE.
    Value,
    /// The result of a function, whose name is in lower case.
    Call(String),
}

/// The kind of an expression of a table. `None` if it is a condition, or isn't understood.
pub(crate) fn outermost(expression: &Expression) -> Option<Outermost> {
    match tree(expression)? {
        Node::Number(_) => {
            // TRUE and FALSE are numbers in the tree, so the text decides.
            let is_word = expression.text.chars().any(|c| matches!(c, 't' | 'T' | 'f' | 'F'));
            (!is_word).then_some(Outermost::Value)
        }
        Node::Binary { operator, .. } => {
            (!operator.eq_ignore_ascii_case("member of")).then_some(Outermost::Value)
        }
        Node::Call { name, .. } => Some(Outermost::Call(name.clone())),
        Node::Column(..) => Some(Outermost::Column),
        Node::Null
        | Node::String { .. }
        | Node::Bytes(_)
        | Node::Temporal { .. }
        | Node::Unary { .. }
        | Node::Cast { .. }
        | Node::ConvertUsing { .. }
        | Node::Collate { .. }
        | Node::Case { .. }
        | Node::DateArithmetic { .. } => Some(Outermost::Value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outermost(text: &str) -> Option<Outermost> {
        super::outermost(&Expression::new(text))
    }

    #[test]
    fn conditions_are_nothing_here() {
        for condition in
            ["a > 1", "not a", "a is null", "true", "(false)", "a in (1)", "a like 'x'"]
        {
            assert_eq!(outermost(condition), None, "{condition}");
        }
        for value in ["1", "'x'", "a + 1", "-a", "null", "case when a then b end"] {
            assert_eq!(outermost(value), Some(Outermost::Value), "{value}");
        }
        assert_eq!(outermost("(a)"), Some(Outermost::Column));
        assert_eq!(outermost("LENGTH(a)"), Some(Outermost::Call("length".to_owned())));
        assert_eq!(outermost("a member of (b)"), None);
        assert_eq!(outermost("a >"), None);
    }
}
