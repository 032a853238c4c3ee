//! The tables of both sides as one list, each with what differs in it.

use std::collections::HashMap;

use crate::compare::Comparison;
use crate::diff::{Change, TableChange};
use crate::model::{ForeignKey, Table};
use crate::report::ItemSign;

/// A table of either side.
pub(super) struct DiagramTable<'c> {
    /// The new table or, if it is dropped, the old one.
    pub(super) table: &'c Table,
    /// How the whole table differs.
    pub(super) sign: Option<ItemSign>,
    /// The old name, if it is renamed.
    pub(super) renamed_from: Option<&'c str>,
    /// What differs in it.
    pub(super) changes: &'c [TableChange],
}

impl<'c> DiagramTable<'c> {
    /// All tables: those of the new schema in its order, and then those that are dropped.
    pub(super) fn all(comparison: &'c Comparison) -> Vec<DiagramTable<'c>> {
        let mut tables: Vec<DiagramTable<'c>> =
            comparison.new.tables.values().map(DiagramTable::unchanged).collect();
        let places: HashMap<&str, usize> =
            tables.iter().enumerate().map(|(at, it)| (it.table.name.as_str(), at)).collect();
        let mut dropped = Vec::new();
        let mut sign = |name: &str,
                        sign,
                        renamed_from: Option<&'c str>,
                        changes: &'c [TableChange]| {
            let Some(table) = places.get(name).and_then(|at| tables.get_mut(*at)) else { return };
            table.sign = Some(sign);
            table.renamed_from = renamed_from.or(table.renamed_from);
            table.changes = changes;
        };
        for change in &comparison.difference.changes {
            match change {
                Change::CreateTable(table) => sign(&table.name, ItemSign::Added, None, &[]),
                Change::RenameTable { from, to } => sign(to, ItemSign::Changed, Some(from), &[]),
                Change::AlterTable { to, changes, .. } => {
                    sign(&to.name, ItemSign::Changed, None, changes);
                }
                Change::DropTable(table) => dropped.push(DiagramTable {
                    sign: Some(ItemSign::Removed),
                    ..DiagramTable::unchanged(table)
                }),
                Change::CreateObject(_) | Change::DropObject(_) | Change::ChangeObject { .. } => {}
            }
        }
        tables.extend(dropped);
        tables
    }

    fn unchanged(table: &'c Table) -> Self {
        DiagramTable { table, sign: None, renamed_from: None, changes: &[] }
    }

    pub(super) fn name(&self) -> &'c str {
        &self.table.name
    }

    /// The foreign keys of both sides, each with how it differs.
    pub(super) fn foreign_keys(&self) -> Vec<(&'c ForeignKey, Option<ItemSign>)> {
        let whole = self.sign.filter(|sign| *sign != ItemSign::Changed);
        let sign_of = |key: &ForeignKey| {
            self.changes.iter().find_map(|change| match change {
                TableChange::AddForeignKey(it) if it.name == key.name => Some(ItemSign::Added),
                TableChange::ChangeForeignKey { to: it, .. } if it.name == key.name => {
                    Some(ItemSign::Changed)
                }
                _ => None,
            })
        };
        let own = self.table.foreign_keys.iter().map(|key| (key, whole.or_else(|| sign_of(key))));
        let dropped = self.changes.iter().filter_map(|change| match change {
            TableChange::DropForeignKey(key) => Some((key, Some(ItemSign::Removed))),
            _ => None,
        });
        own.chain(dropped).collect()
    }
}

/// The foreign keys between the tables of a list, by their places in it.
pub(super) struct TableReferences<'c> {
    /// Those of each table: the place of the referenced table, if it is in the list.
    pub(super) of: Vec<Vec<TableReference<'c>>>,
    /// The tables that reference each table, without itself, each once.
    pub(super) referencing: Vec<Vec<usize>>,
}

/// A foreign key of a table.
#[derive(Clone, Copy)]
pub(super) struct TableReference<'c> {
    pub(super) key: &'c ForeignKey,
    pub(super) sign: Option<ItemSign>,
    /// The place of the referenced table. `None` if it is in another database or isn't there.
    pub(super) to: Option<usize>,
}

impl<'c> TableReferences<'c> {
    pub(super) fn between(tables: &[DiagramTable<'c>]) -> Self {
        let places: HashMap<&str, usize> =
            tables.iter().enumerate().rev().map(|(at, it)| (it.name(), at)).collect();
        let mut referencing = vec![Vec::new(); tables.len()];
        let mut of = Vec::new();
        for (at, table) in tables.iter().enumerate() {
            let mut references = Vec::new();
            for (key, sign) in table.foreign_keys() {
                let to = match key.referenced_schema {
                    Some(_) => None,
                    None => places.get(key.referenced_table.as_str()).copied(),
                };
                references.push(TableReference { key, sign, to });
                if let Some(list) = to.filter(|to| *to != at).and_then(|to| referencing.get_mut(to))
                    && list.last() != Some(&at)
                {
                    list.push(at);
                }
            }
            of.push(references);
        }
        TableReferences { of, referencing }
    }

    /// Whether so many tables reference it that the lines to it would hide all others.
    pub(super) fn is_hub(&self, table: usize) -> bool {
        self.referencing.get(table).is_some_and(|tables| tables.len() > MOST_REFERENCING)
    }
}

/// A table that more tables than this reference is a hub.
const MOST_REFERENCING: usize = 8;
