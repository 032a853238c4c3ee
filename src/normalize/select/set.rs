//! Writes UNION, EXCEPT and INTERSECT.

use super::scope::{Joined, Relation, Scope};
use super::write::{Around, Role, Writer, Written, is_bare};
use crate::model::tree::Node;
use crate::model::tree::{Body, Item, Query, Select, Source};

impl Writer<'_> {
    /// UNION, EXCEPT, INTERSECT.
    pub(super) fn set(
        &mut self,
        operator: &str,
        all: bool,
        operands: &[Query],
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Written> {
        let mut flat = Vec::new();
        flatten(operator, all, operands, &mut flat);
        let flat: Vec<&Query> = flat.into_iter().map(inner).collect();
        // MySQL takes WITH out of the parentheses and merges what stood there.
        let has_with =
            |query: &&Query| !query.with.is_empty() && matches!(query.body, Body::Set { .. });
        self.is_verified &= !self.is_mysql() || !flat.iter().any(has_with);
        let mut never_null = Vec::new();
        if self.is_mysql() && operator != "union" {
            // It adds conditions to what it intersects, also within EXCEPT.
            let is_nested = |operand: &&Query| matches!(operand.body, Body::Set { .. });
            match operator {
                "except" => self.is_verified &= !flat.iter().skip(1).any(is_nested),
                _ => never_null = self.never_null_of(&flat, around, role)?,
            }
        }
        let mut text = String::new();
        let mut columns = None;
        let mut column_info = Vec::new();
        for (place, operand) in flat.into_iter().enumerate() {
            let role = match role {
                Role::Rows(_) if place == 0 => role,
                _ => Role::Values,
            };
            self.never_null = never_null.get(place).cloned().unwrap_or_default();
            let written = self.query(operand, around, role)?;
            if place > 0 {
                text.push_str(&format!(" {operator}{} ", if all { " all" } else { "" }));
            }
            let is_simple = matches!(operand.body, Body::Select(_)) && is_bare(operand);
            text.push_str(&if is_simple { written.text } else { format!("({})", written.text) });
            if place == 0 {
                (columns, column_info) = (written.columns, written.column_info);
            } else {
                column_info = column_info
                    .into_iter()
                    .zip(written.column_info)
                    .map(|(a, b)| a.or(b))
                    .collect();
            }
        }
        let column_info = if operator == "union" { column_info } else { Vec::new() };
        Some(Written { text, columns, column_info })
    }

    /// ORDER BY after UNION and its like, by the columns of the first.
    pub(super) fn order_of_set(
        &mut self,
        order: &[Node],
        set: &Written,
        around: Around<'_>,
    ) -> Option<String> {
        let result = Relation { columns: set.columns.clone(), ..Relation::default() };
        let joined = Joined::of(result);
        let scope = Scope { joined: &joined, parent: around.scope };
        let around = Around { scope: Some(&scope), ..around };
        let mut items = Vec::new();
        for column in set.columns.iter().flatten() {
            let node = Node::Field { table: String::new(), column: column.to_lowercase() };
            items.push((node, Some(column.clone())));
        }
        self.ordered(" order by ", order, &items, around, &[], false)
    }
}

/// What a query in parentheses is, or one that MariaDB put into FROM because it has no parentheses
/// for it.
fn inner(query: &Query) -> &Query {
    if !is_bare(query) || !query.with.is_empty() {
        return query;
    }
    match &query.body {
        Body::Nested(nested) => inner(nested),
        Body::Select(select) => match wrapped(select) {
            Some(nested) => inner(nested),
            None => query,
        },
        Body::Set { .. } => query,
    }
}

/// `select __5.a AS a from (…) __5`
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
        Body::Select(select) => Some(select),
        Body::Nested(nested) => first_select(nested),
        Body::Set { operands, .. } => first_select(operands.first()?),
    }
}

/// The operands, with those of another such operation among them in its place where that means the
/// same.
fn flatten<'q>(operator: &str, all: bool, operands: &'q [Query], flat: &mut Vec<&'q Query>) {
    for operand in operands {
        let inner = inner(operand);
        match &inner.body {
            Body::Set { operator: inner_operator, all: inner_all, operands: within }
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
