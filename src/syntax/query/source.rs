//! Reads the FROM clause (MySQL manual, 15.2.13.2 "JOIN Clause").

use crate::model::tree::Node;
use crate::model::tree::{JoinKind, On, Source};
use crate::syntax::expression::{ExpressionToken, Parsed, TreeParser, Unread};

/// How many joins one FROM may hold. Servers join no more than 61 tables.
const MOST_JOINS: usize = 64;

impl TreeParser {
    /// Reads the list after FROM. A comma joins as JOIN does, with a lower precedence.
    pub(super) fn sources(&mut self) -> Parsed<Source> {
        self.descend()?;
        let mut source = self.joined()?;
        let mut count = 0;
        while self.take_symbol(b',') {
            count += 1;
            if count > MOST_JOINS {
                return Err(Unread);
            }
            let right = self.joined()?;
            source = join(source, right, JoinKind::Inner, On::Nothing);
        }
        self.depth -= 1;
        Ok(source)
    }

    /// Reads tables and joins up to a comma. An ON belongs to the last join that has none yet, and
    /// the tables between that join and the ON are joined first.
    fn joined(&mut self) -> Parsed<Source> {
        let mut waiting: Vec<(Source, JoinKind)> = Vec::new();
        let mut current = self.factor()?;
        for _ in 0..MOST_JOINS * 2 {
            if self.take_word("on") {
                let (left, kind) = waiting.pop().ok_or(Unread)?;
                let condition = self.expression()?;
                current = join(left, current, kind, On::Condition(condition));
            } else if self.take_word("using") {
                let (left, kind) = waiting.pop().ok_or(Unread)?;
                let columns = self.names_in_parentheses()?;
                current = join(left, current, kind, On::Using(columns));
            } else if self.take_word("natural") {
                let kind = self.join_kind()?.ok_or(Unread)?;
                let right = self.factor()?;
                current = join(current, right, kind, On::Natural);
            } else if let Some(kind) = self.join_kind()? {
                waiting.push((current, kind));
                current = self.factor()?;
            } else {
                return waiting_joined(waiting, current);
            }
        }
        Err(Unread)
    }

    fn join_kind(&mut self) -> Parsed<Option<JoinKind>> {
        let kind = match self.peek_word().as_deref() {
            Some("join") => JoinKind::Inner,
            Some("straight_join") => {
                self.at += 1;
                return Ok(Some(JoinKind::Straight));
            }
            Some("inner" | "cross") => {
                self.at += 1;
                JoinKind::Inner
            }
            Some(side @ ("left" | "right")) => {
                let kind = if side == "left" { JoinKind::Left } else { JoinKind::Right };
                self.at += 1;
                self.take_word("outer");
                kind
            }
            _ => return Ok(None),
        };
        self.expect_word("join")?;
        Ok(Some(kind))
    }

    /// Reads a table, or a query or joins in parentheses.
    fn factor(&mut self) -> Parsed<Source> {
        if self.take_word("lateral") {
            self.expect_symbol(b'(')?;
            return self.derived(true)?.ok_or(Unread);
        }
        if self.take_symbol(b'{') {
            self.expect_word("oj")?;
            let inner = self.sources()?;
            self.expect_symbol(b'}')?;
            return Ok(Source::Nested(Box::new(inner)));
        }
        if self.take_symbol(b'(') {
            let (at, depth) = (self.at, self.depth);
            if let Ok(Some(derived)) = self.derived(false) {
                return Ok(derived);
            }
            (self.at, self.depth) = (at, depth);
            let inner = self.sources()?;
            self.expect_symbol(b')')?;
            return Ok(Source::Nested(Box::new(inner)));
        }
        let begins_json_table = self.peek_word().as_deref() == Some("json_table");
        if begins_json_table && self.peek_at(1) == Some(&ExpressionToken::Symbol(b'(')) {
            self.at += 1;
            return self.json_table();
        }
        let start = self.at;
        let mut path = vec![self.identifier()?];
        while self.take_symbol(b'.') {
            path.push(self.identifier()?);
        }
        if self.peek() == Some(&ExpressionToken::Symbol(b'(')) || path.len() > 2 {
            return Err(Unread);
        }
        let place = self.place_from(start);
        let alias = self.alias()?;
        Ok(Source::Table { path, place, alias, hints: self.hints()? })
    }

    /// Reads `query) [AS] alias [(columns)]`.
    fn derived(&mut self, is_lateral: bool) -> Parsed<Option<Source>> {
        let Some(Node::Query(query)) = self.query_in_parentheses()? else { return Ok(None) };
        let Some(alias) = self.alias()? else { return Ok(None) };
        let columns = self.names_in_parentheses()?;
        Ok(Some(Source::Derived { query, alias, columns, is_lateral }))
    }

    /// Reads any number of `USE|FORCE|IGNORE {INDEX|KEY} [FOR …] (a, b)`.
    fn hints(&mut self) -> Parsed<Vec<String>> {
        let mut hints = Vec::new();
        while let Some(verb @ ("use" | "force" | "ignore")) = self.peek_word().as_deref() {
            self.at += 1;
            if !self.take_word("index") {
                self.expect_word("key")?;
            }
            let mut hint = verb.to_owned();
            if self.take_word("for") {
                let what = self.any_word()?;
                if what != "join" {
                    self.expect_word("by")?;
                }
                hint = format!("{hint} for {what}");
            }
            self.expect_symbol(b'(')?;
            if self.take_symbol(b')') {
                hints.push(format!("{hint} ()"));
                continue;
            }
            loop {
                hints.push(format!("{hint} ({})", self.identifier()?.to_lowercase()));
                if !self.take_symbol(b',') {
                    break;
                }
            }
            self.expect_symbol(b')')?;
        }
        hints.sort();
        Ok(hints)
    }
}

fn join(left: Source, right: Source, kind: JoinKind, on: On) -> Source {
    Source::Join { left: Box::new(left), right: Box::new(right), kind, on }
}

/// Joins the tables of the joins that have no ON: `a JOIN b JOIN c ON …` is `(a JOIN b) JOIN c ON
/// …`.
fn waiting_joined(mut waiting: Vec<(Source, JoinKind)>, mut current: Source) -> Parsed<Source> {
    while let Some((left, kind)) = waiting.pop() {
        if !matches!(kind, JoinKind::Inner | JoinKind::Straight) {
            return Err(Unread);
        }
        current = joined_to_first(left, kind, current);
    }
    Ok(current)
}

fn joined_to_first(first: Source, kind: JoinKind, rest: Source) -> Source {
    match rest {
        Source::Join { left, right, kind: outer, on } => Source::Join {
            left: Box::new(joined_to_first(first, kind, *left)),
            right,
            kind: outer,
            on,
        },
        other => join(first, other, kind, On::Nothing),
    }
}
