//! The tree that a query is read into.

use std::ops::Range;

use super::expression::Node;
use super::place::Place;

/// A whole query, by the text that it is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadQuery {
    pub(crate) query: Query,
    /// Which bytes of the text each of its tokens is.
    pub(crate) tokens: Vec<Range<usize>>,
}

/// SELECT and what may stand around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// WITH
    pub(crate) with: Vec<TableExpression>,
    pub(crate) is_recursive: bool,
    pub(crate) body: Body,
    /// ORDER BY: expressions, those with DESC as a call of `desc`.
    pub(crate) order: Vec<Node>,
    pub(crate) limit: Option<Limit>,
    /// FOR UPDATE and its like, in lower case; empty where there is none.
    pub(crate) locking: String,
}

/// `name [(columns)] AS (query)` of WITH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableExpression {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) query: Query,
}

/// What gives the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
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
pub(crate) struct Limit {
    pub(crate) offset: String,
    pub(crate) count: String,
}

/// From SELECT to WINDOW.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Select {
    /// DISTINCT and other words after SELECT, in lower case, sorted.
    pub(crate) options: Vec<String>,
    pub(crate) items: Vec<Item>,
    pub(crate) from: Option<Source>,
    pub(crate) filter: Option<Node>,
    pub(crate) group: Vec<Node>,
    pub(crate) with_rollup: bool,
    pub(crate) having: Option<Node>,
    /// WINDOW: names and what they stand for.
    pub(crate) windows: Vec<(String, Node)>,
}

/// What stands between two commas after SELECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
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
pub(crate) enum Source {
    Table {
        path: Vec<String>,
        /// Where the path stands.
        place: Place,
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
pub(crate) type JsonColumns = Vec<JsonColumn>;

/// A column of JSON_TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonColumn {
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
pub(crate) enum JoinKind {
    Inner,
    Straight,
    Left,
    Right,
}

/// What a join joins by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum On {
    Nothing,
    Condition(Node),
    Using(Vec<String>),
    Natural,
}
