//! Goes through the parts of an expression.

use crate::normalize::expression::tree::Node;

/// The expression with each of its parts replaced; `None` where one can't be.
pub(super) fn map(node: &Node, f: &mut impl FnMut(&Node) -> Option<Node>) -> Option<Node> {
    fn boxed(node: &Node, f: &mut impl FnMut(&Node) -> Option<Node>) -> Option<Box<Node>> {
        f(node).map(Box::new)
    }
    fn optional(
        node: Option<&Node>,
        f: &mut impl FnMut(&Node) -> Option<Node>,
    ) -> Option<Option<Box<Node>>> {
        match node {
            Some(node) => boxed(node, f).map(Some),
            None => Some(None),
        }
    }
    fn all(nodes: &[Node], f: &mut impl FnMut(&Node) -> Option<Node>) -> Option<Vec<Node>> {
        nodes.iter().map(f).collect()
    }
    Some(match node {
        Node::Unary { operator, operand } => Node::Unary { operator, operand: boxed(operand, f)? },
        Node::Not(operand) => Node::Not(boxed(operand, f)?),
        Node::Binary { operator, left, right } => {
            Node::Binary { operator, left: boxed(left, f)?, right: boxed(right, f)? }
        }
        Node::Comparison { operator, left, right } => {
            Node::Comparison { operator: *operator, left: boxed(left, f)?, right: boxed(right, f)? }
        }
        Node::Logical { operator, operands } => {
            Node::Logical { operator: *operator, operands: all(operands, f)? }
        }
        Node::Is { operand, what, negated } => {
            Node::Is { operand: boxed(operand, f)?, what, negated: *negated }
        }
        Node::Between { operand, low, high, negated } => Node::Between {
            operand: boxed(operand, f)?,
            low: boxed(low, f)?,
            high: boxed(high, f)?,
            negated: *negated,
        },
        Node::In { operand, list, negated } => {
            Node::In { operand: boxed(operand, f)?, list: all(list, f)?, negated: *negated }
        }
        Node::Like { operand, pattern, escape } => Node::Like {
            operand: boxed(operand, f)?,
            pattern: boxed(pattern, f)?,
            escape: optional(escape.as_deref(), f)?,
        },
        Node::Call { name, arguments } => Node::call(name.clone(), all(arguments, f)?),
        Node::Cast { operand, to } => Node::Cast { operand: boxed(operand, f)?, to: to.clone() },
        Node::ConvertUsing { operand, charset } => {
            Node::ConvertUsing { operand: boxed(operand, f)?, charset: charset.clone() }
        }
        Node::Collate { operand, collation } => {
            Node::Collate { operand: boxed(operand, f)?, collation: collation.clone() }
        }
        Node::Case { operand, whens, otherwise } => Node::Case {
            operand: optional(operand.as_deref(), f)?,
            whens: whens
                .iter()
                .map(|(when, then)| Some((f(when)?, f(then)?)))
                .collect::<Option<_>>()?,
            otherwise: optional(otherwise.as_deref(), f)?,
        },
        Node::DateArithmetic { operand, subtract, value, unit } => Node::DateArithmetic {
            operand: boxed(operand, f)?,
            subtract: *subtract,
            value: boxed(value, f)?,
            unit: unit.clone(),
        },
        Node::Row(list) => Node::Row(all(list, f)?),
        Node::Column(_)
        | Node::Null
        | Node::Number(_)
        | Node::String { .. }
        | Node::Bytes(_)
        | Node::Temporal { .. }
        | Node::Word(_)
        | Node::Name(_)
        | Node::Field { .. }
        | Node::Query(_)
        | Node::Written(_) => node.clone(),
    })
}

/// The functions that make one row of many.
const AGGREGATES: &[&str] = &[
    "any_value",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "count",
    "group_concat",
    "json_arrayagg",
    "json_objectagg",
    "max",
    "min",
    "std",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
];

/// Whether an aggregate stands in it, not counting the queries within it. A stored function may be
/// one.
pub(super) fn has_aggregate(node: &Node) -> bool {
    let is_one = matches!(node, Node::Call { name, .. }
        if AGGREGATES.contains(&name.as_str()) || name.contains('.'));
    is_one || map(node, &mut |child| (!has_aggregate(child)).then_some(Node::Null)).is_none()
}
