//! Whether a query aggregates, so that it returns one row for many.

use crate::model::tree::Node;

/// The functions that return one value for many rows.
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

/// Whether the expression has an aggregate, not counting the queries in it. A stored function may
/// be an aggregate.
pub(super) fn has_aggregate(node: &Node) -> bool {
    let is_one = matches!(node, Node::Call { name, .. }
        if AGGREGATES.contains(&name.as_str()) || name.contains('.'));
    is_one || node.any_child(has_aggregate)
}
