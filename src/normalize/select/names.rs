//! Finds the tables of the columns in an expression, and resolves the queries in it.

use super::resolve::{Around, Resolver, Role, item_named, size};
use super::resolved::Item;
use super::scope::Relation;
use crate::model::tree::Node;
use crate::normalize::expression::functions::{canonical_name, is_verified_in_query};

/// The items of SELECT whose names an expression may use, and whether they take precedence over
/// columns.
#[derive(Clone, Copy)]
pub(super) struct Aliases<'a> {
    pub(super) items: &'a [Item],
    come_first: bool,
}

impl Resolver<'_> {
    /// The expression with the table of each column, with its queries replaced by their numbers,
    /// and with its windows written out.
    pub(super) fn resolve(
        &mut self,
        node: &Node,
        around: Around<'_>,
        windows: &[(String, Node)],
    ) -> Option<Node> {
        self.resolved(node, around, windows, Aliases { items: &[], come_first: false })
    }

    /// Like [`Resolver::resolve`], but a name may also be that of an item of SELECT.
    pub(super) fn resolve_with_aliases(
        &mut self,
        node: &Node,
        around: Around<'_>,
        items: &[Item],
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
                let query = self.query(query, around, Role::Values)?;
                Some(self.subquery(query))
            }
            Node::Call { name, arguments, place } => match (name.as_str(), arguments.as_slice()) {
                ("exists", [Node::Query(query)]) => {
                    let query = self.query(query, around, Role::Exists)?;
                    Some(Node::call("exists", vec![self.subquery(query)]))
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
                    Some(Node::call(self.function(name, resolved.len()), resolved).at(*place))
                }
            },
            other => {
                let mut resolved =
                    |child: &Node| self.resolved(child, around, windows, aliases).ok_or(());
                other.try_map_children(&mut resolved).ok()
            }
        }
    }

    fn subquery(&mut self, query: super::resolved::Resolved) -> Node {
        self.subqueries.push(query);
        Node::Subquery(self.subqueries.len() - 1)
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
            return self.copied(node);
        }
        match around.scope.and_then(|scope| scope.find(path).ok()) {
            Some(found) => {
                self.use_column(found.relation, &found.column);
                Some(found.node())
            }
            None => match alias {
                Some(node) => self.copied(node),
                None => {
                    self.miss_column(path, around, aliases);
                    None
                }
            },
        }
    }

    /// The item, in place of its name.
    fn copied(&mut self, node: &Node) -> Option<Node> {
        self.spend(size(node))?;
        Some(node.clone())
    }

    /// The name of a function. A stored function gets a dot before its name, and before the dot its
    /// database if it is in another one.
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

    /// Whether a database name is that of the schema. If the name of the schema isn't known, that
    /// is uncertain.
    pub(super) fn is_own(&mut self, database: &str) -> bool {
        let is_own = self.catalog.is_own(database);
        self.is_verified &= is_own.is_some();
        is_own.unwrap_or(true)
    }

    pub(super) fn use_column(&mut self, relation: &Relation, column: &str) {
        if let Some(table) = &relation.table {
            self.uses.columns.insert((table.clone(), column.to_owned()));
        }
    }
}

/// A window together with what it takes from the named window.
fn in_full(window: &Node, windows: &[(String, Node)]) -> Option<Node> {
    let named = |name: &str| {
        let (_, window) = windows.iter().find(|(own, _)| own == name)?;
        // A named window that refers to another one is rare, and isn't supported.
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
