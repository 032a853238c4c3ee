//! Looks up the names of a query: the table of each column, the columns of each `*`, and the
//! columns that each join compares.

use super::catalog::Catalog;
use super::column_info::ColumnInfo;
use super::missing::Missing;
use super::naming::ColumnNaming;
use super::resolved::{Body, Item, Ordered, Resolved, Select, ShownItems};
use super::scope::{Joined, Scope};
use super::uses::Uses;
use super::write::LONGEST;
use crate::model::same_name;
use crate::model::tree::{self, Limit, Node, Query, TableExpression};
use crate::server::Vendor;

/// What the rows of a query are used for.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    /// The rows of a table, whose columns have these names. If there are none, they have the
    /// query's own names.
    Rows(&'a [String]),
    /// Values. The names of the columns don't matter.
    Values,
    /// EXISTS: it only matters whether there are any rows.
    Exists,
}

/// A table that WITH defines.
#[derive(Clone)]
pub(super) struct WithTable {
    pub(super) name: String,
    pub(super) columns: Option<Vec<String>>,
    pub(super) column_info: Vec<ColumnInfo>,
}

/// The tables that WITH defines, in a query and in those that enclose it.
#[derive(Clone, Copy)]
pub(super) struct Withs<'a> {
    own: &'a [WithTable],
    parent: Option<&'a Withs<'a>>,
}

impl Withs<'_> {
    pub(super) fn find(&self, name: &str) -> Option<&WithTable> {
        let own = self.own.iter().rev().find(|own| same_name(&own.name, name));
        own.or_else(|| self.parent?.find(name))
    }
}

/// What a query can refer to outside of itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    pub(super) scope: Option<&'a Scope<'a>>,
    pub(super) withs: Option<&'a Withs<'a>>,
}

pub(super) struct Resolver<'a> {
    pub(super) catalog: &'a Catalog<'a>,
    /// Derives the names of columns without an alias.
    names: ColumnNaming<'a>,
    /// Whether everything that was resolved so far is known to be stored by servers in this way.
    pub(super) is_verified: bool,
    pub(super) uses: Uses,
    /// What the query reads that certainly doesn't exist.
    pub(super) missing: Vec<Missing>,
    /// The queries in expressions, by their numbers.
    pub(super) subqueries: Vec<Resolved>,
    /// How much more may be resolved, so that no query takes too long.
    left: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(catalog: &'a Catalog<'a>, names: ColumnNaming<'a>) -> Resolver<'a> {
        Resolver {
            catalog,
            names,
            is_verified: true,
            uses: Uses { is_certain: true, ..Uses::default() },
            missing: Vec::new(),
            subqueries: Vec::new(),
            left: LONGEST,
        }
    }

    pub(super) fn spend(&mut self, cost: usize) -> Option<()> {
        self.left = self.left.checked_sub(cost)?;
        Some(())
    }

    pub(super) fn is_mysql(&self) -> bool {
        self.catalog.server.vendor == Vendor::MySql
    }

    /// Resolves a query. `None` if something in it isn't understood.
    pub(super) fn query(
        &mut self,
        query: &Query,
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Resolved> {
        // The cost of an empty query, so that a query isn't resolved again and again.
        self.spend(256)?;
        let mut own = Vec::new();
        let mut with = Vec::new();
        for table in &query.with {
            let resolved = self.with(table, query.is_recursive, &mut own, around)?;
            with.push((self.catalog.alias(&table.name), resolved));
        }
        let withs = Withs { own: &own, parent: around.withs };
        let around = Around { withs: Some(&withs), ..around };
        let rows = self.rows(query, around, role)?;
        Some(Resolved { with, is_recursive: query.is_recursive, ..rows })
    }

    fn with(
        &mut self,
        table: &TableExpression,
        is_recursive: bool,
        own: &mut Vec<WithTable>,
        around: Around<'_>,
    ) -> Option<Resolved> {
        let name = self.catalog.alias(&table.name);
        if is_recursive {
            let columns = match (&table.query.body, table.columns.as_slice()) {
                (tree::Body::Set { operands, .. }, []) => {
                    let withs = Withs { own: &own.clone(), parent: around.withs };
                    let around = Around { withs: Some(&withs), ..around };
                    self.query(operands.first()?, around, Role::Rows(&[]))?.columns
                }
                (_, names) => (!names.is_empty()).then(|| names.to_vec()),
            };
            own.push(WithTable { name: name.clone(), columns, column_info: Vec::new() });
        }
        let withs = Withs { own: &own.clone(), parent: around.withs };
        let inner = Around { withs: Some(&withs), ..around };
        let resolved = self.query(&table.query, inner, Role::Rows(&table.columns))?;
        if !is_recursive {
            let (columns, column_info) = (resolved.columns.clone(), resolved.column_info.clone());
            own.push(WithTable { name, columns, column_info });
        }
        Some(resolved)
    }

    /// Resolves the query without its WITH.
    fn rows(&mut self, query: &Query, around: Around<'_>, role: Role<'_>) -> Option<Resolved> {
        let mut body = &query.body;
        while let tree::Body::Nested(inner) = body {
            if is_bare(query) {
                let inner = self.query(inner, around, role)?;
                let (columns, column_info) = (inner.columns.clone(), inner.column_info.clone());
                return Some(Resolved::of(Body::Nested(Box::new(inner)), columns, column_info));
            }
            if !is_bare(inner) || !inner.with.is_empty() {
                return None;
            }
            body = &inner.body;
        }
        let mut resolved = match body {
            tree::Body::Select(select) => self.select(select, &query.order, around, role)?,
            tree::Body::Set { operator, all, operands } => {
                let mut set = self.set(operator, *all, operands, around, role)?;
                set.order = self.order_of_set(&query.order, set.columns.as_deref(), around)?;
                set
            }
            tree::Body::Nested(_) => return None,
        };
        resolved.limit = query.limit.as_ref().and_then(|limit| self.limit(limit, role));
        resolved.locking.clone_from(&query.locking);
        Some(resolved)
    }

    /// The LIMIT. `None` if it has no effect.
    fn limit(&mut self, limit: &Limit, role: Role<'_>) -> Option<Limit> {
        let says_nothing = matches!(role, Role::Exists) && limit.count != "0";
        if says_nothing {
            // MySQL doesn't keep the offset.
            self.is_verified &= limit.offset == "0";
        }
        (!says_nothing).then(|| limit.clone())
    }

    fn select(
        &mut self,
        select: &tree::Select,
        order: &[Node],
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Resolved> {
        let (from, joined) = match &select.from {
            Some(source) => {
                let (source, joined) = self.source(source, around, None)?;
                (Some(source), joined)
            }
            None => (None, Joined::default()),
        };
        let scope = Scope { joined: &joined, parent: around.scope };
        let inner = Around { scope: Some(&scope), ..around };
        let items = self.items(select, inner, &joined)?;
        let is_any = matches!(role, Role::Exists)
            && select.group.is_empty()
            && select.having.is_none()
            && !items.iter().any(|(node, _)| super::aggregate::has_aggregate(node));
        let columns = columns_of(&items, role)?;
        let shown = match (role, &columns) {
            _ if is_any => ShownItems::Nothing,
            (Role::Rows(_), Some(columns)) => ShownItems::Named(columns.clone()),
            (_, Some(_)) => ShownItems::Values,
            (_, None) => return None,
        };
        let filter = match &select.filter {
            Some(condition) => Some(self.resolve(condition, inner, &select.windows)?),
            None => None,
        };
        let mut dates = Vec::new();
        if let Some(filter) = &filter {
            self.dates_without_null(filter, &joined, &mut dates);
        }
        let group = self.ordered(&select.group, &items, inner, &[], true)?;
        let having = match &select.having {
            Some(condition) => {
                Some(self.resolve_with_aliases(condition, inner, &items, &select.windows, true)?)
            }
            None => None,
        };
        let order = self.ordered(order, &items, inner, &select.windows, false)?;
        let column_info = self.column_info_of(select, &items, &joined);
        let resolved = Select {
            options: select.options.clone(),
            items,
            shown,
            from,
            filter,
            dates,
            never_null: Vec::new(),
            group,
            with_rollup: select.with_rollup,
            having,
        };
        let resolved = Resolved::of(Body::Select(Box::new(resolved)), columns, column_info);
        Some(Resolved { order, ..resolved })
    }

    /// The items with every `*` expanded, and the name of each if it is known.
    fn items(
        &mut self,
        select: &tree::Select,
        around: Around<'_>,
        joined: &Joined,
    ) -> Option<Vec<Item>> {
        let mut items = Vec::new();
        for (place, item) in select.items.iter().enumerate() {
            match item {
                tree::Item::Star(path) => {
                    for (relation, column) in joined.star(path)? {
                        self.use_column(relation, &column);
                        let table = relation.name.clone();
                        let node = Node::Field { table, column: column.to_lowercase() };
                        items.push((node, Some(column)));
                    }
                }
                tree::Item::Value { node, alias, tokens } => {
                    let name = alias.clone().or_else(|| self.names.name(node, tokens, place + 1));
                    items.push((self.resolve(node, around, &select.windows)?, name));
                }
            }
            self.spend(items.len())?;
        }
        Some(items)
    }

    /// Resolves GROUP BY or ORDER BY.
    ///
    /// A number is the place of an item. A single name in ORDER BY is first looked up among the
    /// items, then among the columns. In GROUP BY, and within expressions, columns come first.
    pub(super) fn ordered(
        &mut self,
        list: &[Node],
        items: &[Item],
        around: Around<'_>,
        windows: &[(String, Node)],
        columns_first: bool,
    ) -> Option<Vec<Ordered>> {
        let mut ordered = Vec::with_capacity(list.len());
        for node in list {
            let (node, descending) = match node {
                Node::Call { name, arguments, .. } if name == "desc" => (arguments.first()?, true),
                node => (node, false),
            };
            let alone = match node {
                Node::Number(digits) => {
                    let place = digits.parse::<usize>().ok()?.checked_sub(1)?;
                    Some(items.get(place)?.0.clone())
                }
                Node::Name(path, _) if !columns_first => item_named(path, items).cloned(),
                _ => None,
            };
            let node = match alone {
                Some(node) => node,
                None => self.resolve_with_aliases(node, around, items, windows, false)?,
            };
            self.spend(size(&node))?;
            ordered.push(Ordered { node, descending });
        }
        Some(ordered)
    }
}

impl Resolved {
    pub(super) fn of(
        body: Body,
        columns: Option<Vec<String>>,
        column_info: Vec<ColumnInfo>,
    ) -> Resolved {
        Resolved {
            with: Vec::new(),
            is_recursive: false,
            body,
            order: Vec::new(),
            limit: None,
            locking: String::new(),
            columns,
            column_info,
        }
    }

    /// Names the columns like those of a table. `None` if the names matter and aren't known.
    pub(super) fn name_columns(&mut self, names: &[String]) -> Option<()> {
        match &mut self.body {
            Body::Select(select) => {
                let columns = columns_of(&select.items, Role::Rows(names))?;
                select.shown = ShownItems::Named(columns.clone().unwrap_or_default());
                self.columns = columns;
            }
            Body::Nested(inner) => {
                inner.name_columns(names)?;
                self.columns.clone_from(&inner.columns);
            }
            Body::Set { operands, .. } => {
                let first = operands.first_mut()?;
                first.query.name_columns(names)?;
                self.columns.clone_from(&first.query.columns);
            }
        }
        Some(())
    }
}

/// The names of the columns. The outer `None` means that they matter and aren't known.
fn columns_of(items: &[Item], role: Role<'_>) -> Option<Option<Vec<String>>> {
    let own: Option<Vec<String>> = items.iter().map(|(_, name)| name.clone()).collect();
    match role {
        Role::Rows([]) => {
            let names = own?;
            let mut lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
            lower.sort();
            lower.dedup();
            // If two names are the same, the server renames one of them or refuses the query.
            (lower.len() == names.len()).then_some(Some(names))
        }
        Role::Rows(names) => (names.len() == items.len()).then(|| Some(names.to_vec())),
        Role::Values | Role::Exists => Some(own),
    }
}

/// Whether the query has no ORDER BY, LIMIT or locking clause. It may have WITH.
pub(super) fn is_bare(query: &Query) -> bool {
    query.order.is_empty() && query.limit.is_none() && query.locking.is_empty()
}

/// The item that a single name refers to. `None` if several different items have that name.
pub(super) fn item_named<'i>(path: &[String], items: &'i [Item]) -> Option<&'i Node> {
    let [name] = path else { return None };
    let mut named = items
        .iter()
        .filter(|(_, own)| own.as_ref().is_some_and(|own| same_name(own, name)))
        .map(|(node, _)| node);
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

/// The number of nodes in a tree.
pub(super) fn size(node: &Node) -> usize {
    let mut nodes = 1;
    node.any_child(|child| {
        nodes += size(child);
        false
    });
    nodes
}
