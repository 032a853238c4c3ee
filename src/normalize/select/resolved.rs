//! A query whose names are resolved: every column has its table, every `*` is expanded, and every
//! join has its condition. It can be written without looking at the schema again.

use super::column_info::ColumnInfo;
use crate::model::tree::{JoinKind, JsonColumns, Limit, Node};

/// A query and what is known of its columns.
#[derive(Debug)]
pub(super) struct Resolved {
    /// WITH: the name and the query of each table.
    pub(super) with: Vec<(String, Resolved)>,
    pub(super) is_recursive: bool,
    pub(super) body: Body,
    /// ORDER BY
    pub(super) order: Vec<Ordered>,
    pub(super) limit: Option<Limit>,
    /// FOR UPDATE and the like, in lower case. Empty if there is none.
    pub(super) locking: String,
    /// The names of its columns, if they are known.
    pub(super) columns: Option<Vec<String>>,
    /// What is known of each column; empty if nothing is known.
    pub(super) column_info: Vec<ColumnInfo>,
}

/// The part of a query that produces the rows.
#[derive(Debug)]
pub(super) enum Body {
    Select(Box<Select>),
    /// A query in parentheses, with nothing around it.
    Nested(Box<Resolved>),
    /// UNION, EXCEPT or INTERSECT of two or more queries.
    Set {
        operator: &'static str,
        all: bool,
        operands: Vec<Operand>,
    },
}

/// A query of UNION or the like.
#[derive(Debug)]
pub(super) struct Operand {
    pub(super) query: Resolved,
    /// Whether it can be written without parentheses.
    pub(super) is_simple: bool,
}

/// An expression of ORDER BY or GROUP BY.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) node: Node,
    pub(super) descending: bool,
}

/// An item of SELECT, and its name if that is known.
pub(super) type Item = (Node, Option<String>);

/// What matters about the items.
#[derive(Debug)]
pub(super) enum ShownItems {
    /// Their values and these names.
    Named(Vec<String>),
    /// Only their values.
    Values,
    /// Nothing, because it only matters whether there are rows.
    Nothing,
}

/// The clauses from SELECT to HAVING.
#[derive(Debug)]
pub(super) struct Select {
    /// DISTINCT and other options of SELECT, in lower case and sorted.
    pub(super) options: Vec<String>,
    pub(super) items: Vec<Item>,
    pub(super) shown: ShownItems,
    pub(super) from: Option<Source>,
    pub(super) filter: Option<Node>,
    /// The NOT NULL dates in the filter.
    pub(super) dates: Vec<Node>,
    /// The places of the items for which IS NOT NULL changes nothing in the filter.
    pub(super) never_null: Vec<usize>,
    pub(super) group: Vec<Ordered>,
    pub(super) with_rollup: bool,
    pub(super) having: Option<Node>,
}

/// A table, or several, in FROM.
#[derive(Debug)]
pub(super) enum Source {
    Table {
        /// The database, if it isn't that of the schema.
        database: Option<String>,
        name: String,
        alias: String,
        /// USE INDEX and the like, with one index each, in lower case and sorted.
        hints: Vec<String>,
    },
    Derived {
        query: Box<Resolved>,
        alias: String,
        is_lateral: bool,
    },
    /// JSON_TABLE
    JsonTable {
        document: Box<Node>,
        /// The path, in quotes.
        path: String,
        columns: JsonColumns,
        alias: String,
    },
    Join {
        left: Box<Source>,
        right: Box<Source>,
        kind: JoinKind,
        on: Option<Box<Node>>,
    },
}

impl Source {
    /// Whether a join may leave a table without a row.
    pub(super) fn has_outer_join(&self) -> bool {
        match self {
            Source::Table { .. } | Source::Derived { .. } | Source::JsonTable { .. } => false,
            Source::Join { left, right, kind, .. } => {
                matches!(kind, JoinKind::Left | JoinKind::Right)
                    || left.has_outer_join()
                    || right.has_outer_join()
            }
        }
    }
}
