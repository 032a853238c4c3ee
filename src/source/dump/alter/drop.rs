//! What ALTER TABLE and DROP INDEX drop.

use super::{forget_texts, no_column};
use crate::model::{KeyPart, Table, same_name};
use crate::source::dump::database::TableExtras;
use crate::syntax::alter::ParsedChange;
use crate::syntax::references::names_in;

/// Carries out a clause that drops something; returns any other clause.
pub(super) fn drop_clause(
    table: &mut Table,
    extras: &mut TableExtras,
    change: ParsedChange,
) -> Result<Option<ParsedChange>, String> {
    match change {
        ParsedChange::DropPrimaryKey => {
            if table.primary_key.take().is_none() {
                return Err("the table has no primary key".to_owned());
            }
        }
        ParsedChange::DropIndex { name, if_exists } => drop_index(table, extras, &name, if_exists)?,
        ParsedChange::DropForeignKey { name, if_exists } => {
            drop_foreign_key(table, &name, if_exists)?;
        }
        ParsedChange::DropCheck { name, if_exists } => {
            if !drop_check(table, &name) && !if_exists {
                return Err(format!("the table has no check `{name}`"));
            }
        }
        ParsedChange::DropConstraint { name, if_exists } => {
            if table.foreign_key(&name).is_some() {
                drop_foreign_key(table, &name, if_exists)?;
            } else if !drop_check(table, &name) {
                drop_index(table, extras, &name, if_exists)
                    .map_err(|_| format!("the table has no constraint `{name}`"))?;
            }
        }
        ParsedChange::DropPeriod(name) => {
            let before = table.periods.len();
            table.periods.retain(|period| !same_name(&period.name, &name));
            if table.periods.len() == before {
                return Err(format!("the table has no period `{name}`"));
            }
        }
        ParsedChange::DropColumn { name, if_exists } => {
            drop_column(table, extras, &name, if_exists)?
        }
        other => return Ok(Some(other)),
    }
    Ok(None)
}

/// Drops an index, also one that the server made for a foreign key.
pub(in crate::source::dump) fn drop_index(
    table: &mut Table,
    extras: &mut TableExtras,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    for indexes in [&mut table.indexes, &mut extras.implicit_indexes] {
        let before = indexes.len();
        indexes.retain(|index| !same_name(&index.name, name));
        if indexes.len() < before {
            return Ok(());
        }
    }
    let is_primary = same_name(name, crate::model::PRIMARY) && table.primary_key.take().is_some();
    if is_primary || if_exists {
        return Ok(());
    }
    Err(format!("the table has no index `{name}`"))
}

fn drop_check(table: &mut Table, name: &str) -> bool {
    let before = table.checks.len();
    table.checks.retain(|check| !same_name(&check.name, name));
    table.checks.len() < before
}

/// Drops a foreign key. The index that the server made for it stays.
fn drop_foreign_key(table: &mut Table, name: &str, if_exists: bool) -> Result<(), String> {
    let before = table.foreign_keys.len();
    table.foreign_keys.retain(|key| !same_name(&key.name, name));
    if table.foreign_keys.len() == before && !if_exists {
        return Err(format!("the table has no foreign key `{name}`"));
    }
    Ok(())
}

/// Drops a column, its parts of indexes, and the CHECKs that use no other column.
fn drop_column(
    table: &mut Table,
    extras: &mut TableExtras,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    let Some(at) = table.columns.iter().position(|column| same_name(&column.name, name)) else {
        return if if_exists { Ok(()) } else { Err(no_column(table, name)) };
    };
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    table.checks.retain(|check| {
        let mut used = names_in(&check.expression);
        used.retain(|used| names.iter().any(|column| same_name(column, used)));
        used.is_empty() || !used.iter().all(|used| same_name(used, name))
    });
    table.columns.remove(at);
    forget_texts(table, &format!("column {name}: "));
    let listed = table.indexes.iter_mut().chain(&mut table.primary_key);
    for index in listed.chain(&mut extras.implicit_indexes) {
        index.parts.retain(|part| match &part.key {
            KeyPart::Column { name: column, .. } => !same_name(column, name),
            KeyPart::Expression(_) => true,
        });
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    table.primary_key = table.primary_key.take().filter(|key| !key.parts.is_empty());
    table.foreign_keys.retain(|key| !key.columns.iter().any(|column| same_name(column, name)));
    Ok(())
}
