//! The conditions that MySQL adds to the queries of an INTERSECT. If a column of one query is never
//! NULL, it adds `IS NOT NULL` for the same column of the other queries, and adds it once more each
//! time it shows the view (found by trial). The conditions change nothing, because INTERSECT leaves
//! these rows out anyway.

use super::aggregate::has_aggregate;
use super::column_info::ColumnInfo;
use super::resolve::{Resolver, Role, is_bare};
use super::resolved::{self, Operand, Resolved};
use crate::model::tree::{Body, Item, Logic, Node, Query};

impl Resolver<'_> {
    /// Notes in each query of an INTERSECT for which columns such a condition changes nothing. If
    /// it isn't known whether a column can be NULL, the query isn't verified.
    pub(super) fn mark_never_null(
        &mut self,
        queries: &[&Query],
        operands: &mut [Operand],
        role: Role<'_>,
    ) {
        let columns: Vec<&Vec<ColumnInfo>> =
            operands.iter().map(|operand| &operand.query.column_info).collect();
        let width = columns.iter().map(|of| of.len()).max().unwrap_or_default();
        let is_known = width > 0
            && columns.iter().all(|of| of.len() == width)
            && columns.iter().copied().flatten().all(|of| of.nullable.is_some());
        self.is_verified &= is_known && !matches!(role, Role::Exists);
        let is_never = |place: usize| {
            columns.iter().any(|of| of.get(place).is_some_and(|it| it.nullable == Some(false)))
        };
        let places: Vec<usize> = (0..width).filter(|place| is_never(*place)).collect();
        let is_checked = |of: &Vec<ColumnInfo>| {
            let nullable =
                |place: &usize| of.get(*place).is_some_and(|it| it.nullable != Some(false));
            places.iter().any(nullable)
        };
        // The condition is applied before GROUP BY and LIMIT, and there it does change something.
        let mut pairs = queries.iter().zip(&columns);
        self.is_verified &= pairs.all(|(query, of)| !is_checked(of) || is_plain(query));
        for operand in operands {
            if let Some(select) = select_of(&mut operand.query) {
                select.never_null.clone_from(&places);
            }
        }
    }
}

fn select_of(query: &mut Resolved) -> Option<&mut resolved::Select> {
    match &mut query.body {
        resolved::Body::Select(select) => Some(select),
        resolved::Body::Nested(inner) => select_of(inner),
        resolved::Body::Set { .. } => None,
    }
}

/// Whether the query returns exactly the rows that its WHERE selects.
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

/// A condition without the checks that the items at these places are not NULL. `None` if nothing is
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
