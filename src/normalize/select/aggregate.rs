//! Whether a query makes one row of many.

use crate::model::tree::Node;

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
    is_one || node.any_child(has_aggregate)
}
