//! Writes a query whose names are resolved as its canonical text.

use super::intersect::without_null_checks;
use super::json_table;
use super::null_dates::with_null_dates;
use super::resolved::{Body, Item, Ordered, Resolved, Select, ShownItems, Source};
use crate::model::tree::{JoinKind, Node};
use crate::normalize::expression::render::render_in_query;
use crate::normalize::expression::rewrite::{filter, rewrite};
use crate::server::{Server, Vendor};
use crate::syntax::quote_identifier;

/// The most bytes of a text. Because of `*` and of names that stand for expressions, it can become
/// longer than what was written.
pub(super) const LONGEST: usize = 4 << 20;

/// The text of a query, and whether servers are known to store everything in it in this way.
/// `subqueries` are the queries in expressions, by their numbers. `None` if the text becomes too
/// long.
pub(super) fn write(
    query: &Resolved,
    subqueries: &[Resolved],
    server: Server,
) -> Option<(String, bool)> {
    let texts = subqueries.iter().map(|_| None).collect();
    let mut writer = Writer { subqueries, texts, server, is_verified: true, left: LONGEST };
    let text = writer.query(query)?;
    Some((text, writer.is_verified))
}

struct Writer<'a> {
    subqueries: &'a [Resolved],
    /// The texts of the subqueries that have been written.
    texts: Vec<Option<String>>,
    server: Server,
    /// Whether servers are known to store everything that was written so far in this way.
    is_verified: bool,
    /// How many more bytes may be written.
    left: usize,
}

impl Writer<'_> {
    fn is_mysql(&self) -> bool {
        self.server.vendor == Vendor::MySql
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }

    /// Writes a query. `None` if it becomes too long.
    fn query(&mut self, query: &Resolved) -> Option<String> {
        let mut text = String::new();
        for (name, table) in &query.with {
            let written = self.query(table)?;
            text.push_str(if text.is_empty() { "with " } else { ", " });
            text.push_str(if query.is_recursive { "recursive " } else { "" });
            text.push_str(&format!("{} as ({written})", quote_identifier(name)));
        }
        if !text.is_empty() {
            text.push(' ');
        }
        match &query.body {
            Body::Select(select) => text.push_str(&self.select(select)?),
            Body::Nested(inner) => text.push_str(&self.query(inner)?),
            Body::Set { operator, all, operands } => {
                for (place, operand) in operands.iter().enumerate() {
                    let written = self.query(&operand.query)?;
                    if place > 0 {
                        text.push_str(&format!(" {operator}{} ", if *all { " all" } else { "" }));
                    }
                    text.push_str(&match operand.is_simple {
                        true => written,
                        false => format!("({written})"),
                    });
                }
            }
        }
        text.push_str(&self.ordered(" order by ", &query.order)?);
        if let Some(limit) = &query.limit {
            text.push_str(&format!(" limit {}", limit.count));
            if limit.offset != "0" {
                text.push_str(&format!(" offset {}", limit.offset));
            }
        }
        if !query.locking.is_empty() && !self.is_mysql() {
            text.push_str(&format!(" {}", query.locking));
        }
        self.spend(text.len())?;
        Some(text)
    }

    fn select(&mut self, select: &Select) -> Option<String> {
        let mut text = "select ".to_owned();
        for option in &select.options {
            // MySQL doesn't keep these options.
            let is_forgotten = matches!(option.as_str(), "sql_no_cache" | "sql_calc_found_rows");
            if !is_forgotten || !self.is_mysql() {
                text.push_str(&format!("{option} "));
            }
        }
        self.items(&select.items, &select.shown, &mut text)?;
        if let Some(from) = &select.from {
            text.push_str(&format!(" from {}", self.source(from)?));
        }
        if let Some(condition) = &select.filter {
            let mut node = rewrite(condition);
            if self.is_mysql() {
                let has_outer_join = select.from.as_ref().is_some_and(Source::has_outer_join);
                node = with_null_dates(node, &select.dates, has_outer_join);
            }
            if let Some(node) = without_null_checks(node, &select.items, &select.never_null) {
                text.push_str(&format!(" where {}", self.condition(&node)?));
            }
        }
        text.push_str(&self.ordered(" group by ", &select.group)?);
        if select.with_rollup {
            text.push_str(" with rollup");
        }
        if let Some(condition) = &select.having {
            text.push_str(&format!(" having {}", self.condition(condition)?));
        }
        Some(text)
    }

    fn items(&mut self, items: &[Item], shown: &ShownItems, text: &mut String) -> Option<()> {
        if matches!(shown, ShownItems::Nothing) {
            text.push('1');
            return Some(());
        }
        for (place, (node, _)) in items.iter().enumerate() {
            if place > 0 {
                text.push_str(", ");
            }
            text.push_str(&self.expression(node)?);
            if let ShownItems::Named(names) = shown
                && let Some(name) = names.get(place)
            {
                text.push_str(&format!(" as {}", quote_identifier(name)));
            }
        }
        Some(())
    }

    fn source(&mut self, source: &Source) -> Option<String> {
        Some(match source {
            Source::Table { database, name, alias, hints } => {
                let mut text = String::new();
                if let Some(database) = database {
                    text.push_str(&format!("{}.", quote_identifier(database)));
                }
                let (name, alias) = (quote_identifier(name), quote_identifier(alias));
                text.push_str(&format!("{name} as {alias}"));
                self.hints(hints, &mut text);
                text
            }
            Source::Derived { query, alias, is_lateral } => {
                let lateral = if *is_lateral { "lateral " } else { "" };
                format!("{lateral}({}) as {}", self.query(query)?, quote_identifier(alias))
            }
            Source::JsonTable { document, path, columns, alias } => {
                let document = self.expression(document)?;
                let columns = json_table::written(columns);
                let alias = quote_identifier(alias);
                format!("json_table({document}, {path} {columns}) as {alias}")
            }
            Source::Join { left, right, kind, on } => {
                let (left, right) = (self.source(left)?, self.source(right)?);
                let (first, word, second) = match kind {
                    JoinKind::Inner => (left, "join", right),
                    JoinKind::Straight => (left, "straight_join", right),
                    JoinKind::Left => (left, "left join", right),
                    JoinKind::Right => (right, "left join", left),
                };
                let on = match on {
                    Some(condition) => format!(" on {}", self.condition(condition)?),
                    None => String::new(),
                };
                format!("({first} {word} {second}{on})")
            }
        })
    }

    /// Writes the index hints. MariaDB doesn't keep the FOR of a hint.
    fn hints(&self, hints: &[String], text: &mut String) {
        let mut last = String::new();
        for hint in hints {
            let for_what = hint.split_once(" for ").filter(|_| !self.is_mysql());
            let index = for_what.and_then(|(verb, rest)| Some((verb, rest.split_once(' ')?.1)));
            let hint = match index {
                Some((verb, index)) => format!("{verb} {index}"),
                None => hint.clone(),
            };
            if hint != last {
                text.push_str(&format!(" {hint}"));
            }
            last = hint;
        }
    }

    /// Writes GROUP BY or ORDER BY, beginning with `before`. Empty if there is none.
    fn ordered(&mut self, before: &str, list: &[Ordered]) -> Option<String> {
        let mut text = String::new();
        for ordered in list {
            text.push_str(if text.is_empty() { before } else { ", " });
            text.push_str(&self.expression(&ordered.node)?);
            text.push_str(if ordered.descending { " desc" } else { "" });
        }
        Some(text)
    }

    fn expression(&mut self, node: &Node) -> Option<String> {
        self.rewritten(&rewrite(node))
    }

    /// Writes a condition, in which NULL and FALSE have the same effect.
    fn condition(&mut self, node: &Node) -> Option<String> {
        self.rewritten(&filter(rewrite(node)))
    }

    fn rewritten(&mut self, node: &Node) -> Option<String> {
        self.write_subqueries(node)?;
        let rendering = render_in_query(node, self.server, &self.texts);
        let (text, is_verified) = (rendering.text, rendering.is_verified);
        self.is_verified &= is_verified;
        self.spend(text.len())?;
        Some(text)
    }

    /// Writes the subqueries of an expression that aren't written yet.
    fn write_subqueries(&mut self, node: &Node) -> Option<()> {
        let Node::Subquery(number) = node else {
            let failed = node.any_child(|child| self.write_subqueries(child).is_none());
            return (!failed).then_some(());
        };
        if self.texts.get(*number)?.is_none() {
            let query = self.subqueries.get(*number)?;
            let text = self.query(query)?;
            *self.texts.get_mut(*number)? = Some(text);
        }
        Some(())
    }
}
