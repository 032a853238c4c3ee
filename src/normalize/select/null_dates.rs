//! `d IS NULL` for a NOT NULL date. MySQL also finds zero dates with it (manual, 14.4.2 "Comparison
//! Functions and Operators", IS NULL), and stores a view with `d = 0` instead, or with `d = 0 OR d
//! IS NULL` if the table is part of a join.

use super::resolve::Resolver;
use super::scope::Joined;
use crate::model::tree::{Comparator, Logic, Node};

impl Resolver<'_> {
    /// Adds those columns of a condition that are NOT NULL dates.
    pub(super) fn dates_without_null(&self, node: &Node, joined: &Joined, dates: &mut Vec<Node>) {
        if let Node::Field { .. } = node {
            let column_info = self.column_info(node, joined);
            if column_info.is_date && column_info.nullable == Some(false) {
                dates.push(node.clone());
            }
        }
        node.any_child(|child| {
            self.dates_without_null(child, joined, dates);
            false
        });
    }
}

/// The condition of WHERE with one spelling for these checks, wherever they are operands of AND. If
/// a join may leave a row of the date's table out, `d = 0` alone means something else.
pub(super) fn with_null_dates(node: Node, dates: &[Node], has_outer_join: bool) -> Node {
    if let Node::Logical { operator: Logic::And, operands } = node {
        let each = |operand| with_null_dates(operand, dates, has_outer_join);
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
        other => zero_of(other).filter(|_| !has_outer_join),
    };
    match field {
        Some(field) if dates.contains(field) => {
            Node::Is { operand: Box::new(field.clone()), what: "null", negated: false }
        }
        _ => node,
    }
}

/// The operand that is compared with zero.
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
