//! The conditions that MySQL adds to what it intersects: where a column of one query is never NULL,
//! `IS NOT NULL` for those of the others, and once more each time it shows the view (by trial).
//! They say nothing, since INTERSECT leaves these rows out.

use super::aggregate::has_aggregate;
use super::column_info::ColumnInfo;
use super::write::{Around, Role, Writer, is_bare};
use crate::model::tree::{Body, Item, Query};
use crate::model::tree::{Logic, Node};

impl Writer<'_> {
    /// For each query of an INTERSECT, the places of the columns of which such a condition says
    /// nothing. What isn't known to be NULL or not is not verified.
    pub(super) fn never_null_of(
        &mut self,
        operands: &[&Query],
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Vec<Vec<usize>>> {
        let mut column_info: Vec<Vec<ColumnInfo>> = Vec::with_capacity(operands.len());
        for operand in operands {
            column_info.push(self.query(operand, around, Role::Values)?.column_info);
        }
        let width = column_info.iter().map(Vec::len).max().unwrap_or_default();
        let is_known = width > 0
            && column_info.iter().all(|of| of.len() == width)
            && column_info.iter().flatten().all(|of| of.nullable.is_some());
        self.is_verified &= is_known && !matches!(role, Role::Exists);
        let is_never = |place: usize| {
            column_info.iter().any(|of| of.get(place).is_some_and(|it| it.nullable == Some(false)))
        };
        let places: Vec<usize> = (0..width).filter(|place| is_never(*place)).collect();
        let is_checked = |of: &Vec<ColumnInfo>| {
            let nullable =
                |place: &usize| of.get(*place).is_some_and(|it| it.nullable != Some(false));
            places.iter().any(nullable)
        };
        // The condition comes before GROUP BY and LIMIT, where it does say something.
        let all_take_it = operands
            .iter()
            .zip(&column_info)
            .all(|(operand, of)| !is_checked(of) || is_plain(operand));
        self.is_verified &= all_take_it;
        Some(vec![places; operands.len()])
    }
}

/// Whether all rows that WHERE leaves are the query's.
fn is_plain(query: &Query) -> bool {
    let Body::Select(select) = &query.body else { return false };
    let has_aggregate = |item: &Item| match item {
        Item::Value { node, .. } => has_aggregate(node),
        Item::Star(_) => false,
    };
    is_bare(query)
        && query.with.is_empty()
        && select.group.is_empty()
        && select.having.is_none()
        && select.windows.is_empty()
        && !select.items.iter().any(has_aggregate)
}

/// A condition without the checks that items at these places are not NULL; `None` where nothing is
/// left of it.
pub(super) fn without_null_checks(
    node: Node,
    items: &[(Node, Option<String>)],
    places: &[usize],
) -> Option<Node> {
    if let Node::Logical { operator: Logic::And, operands } = node {
        let each = |operand| without_null_checks(operand, items, places);
        let mut left: Vec<Node> = operands.into_iter().filter_map(each).collect();
        return match left.len() {
            0 | 1 => left.pop(),
            _ => Some(Node::Logical { operator: Logic::And, operands: left }),
        };
    }
    let is_check = match &node {
        Node::Is { operand, what: "null", negated: true } => {
            places.iter().any(|place| items.get(*place).is_some_and(|(item, _)| *item == **operand))
        }
        _ => false,
    };
    (!is_check).then_some(node)
}
