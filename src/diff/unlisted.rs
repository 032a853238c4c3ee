//! The indexes that are there for foreign keys once a schema has become another, and that the new one
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

/// By the tables' new names: the indexes that a server has for foreign keys once `from` has become
/// `to`, and that `to` neither lists nor implies under these names. Whoever starts from `to` later
/// must know of them.
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

/// The indexes that are there for the foreign keys of the new table without being listed: those of
/// the old one that stay, and those that the new keys bring.
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
