//! The invisible primary key that a server generates for a table without one. Nobody declared it,
//! but it exists, and it is in the way of a primary key that is declared later.

use crate::model::{GENERATED_KEY, Schema, Table};
use crate::server::{Capability, Server};

/// Removes every generated key with its column, because what people write has none.
pub fn leave_out_generated_keys(schema: &mut Schema, server: &Server) {
    if !server.can(Capability::GeneratedKeys) {
        return;
    }
    for table in schema.tables.values_mut().filter(|table| table.has_generated_key()) {
        leave_out(table);
    }
}

/// Removes a generated key if the other schema declares no primary key for the table, so that the
/// two are equal. If it declares one, the generated key stays, because it has to be dropped first.
pub fn leave_undeclared_keys(old: &mut Schema, new: &mut Schema, server: &Server) {
    if !server.can(Capability::GeneratedKeys) {
        return;
    }
    for table in new.tables.values_mut() {
        let former = table.renamed_from.as_ref().filter(|name| old.tables.contains_key(*name));
        let name = former.unwrap_or(&table.name).clone();
        let Some(before) = old.tables.get_mut(&name) else { continue };
        match (before.has_generated_key(), table.has_generated_key()) {
            (true, false) if declares_none(table) => leave_out(before),
            (false, true) if declares_none(before) => leave_out(table),
            _ => {}
        }
    }
}

fn declares_none(table: &Table) -> bool {
    table.primary_key.is_none() && table.column(GENERATED_KEY).is_none()
}

fn leave_out(table: &mut Table) {
    table.primary_key = None;
    table.columns.retain(|column| column.name != GENERATED_KEY);
}
