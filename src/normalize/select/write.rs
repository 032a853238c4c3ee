//! Writes a query as the one text that all its spellings share: every `*` expanded, every column
//! with the table that it is of, every name that the server would give.

use super::catalog::Catalog;
use super::column_info::ColumnInfo;
use super::intersect::without_null_checks;
use super::missing::Missing;
use super::naming::Text;
use super::scope::{Joined, Scope};
use super::uses::Uses;
use crate::model::same_name;
use crate::model::tree::Node;
use crate::model::tree::{Body, Item, Query, Select, TableExpression};
use crate::normalize::expression::render::{quoted, render_in_query};
use crate::normalize::expression::rewrite::{filter, rewrite};
use crate::server::Vendor;

/// How long a text may become, in bytes. Stars and names that stand for expressions make it longer
/// than what was written.
const LONGEST: usize = 4 << 20;

/// What the rows of a query are for.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    /// They are a table's: its columns have these names, or where there are none the query's own.
    Rows(&'a [String]),
    /// They are values: what the columns are called doesn't count.
    Values,
    /// All that counts is whether there are any.
    Exists,
}

/// A query that is written, and the names of its columns where they are known.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) columns: Option<Vec<String>>,
    /// What is known of each column; none where nothing is.
    pub(super) column_info: Vec<ColumnInfo>,
}

/// A table that WITH names.
#[derive(Clone)]
pub(super) struct WithTable {
    pub(super) name: String,
    pub(super) columns: Option<Vec<String>>,
    pub(super) column_info: Vec<ColumnInfo>,
}

/// The tables that WITH names: of a query, and of those around it.
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

/// What is visible around a query.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    pub(super) scope: Option<&'a Scope<'a>>,
    pub(super) withs: Option<&'a Withs<'a>>,
}

pub(super) struct Writer<'a> {
    pub(super) catalog: &'a Catalog<'a>,
    pub(super) text: Text<'a>,
    /// Whether all that was written so far is known to be what servers make of it.
    pub(super) is_verified: bool,
    pub(super) uses: Uses,
    /// What it certainly reads and isn't there.
    pub(super) missing: Vec<Missing>,
    /// The places of the items of the next SELECT of which IS NOT NULL says nothing in its WHERE.
    pub(super) never_null: Vec<usize>,
    /// How many more bytes and queries may be written.
    left: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(catalog: &'a Catalog<'a>, text: Text<'a>) -> Writer<'a> {
        let uses = Uses { is_certain: true, ..Uses::default() };
        Writer {
            catalog,
            text,
            is_verified: true,
            uses,
            missing: Vec::new(),
            never_null: Vec::new(),
            left: LONGEST,
        }
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }

    pub(super) fn is_mysql(&self) -> bool {
        self.catalog.server.vendor == Vendor::MySql
    }

    /// A query; `None` where something in it isn't understood.
    pub(super) fn query(
        &mut self,
        query: &Query,
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Written> {
        // What a query of no length costs, so that none is written again and again.
        self.spend(256)?;
        let mut own = Vec::new();
        let mut with = String::new();
        for table in &query.with {
            let text = self.with(table, query.is_recursive, &mut own, around)?;
            with.push_str(if with.is_empty() { "with " } else { ", " });
            with.push_str(if query.is_recursive { "recursive " } else { "" });
            with.push_str(&format!("{} as ({text})", quoted(&self.catalog.alias(&table.name))));
        }
        let withs = Withs { own: &own, parent: around.withs };
        let around = Around { withs: Some(&withs), ..around };
        let mut written = self.rows(query, around, role)?;
        if !with.is_empty() {
            written.text = format!("{with} {}", written.text);
        }
        self.spend(written.text.len())?;
        Some(written)
    }

    fn with(
        &mut self,
        table: &TableExpression,
        is_recursive: bool,
        own: &mut Vec<WithTable>,
        around: Around<'_>,
    ) -> Option<String> {
        if is_recursive {
            let columns = match (&table.query.body, table.columns.as_slice()) {
                (Body::Set { operands, .. }, []) => {
                    let withs = Withs { own: &own.clone(), parent: around.withs };
                    let around = Around { withs: Some(&withs), ..around };
                    self.query(operands.first()?, around, Role::Rows(&[]))?.columns
                }
                (_, names) => (!names.is_empty()).then(|| names.to_vec()),
            };
            let name = self.catalog.alias(&table.name);
            own.push(WithTable { name, columns, column_info: Vec::new() });
        }
        let withs = Withs { own: &own.clone(), parent: around.withs };
        let inner = Around { withs: Some(&withs), ..around };
        let written = self.query(&table.query, inner, Role::Rows(&table.columns))?;
        if !is_recursive {
            let name = self.catalog.alias(&table.name);
            own.push(WithTable {
                name,
                columns: written.columns,
                column_info: written.column_info,
            });
        }
        Some(written.text)
    }

    /// The query without WITH.
    fn rows(&mut self, query: &Query, around: Around<'_>, role: Role<'_>) -> Option<Written> {
        let mut body = &query.body;
        while let Body::Nested(inner) = body {
            if is_bare(query) {
                return self.query(inner, around, role);
            }
            if !is_bare(inner) || !inner.with.is_empty() {
                return None;
            }
            body = &inner.body;
        }
        let mut written = match body {
            Body::Select(select) => self.select(select, &query.order, around, role)?,
            Body::Set { operator, all, operands } => {
                let mut set = self.set(operator, *all, operands, around, role)?;
                set.text.push_str(&self.order_of_set(&query.order, &set, around)?);
                set
            }
            Body::Nested(_) => return None,
        };
        if let Some(limit) = &query.limit {
            let says_nothing = matches!(role, Role::Exists) && limit.count != "0";
            match limit.offset.as_str() {
                // MySQL forgets the offset.
                offset if says_nothing => self.is_verified &= offset == "0",
                "0" => written.text.push_str(&format!(" limit {}", limit.count)),
                offset => written.text.push_str(&format!(" limit {} offset {offset}", limit.count)),
            }
        }
        if !query.locking.is_empty() && !self.is_mysql() {
            written.text.push_str(&format!(" {}", query.locking));
        }
        Some(written)
    }

    fn select(
        &mut self,
        select: &Select,
        order: &[Node],
        around: Around<'_>,
        role: Role<'_>,
    ) -> Option<Written> {
        let never_null = std::mem::take(&mut self.never_null);
        let (from, joined) = match &select.from {
            Some(source) => self.source(source, around, None)?,
            None => (String::new(), Joined::default()),
        };
        let scope = Scope { joined: &joined, parent: around.scope };
        let inner = Around { scope: Some(&scope), ..around };
        let items = self.items(select, inner, &joined)?;
        let is_any = matches!(role, Role::Exists)
            && select.group.is_empty()
            && select.having.is_none()
            && !items.iter().any(|(node, _)| super::aggregate::has_aggregate(node));
        let mut text = "select ".to_owned();
        for option in &select.options {
            // MySQL forgets them.
            let is_forgotten = matches!(option.as_str(), "sql_no_cache" | "sql_calc_found_rows");
            if !is_forgotten || !self.is_mysql() {
                text.push_str(&format!("{option} "));
            }
        }
        let columns = self.named(&items, role)?;
        if is_any {
            text.push('1');
        } else {
            self.write_items(&items, columns.as_deref(), role, &mut text)?;
        }
        if !from.is_empty() {
            text.push_str(&format!(" from {from}"));
        }
        if let Some(condition) = &select.filter {
            let node = rewrite(&self.resolve(condition, inner, &select.windows)?);
            let node = self.with_null_dates(node, &joined, select.from.as_ref());
            if let Some(node) = without_null_checks(node, &items, &never_null) {
                text.push_str(&format!(" where {}", self.condition(node)?));
            }
        }
        let group = self.ordered(" group by ", &select.group, &items, inner, &[], true)?;
        text.push_str(&group);
        if select.with_rollup {
            text.push_str(" with rollup");
        }
        if let Some(condition) = &select.having {
            let node =
                self.resolve_with_aliases(condition, inner, &items, &select.windows, true)?;
            text.push_str(&format!(" having {}", self.condition(node)?));
        }
        text.push_str(&self.ordered(" order by ", order, &items, inner, &select.windows, false)?);
        let column_info = self.column_info_of(select, &items, &joined);
        Some(Written { text, columns, column_info })
    }

    /// The items with every `*` expanded, and the name of each where it is known.
    fn items(
        &mut self,
        select: &Select,
        around: Around<'_>,
        joined: &Joined,
    ) -> Option<Vec<(Node, Option<String>)>> {
        let mut items = Vec::new();
        for (place, item) in select.items.iter().enumerate() {
            match item {
                Item::Star(path) => {
                    for (relation, column) in joined.star(path)? {
                        self.use_column(relation, &column);
                        let table = relation.name.clone();
                        let node = Node::Field { table, column: column.to_lowercase() };
                        items.push((node, Some(column)));
                    }
                }
                Item::Value { node, alias, tokens } => {
                    let name = alias.clone().or_else(|| self.text.name(node, tokens, place + 1));
                    items.push((self.resolve(node, around, &select.windows)?, name));
                }
            }
            self.spend(items.len())?;
        }
        Some(items)
    }

    /// The names of the columns; an error where they count and aren't known.
    fn named(
        &self,
        items: &[(Node, Option<String>)],
        role: Role<'_>,
    ) -> Option<Option<Vec<String>>> {
        let own: Option<Vec<String>> = items.iter().map(|(_, name)| name.clone()).collect();
        match role {
            Role::Rows([]) => {
                let names = own?;
                let mut lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
                lower.sort();
                lower.dedup();
                // The server gives another name to one of two, or refuses them.
                (lower.len() == names.len()).then_some(Some(names))
            }
            Role::Rows(names) => (names.len() == items.len()).then(|| Some(names.to_vec())),
            Role::Values | Role::Exists => Some(own),
        }
    }

    fn write_items(
        &mut self,
        items: &[(Node, Option<String>)],
        columns: Option<&[String]>,
        role: Role<'_>,
        text: &mut String,
    ) -> Option<()> {
        for (place, (node, _)) in items.iter().enumerate() {
            if place > 0 {
                text.push_str(", ");
            }
            text.push_str(&self.expression(node.clone())?);
            if let (Role::Rows(_), Some(name)) = (role, columns?.get(place)) {
                text.push_str(&format!(" as {}", quoted(name)));
            }
        }
        Some(())
    }

    /// GROUP BY or ORDER BY with what stands before it; nothing where there is none.
    ///
    /// A number is a place among the items. A name alone is that of an item before it is a
    /// column's, after GROUP BY the other way round, as everywhere within expressions.
    pub(super) fn ordered(
        &mut self,
        before: &str,
        list: &[Node],
        items: &[(Node, Option<String>)],
        around: Around<'_>,
        windows: &[(String, Node)],
        columns_first: bool,
    ) -> Option<String> {
        let mut text = String::new();
        for node in list {
            let (node, direction) = match node {
                Node::Call { name, arguments, .. } if name == "desc" => {
                    (arguments.first()?, " desc")
                }
                node => (node, ""),
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
            text.push_str(if text.is_empty() { before } else { ", " });
            text.push_str(&self.expression(node)?);
            text.push_str(direction);
        }
        Some(text)
    }

    /// An expression whose names are resolved.
    pub(super) fn expression(&mut self, node: Node) -> Option<String> {
        self.render(&rewrite(&node))
    }

    /// A condition: of NULL and FALSE one does as well as the other.
    pub(super) fn condition(&mut self, node: Node) -> Option<String> {
        self.render(&filter(rewrite(&node)))
    }

    fn render(&mut self, node: &Node) -> Option<String> {
        let rendering = render_in_query(node, self.catalog.server);
        self.is_verified &= rendering.is_verified;
        self.spend(rendering.text.len())?;
        Some(rendering.text)
    }
}

/// Whether there is nothing around the body, except WITH.
pub(super) fn is_bare(query: &Query) -> bool {
    query.order.is_empty() && query.limit.is_none() && query.locking.is_empty()
}

/// The item that a name alone stands for; none where several have it.
pub(super) fn item_named<'i>(
    path: &[String],
    items: &'i [(Node, Option<String>)],
) -> Option<&'i Node> {
    let [name] = path else { return None };
    let mut named = items
        .iter()
        .filter(|(_, own)| own.as_ref().is_some_and(|own| same_name(own, name)))
        .map(|(node, _)| node);
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}
