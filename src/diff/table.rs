//! What differs between two tables with the same name.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::check::compare_checks;
use super::column::compare_columns;
use super::foreign_key::compare_foreign_keys;
use super::index::compare_indexes;
use super::partitioning::compare_partitioning;
use super::{Doubt, OptionChange, TableChange, Uncertain};
use crate::model::{Column, ColumnAspect, Element, Period, Table, TableOptions, same_name};
use crate::ordering::fewest_moves;
use crate::renames::{Renames, column_renames, key};
use crate::server::Server;

/// The result of comparing two tables.
#[derive(Debug, Default)]
pub(crate) struct ComparedTable {
    /// What differs.
    pub(crate) changes: Vec<TableChange>,
    /// Values of which it is uncertain whether they differ.
    pub(crate) uncertain: Vec<Uncertain>,
    /// The new table with the old texts of which it is uncertain whether they differ. `None` if
    /// there are none.
    pub(crate) to: Option<Table>,
}

/// Compares two tables of a server. The old table already has the new name, and was called
/// `old_name` before.
pub(crate) fn compare_tables(
    from: &Table,
    to: &Table,
    old_name: &str,
    renames: &Renames,
    server: &Server,
) -> ComparedTable {
    let mut compared = ComparedTable::default();
    compared.uncertain.extend(unknown_charset(from, to));
    compared.columns(from, to);
    let indexes = compare_indexes(from, to, renames, server, &mut compared.uncertain);
    compared.changes.extend(indexes.changes);
    for index in indexes.kept {
        let table = compared.to.get_or_insert_with(|| to.clone());
        let place = table.indexes.iter_mut().chain(&mut table.primary_key);
        for old in place.filter(|old| old.name == index.name) {
            *old = index.clone();
        }
    }
    compared.changes.extend(compare_foreign_keys(from, to, renames));
    let checks = compare_checks(from, to, old_name, &mut compared.uncertain);
    compared.changes.extend(checks.changes);
    for (place, check) in checks.kept {
        compared.to.get_or_insert_with(|| to.clone()).checks[place] = check;
    }
    compared.changes.extend(compare_periods(from, to, renames));
    if from.versioned != to.versioned {
        let change = OptionChange::SystemVersioning { from: from.versioned, to: to.versioned };
        compared.changes.push(TableChange::ChangeOption(change));
    }
    let partitioning = compare_partitioning(from, to, renames, &mut compared.uncertain);
    if let Some(kept) = partitioning.kept {
        compared.to.get_or_insert_with(|| to.clone()).partitioning = kept;
    }
    compared.changes.extend(partitioning.changes);
    let options = compare_options(&from.options, &to.options);
    compared.changes.extend(options.into_iter().map(TableChange::ChangeOption));
    compared
}

impl ComparedTable {
    fn columns(&mut self, from: &Table, to: &Table) {
        let renames = column_renames(from, to);
        let places: HashMap<String, usize> = from
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let old = key(&column.name);
                (renames.get(&old).map_or(old, |new| key(new)), place)
            })
            .collect();
        let pairs: Vec<Option<usize>> =
            to.columns.iter().map(|column| places.get(&key(&column.name)).copied()).collect();
        let common: Vec<usize> = pairs.iter().flatten().copied().collect();
        let moved: BTreeSet<usize> =
            fewest_moves(&common).into_iter().map(|position| common[position]).collect();
        for (place, column) in to.columns.iter().enumerate() {
            match pairs[place] {
                None => self.changes.push(TableChange::AddColumn(column.clone())),
                Some(old) => {
                    let old_column = as_compared(&from.columns[old], column, from, to);
                    self.column(&old_column, place, to, moved.contains(&old));
                }
            }
        }
        let kept: BTreeSet<usize> = common.into_iter().collect();
        let dropped = from.columns.iter().enumerate().filter(|(place, _)| !kept.contains(place));
        self.changes.extend(dropped.map(|(_, column)| TableChange::DropColumn(column.clone())));
    }

    fn column(&mut self, old: &Column, place: usize, to: &Table, moved: bool) {
        let new = &to.columns[place];
        if !moved && old == new {
            return;
        }
        let mut compared = compare_columns(&to.name, old, new, &mut self.uncertain);
        if let Some(kept) = &compared.kept {
            self.to.get_or_insert_with(|| to.clone()).columns[place] = kept.clone();
        }
        if moved {
            compared.aspects.push(ColumnAspect::Place);
        }
        if !compared.aspects.is_empty() {
            self.changes.push(TableChange::ChangeColumn {
                from: old.clone(),
                to: compared.kept.unwrap_or_else(|| new.clone()),
                aspects: compared.aspects,
            });
        }
    }
}

/// The periods that are added and dropped. A period that differs is dropped and added.
fn compare_periods(from: &Table, to: &Table, renames: &Renames) -> Vec<TableChange> {
    if from.periods.is_empty() && to.periods.is_empty() {
        return Vec::new();
    }
    let same = |old: &Period, new: &Period| {
        let column = |name: &str, new: &str| same_name(renames.new_column(&to.name, name), new);
        same_name(&old.name, &new.name)
            && column(&old.start, &new.start)
            && column(&old.end, &new.end)
    };
    let dropped = from.periods.iter().filter(|old| !to.periods.iter().any(|new| same(old, new)));
    let added = to.periods.iter().filter(|new| !from.periods.iter().any(|old| same(old, new)));
    let added = added.map(|period| TableChange::AddPeriod(period.clone()));
    dropped.map(|period| TableChange::DropPeriod(period.clone())).chain(added).collect()
}

/// The old column without what can't be compared with the new one:
///
/// - Its versioning, if neither table is versioned. A server may remember it from before the
///   history was dropped, and then accepts no other value for it.
/// - The character set that it has from its table, if the new table leaves the character set to a
///   database whose default is unknown.
fn as_compared<'a>(old: &'a Column, new: &Column, from: &Table, to: &Table) -> Cow<'a, Column> {
    let mut as_compared = Cow::Borrowed(old);
    if !from.versioned && !to.versioned && old.versioning != new.versioning {
        as_compared.to_mut().versioning = new.versioning;
    }
    let leaves_charset = from.options.charset.is_some() && to.options.charset.is_none();
    if leaves_charset && new.charset.is_none() && old.collation == from.options.collation {
        let as_compared = as_compared.to_mut();
        (as_compared.charset, as_compared.collation) = (None, None);
    }
    as_compared
}

/// The doubt about a table that named a character set and names none any longer. Whether it has to
/// change depends on the database's default, which isn't known here.
fn unknown_charset(from: &Table, to: &Table) -> Option<Uncertain> {
    let old = from.options.charset.as_ref().filter(|_| to.options.charset.is_none())?;
    Some(Uncertain {
        element: Element::option(&to.name, "charset"),
        doubt: Doubt::Charset { from: old.clone() },
    })
}

fn compare_options(from: &TableOptions, to: &TableOptions) -> Vec<OptionChange> {
    let mut changes = Vec::new();
    if let (Some(old), Some(new)) = (&from.engine, &to.engine)
        && !old.eq_ignore_ascii_case(new)
    {
        changes.push(OptionChange::Engine { from: old.clone(), to: new.clone() });
    }
    if let Some(new) = to.charset.as_ref().filter(|_| from.charset != to.charset) {
        changes.push(OptionChange::Charset { from: from.charset.clone(), to: new.clone() });
    }
    if let Some(new) = to.collation.as_ref().filter(|_| from.collation != to.collation) {
        changes.push(OptionChange::Collation { from: from.collation.clone(), to: new.clone() });
    }
    if from.row_format != to.row_format {
        let (from, to) = (from.row_format.clone(), to.row_format.clone());
        changes.push(OptionChange::RowFormat { from, to });
    }
    if from.comment != to.comment {
        let (from, to) = (from.comment.clone(), to.comment.clone());
        changes.push(OptionChange::Comment { from, to });
    }
    let names: BTreeSet<&String> = from.other.keys().chain(to.other.keys()).collect();
    for name in names {
        let (old, new) = (from.other.get(name), to.other.get(name));
        if old != new {
            let (name, from, to) = (name.clone(), old.cloned(), new.cloned());
            changes.push(OptionChange::Other { name, from, to });
        }
    }
    changes
}
