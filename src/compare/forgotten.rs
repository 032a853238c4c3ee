//! What a server reads of a file and forgets.

use crate::diff::implicit_indexes;
use crate::model::Schema;
use crate::server::{Server, engine_has_foreign_keys};
use crate::source::Loaded;

/// Takes the foreign keys of tables whose engine has none from a file of SQL that stands beside a
/// server: the server has forgotten them, though not the indexes that came with them.
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

/// Takes the foreign keys of tables whose engine has none from a schema, and lists the indexes that
/// came with them.
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
