//! What a database may have and a file leaves out.

use super::database::Database;
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectKind, Schema};
use crate::server::Server;
use crate::source::NotCovered;

/// What the comments of a file say about what it includes.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    has_routines: bool,
    has_events: bool,
    is_of_one_table: bool,
}

impl Coverage {
    /// Looks at a comment between statements. The dump programs of both vendors print the first two
    /// with `--routines` and `--events`, even if there are none. The third is in the head of files
    /// with one table each.
    pub(super) fn comment(&mut self, bytes: &[u8]) {
        let text = bytes.strip_prefix(b"-- ").unwrap_or(bytes);
        self.has_routines |= text.starts_with(b"Dumping routines for database");
        self.has_events |= text.starts_with(b"Dumping events for database");
        self.is_of_one_table |= text.starts_with(b"Host: ")
            && text
                .windows(10)
                .any(|it| it == b"  Table: ".as_slice() || it.starts_with(b" Table: "));
    }

    /// What the file doesn't cover. A kind is covered if a statement makes or drops such an object.
    /// Tables and views always are, because files without them are rare.
    pub(super) fn left_out(&self, database: &Database, is_of_dump_program: bool) -> NotCovered {
        let mut kinds = Vec::new();
        let mut leave_out = |of_group: &[ObjectKind]| {
            if !of_group.iter().any(|kind| database.names_kind(*kind)) {
                kinds.extend_from_slice(of_group);
            }
        };
        leave_out(&[ObjectKind::Trigger]);
        if !self.has_routines {
            leave_out(&[ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Package]);
        }
        if !self.has_events {
            leave_out(&[ObjectKind::Event]);
        }
        let other_tables =
            self.is_of_one_table || is_of_dump_program && database.refers_elsewhere();
        NotCovered { kinds, other_tables, is_of_dump_program }
    }
}

/// A note if the dump program left out the options of all tables. A table without an engine has no
/// other options either, and its columns lack theirs.
pub(super) fn note_of_options(
    schema: &Schema,
    label: &str,
    is_of_dump_program: bool,
) -> Option<Diagnostic> {
    let mut tables = schema.tables.values();
    let lacks = is_of_dump_program
        && !schema.tables.is_empty()
        && tables.all(|table| table.options.engine.is_none());
    lacks.then(|| {
        let title =
            format!("{label} names no table's engine: it was dumped without --create-options");
        Diagnostic::note(title).with_help(
            "--skip-opt and --skip-create-options leave out engines, character sets and \
             AUTO_INCREMENT, which count as not there",
        )
    })
}

/// Writes out the collations that follow from a character set on the file's own server, if the
/// server whose rules it was read by has other defaults.
pub(super) fn state_collations(schema: &mut Schema, own: &Server, read_as: &Server) {
    let state = |charset: &Option<String>, collation: &mut Option<String>| {
        let Some(charset) = charset.as_deref().filter(|_| collation.is_none()) else { return };
        let meant = own.default_collation(charset);
        if meant != read_as.default_collation(charset) {
            *collation = meant.map(str::to_owned);
        }
    };
    state(&schema.charset, &mut schema.collation);
    for table in schema.tables.values_mut() {
        state(&table.options.charset, &mut table.options.collation);
        for column in &mut table.columns {
            state(&column.charset, &mut column.collation);
        }
    }
}
