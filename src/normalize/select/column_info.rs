//! What is known of the columns of tables, views and queries. Only what makes a server write a
//! query differently is kept.

use super::resolve::Resolver;
use super::scope::Joined;
use crate::model::tree::Node;
use crate::model::tree::{JoinKind, Select, Source};
use crate::model::{Column, ColumnType, same_name};

/// What is known of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ColumnInfo {
    /// Whether it may be NULL. `None` if that isn't known.
    pub(super) nullable: Option<bool>,
    /// Whether it is a DATE or DATETIME.
    pub(super) is_date: bool,
}

impl ColumnInfo {
    /// The information about a column of a table.
    pub(super) fn of(column: &Column) -> ColumnInfo {
        let is_date = matches!(column.ty, ColumnType::Date | ColumnType::Datetime { .. });
        ColumnInfo { nullable: Some(column.nullable), is_date }
    }

    /// The information about a column that has the values of one column in some rows and of another
    /// one in others.
    pub(super) fn or(self, other: ColumnInfo) -> ColumnInfo {
        let nullable = self.nullable.zip(other.nullable).map(|(a, b)| a || b);
        ColumnInfo { nullable, is_date: self.is_date && other.is_date }
    }
}

impl Resolver<'_> {
    /// The information about a column of the tables in FROM. That an outer join may make it NULL
    /// isn't considered here.
    pub(super) fn column_info(&self, node: &Node, joined: &Joined) -> ColumnInfo {
        let Node::Field { table, column } = node else {
            let is_literal = matches!(node, Node::Number(_));
            return ColumnInfo { nullable: is_literal.then_some(false), is_date: false };
        };
        let place = joined.relation(table).ok().flatten();
        let Some(relation) = place.and_then(|place| joined.relations.get(place)) else {
            return ColumnInfo::default();
        };
        // A column that `*` leaves out is only found in the table itself.
        let of_table = relation
            .table
            .as_deref()
            .and_then(|name| self.catalog.schema.table(name)?.column(column));
        if let Some(column) = of_table {
            return ColumnInfo::of(column);
        }
        let mut columns = relation.columns.iter().flatten();
        let place = columns.position(|name| same_name(name, column));
        place.and_then(|place| relation.column_info.get(place)).copied().unwrap_or_default()
    }

    /// The information about the columns that a SELECT returns.
    pub(super) fn column_info_of(
        &self,
        select: &Select,
        items: &[(Node, Option<String>)],
        joined: &Joined,
    ) -> Vec<ColumnInfo> {
        let of_item = |node: &Node| {
            let mut column_info = self.column_info(node, joined);
            if let (Node::Field { table, .. }, Some(from)) = (node, &select.from)
                && may_be_left_out(from, table, false)
            {
                column_info.nullable = Some(true);
            }
            if select.with_rollup {
                column_info.nullable = None;
            }
            column_info
        };
        items.iter().map(|(node, _)| of_item(node)).collect()
    }
}

/// Whether an outer join may leave a table without a row. `within` says whether this is already so
/// because of an enclosing join.
fn may_be_left_out(source: &Source, table: &str, within: bool) -> bool {
    match source {
        Source::Table { path, alias, .. } => {
            let name = alias.as_ref().or(path.last());
            within && name.is_some_and(|name| same_name(name, table))
        }
        Source::Derived { alias, .. } | Source::JsonTable { alias, .. } => {
            within && same_name(alias, table)
        }
        Source::Nested(inner) => may_be_left_out(inner, table, within),
        Source::Join { left, right, kind, .. } => {
            may_be_left_out(left, table, within || *kind == JoinKind::Right)
                || may_be_left_out(right, table, within || *kind == JoinKind::Left)
        }
    }
}
