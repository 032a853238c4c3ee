//! The implicit indexes that exist after a schema has become another one, and that the new schema
//! doesn't list.

use std::collections::BTreeMap;

use super::TableChange;
use super::foreign_key::compare_foreign_keys;
use crate::implicit_index::{
    add_implicit_index, columns_of, implicit_indexes, implied_by, is_served, left_behind,
};
use crate::model::{Index, Schema, Table};
use crate::renames::{Renames, renamed_table};
use crate::server::Server;

/// The implicit indexes of each table (by its new name) after `from` has become `to`, for tables
/// that have one which `to` neither lists nor implies under its name. A later comparison that
/// starts from `to` must know of them.
pub fn unlisted_indexes(
    from: &Schema,
    to: &Schema,
    server: &Server,
) -> BTreeMap<String, Vec<Index>> {
    let renames = Renames::between(from, to);
    let mut unlisted = BTreeMap::new();
    for table in to.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
        let implicit_index = implicit_indexes(table, server);
        let old = renames.old_table(&table.name).and_then(|name| from.tables.get(name));
        if let (false, Some(old)) = (implicit_index.is_empty(), old) {
            let there =
                implicit_of_change(&renamed_table(old, &table.name), table, &renames, server);
            if !there.iter().all(|index| implicit_index.contains(index)) {
                unlisted.insert(table.name.clone(), there);
            }
        }
    }
    unlisted
}

/// The implicit indexes of the new table: those of the old table that stay, and those of new
/// foreign keys.
fn implicit_of_change(from: &Table, to: &Table, renames: &Renames, server: &Server) -> Vec<Index> {
    let listed: Vec<Index> = from.indexes.iter().map(|it| renames.index(it, &to.name)).collect();
    let others: Vec<&Index> = listed.iter().filter(|it| to.index(&it.name).is_none()).collect();
    let mut with_kept = to.clone();
    with_kept.indexes.extend(implied_by(to, &others, server).into_iter().cloned());
    let behind = left_behind(from, to, renames, server);
    let implicit_index = implicit_indexes(from, server);
    let mut there: Vec<Index> =
        implicit_index.iter().map(|it| renames.index(it, &to.name)).collect();
    there.retain(|index| {
        !behind.contains(index) && !is_served(&columns_of(index), &with_kept, server)
    });
    for change in compare_foreign_keys(from, to, renames) {
        if let TableChange::AddForeignKey(key) | TableChange::ChangeForeignKey { to: key, .. } =
            &change
        {
            add_implicit_index(key, &with_kept, &mut there, server);
        }
    }
    there.extend(with_kept.indexes.drain(to.indexes.len()..));
    there
}
