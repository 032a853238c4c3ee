//! What must happen to a table before the statement that makes all other changes, since no server
//! takes both at once.

use std::collections::{HashMap, HashSet};

use super::super::fk_blockers::{is_referenced_in_text, renames_only};
use super::super::references_columns::depends_on_session;
use crate::diff::{Renames, TableChange, compare_tables};
use crate::model::{
    Column, ColumnType, Expression, ForeignKey, GeneratedStorage, Index, IndexKind, KeyPart, Table,
    same_name,
};
use crate::server::{Capability, Server};

/// The old table with the pinned columns renamed, where there is more to do than renaming.
pub(super) fn with_pinned_renamed(
    from: &Table,
    to: &Table,
    renames: &Renames,
    pinned: &HashSet<String>,
    server: &Server,
) -> Option<(Table, HashMap<String, String>)> {
    if renames.is_empty() || pinned.is_empty() {
        return None;
    }
    let changes = compare_tables(from, to, &from.name, renames, server).changes;
    if changes.iter().all(renames_only) {
        return None;
    }
    let mut names: HashMap<String, String> = HashMap::new();
    for change in &changes {
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
    if names.is_empty() {
        return None;
    }
    let new_name = |name: &str| names.get(&name.to_lowercase()).cloned();
    let mut renamed = from.clone();
    for column in &mut renamed.columns {
        if let Some(name) = new_name(&column.name) {
            column.renamed_from = Some(std::mem::replace(&mut column.name, name));
        }
    }
    for part in renamed
        .indexes
        .iter_mut()
        .chain(&mut renamed.primary_key)
        .flat_map(|index| &mut index.parts)
    {
        if let KeyPart::Column { name, .. } = &mut part.key
            && let Some(new) = new_name(name)
        {
            *name = new;
        }
    }
    for name in renamed.periods.iter_mut().flat_map(|it| [&mut it.start, &mut it.end]) {
        *name = new_name(name).unwrap_or_else(|| name.clone());
    }
    for key in &mut renamed.foreign_keys {
        let own = key.referenced_schema.is_none() && key.referenced_table == from.name;
        for name in &mut key.columns {
            *name = new_name(name).unwrap_or_else(|| name.clone());
        }
        for name in key.referenced_columns.iter_mut().filter(|_| own) {
            *name = new_name(name).unwrap_or_else(|| name.clone());
        }
    }
    Some((renamed, names))
}

/// The old table with its virtual columns that become plain ones stored, which keeps their
/// values: a stored column can become a plain one, a virtual one can't.
pub(super) fn with_values_stored(
    from: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Option<Table> {
    let mut stored = from.clone();
    let mut any = false;
    for column in &mut stored.columns {
        if let Some(generated) = &mut column.generated
            && becomes_plain(&column.name, changes)
            && can_be_stored(&generated.expression, server)
        {
            generated.storage = GeneratedStorage::Stored;
            any = true;
        }
    }
    any.then_some(stored)
}

/// Whether the server lets a column keep what the expression gives.
fn can_be_stored(expression: &Expression, server: &Server) -> bool {
    server.can(Capability::StoredSessionValues) || !depends_on_session(expression)
}

/// Whether a virtual column becomes a plain one.
fn becomes_plain(column: &str, changes: &[TableChange]) -> bool {
    changes.iter().any(|change| match change {
        TableChange::ChangeColumn { from, to, .. } => {
            let generated = from.generated.as_ref();
            from.name == column
                && to.generated.is_none()
                && generated.is_some_and(|it| it.storage == GeneratedStorage::Virtual)
        }
        _ => false,
    })
}

/// The old table without the spatial indexes on columns whose reference system changes: while
/// there is one, it can't (error 3644), nor in the statement that drops it.
pub(super) fn without_spatial_indexes(
    from: &Table,
    changes: &[TableChange],
    _: &Server,
) -> Option<Table> {
    let moves = |column: &str| {
        changes.iter().any(|change| match change {
            TableChange::ChangeColumn { from, to, .. } => {
                same_name(&from.name, column) && srid(from) != srid(to)
            }
            _ => false,
        })
    };
    let stays =
        |index: &Index| index.kind != IndexKind::Spatial || !index.column_names().any(moves);
    if from.indexes.iter().all(stays) {
        return None;
    }
    let mut bare = from.clone();
    bare.indexes.retain(stays);
    Some(bare)
}

/// The old table without the vector indexes that go, where its engine changes: what holds one would
/// stay behind and be in the way of the next (error 1050).
pub(super) fn without_vector_indexes(
    from: &Table,
    changes: &[TableChange],
    _: &Server,
) -> Option<Table> {
    let goes = |index: &Index| {
        let is_it = |change: &TableChange| match change {
            TableChange::DropIndex(gone) | TableChange::ChangeIndex { from: gone, .. } => {
                gone.name == index.name
            }
            _ => false,
        };
        index.kind == IndexKind::Vector && changes.iter().any(is_it)
    };
    if !changes.iter().any(changes_engine) || !from.indexes.iter().any(goes) {
        return None;
    }
    let mut bare = from.clone();
    bare.indexes.retain(|index| !goes(index));
    Some(bare)
}

fn changes_engine(change: &TableChange) -> bool {
    matches!(change, TableChange::ChangeOption(field) if field.field == "engine")
}

fn srid(column: &Column) -> Option<u32> {
    match column.ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    }
}

/// The old table without the foreign keys that go, where its engine changes or it gets partitions:
/// that one statement does both no server takes (errors 3776, 1217 and 1506). So it is where a virtual column is
/// stored for a while: a foreign key that writes what it is made of forbids that (error 1215).
/// And where a CHECK takes the name of one that goes, for a server that looks for names first.
pub(super) fn without_dropped_foreign_keys(
    from: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Option<Table> {
    let gets_partitions =
        |change: &TableChange| matches!(change, TableChange::ChangePartitioning { from: None, .. });
    let moves = changes.iter().any(|change| changes_engine(change) || gets_partitions(change));
    let goes = |key: &ForeignKey| {
        changes.iter().any(|change| {
            matches!(change, TableChange::DropForeignKey(dropped) if dropped.name == key.name)
        })
    };
    let stores = with_values_stored(from, changes, server).is_some();
    let takes_name = |key: &ForeignKey| {
        let is_taken = |change: &TableChange| matches!(change, TableChange::AddCheck(check) if same_name(&check.name, &key.name));
        !server.can(Capability::CheckNamedAsDroppedForeignKey) && changes.iter().any(is_taken)
    };
    let names = from.foreign_keys.iter().any(|key| goes(key) && takes_name(key));
    if !(moves || stores || names) || !from.foreign_keys.iter().any(goes) {
        return None;
    }
    let mut unbound = from.clone();
    unbound.foreign_keys.retain(|key| !goes(key));
    Some(unbound)
}

/// The old table without the options that go with its engine, where the new engine may not know
/// their names, not even to unset them (error 1911).
pub(super) fn without_engine_options(from: &Table, to: &Table, server: &Server) -> Option<Table> {
    // Every engine knows the size of blocks, and the indexes have it from there.
    let stays =
        |name: &String| to.options.other.contains_key(name) || name.as_str() == "KEY_BLOCK_SIZE";
    if from.options.engine == to.options.engine
        || server.can(Capability::OptionsOfOtherEngines)
        || from.options.other.keys().all(stays)
    {
        return None;
    }
    let mut bare = from.clone();
    bare.options.other.retain(|name, _| stays(name));
    Some(bare)
}
