//! A query whose names are looked up: every column with the table that it is of, every `*` expanded,
//! every join with its condition. What is in it is written without another look at the schema.

use super::column_info::ColumnInfo;
use crate::model::tree::{JoinKind, JsonColumns, Limit, Node};

/// A query and what is known of its columns.
#[derive(Debug)]
pub(super) struct Resolved {
    /// WITH: each table's name and query.
    pub(super) with: Vec<(String, Resolved)>,
    pub(super) is_recursive: bool,
    pub(super) body: Body,
    /// ORDER BY
    pub(super) order: Vec<Ordered>,
    pub(super) limit: Option<Limit>,
    /// FOR UPDATE and its like, in lower case; empty where there is none.
    pub(super) locking: String,
    /// The names of its columns, where they are known.
    pub(super) columns: Option<Vec<String>>,
    /// What is known of each column; none where nothing is.
    pub(super) column_info: Vec<ColumnInfo>,
}

/// What gives the rows.
#[derive(Debug)]
pub(super) enum Body {
    Select(Box<Select>),
    /// A query that says all.
    Nested(Box<Resolved>),
    /// UNION, EXCEPT, INTERSECT of two or more.
    Set {
        operator: &'static str,
        all: bool,
        operands: Vec<Operand>,
    },
}

/// A query of UNION and its like.
#[derive(Debug)]
pub(super) struct Operand {
    pub(super) query: Resolved,
    /// Whether it needs no parentheses.
    pub(super) is_simple: bool,
}

/// An expression of ORDER BY or GROUP BY.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) node: Node,
    pub(super) descending: bool,
}

/// An item of SELECT, and its name where that is known.
pub(super) type Item = (Node, Option<String>);

/// What of the items counts.
#[derive(Debug)]
pub(super) enum Shown {
    /// Their values, under these names.
    Named(Vec<String>),
    /// Their values.
    Values,
    /// Nothing: all that counts is whether there are rows.
    Nothing,
}

/// From SELECT to HAVING.
#[derive(Debug)]
pub(super) struct Select {
    /// DISTINCT and other words after SELECT, in lower case, sorted.
    pub(super) options: Vec<String>,
    pub(super) items: Vec<Item>,
    pub(super) shown: Shown,
    pub(super) from: Option<Source>,
    pub(super) filter: Option<Node>,
    /// The dates in the filter that are never NULL.
    pub(super) dates: Vec<Node>,
    /// The places of the items of which IS NOT NULL says nothing in the filter.
    pub(super) never_null: Vec<usize>,
    pub(super) group: Vec<Ordered>,
    pub(super) with_rollup: bool,
    pub(super) having: Option<Node>,
}

/// What stands in FROM.
#[derive(Debug)]
pub(super) enum Source {
    Table {
        /// The database, where it is another one.
        database: Option<String>,
        name: String,
        alias: String,
        /// USE INDEX and its like, one index each, in lower case and sorted.
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
        /// Quoted.
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
