//! Finds whose the columns in a query are, and writes the queries within expressions.

use super::json_table;
use super::scope::{Joined, Relation, Scope};
use super::write::{Around, Role, Writer, item_named};
use crate::model::same_name;
use crate::model::tree::{Comparator, Logic, Node};
use crate::model::tree::{JoinKind, On, Source};
use crate::normalize::expression::functions::{canonical_name, is_verified_in_query};
use crate::normalize::expression::render::quoted;

/// The items of SELECT whose names an expression may use, and whether these come before columns.
#[derive(Clone, Copy)]
pub(super) struct Aliases<'a> {
    pub(super) items: &'a [(Node, Option<String>)],
    come_first: bool,
}

impl Writer<'_> {
    /// The expression with its columns' tables, its queries written, its windows in full.
    pub(super) fn resolve(
        &mut self,
        node: &Node,
        around: Around<'_>,
        windows: &[(String, Node)],
    ) -> Option<Node> {
        self.resolved(node, around, windows, Aliases { items: &[], come_first: false })
    }

    /// The same where names of items may stand for them.
    pub(super) fn resolve_with_aliases(
        &mut self,
        node: &Node,
        around: Around<'_>,
        items: &[(Node, Option<String>)],
        windows: &[(String, Node)],
        come_first: bool,
    ) -> Option<Node> {
        self.resolved(node, around, windows, Aliases { items, come_first })
    }

    fn resolved(
        &mut self,
        node: &Node,
        around: Around<'_>,
        windows: &[(String, Node)],
        aliases: Aliases<'_>,
    ) -> Option<Node> {
        match node {
            Node::Name(path, _) => self.column(path, around, aliases),
            Node::Query(query) => {
                Some(Node::Written(self.query(query, around, Role::Values)?.text))
            }
            Node::Call { name, arguments, .. } => match (name.as_str(), arguments.as_slice()) {
                ("exists", [Node::Query(query)]) => {
                    let text = self.query(query, around, Role::Exists)?.text;
                    Some(Node::call("exists", vec![Node::Written(text)]))
                }
                ("over", [call, window]) => {
                    let call = self.resolved(call, around, windows, aliases)?;
                    let window = in_full(window, windows)?;
                    let window = self.resolved(&window, around, windows, aliases)?;
                    Some(Node::call("over", vec![call, window]))
                }
                (name, arguments) => {
                    let mut resolved = Vec::with_capacity(arguments.len());
                    for argument in arguments {
                        resolved.push(self.resolved(argument, around, windows, aliases)?);
                    }
                    Some(Node::call(self.function(name, resolved.len()), resolved))
                }
            },
            other => {
                let mut resolved =
                    |child: &Node| self.resolved(child, around, windows, aliases).ok_or(());
                other.try_map_children(&mut resolved).ok()
            }
        }
    }

    fn column(
        &mut self,
        path: &[String],
        around: Around<'_>,
        aliases: Aliases<'_>,
    ) -> Option<Node> {
        let alias = item_named(path, aliases.items);
        if aliases.come_first
            && let Some(node) = alias
        {
            return Some(node.clone());
        }
        match around.scope.and_then(|scope| scope.find(path).ok()) {
            Some(found) => {
                self.use_column(found.relation, &found.column);
                Some(found.node())
            }
            None => {
                if alias.is_none() {
                    self.miss_column(path, around, aliases);
                }
                alias.cloned()
            }
        }
    }

    /// A stored function has a point before its name: the database's, where it is another.
    fn function(&mut self, name: &str, arguments: usize) -> String {
        if let Some((database, function)) = name.rsplit_once('.') {
            if !database.is_empty() && !self.is_own(database) {
                return name.to_owned();
            }
            if let Some(spelled) = self.catalog.function(function) {
                self.uses.routines.insert(spelled.to_owned());
            }
            return format!(".{function}");
        }
        let server = self.catalog.server;
        if is_verified_in_query(canonical_name(name), arguments, server) {
            return name.to_owned();
        }
        match self.catalog.function(name) {
            Some(spelled) => {
                self.uses.routines.insert(spelled.to_owned());
                format!(".{name}")
            }
            None => name.to_owned(),
        }
    }

    /// Where the schema's name isn't known, what a database's name means can't be told.
    fn is_own(&mut self, database: &str) -> bool {
        let is_own = self.catalog.is_own(database);
        self.is_verified &= is_own.is_some();
        is_own.unwrap_or(true)
    }

    pub(super) fn use_column(&mut self, relation: &Relation, column: &str) {
        if let Some(table) = &relation.table {
            self.uses.columns.insert((table.clone(), column.to_owned()));
        }
    }

    /// What stands in FROM, and what can be named because of it. LATERAL sees what stands before.
    pub(super) fn source(
        &mut self,
        source: &Source,
        around: Around<'_>,
        before: Option<&Scope<'_>>,
    ) -> Option<(String, Joined)> {
        match source {
            Source::Table { path, alias, hints } => {
                self.table(path, alias.as_deref(), hints, around)
            }
            Source::Derived { query, alias, columns, is_lateral } => {
                let scope = if *is_lateral { before.or(around.scope) } else { around.scope };
                let inner = Around { scope, ..around };
                let written = self.query(query, inner, Role::Rows(columns))?;
                let lateral = if *is_lateral { "lateral " } else { "" };
                let name = self.catalog.alias(alias);
                let text = format!("{lateral}({}) as {}", written.text, quoted(&name));
                let (columns, column_info) = (written.columns, written.column_info);
                let relation = Relation { name, columns, column_info, ..Relation::default() };
                Some((text, Joined::of(relation)))
            }
            Source::JsonTable { document, path, columns, alias } => {
                let inner = Around { scope: before.or(around.scope), ..around };
                let document = self.resolve(document, inner, &[])?;
                let document = self.expression(document)?;
                let name = self.catalog.alias(alias);
                let mut names = Vec::new();
                let columns = json_table::written(columns, &mut names);
                let text = format!("json_table({document}, {path} {columns}) as {}", quoted(&name));
                let relation = Relation { name, columns: Some(names), ..Relation::default() };
                Some((text, Joined::of(relation)))
            }
            Source::Nested(inner) => self.source(inner, around, before),
            Source::Join { left, right, kind, on } => {
                let (left_text, left) = self.source(left, around, before)?;
                let seen = Scope { joined: &left, parent: before.or(around.scope) };
                let (right_text, right) = self.source(right, around, Some(&seen))?;
                let (condition, joined) = self.joined(left, right, *kind, on, around)?;
                let (first, word, second) = match kind {
                    JoinKind::Inner => (left_text, "join", right_text),
                    JoinKind::Straight => (left_text, "straight_join", right_text),
                    JoinKind::Left => (left_text, "left join", right_text),
                    JoinKind::Right => (right_text, "left join", left_text),
                };
                let on = match condition {
                    Some(condition) => format!(" on {}", self.condition(condition)?),
                    None => String::new(),
                };
                Some((format!("({first} {word} {second}{on})"), joined))
            }
        }
    }

    fn table(
        &mut self,
        path: &[String],
        alias: Option<&str>,
        hints: &[String],
        around: Around<'_>,
    ) -> Option<(String, Joined)> {
        let with = match path {
            [name] => around.withs.and_then(|withs| withs.find(name)),
            _ => None,
        };
        let (text, relation) = match (with, path) {
            (Some(with), _) => {
                let relation = Relation {
                    name: with.name.clone(),
                    columns: with.columns.clone(),
                    column_info: with.column_info.clone(),
                    ..Relation::default()
                };
                (quoted(&with.name), relation)
            }
            (None, [database, name]) if !self.is_own(database) => {
                // Its names are in capitals on one vendor and in small letters on the other.
                let is_information = same_name(database, "information_schema");
                let name = if is_information { name.to_lowercase() } else { name.clone() };
                let text = format!("{}.{}", quoted(&database.to_lowercase()), quoted(&name));
                (text, Relation { name, ..Relation::default() })
            }
            (None, [.., name]) => {
                let named = self.catalog.table(name);
                if !named.is_of_schema {
                    self.miss_table(path);
                }
                let text = quoted(&named.name);
                let table = named.is_of_schema.then(|| named.name.clone());
                self.uses.tables.extend(table.clone());
                let (columns, hidden, column_info) =
                    (named.columns, named.hidden, named.column_info);
                (text, Relation { name: named.name, table, columns, hidden, column_info })
            }
            (None, []) => return None,
        };
        let name = self.catalog.alias(alias.unwrap_or(&relation.name));
        let mut text = format!("{text} as {}", quoted(&name));
        let mut last = String::new();
        for hint in hints {
            // MariaDB forgets what the hint is for.
            let hint = match (self.is_mysql(), hint.split_once(" for ")) {
                (false, Some((verb, rest))) => {
                    let (_, index) = rest.split_once(' ')?;
                    format!("{verb} {index}")
                }
                _ => hint.clone(),
            };
            if hint != last {
                text.push_str(&format!(" {hint}"));
            }
            last = hint;
        }
        Some((text, Joined::of(Relation { name, ..relation })))
    }

    /// The condition that a join stands for, and what both sides show.
    fn joined(
        &mut self,
        left: Joined,
        right: Joined,
        kind: JoinKind,
        on: &On,
        around: Around<'_>,
    ) -> Option<(Option<Node>, Joined)> {
        let (first, second) =
            if kind == JoinKind::Right { (&right, &left) } else { (&left, &right) };
        let names: Vec<String> = match on {
            On::Nothing => return Some((None, left.and(right))),
            On::Using(names) if names.iter().any(|name| left.lacks(name) || right.lacks(name)) => {
                self.miss_common(names, &left, &right);
                return None;
            }
            On::Condition(condition) => {
                let joined = left.and(right);
                let scope = Scope { joined: &joined, parent: around.scope };
                let around = Around { scope: Some(&scope), ..around };
                let condition = self.resolve(condition, around, &[])?;
                return Some((Some(condition), joined));
            }
            On::Using(names) => match first.names() {
                // In the table's order.
                Some(all) => all
                    .into_iter()
                    .filter(|name| names.iter().any(|other| same_name(other, name)))
                    .map(str::to_owned)
                    .collect(),
                None => names.clone(),
            },
            On::Natural => {
                let other = second.visible_names()?;
                let both = |name: &&str| other.iter().any(|another| same_name(another, name));
                first.visible_names()?.into_iter().filter(both).map(str::to_owned).collect()
            }
        };
        let mut equal = Vec::with_capacity(names.len());
        for name in &names {
            let (a, b) = (left.unqualified(name).ok()??, right.unqualified(name).ok()??);
            self.use_column(a.relation, &a.column);
            self.use_column(b.relation, &b.column);
            equal.push(Node::compare(Comparator::Equal, a.node(), b.node()));
        }
        let condition = match (equal.pop(), equal.is_empty()) {
            (Some(only), true) => Some(only),
            (None, _) => None,
            (Some(last), false) => {
                equal.push(last);
                Some(Node::Logical { operator: Logic::And, operands: equal })
            }
        };
        Some((condition, left.merged(right, &names, kind == JoinKind::Right)?))
    }
}

/// A window with what it takes from the named one.
fn in_full(window: &Node, windows: &[(String, Node)]) -> Option<Node> {
    let named = |name: &str| {
        let (_, window) = windows.iter().find(|(own, _)| own == name)?;
        // A named window that is built on another is rare enough.
        let is_whole = matches!(parts(window)?, [Node::Word(base), ..] if base.is_empty());
        is_whole.then_some(window)
    };
    if let Node::Word(name) = window {
        return named(name).cloned();
    }
    let [Node::Word(base), partition, order, frame] = parts(window)? else { return None };
    if base.is_empty() {
        return Some(window.clone());
    }
    let [_, base_partition, base_order, _] = parts(named(base)?)? else { return None };
    let or = |own: &Node, base: &Node| {
        let is_empty = matches!(own, Node::Call { arguments, .. } if arguments.is_empty());
        if is_empty { base.clone() } else { own.clone() }
    };
    let parts = vec![
        Node::Word(String::new()),
        or(partition, base_partition),
        or(order, base_order),
        frame.clone(),
    ];
    Some(Node::call("window", parts))
}

fn parts(window: &Node) -> Option<&[Node]> {
    match window {
        Node::Call { name, arguments, .. } if name == "window" => Some(arguments),
        _ => None,
    }
}
