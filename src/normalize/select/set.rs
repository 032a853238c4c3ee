//! Resolves UNION, EXCEPT and INTERSECT.

use super::resolve::{Around, Resolver, Role, is_bare};
use super::resolved::{Body, Operand, Ordered, Resolved};
use super::scope::{Joined, Relation, Scope};
use crate::model::tree::{self, Item, Node, Query, Select, Source};

impl Resolver<'_> {
    /// Resolves UNION, EXCEPT or INTERSECT.
    pub(super) fn set(
        &mut self,
        operator: &'static str,
        all: bool,
        operands: &[Query],
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Resolved> {
        let mut flat = Vec::new();
        flatten(operator, all, operands, &mut flat);
        let flat: Vec<&Query> = flat.into_iter().map(inner).collect();
        // MySQL moves WITH out of the parentheses and then merges the operation that was in them.
        let has_with =
            |query: &&Query| !query.with.is_empty() && matches!(query.body, tree::Body::Set { .. });
        self.is_verified &= !self.is_mysql() || !flat.iter().any(has_with);
        let adds_conditions = self.is_mysql() && operator == "intersect";
        if self.is_mysql() && operator == "except" {
            // MySQL adds conditions to the queries of INTERSECT, also inside EXCEPT.
            let is_nested = |operand: &&Query| matches!(operand.body, tree::Body::Set { .. });
            self.is_verified &= !flat.iter().skip(1).any(is_nested);
        }
        let mut resolved = Vec::with_capacity(flat.len());
        for (place, operand) in flat.iter().enumerate() {
            let role = match role {
                Role::Rows(_) if place == 0 && !adds_conditions => role,
                _ => Role::Values,
            };
            let is_simple = matches!(operand.body, tree::Body::Select(_)) && is_bare(operand);
            resolved.push(Operand { query: self.query(operand, around, role)?, is_simple });
        }
        if adds_conditions {
            self.mark_never_null(&flat, &mut resolved, role);
            if let (Role::Rows(names), Some(first)) = (role, resolved.first_mut()) {
                first.query.name_columns(names)?;
            }
        }
        let first = resolved.first()?;
        let columns = first.query.columns.clone();
        let mut column_info = Vec::new();
        if operator == "union" {
            column_info.clone_from(&first.query.column_info);
            for other in resolved.iter().skip(1) {
                let pairs = column_info.into_iter().zip(&other.query.column_info);
                column_info = pairs.map(|(a, b)| a.or(*b)).collect();
            }
        }
        let body = Body::Set { operator, all, operands: resolved };
        Some(Resolved::of(body, columns, column_info))
    }

    /// Resolves ORDER BY after UNION and the like, which uses the columns of the first query.
    pub(super) fn order_of_set(
        &mut self,
        order: &[Node],
        columns: Option<&[String]>,
        around: Around<'_>,
    ) -> Option<Vec<Ordered>> {
        let result = Relation { columns: columns.map(<[String]>::to_vec), ..Relation::default() };
        let joined = Joined::of(result);
        let scope = Scope { joined: &joined, parent: around.scope };
        let around = Around { scope: Some(&scope), ..around };
        let mut items = Vec::new();
        for column in columns.into_iter().flatten() {
            let node = Node::Field { table: String::new(), column: column.to_lowercase() };
            items.push((node, Some(column.clone())));
        }
        self.ordered(order, &items, around, &[], false)
    }
}

/// The query without the parentheses around it. In some places, MariaDB has no parentheses for a
/// query and puts it into FROM instead; then the query in FROM.
fn inner(query: &Query) -> &Query {
    if !is_bare(query) || !query.with.is_empty() {
        return query;
    }
    match &query.body {
        tree::Body::Nested(nested) => inner(nested),
        tree::Body::Select(select) => match wrapped(select) {
            Some(nested) => inner(nested),
            None => query,
        },
        tree::Body::Set { .. } => query,
    }
}

/// The query in `select __5.a AS a from (…) __5`, as MariaDB writes it.
fn wrapped(select: &Select) -> Option<&Query> {
    let Some(Source::Derived { query, alias, columns, is_lateral: false }) = &select.from else {
        return None;
    };
    let digits = alias.strip_prefix("__")?;
    let is_numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let bare = Select { items: Vec::new(), from: None, ..select.clone() } == Select::default();
    let first = first_select(query)?;
    let is_same = first.items.len() == select.items.len()
        && first.items.iter().zip(&select.items).all(|(inner, outer)| match (inner, outer) {
            (
                Item::Value { alias: Some(name), .. },
                Item::Value { node: Node::Name(path, _), .. },
            ) => {
                matches!(path.as_slice(), [table, column] if table == alias && column == name)
            }
            _ => false,
        });
    (is_numbered && bare && columns.is_empty() && is_same).then_some(query)
}

fn first_select(query: &Query) -> Option<&Select> {
    match &query.body {
        tree::Body::Select(select) => Some(select),
        tree::Body::Nested(nested) => first_select(nested),
        tree::Body::Set { operands, .. } => first_select(operands.first()?),
    }
}

/// Collects the operands. An operand with the same operation is replaced by its own operands if
/// that doesn't change what it means.
fn flatten<'q>(operator: &str, all: bool, operands: &'q [Query], flat: &mut Vec<&'q Query>) {
    for operand in operands {
        let inner = inner(operand);
        match &inner.body {
            tree::Body::Set { operator: inner_operator, all: inner_all, operands: within }
                if *inner_operator == operator
                    && is_bare(inner)
                    && inner.with.is_empty()
                    && match operator {
                        "union" => !all || *inner_all,
                        "intersect" => all == *inner_all,
                        _ => false,
                    } =>
            {
                flatten(operator, all, within, flat);
            }
            _ => flat.push(operand),
        }
    }
}
