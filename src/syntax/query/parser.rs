//! Reads a query (MySQL manual, 15.2.13 "SELECT Statement", 15.2.14 "Set Operations", 15.2.20
//! "WITH"; MariaDB, "SELECT").

use crate::model::tree::Node;
use crate::model::tree::{Body, Item, Query, ReadQuery, Select, TableExpression};
use crate::server::Server;
use crate::syntax::expression::with_places;
use crate::syntax::expression::{ExpressionToken, Parsed, TreeParser, Unread};
use crate::syntax::lexer::Dialect;

/// The options that may follow SELECT.
const OPTIONS: &[&str] = &[
    "all",
    "distinct",
    "distinctrow",
    "high_priority",
    "sql_big_result",
    "sql_buffer_result",
    "sql_cache",
    "sql_calc_found_rows",
    "sql_no_cache",
    "sql_small_result",
    "straight_join",
];

/// How many UNIONs and the like may follow one another in a query.
const MOST_SET_OPERATIONS: usize = 250;

/// The tree of a whole query. `None` if some of it isn't understood.
pub(super) fn parse(text: &str, server: Server) -> Option<ReadQuery> {
    let dialect = Dialect { server: Some(server), ..Dialect::default() };
    let (tokens, places) = with_places(text, dialect)?;
    let mut parser = TreeParser::new(tokens, places, true);
    let query = parser.query().ok()?;
    parser.take_symbol(b';');
    parser.is_at_end().then(|| ReadQuery { query, tokens: parser.into_places() })
}

impl TreeParser {
    /// Whether a query comes next, in parentheses or not.
    fn is_at_query(&self) -> bool {
        let mut offset = 0;
        while self.peek_at(offset) == Some(&ExpressionToken::Symbol(b'(')) {
            offset += 1;
        }
        let word = self.peek_at(offset).and_then(ExpressionToken::word);
        matches!(word.as_deref(), Some("select" | "with"))
    }

    /// Reads a query and its closing parenthesis. The opening one has been read. `None` if it isn't
    /// a query.
    pub(crate) fn query_in_parentheses(&mut self) -> Parsed<Option<Node>> {
        if !self.in_query || !self.is_at_query() {
            return Ok(None);
        }
        let (at, depth) = (self.at, self.depth);
        match self.query() {
            Ok(query) if self.take_symbol(b')') => Ok(Some(Node::Query(Box::new(query)))),
            _ => {
                (self.at, self.depth) = (at, depth);
                Ok(None)
            }
        }
    }

    pub(super) fn query(&mut self) -> Parsed<Query> {
        self.descend()?;
        let (with, is_recursive) = self.with()?;
        let body = self.set_operation()?;
        let mut query = Query {
            with,
            is_recursive,
            body,
            order: Vec::new(),
            limit: None,
            locking: String::new(),
        };
        if self.take_word("order") {
            self.expect_word("by")?;
            query.order = self.ordered()?;
        }
        if self.take_word("limit") {
            query.limit = Some(self.limit()?);
        }
        query.locking = self.locking()?;
        self.depth -= 1;
        Ok(query)
    }

    fn with(&mut self) -> Parsed<(Vec<TableExpression>, bool)> {
        let mut with = Vec::new();
        if !self.take_word("with") {
            return Ok((with, false));
        }
        let is_recursive = self.take_word("recursive");
        loop {
            let name = self.identifier()?;
            let columns = self.names_in_parentheses()?;
            self.expect_word("as")?;
            self.expect_symbol(b'(')?;
            let query = self.query()?;
            self.expect_symbol(b')')?;
            with.push(TableExpression { name, columns, query });
            if !self.take_symbol(b',') {
                return Ok((with, is_recursive));
            }
        }
    }

    /// Reads UNION and EXCEPT, which are left-associative.
    fn set_operation(&mut self) -> Parsed<Body> {
        let mut left = self.intersection()?;
        for _ in 0..MOST_SET_OPERATIONS {
            let operator = match self.peek_word().as_deref() {
                Some("union") => "union",
                Some("except") => "except",
                _ => return Ok(left),
            };
            self.at += 1;
            let all = self.is_all();
            let right = self.intersection()?;
            left = set(operator, all, left, right);
        }
        Err(Unread)
    }

    /// Reads INTERSECT, which has a higher precedence.
    fn intersection(&mut self) -> Parsed<Body> {
        let mut left = self.operand()?;
        for _ in 0..MOST_SET_OPERATIONS {
            if !self.take_word("intersect") {
                return Ok(left);
            }
            let all = self.is_all();
            let right = self.operand()?;
            left = set("intersect", all, left, right);
        }
        Err(Unread)
    }

    fn is_all(&mut self) -> bool {
        self.take_word("all") || {
            self.take_word("distinct");
            false
        }
    }

    fn operand(&mut self) -> Parsed<Body> {
        if self.take_symbol(b'(') {
            let query = self.query()?;
            self.expect_symbol(b')')?;
            return Ok(Body::Nested(Box::new(query)));
        }
        if self.take_word("table") {
            let from = Some(self.sources()?);
            let items = vec![Item::Star(Vec::new())];
            return Ok(Body::Select(Box::new(Select { items, from, ..Select::default() })));
        }
        self.expect_word("select")?;
        self.select().map(|select| Body::Select(Box::new(select)))
    }

    fn select(&mut self) -> Parsed<Select> {
        let mut select = Select { options: self.options(), ..Select::default() };
        loop {
            select.items.push(self.item()?);
            if !self.take_symbol(b',') {
                break;
            }
        }
        if self.take_word("from") && !self.take_word("dual") {
            select.from = Some(self.sources()?);
        }
        if self.take_word("where") {
            select.filter = Some(self.expression()?);
        }
        if self.take_word("group") {
            self.expect_word("by")?;
            select.group = self.ordered()?;
            if self.take_word("with") {
                self.expect_word("rollup")?;
                select.with_rollup = true;
            }
        }
        if self.take_word("having") {
            select.having = Some(self.expression()?);
        }
        if self.take_word("window") {
            loop {
                let name = self.identifier()?.to_lowercase();
                self.expect_word("as")?;
                select.windows.push((name, self.window()?));
                if !self.take_symbol(b',') {
                    break;
                }
            }
        }
        Ok(select)
    }

    fn options(&mut self) -> Vec<String> {
        let mut options = Vec::new();
        while let Some(word) = self.peek_word().filter(|word| OPTIONS.contains(&word.as_str())) {
            self.at += 1;
            match word.as_str() {
                "all" => {}
                "distinctrow" => options.push("distinct".to_owned()),
                _ => options.push(word),
            }
        }
        options.sort();
        options.dedup();
        options
    }

    fn item(&mut self) -> Parsed<Item> {
        if let Some(path) = self.star() {
            return Ok(Item::Star(path));
        }
        let start = self.at;
        let node = self.expression()?;
        let tokens = start..self.at;
        Ok(Item::Value { node, alias: self.alias()?, tokens })
    }

    /// Reads `*`, `t.*` or `db.t.*`.
    fn star(&mut self) -> Option<Vec<String>> {
        let mut path = Vec::new();
        let mut offset = 0;
        loop {
            match self.peek_at(offset)? {
                ExpressionToken::Symbol(b'*') => break,
                ExpressionToken::Word(name) | ExpressionToken::Quoted(name) => {
                    path.push(name.clone())
                }
                _ => return None,
            }
            if self.peek_at(offset + 1) != Some(&ExpressionToken::Symbol(b'.')) {
                return None;
            }
            offset += 2;
        }
        self.at += offset + 1;
        Some(path)
    }
}

/// A set operation. A sequence of UNIONs becomes one node if that doesn't change what it means.
fn set(operator: &'static str, all: bool, left: Body, right: Body) -> Body {
    let plain = |body| Query {
        with: Vec::new(),
        is_recursive: false,
        body,
        order: Vec::new(),
        limit: None,
        locking: String::new(),
    };
    let mut operands = match left {
        Body::Set { operator: "union", all: inner, operands }
            if operator == "union" && (!all || inner) =>
        {
            operands
        }
        other => vec![plain(other)],
    };
    operands.push(plain(right));
    Body::Set { operator, all, operands }
}
