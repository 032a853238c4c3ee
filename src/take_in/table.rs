//! A table of the files with one of its differences taken in.

use crate::diff::{OptionChange, TableChange};
use crate::model::{Partition, PartitionList, Partitioning, Table, TableOptions, same_name};

/// `to` with what `from` has where the two differ by this change.
pub(super) fn with_taken_in(from: &Table, to: &Table, change: &TableChange) -> Table {
    let mut table = to.clone();
    match change {
        TableChange::AddColumn(it) => table.columns.retain(|c| !same_name(&c.name, &it.name)),
        TableChange::DropColumn(it) => {
            let names: Vec<&str> = from.columns.iter().map(|c| c.name.as_str()).collect();
            insert(&mut table.columns, it.clone(), &names, |c| &c.name);
        }
        TableChange::ChangeColumn { from: old, to: new, .. } => {
            let place = table.columns.iter().position(|c| same_name(&c.name, &new.name));
            if let Some(place) = place {
                let column = table.columns.remove(place);
                let mut old = old.clone();
                old.renamed_from.clone_from(&column.renamed_from);
                let names: Vec<&str> = from.columns.iter().map(|c| c.name.as_str()).collect();
                insert(&mut table.columns, old, &names, |c| &c.name);
            }
        }
        TableChange::AddIndex(it) => remove_index(&mut table, &it.name),
        TableChange::DropIndex(it) => add_index(&mut table, from, it),
        TableChange::ChangeIndex { from: old, to: new, .. } => {
            remove_index(&mut table, &new.name);
            add_index(&mut table, from, old);
        }
        TableChange::AddForeignKey(it) => {
            table.foreign_keys.retain(|key| !same_name(&key.name, &it.name));
        }
        TableChange::DropForeignKey(it) => add_foreign_key(&mut table, from, it),
        TableChange::ChangeForeignKey { from: old, to: new, .. } => {
            table.foreign_keys.retain(|key| !same_name(&key.name, &new.name));
            add_foreign_key(&mut table, from, old);
        }
        TableChange::AddCheck(it) => table.checks.retain(|c| !same_name(&c.name, &it.name)),
        TableChange::DropCheck(it) => add_check(&mut table, from, it),
        TableChange::ChangeCheck { from: old, to: new, .. } => {
            table.checks.retain(|c| !same_name(&c.name, &new.name));
            add_check(&mut table, from, old);
        }
        TableChange::AddPeriod(it) => table.periods.retain(|period| period != it),
        TableChange::DropPeriod(it) => {
            let names: Vec<&str> = from.periods.iter().map(|p| p.name.as_str()).collect();
            insert(&mut table.periods, it.clone(), &names, |p| &p.name);
        }
        TableChange::ChangePartitioning { from: old, .. } => table.partitioning.clone_from(old),
        TableChange::AddPartition(it) => {
            let name = it.name.clone();
            partitions(&mut table, from, |list, _| list.retain(|p| !same_name(&p.name, &name)));
        }
        TableChange::DropPartition(it) => partitions(&mut table, from, |list, names| {
            insert(list, it.clone(), names, |p| &p.name);
        }),
        TableChange::ChangePartition { from: old, to: new, .. } => {
            partitions(&mut table, from, |list, names| {
                list.retain(|p| !same_name(&p.name, &new.name));
                insert(list, old.clone(), names, |p| &p.name);
            });
        }
        TableChange::ChangeOption(change) => option(&mut table, change),
    }
    table
}

/// Puts an item after the one that it follows in `names`.
fn insert<T>(items: &mut Vec<T>, item: T, names: &[&str], name: impl Fn(&T) -> &String) {
    let own = names.iter().position(|it| same_name(it, name(&item)));
    let before = names
        .iter()
        .take(own.unwrap_or(names.len()))
        .rev()
        .find_map(|before| items.iter().position(|other| same_name(name(other), before)));
    let after = || {
        let mut next = names.iter().skip(own? + 1);
        next.find_map(|next| items.iter().position(|other| same_name(name(other), next)))
    };
    let place = before.map(|before| before + 1).or_else(after).unwrap_or(items.len());
    items.insert(place, item);
}

fn remove_index(table: &mut Table, name: &str) {
    table.primary_key.take_if(|key| same_name(&key.name, name));
    table.indexes.retain(|index| !same_name(&index.name, name));
}

fn add_index(table: &mut Table, from: &Table, index: &crate::model::Index) {
    if index.name == crate::model::PRIMARY {
        table.primary_key = Some(index.clone());
        return;
    }
    let names: Vec<&str> = from.indexes.iter().map(|it| it.name.as_str()).collect();
    insert(&mut table.indexes, index.clone(), &names, |it| &it.name);
}

fn add_foreign_key(table: &mut Table, from: &Table, key: &crate::model::ForeignKey) {
    let names: Vec<&str> = from.foreign_keys.iter().map(|it| it.name.as_str()).collect();
    insert(&mut table.foreign_keys, key.clone(), &names, |it| &it.name);
}

fn add_check(table: &mut Table, from: &Table, check: &crate::model::Check) {
    let names: Vec<&str> = from.checks.iter().map(|it| it.name.as_str()).collect();
    insert(&mut table.checks, check.clone(), &names, |it| &it.name);
}

/// The listed partitions of a table, to be changed. The names are those of the old table.
fn partitions(table: &mut Table, from: &Table, change: impl FnOnce(&mut Vec<Partition>, &[&str])) {
    let old = match from.partition_scheme().map(|scheme| &scheme.partitions) {
        Some(PartitionList::Listed(list)) => list.as_slice(),
        _ => &[],
    };
    let names: Vec<&str> = old.iter().map(|it| it.name.as_str()).collect();
    if let Some(Partitioning::By(scheme)) = &mut table.partitioning
        && let PartitionList::Listed(list) = &mut scheme.partitions
    {
        change(list, &names);
    }
}

fn option(table: &mut Table, change: &OptionChange) {
    let options: &mut TableOptions = &mut table.options;
    match change {
        OptionChange::SystemVersioning { from, .. } => table.versioned = *from,
        OptionChange::Engine { from, .. } => options.engine = Some(from.clone()),
        OptionChange::Charset { from, .. } => options.charset.clone_from(from),
        OptionChange::Collation { from, .. } => options.collation.clone_from(from),
        OptionChange::RowFormat { from, .. } => options.row_format.clone_from(from),
        OptionChange::Comment { from, .. } => options.comment.clone_from(from),
        OptionChange::Other { name, from, .. } => {
            match from {
                Some(value) => options.other.insert(name.clone(), value.clone()),
                None => options.other.remove(name),
            };
        }
    }
}
