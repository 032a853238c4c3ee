//! What a server parses in a file and ignores.

use crate::implicit_index::implicit_indexes;
use crate::model::Schema;
use crate::server::{Server, engine_has_foreign_keys};
use crate::source::Loaded;

/// Removes foreign keys from the tables of a file of SQL if their engine has none and the other
/// side is a server, which ignored them. The implicit indexes stay, because the server made those.
pub(super) fn forget_foreign_keys(
    (file, schema): (&Loaded, &mut Schema),
    other: &Loaded,
    server: &Server,
) {
    let is_server = |loaded: &Loaded| loaded.now.is_some();
    if !file.is_declared && !is_server(file) && is_server(other) {
        forget_in(schema, server);
    }
}

/// Removes the foreign keys of tables whose engine has none, and makes their implicit indexes
/// ordinary ones.
pub(crate) fn forget_in(schema: &mut Schema, server: &Server) {
    for table in schema.tables.values_mut() {
        let engine = table.options.engine.as_deref();
        if !engine.is_none_or(engine_has_foreign_keys) {
            let implied = implicit_indexes(table, server);
            table.indexes.extend(implied);
            table.foreign_keys.clear();
        }
    }
}
