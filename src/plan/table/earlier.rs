//! What must happen to a table before the statement that makes all other changes, because no server
//! does both at once. Each function takes its part out of the changes that are left.

use std::collections::{HashMap, HashSet};

use crate::diff::{OptionChange, TableChange};
use crate::implicit_index::is_served;
use crate::model::{
    Column, ColumnAspect, ColumnType, Expression, ForeignKey, GeneratedStorage, Index, IndexKind,
    KeyPart, Table, same_name,
};
use crate::plan::foreign_keys::blockers::is_referenced_in_text;
use crate::plan::references_columns::depends_on_session;
use crate::plan::table::changes::renames_only;
use crate::plan::table::{Leg, sort};
use crate::server::{Capability, Fault, Server};

/// The pinned columns that are renamed, if there is more to do than renaming: their old names in
/// lower case, with the new names.
pub(super) fn pinned_names(
    from: &Table,
    changes: &[TableChange],
    pinned: &HashSet<String>,
) -> HashMap<String, String> {
    let mut names: HashMap<String, String> = HashMap::new();
    if changes.iter().all(renames_only) {
        return names;
    }
    for change in changes {
        if let TableChange::ChangeColumn { from: old, to: new, .. } = change {
            let name = old.name.to_lowercase();
            let free = from.column(&new.name).is_none();
            if !same_name(&old.name, &new.name)
                && free
                && pinned.contains(&name)
                && !is_referenced_in_text(&name, from)
            {
                names.insert(name, new.name.clone());
            }
        }
    }
    names
}

/// Takes the renames of the columns out of the changes that are left, and returns them.
pub(super) fn rename_columns(
    left: &mut Vec<TableChange>,
    names: &HashMap<String, String>,
) -> Vec<TableChange> {
    let mut now = Vec::new();
    for change in left.iter_mut() {
        match change {
            TableChange::ChangeColumn { from, aspects, .. } => {
                if let Some(renamed) = renamed_column(from, names) {
                    let old = std::mem::replace(from, renamed.clone());
                    aspects.retain(|aspect| *aspect != ColumnAspect::Name);
                    let aspects = vec![ColumnAspect::Name];
                    now.push(TableChange::ChangeColumn { from: old, to: renamed, aspects });
                }
            }
            TableChange::DropForeignKey(key) => rename_all(&mut key.columns, names),
            TableChange::DropPeriod(period) => {
                for name in [&mut period.start, &mut period.end] {
                    rename(name, names);
                }
            }
            _ => {}
        }
    }
    left.retain(|change| match change {
        TableChange::ChangeColumn { aspects, .. } => !aspects.is_empty(),
        _ => true,
    });
    now
}

fn renamed_column(column: &Column, names: &HashMap<String, String>) -> Option<Column> {
    let name = names.get(&column.name.to_lowercase())?.clone();
    Some(Column { name, renamed_from: Some(column.name.clone()), ..column.clone() })
}

fn rename(name: &mut String, names: &HashMap<String, String>) {
    if let Some(new) = names.get(&name.to_lowercase()) {
        name.clone_from(new);
    }
}

fn rename_all(all: &mut [String], names: &HashMap<String, String>) {
    all.iter_mut().for_each(|name| rename(name, names));
}

/// The table with the columns renamed.
pub(super) fn with_columns_renamed(from: &Table, names: &HashMap<String, String>) -> Table {
    let mut renamed = from.clone();
    for column in &mut renamed.columns {
        if let Some(new) = renamed_column(column, names) {
            *column = new;
        }
    }
    let indexes = renamed.indexes.iter_mut().chain(&mut renamed.primary_key);
    for part in indexes.flat_map(|index| &mut index.parts) {
        if let KeyPart::Column { name, .. } = &mut part.key {
            rename(name, names);
        }
    }
    for name in renamed.periods.iter_mut().flat_map(|it| [&mut it.start, &mut it.end]) {
        rename(name, names);
    }
    for key in &mut renamed.foreign_keys {
        rename_all(&mut key.columns, names);
        if key.referenced_schema.is_none() && key.referenced_table == from.name {
            rename_all(&mut key.referenced_columns, names);
        }
    }
    renamed
}

/// Stores the virtual columns that become plain ones, so that they keep their values. A stored
/// column can become a plain one, but a virtual column can't.
pub(super) fn store_values(
    from: &Table,
    _: &Table,
    left: &mut Vec<TableChange>,
    server: &Server,
) -> Option<Leg> {
    let mut stored = from.clone();
    let mut changes = Vec::new();
    for change in left {
        let TableChange::ChangeColumn { from, to, .. } = change else { continue };
        if !becomes_plain(from, to, server) {
            continue;
        }
        let Some(column) = stored.columns.iter_mut().find(|it| it.name == from.name) else {
            continue;
        };
        let old = column.clone();
        if let Some(generated) = &mut column.generated {
            generated.storage = GeneratedStorage::Stored;
        }
        from.generated.clone_from(&column.generated);
        let (to, aspects) = (column.clone(), vec![ColumnAspect::Generated]);
        changes.push(TableChange::ChangeColumn { from: old, to, aspects });
    }
    (!changes.is_empty()).then_some(Leg { to: stored, changes })
}

/// Whether a virtual column becomes a plain one and its values can be kept.
fn becomes_plain(from: &Column, to: &Column, server: &Server) -> bool {
    to.generated.is_none()
        && from.generated.as_ref().is_some_and(|generated| {
            generated.storage == GeneratedStorage::Virtual
                && can_be_stored(&generated.expression, server)
        })
}

/// Whether the server can store what the expression gives.
fn can_be_stored(expression: &Expression, server: &Server) -> bool {
    server.can(Capability::StoredSessionValues) || !depends_on_session(expression)
}

/// Drops the spatial indexes on columns whose spatial reference system changes. The server refuses
/// this change while there is such an index (error 3644), even in the statement that drops it.
pub(super) fn drop_spatial_indexes(
    from: &Table,
    goal: &Table,
    left: &mut Vec<TableChange>,
    _: &Server,
) -> Option<Leg> {
    let moves: Vec<String> = left
        .iter()
        .filter_map(|change| match change {
            TableChange::ChangeColumn { from, to, .. } if srid(from) != srid(to) => {
                Some(from.name.to_lowercase())
            }
            _ => None,
        })
        .collect();
    let goes = |index: &Index| {
        index.kind == IndexKind::Spatial
            && index.column_names().any(|name| moves.contains(&name.to_lowercase()))
    };
    drop_indexes(from, goal, left, goes)
}

/// Drops the vector indexes that are dropped or changed, if the engine changes too. Otherwise what
/// stores the old index would stay behind and block the next one (error 1050).
pub(super) fn drop_vector_indexes(
    from: &Table,
    goal: &Table,
    left: &mut Vec<TableChange>,
    _: &Server,
) -> Option<Leg> {
    if !left.iter().any(changes_engine) {
        return None;
    }
    let gone: Vec<String> = left
        .iter()
        .filter_map(|change| match change {
            TableChange::DropIndex(gone) | TableChange::ChangeIndex { from: gone, .. } => {
                Some(gone.name.clone())
            }
            _ => None,
        })
        .collect();
    let goes = |index: &Index| index.kind == IndexKind::Vector && gone.contains(&index.name);
    drop_indexes(from, goal, left, goes)
}

/// Drops indexes first. Those that the goal has are added again by the changes that are left.
fn drop_indexes(
    from: &Table,
    goal: &Table,
    left: &mut Vec<TableChange>,
    goes: impl Fn(&Index) -> bool,
) -> Option<Leg> {
    let (going, stays): (Vec<Index>, Vec<Index>) =
        from.indexes.iter().cloned().partition(|index| goes(index));
    if going.is_empty() {
        return None;
    }
    for index in &going {
        let mut is_named = false;
        left.retain_mut(|change| match change {
            TableChange::DropIndex(it) if it.name == index.name => {
                is_named = true;
                false
            }
            TableChange::ChangeIndex { from, to, .. } if from.name == index.name => {
                is_named = true;
                *change = TableChange::AddIndex(to.clone());
                true
            }
            _ => true,
        });
        if !is_named {
            left.extend(goal.index(&index.name).cloned().map(TableChange::AddIndex));
        }
    }
    let to = Table { indexes: stays, ..from.clone() };
    sort(left, &to, goal);
    Some(Leg { to, changes: going.into_iter().map(TableChange::DropIndex).collect() })
}

fn changes_engine(change: &TableChange) -> bool {
    matches!(change, TableChange::ChangeOption(OptionChange::Engine { .. }))
}

fn srid(column: &Column) -> Option<u32> {
    match column.ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    }
}

/// Drops foreign keys in a statement of its own, if there is one of these reasons:
///
/// - The engine changes or the table gets partitions. No server does that in the statement that
///   drops the keys (errors 3776, 1217 and 1506).
/// - A virtual column is stored temporarily. A foreign key that writes to the columns from which it
///   is computed forbids that (error 1215).
/// - A CHECK takes the name of a dropped key, and the server checks names before it drops anything.
pub(super) fn drop_foreign_keys(
    from: &Table,
    _: &Table,
    left: &mut Vec<TableChange>,
    server: &Server,
) -> Option<Leg> {
    let going: Vec<&ForeignKey> = left
        .iter()
        .filter_map(|change| match change {
            TableChange::DropForeignKey(key) => Some(key),
            _ => None,
        })
        .collect();
    if going.is_empty() {
        return None;
    }
    let is_reason = |change: &TableChange| match change {
        TableChange::ChangePartitioning { from: None, .. } => true,
        TableChange::ChangeColumn { from, to, .. } => becomes_plain(from, to, server),
        TableChange::AddCheck(check) => {
            server.has(Fault::CheckNameOfDroppedForeignKey)
                && going.iter().any(|key| same_name(&check.name, &key.name))
        }
        other => changes_engine(other),
    };
    if !left.iter().any(is_reason) {
        return None;
    }
    let mut unbound = from.clone();
    unbound.foreign_keys.retain(|key| !going.iter().any(|it| it.name == key.name));
    let goes_with_key = |index: &Index| {
        let columns: Vec<String> = index.column_names().map(str::to_owned).collect();
        from.index(&index.name).is_none()
            && !is_served(&columns, &unbound, server)
            && !unbound.foreign_keys.iter().any(|key| key.columns == columns)
    };
    let (now, rest) = std::mem::take(left).into_iter().partition(|change| match change {
        TableChange::DropForeignKey(_) => true,
        TableChange::DropIndex(index) => goes_with_key(index),
        _ => false,
    });
    *left = rest;
    Some(Leg { to: unbound, changes: now })
}

/// Unsets the options that are removed together with the engine. The new engine may not know their
/// names, and then it refuses even to unset them (error 1911).
pub(super) fn unset_engine_options(
    from: &Table,
    goal: &Table,
    left: &mut Vec<TableChange>,
    server: &Server,
) -> Option<Leg> {
    if from.options.engine == goal.options.engine || server.can(Capability::OptionsOfOtherEngines) {
        return None;
    }
    // Every engine knows KEY_BLOCK_SIZE, and the indexes take it from the table.
    let goes = |change: &TableChange| match change {
        TableChange::ChangeOption(OptionChange::Other { name, to: None, .. }) => {
            name != "KEY_BLOCK_SIZE"
        }
        _ => false,
    };
    let (changes, rest): (Vec<TableChange>, Vec<TableChange>) =
        std::mem::take(left).into_iter().partition(goes);
    *left = rest;
    if changes.is_empty() {
        return None;
    }
    let mut to = from.clone();
    for change in &changes {
        if let TableChange::ChangeOption(OptionChange::Other { name, .. }) = change {
            to.options.other.remove(name);
        }
    }
    Some(Leg { to, changes })
}
