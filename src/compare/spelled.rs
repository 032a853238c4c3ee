//! Names of columns and indexes that differ only in case: the server takes them for the same name,
//! and keeps its own spelling (MySQL manual, 11.2.3 "Identifier Case Sensitivity").

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, ElementPlaces};
use crate::model::{Element, KeyPart, Partitioning, Schema, Table, same_name};
use crate::renames::{Renames, is_renamed};

/// The columns or the indexes of a table, before and after.
pub(super) struct Parts<'a> {
    pub(super) noun: &'static str,
    pub(super) element: fn(&str, &str) -> Element,
    pub(super) old: Vec<&'a str>,
    /// Each with its former name, if a rename is declared.
    pub(super) new: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> Parts<'a> {
    /// The columns and the indexes of two tables.
    pub(super) fn of(before: &'a Table, table: &'a Table) -> [Self; 2] {
        let columns = Parts {
            noun: "column",
            element: |table, name| Element::column(table, name),
            old: before.columns.iter().map(|it| it.name.as_str()).collect(),
            new: table
                .columns
                .iter()
                .map(|it| (it.name.as_str(), it.renamed_from.as_deref()))
                .collect(),
        };
        let indexes = Parts {
            noun: "index",
            element: |table, name| Element::index(table, name),
            old: before.all_indexes().map(|it| it.name.as_str()).collect(),
            new: table
                .indexes
                .iter()
                .map(|it| (it.name.as_str(), it.renamed_from.as_deref()))
                .collect(),
        };
        [columns, indexes]
    }

    /// The new names that differ only in case from old ones and are not declared renames, each with
    /// the old spelling.
    pub(super) fn spelled_otherwise(&self) -> Vec<(&'a str, &'a str)> {
        let is_taken = |old: &str| {
            let former = self.new.iter().filter_map(|(name, former)| Some((name, (*former)?)));
            former.into_iter().any(|(name, former)| !same_name(name, old) && same_name(former, old))
        };
        let mut found = Vec::new();
        for (place, (name, former)) in self.new.iter().enumerate() {
            // Most names are at the same position as before.
            if self.old.get(place) == Some(name) {
                continue;
            }
            let mut old = self.old.iter().filter(|old| same_name(old, name));
            if let Some(old) = old.next()
                && old != name
                && !is_renamed(old, name, *former)
                && !is_taken(old)
            {
                found.push((*name, *old));
            }
        }
        found
    }
}

/// New spellings, each with the old one.
type Spellings = HashMap<String, String>;

/// Spells the columns and indexes of the new side, and their references, like the old side if they
/// differ only in case and no rename is declared. `places` also gets the old names.
pub fn spell_as_before(old: &Schema, new: &mut Cow<'_, Schema>, places: &mut ElementPlaces) {
    let renames = Renames::between(old, new);
    let mut columns: HashMap<String, Spellings> = HashMap::new();
    let mut indexes: HashMap<String, Spellings> = HashMap::new();
    for table in new.tables.values() {
        let before = renames.old_table(&table.name).and_then(|name| old.tables.get(name));
        let Some(before) = before else { continue };
        let all = Parts::of(before, table);
        for (parts, spellings) in all.iter().zip([&mut columns, &mut indexes]) {
            let found = parts.spelled_otherwise();
            if found.is_empty() {
                continue;
            }
            for (name, old) in &found {
                let [here, there] = [name, old].map(|name| (parts.element)(&table.name, name));
                if let Some(place) = places.get(&here) {
                    places.set(there, place);
                }
            }
            let found = found.into_iter().map(|(name, old)| (name.to_owned(), old.to_owned()));
            spellings.insert(table.name.clone(), found.collect());
        }
    }
    if columns.is_empty() && indexes.is_empty() {
        return;
    }
    let none = Spellings::new();
    for table in new.to_mut().tables.values_mut() {
        let own = columns.get(&table.name).unwrap_or(&none);
        respell_columns(table, own);
        for foreign_key in &mut table.foreign_keys {
            if foreign_key.referenced_schema.is_none() {
                let theirs = columns.get(&foreign_key.referenced_table).unwrap_or(&none);
                respell_all(&mut foreign_key.referenced_columns, theirs);
            }
        }
        let own = indexes.get(&table.name).unwrap_or(&none);
        table.indexes.iter_mut().for_each(|index| respell(&mut index.name, own));
    }
}

fn respell(name: &mut String, spellings: &Spellings) {
    let found = spellings.get(name.as_str()).or_else(|| {
        let mut all = spellings.iter();
        all.find(|(new, _)| same_name(new, name)).map(|(_, old)| old)
    });
    if let Some(old) = found {
        name.clone_from(old);
    }
}

fn respell_all(names: &mut [String], spellings: &Spellings) {
    names.iter_mut().for_each(|name| respell(name, spellings));
}

/// Respells a table's columns in all lists of columns. The texts of expressions need no change,
/// because case doesn't matter there.
fn respell_columns(table: &mut Table, spellings: &Spellings) {
    if spellings.is_empty() {
        return;
    }
    table.columns.iter_mut().for_each(|column| respell(&mut column.name, spellings));
    for index in table.primary_key.iter_mut().chain(&mut table.indexes) {
        for part in &mut index.parts {
            if let KeyPart::Column { name, .. } = &mut part.key {
                respell(name, spellings);
            }
        }
    }
    for foreign_key in &mut table.foreign_keys {
        respell_all(&mut foreign_key.columns, spellings);
    }
    for period in &mut table.periods {
        respell(&mut period.start, spellings);
        respell(&mut period.end, spellings);
    }
    if let Some(Partitioning::By(scheme)) = &mut table.partitioning {
        respell_all(scheme.method.columns_mut(), spellings);
        if let Some(parts) = &mut scheme.subpartitioning {
            respell_all(parts.hashing.columns_mut(), spellings);
        }
    }
}

impl super::Comparison {
    /// Notes on names in the file that the server spells differently and keeps.
    pub(super) fn spelled_otherwise(&self) -> Vec<Diagnostic> {
        let renames = Renames::between(&self.old, &self.new);
        let mut notes = Vec::new();
        for table in self.to.schema.tables.values() {
            let before = renames.old_table(&table.name).and_then(|name| self.old.tables.get(name));
            let Some(before) = before else { continue };
            for parts in Parts::of(before, table) {
                for (name, old) in parts.spelled_otherwise() {
                    let title = format!(
                        "{} {old} of {} is written {name} here: the same name to the server, \
                         which keeps its spelling",
                        parts.noun, table.name
                    );
                    let label = format!("`renamed_from: {old}` changes it");
                    notes.push(self.note(&(parts.element)(&table.name, name), title, label));
                }
            }
        }
        notes
    }
}
