//! The primary key that a server gives to a table for which none is declared: nobody's wish, but
//! there, and in the way of one that is declared later.

use crate::model::{GENERATED_KEY, Schema, Table};
use crate::server::{Capability, Server};

/// Takes every such key away, with its column: what people write has none.
pub fn leave_out_generated_keys(schema: &mut Schema, server: &Server) {
    if !server.can(Capability::GeneratedKeys) {
        return;
    }
    for table in schema.tables.values_mut().filter(|table| table.has_generated_key()) {
        leave_out(table);
    }
}

/// Takes such a key away where the other schema declares no primary key for the table, so that the
/// two are equal. Where it declares one, the server's own key has to make room for it and stays.
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
