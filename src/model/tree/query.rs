//! The tree of a query.

use std::ops::Range;

use super::expression::Node;
use super::place::TextPlace;

/// A whole query, and the tokens of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadQuery {
    pub(crate) query: Query,
    /// The byte range of each token in the text.
    pub(crate) tokens: Vec<Range<usize>>,
}

/// A query with its WITH, ORDER BY, LIMIT and locking clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// WITH
    pub(crate) with: Vec<TableExpression>,
    pub(crate) is_recursive: bool,
    pub(crate) body: Body,
    /// ORDER BY. An expression with DESC is a call of `desc`.
    pub(crate) order: Vec<Node>,
    pub(crate) limit: Option<Limit>,
    /// FOR UPDATE and the like, in lower case. Empty if there is none.
    pub(crate) locking: String,
}

/// `name [(columns)] AS (query)` of WITH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableExpression {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) query: Query,
}

/// The part of a query that produces the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Select(Box<Select>),
    /// A query in parentheses.
    Nested(Box<Query>),
    /// UNION, EXCEPT or INTERSECT of two or more queries.
    Set {
        operator: &'static str,
        all: bool,
        operands: Vec<Query>,
    },
}

/// LIMIT. The offset is `0` if none is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) offset: String,
    pub(crate) count: String,
}

/// The clauses from SELECT to WINDOW.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Select {
    /// DISTINCT and other options of SELECT, in lower case and sorted.
    pub(crate) options: Vec<String>,
    pub(crate) items: Vec<Item>,
    pub(crate) from: Option<Source>,
    pub(crate) filter: Option<Node>,
    pub(crate) group: Vec<Node>,
    pub(crate) with_rollup: bool,
    pub(crate) having: Option<Node>,
    /// WINDOW: the names and the windows that they refer to.
    pub(crate) windows: Vec<(String, Node)>,
}

/// An item of SELECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// `*`, `t.*` or `db.t.*`, with the part before the star.
    Star(Vec<String>),
    Value {
        node: Node,
        alias: Option<String>,
        /// The range of its tokens in the text.
        tokens: Range<usize>,
    },
}

/// A table, or several, in FROM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Table {
        path: Vec<String>,
        /// The place of the path.
        place: TextPlace,
        alias: Option<String>,
        /// USE INDEX and the like, with one index each, in lower case and sorted.
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
        /// The path, in quotes.
        path: String,
        columns: JsonColumns,
        alias: String,
    },
    /// Joins in parentheses, beyond which the ON of a join doesn't reach.
    Nested(Box<Source>),
    Join {
        left: Box<Source>,
        right: Box<Source>,
        kind: JoinKind,
        on: On,
    },
}

/// The columns in COLUMNS of JSON_TABLE.
pub(crate) type JsonColumns = Vec<JsonColumn>;

/// A column of JSON_TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonColumn {
    Value {
        name: String,
        /// The definition after the name, spelled in one way.
        text: String,
    },
    Nested {
        /// The path, in quotes.
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

/// The condition of a join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum On {
    Nothing,
    Condition(Node),
    Using(Vec<String>),
    Natural,
}
