//! The tree that a query is read into.

use std::ops::Range;

use crate::normalize::expression::tree::Node;

/// SELECT and what may stand around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::normalize) struct Query {
    /// WITH
    pub(super) with: Vec<TableExpression>,
    pub(super) is_recursive: bool,
    pub(super) body: Body,
    /// ORDER BY: expressions, those with DESC as a call of `desc`.
    pub(super) order: Vec<Node>,
    pub(super) limit: Option<Limit>,
    /// FOR UPDATE and its like, in lower case; empty where there is none.
    pub(super) locking: String,
}

/// `name [(columns)] AS (query)` of WITH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableExpression {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) query: Query,
}

/// What gives the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Select(Box<Select>),
    /// A query in parentheses.
    Nested(Box<Query>),
    /// UNION, EXCEPT, INTERSECT of two or more.
    Set {
        operator: &'static str,
        all: bool,
        operands: Vec<Query>,
    },
}

/// LIMIT; the offset is `0` where none is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) offset: String,
    pub(super) count: String,
}

/// From SELECT to WINDOW.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Select {
    /// DISTINCT and other words after SELECT, in lower case, sorted.
    pub(super) options: Vec<String>,
    pub(super) items: Vec<Item>,
    pub(super) from: Option<Source>,
    pub(super) filter: Option<Node>,
    pub(super) group: Vec<Node>,
    pub(super) with_rollup: bool,
    pub(super) having: Option<Node>,
    /// WINDOW: names and what they stand for.
    pub(super) windows: Vec<(String, Node)>,
}

/// What stands between two commas after SELECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// `*`, `t.*`, `db.t.*`: what stands before the star.
    Star(Vec<String>),
    Value {
        node: Node,
        alias: Option<String>,
        /// Which of the text's tokens it is.
        tokens: Range<usize>,
    },
}

/// What stands in FROM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Table {
        path: Vec<String>,
        alias: Option<String>,
        /// USE INDEX and its like, one index each, in lower case and sorted.
        hints: Vec<String>,
    },
    Derived {
        query: Box<Query>,
        alias: String,
        columns: Vec<String>,
        is_lateral: bool,
    },
    /// JSON_TABLE
    JsonTable {
        document: Node,
        /// Quoted.
        path: String,
        columns: JsonColumns,
        alias: String,
    },
    /// In parentheses, which end what a join without ON binds to.
    Nested(Box<Source>),
    Join {
        left: Box<Source>,
        right: Box<Source>,
        kind: JoinKind,
        on: On,
    },
}

/// What stands behind COLUMNS.
pub(super) type JsonColumns = Vec<JsonColumn>;

/// A column of JSON_TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum JsonColumn {
    Value {
        name: String,
        /// What stands behind the name, one spelling for all.
        text: String,
    },
    Nested {
        /// Quoted.
        path: String,
        columns: JsonColumns,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    Inner,
    Straight,
    Left,
    Right,
}

/// What a join joins by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum On {
    Nothing,
    Condition(Node),
    Using(Vec<String>),
    Natural,
}
