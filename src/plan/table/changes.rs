//! Changes of a table: their order, what they mean for the server, and the changes between two
//! states that differ only in constraints and vector indexes.

use std::collections::HashMap;

use crate::diff::{OptionChange, TableChange};
use crate::model::{ColumnAspect, DefaultValue, GeneratedStorage, IndexAspect, IndexKind, Table};

/// Sorts the changes from one table to another into the order in which the comparison finds them.
/// For each kind of element, added and changed elements come first, by their places in the new
/// table, and then the dropped ones, by their places in the old table.
pub(in crate::plan) fn sort(changes: &mut [TableChange], from: &Table, to: &Table) {
    if changes.len() < 2 {
        return;
    }
    let (from, to) = (Places::of(from), Places::of(to));
    changes.sort_by_cached_key(|change| place(change, &from, &to));
}

/// The places of a table's elements, by their names in lower case.
struct Places {
    columns: HashMap<String, usize>,
    indexes: HashMap<String, usize>,
    foreign_keys: HashMap<String, usize>,
    checks: HashMap<String, usize>,
    periods: HashMap<String, usize>,
}

impl Places {
    fn of(table: &Table) -> Self {
        Places {
            columns: places(table.columns.iter().map(|it| &it.name)),
            indexes: places(table.all_indexes().map(|it| &it.name)),
            foreign_keys: places(table.foreign_keys.iter().map(|it| &it.name)),
            checks: places(table.checks.iter().map(|it| &it.name)),
            periods: places(table.periods.iter().map(|it| &it.name)),
        }
    }
}

fn places<'a>(names: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    names.enumerate().map(|(place, name)| (name.to_lowercase(), place)).collect()
}

fn place(change: &TableChange, from: &Places, to: &Places) -> (u8, usize, String) {
    // What is listed nowhere (an implicit index) comes last.
    let at = |places: &HashMap<String, usize>, name: &str| {
        places.get(&name.to_lowercase()).copied().unwrap_or(usize::MAX)
    };
    let (rank, place) = match change {
        TableChange::AddColumn(it) | TableChange::ChangeColumn { to: it, .. } => {
            (0, at(&to.columns, &it.name))
        }
        TableChange::DropColumn(it) => (1, at(&from.columns, &it.name)),
        TableChange::AddIndex(it) | TableChange::ChangeIndex { to: it, .. } => {
            (2, at(&to.indexes, &it.name))
        }
        TableChange::DropIndex(it) => (3, at(&from.indexes, &it.name)),
        TableChange::AddForeignKey(it) | TableChange::ChangeForeignKey { to: it, .. } => {
            (4, at(&to.foreign_keys, &it.name))
        }
        TableChange::DropForeignKey(it) => (5, at(&from.foreign_keys, &it.name)),
        TableChange::AddCheck(it) | TableChange::ChangeCheck { to: it, .. } => {
            (6, at(&to.checks, &it.name))
        }
        TableChange::DropCheck(it) => (7, at(&from.checks, &it.name)),
        TableChange::DropPeriod(it) => (8, at(&from.periods, &it.name)),
        TableChange::AddPeriod(it) => (9, at(&to.periods, &it.name)),
        TableChange::ChangeOption(OptionChange::SystemVersioning { .. }) => (10, 0),
        // These stay in the order in which they were found.
        TableChange::ChangePartitioning { .. }
        | TableChange::AddPartition(_)
        | TableChange::DropPartition(_)
        | TableChange::ChangePartition { .. } => (11, 0),
        TableChange::ChangeOption(option) => return (12, option_place(option), other_name(option)),
    };
    (rank, place, String::new())
}

fn option_place(option: &OptionChange) -> usize {
    match option {
        OptionChange::SystemVersioning { .. } | OptionChange::Engine { .. } => 0,
        OptionChange::Charset { .. } => 1,
        OptionChange::Collation { .. } => 2,
        OptionChange::RowFormat { .. } => 3,
        OptionChange::Comment { .. } => 4,
        OptionChange::Other { .. } => 5,
    }
}

fn other_name(option: &OptionChange) -> String {
    match option {
        OptionChange::Other { name, .. } => name.clone(),
        _ => String::new(),
    }
}

/// The changes between two states of a table that differ only in the foreign keys, CHECKs and
/// vector indexes that they have.
pub(in crate::plan) fn between(from: &Table, to: &Table) -> Vec<TableChange> {
    let vectors = |table: &Table, other: &Table| {
        let has = |name: &str| other.index(name).is_some();
        let own = table.indexes.iter().filter(|it| it.kind == IndexKind::Vector && !has(&it.name));
        own.cloned().collect::<Vec<_>>()
    };
    let keys = |table: &Table, other: &Table| {
        let own = table.foreign_keys.iter().filter(|it| other.foreign_key(&it.name).is_none());
        own.cloned().collect::<Vec<_>>()
    };
    let checks = from.checks.iter().filter(|it| to.check(&it.name).is_none()).cloned();
    let mut changes = Vec::new();
    changes.extend(vectors(to, from).into_iter().map(TableChange::AddIndex));
    changes.extend(vectors(from, to).into_iter().map(TableChange::DropIndex));
    changes.extend(keys(to, from).into_iter().map(TableChange::AddForeignKey));
    changes.extend(keys(from, to).into_iter().map(TableChange::DropForeignKey));
    changes.extend(checks.map(TableChange::DropCheck));
    changes
}

/// Whether an index with these changes must be made anew.
pub(in crate::plan) fn is_remade(aspects: &[IndexAspect]) -> bool {
    aspects.iter().any(|aspect| !matches!(aspect, IndexAspect::Name | IndexAspect::Invisible))
}

/// Whether a change renames a column and does nothing else.
pub(in crate::plan) fn renames_only(change: &TableChange) -> bool {
    match change {
        TableChange::ChangeColumn { aspects, .. } => *aspects == [ColumnAspect::Name],
        _ => false,
    }
}

/// Whether a change makes the server copy the table.
pub(in crate::plan) fn copies(change: &TableChange) -> bool {
    match change {
        TableChange::ChangeColumn { aspects, .. } => aspects.iter().any(|aspect| {
            matches!(
                aspect,
                ColumnAspect::Type
                    | ColumnAspect::Srid
                    | ColumnAspect::Charset
                    | ColumnAspect::Collation
                    | ColumnAspect::AutoIncrement
                    | ColumnAspect::Generated
            )
        }),
        TableChange::AddColumn(column) => {
            let is_stored = column
                .generated
                .as_ref()
                .is_some_and(|generated| generated.storage == GeneratedStorage::Stored);
            is_stored || matches!(column.default, Some(DefaultValue::Expression(_)))
        }
        TableChange::AddForeignKey(_)
        | TableChange::ChangeForeignKey { .. }
        | TableChange::AddCheck(_)
        | TableChange::ChangeCheck { .. } => true,
        TableChange::ChangeOption(change) => matches!(change, OptionChange::Engine { .. }),
        _ => false,
    }
}
