//! Compares two schemas. The result consists of values: it holds no SQL and names no vendor.

mod change;
mod check;
mod column;
mod foreign_key;
mod index;
mod object;
mod partitioning;
mod table;
#[cfg(test)]
mod tests;
mod unlisted;

use std::collections::{BTreeSet, HashSet};

use crate::model::{Element, Schema, Table};
use crate::renames::{Renames, renamed_table};
use crate::server::Server;

pub use change::{
    Change, Difference, Doubt, ExpressionClause, OptionChange, Side, TableChange, Uncertain,
    Unsupported,
};
pub(crate) use object::key as object_key;
use table::compare_tables;
pub use unlisted::unlisted_indexes;

/// What has to change so that `from` becomes `to`. Both must have been normalized for the server.
///
/// A table, column or index that declares that it was renamed is matched with its old name if the
/// old name exists and the new name doesn't exist yet.
pub fn diff(from: &Schema, to: &Schema, server: &Server) -> Difference {
    let renames = Renames::between(from, to);
    let mut difference = Difference::default();
    let mut matched: HashSet<&str> = HashSet::with_capacity(to.tables.len());
    for table in to.tables.values() {
        let old_name = renames.old_table(&table.name);
        let old = old_name.and_then(|name| from.tables.get(name));
        if let Some(old) = old {
            matched.insert(&old.name);
        }
        if !table.unsupported.is_empty() || old.is_some_and(|old| !old.unsupported.is_empty()) {
            difference.unsupported.push(unsupported_table(old, Some(table)));
            continue;
        }
        match old {
            None => difference.changes.push(Change::CreateTable(table.clone())),
            Some(old) => compare_pair(old, table, &renames, server, &mut difference),
        }
    }
    for table in from.tables.values().filter(|table| !matched.contains(table.name.as_str())) {
        if table.unsupported.is_empty() {
            difference.changes.push(Change::DropTable(table.clone()));
        } else {
            difference.unsupported.push(unsupported_table(Some(table), None));
        }
    }
    object::compare_objects(from, to, &renames, &mut difference);
    difference.unsupported.extend(unsupported_objects(from, to));
    difference
}

/// Compares an old table with the new one.
fn compare_pair(
    old: &Table,
    new: &Table,
    renames: &Renames,
    server: &Server,
    difference: &mut Difference,
) {
    let renamed = old.name != new.name;
    if renamed {
        difference
            .changes
            .push(Change::RenameTable { from: old.name.clone(), to: new.name.clone() });
    } else if renames.is_empty() && old == new {
        return;
    }
    let from = if renamed { renamed_table(old, &new.name) } else { old.clone() };
    let compared = compare_tables(&from, new, &old.name, renames, server);
    difference.uncertain.extend(compared.uncertain);
    if !compared.changes.is_empty() {
        difference.changes.push(Change::AlterTable {
            from: Box::new(from),
            to: Box::new(compared.to.unwrap_or_else(|| new.clone())),
            changes: compared.changes,
        });
    }
}

fn unsupported_table(from: Option<&Table>, to: Option<&Table>) -> Unsupported {
    let mut clauses: Vec<String> = Vec::new();
    for clause in from.iter().chain(&to).flat_map(|table| &table.unsupported) {
        if !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    let side = match (from, to) {
        (Some(_), None) => Side::From,
        (None, Some(_)) => Side::To,
        _ => Side::Both,
    };
    let name = to.or(from).map(|table| table.name.clone()).unwrap_or_default();
    Unsupported { element: Element::table(&name), kind: "table", name, clauses, side }
}

fn unsupported_objects(from: &Schema, to: &Schema) -> Vec<Unsupported> {
    let old: BTreeSet<_> = from.unsupported.iter().collect();
    let new: BTreeSet<_> = to.unsupported.iter().collect();
    old.union(&new)
        .map(|object| Unsupported {
            element: Element::Object { kind: object.kind, name: object.name.clone() },
            kind: object.kind.noun(),
            name: object.name.clone(),
            clauses: Some(object.reason.clone()).filter(|it| !it.is_empty()).into_iter().collect(),
            side: match (old.contains(*object), new.contains(*object)) {
                (true, false) => Side::From,
                (false, true) => Side::To,
                _ => Side::Both,
            },
        })
        .collect()
}
