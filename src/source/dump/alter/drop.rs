//! What ALTER TABLE and DROP INDEX take away.

use super::{forget_texts, no_column};
use crate::model::{Index, IndexKind, IndexPart, KeyPart, Table, same_name};
use crate::source::dump::database::Beside;
use crate::sql::alter::Change;
use crate::sql::names::names_in;

/// Carries out a clause that drops something; gives back any other.
pub(super) fn drop_clause(
    table: &mut Table,
    beside: &mut Beside,
    change: Change,
) -> Result<Option<Change>, String> {
    match change {
        Change::DropPrimaryKey => {
            if table.primary_key.take().is_none() {
                return Err("the table has no primary key".to_owned());
            }
        }
        Change::DropIndex { name, if_exists } => drop_index(table, beside, &name, if_exists)?,
        Change::DropForeignKey { name, if_exists } => {
            drop_foreign_key(table, beside, &name, if_exists)?;
        }
        Change::DropCheck { name, if_exists } => {
            if !drop_check(table, &name) && !if_exists {
                return Err(format!("the table has no check `{name}`"));
            }
        }
        Change::DropConstraint { name, if_exists } => {
            if table.foreign_key(&name).is_some() {
                drop_foreign_key(table, beside, &name, if_exists)?;
            } else if !drop_check(table, &name) {
                drop_index(table, beside, &name, if_exists)
                    .map_err(|_| format!("the table has no constraint `{name}`"))?;
            }
        }
        Change::DropPeriod(name) => {
            let before = table.periods.len();
            table.periods.retain(|period| !same_name(&period.name, &name));
            if table.periods.len() == before {
                return Err(format!("the table has no period `{name}`"));
            }
        }
        Change::DropColumn { name, if_exists } => drop_column(table, &name, if_exists)?,
        other => return Ok(Some(other)),
    }
    Ok(None)
}

/// Drops an index. One that the server made for a foreign key is not in the table; the statement
/// changes nothing then.
pub(in crate::source::dump) fn drop_index(
    table: &mut Table,
    beside: &Beside,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    let before = table.indexes.len();
    table.indexes.retain(|index| !same_name(&index.name, name));
    if table.indexes.len() < before {
        return Ok(());
    }
    if same_name(name, crate::model::PRIMARY) && table.primary_key.take().is_some() {
        return Ok(());
    }
    let is_implicit = beside.implicit_indexes.values().any(|index| same_name(index, name));
    if is_implicit || if_exists {
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
fn drop_foreign_key(
    table: &mut Table,
    beside: &mut Beside,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    let Some(at) = table.foreign_keys.iter().position(|key| same_name(&key.name, name)) else {
        return if if_exists {
            Ok(())
        } else {
            Err(format!("the table has no foreign key `{name}`"))
        };
    };
    let key = table.foreign_keys.remove(at);
    let implicit = beside.implicit_indexes.remove(&key.name);
    if let Some(implicit) = implicit
        && !table.all_indexes().any(|index| starts_with(index, &key.columns))
        && table.index(&implicit).is_none()
    {
        let parts = key.columns.iter().map(IndexPart::column).collect();
        table.indexes.push(Index::new(implicit, IndexKind::Plain, parts));
    }
    Ok(())
}

fn starts_with(index: &Index, columns: &[String]) -> bool {
    index.kind.is_ordered()
        && index.parts.len() >= columns.len()
        && index.parts.iter().zip(columns).all(|(part, column)| match &part.key {
            KeyPart::Column { name, prefix_length: None } => same_name(name, column),
            _ => false,
        })
}

/// Drops a column, its parts of indexes, and the CHECKs that are about it alone.
fn drop_column(table: &mut Table, name: &str, if_exists: bool) -> Result<(), String> {
    let Some(at) = table.columns.iter().position(|column| same_name(&column.name, name)) else {
        return if if_exists { Ok(()) } else { Err(no_column(table, name)) };
    };
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    table.checks.retain(|check| {
        let mut used = names_in(&check.expression.text);
        used.retain(|used| names.iter().any(|column| same_name(column, used)));
        used.is_empty() || !used.iter().all(|used| same_name(used, name))
    });
    table.columns.remove(at);
    forget_texts(table, &format!("column {name}: "));
    for index in table.indexes.iter_mut().chain(&mut table.primary_key) {
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
