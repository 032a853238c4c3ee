//! `d IS NULL` of a date that may not be NULL: MySQL finds zero dates by it, and stores a view that
//! says so (manual, 14.4.2 "Comparison Functions and Operators", IS NULL): `d = 0`, and for a table
//! of a join `d = 0 OR d IS NULL`.

use super::scope::Joined;
use super::write::Writer;
use crate::model::tree::{Comparator, Logic, Node};
use crate::model::tree::{JoinKind, Source};

impl Writer<'_> {
    /// The condition of WHERE with one spelling for these, as far as it must hold by itself. Where
    /// a join may leave a date out, `d = 0` alone is something else.
    pub(super) fn with_null_dates(
        &mut self,
        node: Node,
        joined: &Joined,
        from: Option<&Source>,
    ) -> Node {
        if !self.is_mysql() {
            return node;
        }
        if let Node::Logical { operator: Logic::And, operands } = node {
            let each = |operand| self.with_null_dates(operand, joined, from);
            let operands = operands.into_iter().map(each).collect();
            return Node::Logical { operator: Logic::And, operands };
        }
        let field = match &node {
            Node::Logical { operator: Logic::Or, operands } => match operands.as_slice() {
                [a, b] => {
                    let both = |zero, null| zero_of(zero).filter(|it| null_of(null) == Some(*it));
                    both(a, b).or_else(|| both(b, a))
                }
                _ => None,
            },
            other => zero_of(other).filter(|_| !from.is_some_and(has_outer_join)),
        };
        match field {
            Some(field) if self.is_date_without_null(field, joined) => {
                Node::Is { operand: Box::new(field.clone()), what: "null", negated: false }
            }
            _ => node,
        }
    }

    fn is_date_without_null(&self, node: &Node, joined: &Joined) -> bool {
        let column_info = self.column_info(node, joined);
        column_info.is_date && column_info.nullable == Some(false)
    }
}

/// What is compared with zero.
fn zero_of(node: &Node) -> Option<&Node> {
    match node {
        Node::Comparison { operator: Comparator::Equal, left, right } if right.is_zero() => {
            Some(left)
        }
        Node::Comparison { operator: Comparator::Equal, left, right } if left.is_zero() => {
            Some(right)
        }
        _ => None,
    }
}

fn null_of(node: &Node) -> Option<&Node> {
    match node {
        Node::Is { operand, what: "null", negated: false } => Some(operand),
        _ => None,
    }
}

fn has_outer_join(source: &Source) -> bool {
    match source {
        Source::Table { .. } | Source::Derived { .. } | Source::JsonTable { .. } => false,
        Source::Nested(inner) => has_outer_join(inner),
        Source::Join { left, right, kind, .. } => {
            matches!(kind, JoinKind::Left | JoinKind::Right)
                || has_outer_join(left)
                || has_outer_join(right)
        }
    }
}
