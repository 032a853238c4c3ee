//! Resolves the FROM clause.

use super::json_table;
use super::resolve::{Around, Resolver, Role};
use super::resolved::Source;
use super::scope::{Joined, Relation, Scope};
use crate::model::same_name;
use crate::model::tree::{self, Comparator, JoinKind, Logic, Node, On};

impl Resolver<'_> {
    /// Resolves what is in FROM, and says which tables and columns can be named because of it.
    /// LATERAL can name what comes before it.
    pub(super) fn source(
        &mut self,
        source: &tree::Source,
        around: Around<'_>,
        before: Option<&Scope<'_>>,
    ) -> Option<(Source, Joined)> {
        match source {
            tree::Source::Table { path, alias, hints, .. } => {
                self.table(path, alias.as_deref(), hints, around)
            }
            tree::Source::Derived { query, alias, columns, is_lateral } => {
                let scope = if *is_lateral { before.or(around.scope) } else { around.scope };
                let inner = Around { scope, ..around };
                let query = self.query(query, inner, Role::Rows(columns))?;
                let name = self.catalog.alias(alias);
                let (columns, column_info) = (query.columns.clone(), query.column_info.clone());
                let (query, alias, is_lateral) = (Box::new(query), name.clone(), *is_lateral);
                let relation = Relation { name, columns, column_info, ..Relation::default() };
                Some((Source::Derived { query, alias, is_lateral }, Joined::of(relation)))
            }
            tree::Source::JsonTable { document, path, columns, alias } => {
                let inner = Around { scope: before.or(around.scope), ..around };
                let document = Box::new(self.resolve(document, inner, &[])?);
                let (path, alias) = (path.clone(), self.catalog.alias(alias));
                let names = Some(json_table::names(columns));
                let relation =
                    Relation { name: alias.clone(), columns: names, ..Relation::default() };
                let columns = columns.clone();
                Some((Source::JsonTable { document, path, columns, alias }, Joined::of(relation)))
            }
            tree::Source::Nested(inner) => self.source(inner, around, before),
            tree::Source::Join { left, right, kind, on } => {
                let (left_source, left) = self.source(left, around, before)?;
                let seen = Scope { joined: &left, parent: before.or(around.scope) };
                let (right_source, right) = self.source(right, around, Some(&seen))?;
                let (condition, joined) = self.joined(left, right, *kind, on, around)?;
                let join = Source::Join {
                    left: Box::new(left_source),
                    right: Box::new(right_source),
                    kind: *kind,
                    on: condition.map(Box::new),
                };
                Some((join, joined))
            }
        }
    }

    fn table(
        &mut self,
        path: &[String],
        alias: Option<&str>,
        hints: &[String],
        around: Around<'_>,
    ) -> Option<(Source, Joined)> {
        let with = match path {
            [name] => around.withs.and_then(|withs| withs.find(name)),
            _ => None,
        };
        let (database, relation) = match (with, path) {
            (Some(with), _) => {
                let relation = Relation {
                    name: with.name.clone(),
                    columns: with.columns.clone(),
                    column_info: with.column_info.clone(),
                    ..Relation::default()
                };
                (None, relation)
            }
            (None, [database, name]) if !self.is_own(database) => {
                // One vendor spells the names of information_schema in upper case, the other in
                // lower case.
                let is_information = same_name(database, "information_schema");
                let name = if is_information { name.to_lowercase() } else { name.clone() };
                (Some(database.to_lowercase()), Relation { name, ..Relation::default() })
            }
            (None, [.., name]) => {
                let named = self.catalog.table(name);
                if !named.is_of_schema {
                    self.miss_table(path);
                }
                let table = named.is_of_schema.then(|| named.name.clone());
                self.uses.tables.extend(table.clone());
                let (name, columns, hidden) = (named.name, named.columns, named.hidden);
                let column_info = named.column_info;
                (None, Relation { name, table, columns, hidden, column_info })
            }
            (None, []) => return None,
        };
        let alias = self.catalog.alias(alias.unwrap_or(&relation.name));
        let (name, hints) = (relation.name.clone(), hints.to_vec());
        let source = Source::Table { database, name, alias: alias.clone(), hints };
        Some((source, Joined::of(Relation { name: alias, ..relation })))
    }

    /// The condition of a join, and the tables and columns of both sides.
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
                // The columns in the table's order.
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
