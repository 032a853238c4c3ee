//! Which of a table's changes a foreign key blocks.

use std::collections::HashSet;

use crate::diff::{OptionChange, TableChange};
use crate::implicit_index::serves;
use crate::model::{
    Column, ColumnAspect, ColumnType, Index, IndexKind, KeyPart, Table, TextSize, TypeClass,
};
use crate::plan::references_columns::references_columns;
use crate::plan::table::rebuilt::rebuilt_columns;
use crate::plan::table::{copies, is_remade, renames_only};
use crate::server::{Capability, Server, bytes_per_character};

/// The changes of a table that matter to the foreign keys at either end.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct FkBlockers {
    /// The engine changes, or the table gets or loses partitions. No foreign key can exist
    /// meanwhile.
    engine: bool,
    /// Columns (in lower case, by the old name) that can't be altered while a foreign key uses
    /// them.
    columns: HashSet<String>,
    /// Columns (in lower case, by the old name) that are renamed.
    renamed: HashSet<String>,
    /// Columns (in lower case, by the new name) that are added or altered in any way.
    touched: HashSet<String>,
    /// Indexes (in lower case, by the old name) that are dropped or replaced.
    lost: HashSet<String>,
    /// Whether any index is added, dropped or changed.
    indexes: bool,
    /// The indexes of the old table.
    before: Vec<Index>,
}

impl FkBlockers {
    /// What the changes of a table mean for foreign keys.
    pub(in crate::plan) fn of(
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        server: &Server,
    ) -> Self {
        let mut fk_blockers = FkBlockers {
            before: from.all_indexes().cloned().collect(),
            columns: rebuilt_columns(from, to, changes, server),
            ..FkBlockers::default()
        };
        for change in changes {
            fk_blockers.add(change, server);
        }
        let check_copies = has_check_that_copies(from);
        if !server.can(Capability::CopyToNotNullForeignKeyColumns)
            && (check_copies || has_fulltext(from) || changes.iter().any(copies))
        {
            fk_blockers.columns.extend(changes.iter().filter_map(forbids_null));
        }
        let copies_to_rename = !server.can(Capability::RenameForeignKeyColumnsWithChecks)
            && check_copies
            || has_key_without_overlaps(from);
        if copies_to_rename {
            fk_blockers.columns.extend(fk_blockers.renamed.iter().cloned());
        }
        if changes.iter().any(|change| !renames_only(change)) {
            let referenced_names =
                fk_blockers.renamed.iter().filter(|name| is_referenced_in_text(name, from));
            fk_blockers.columns.extend(referenced_names.cloned().collect::<Vec<_>>());
        }
        fk_blockers
    }

    fn add(&mut self, change: &TableChange, server: &Server) {
        match change {
            TableChange::AddColumn(column) => {
                self.touched.insert(column.name.to_lowercase());
            }
            TableChange::DropColumn(column) => {
                self.columns.insert(column.name.to_lowercase());
            }
            TableChange::ChangeColumn { from, to, aspects } => {
                let old = from.name.to_lowercase();
                if aspects.contains(&ColumnAspect::Name) {
                    self.renamed.insert(old.clone());
                }
                if aspects.iter().any(|aspect| stands_in_the_way(*aspect, from, to, server)) {
                    self.columns.insert(old);
                }
                self.touched.insert(to.name.to_lowercase());
            }
            TableChange::AddIndex(_) => self.indexes = true,
            TableChange::DropIndex(index) => {
                self.indexes = true;
                self.lost.insert(index.name.to_lowercase());
            }
            TableChange::ChangeIndex { from, aspects, .. } => {
                self.indexes = true;
                if is_remade(aspects) {
                    self.lost.insert(from.name.to_lowercase());
                }
            }
            TableChange::ChangeOption(OptionChange::Engine { .. }) => self.engine = true,
            TableChange::ChangePartitioning { from, to, .. } => {
                self.engine |= from.is_none() || to.is_none();
            }
            _ => {}
        }
    }

    /// Whether a foreign key on these columns of the table must be dropped before the table is
    /// altered.
    pub(in crate::plan) fn block(&self, columns: &[String]) -> bool {
        self.engine || self.any(&self.columns, columns)
    }

    /// Whether a foreign key that references these columns must be dropped before the table is
    /// altered.
    pub(in crate::plan) fn block_referenced(&self, columns: &[String]) -> bool {
        self.block(columns) || self.loses_index(columns)
    }

    /// Whether one of the columns is renamed.
    pub(in crate::plan) fn rename(&self, columns: &[String]) -> bool {
        self.any(&self.renamed, columns)
    }

    /// Whether a foreign key that references these columns (by their new names) can be added only
    /// after the table has been altered.
    pub(in crate::plan) fn prepare(&self, columns: &[String]) -> bool {
        self.engine || self.indexes || self.any(&self.touched, columns)
    }

    fn any(&self, set: &HashSet<String>, columns: &[String]) -> bool {
        !set.is_empty() && columns.iter().any(|column| set.contains(&column.to_lowercase()))
    }

    /// Whether every index that serves the columns is dropped or replaced.
    fn loses_index(&self, columns: &[String]) -> bool {
        let mut serving = self.before.iter().filter(|index| serves(index, columns)).peekable();
        serving.peek().is_some()
            && serving.all(|index| self.lost.contains(&index.name.to_lowercase()))
    }
}

/// Whether a server refuses the change of a column that a foreign key uses.
fn stands_in_the_way(aspect: ColumnAspect, from: &Column, to: &Column, server: &Server) -> bool {
    match aspect {
        ColumnAspect::Type => !needs_no_drop(from, to, server),
        ColumnAspect::Charset
        | ColumnAspect::Collation
        | ColumnAspect::AutoIncrement
        | ColumnAspect::Generated => true,
        _ => false,
    }
}

/// Whether an expression of the table uses a column, given in lower case. Such a column can't be
/// renamed before the rest is altered.
pub(in crate::plan) fn is_referenced_in_text(column: &str, table: &Table) -> bool {
    let column = HashSet::from([column.to_owned()]);
    let generated = table.columns.iter().filter_map(|column| column.generated.as_ref());
    generated.map(|generated| &generated.expression).any(|text| references_columns(text, &column))
        || table.checks.iter().any(|check| references_columns(&check.expression, &column))
        || table.all_indexes().flat_map(|index| &index.parts).any(|part| match &part.key {
            KeyPart::Expression(expression) => references_columns(expression, &column),
            KeyPart::Column { .. } => false,
        })
}

/// Whether the server copies the table when it renames a column or forbids NULL in it. It does so
/// if an enforced CHECK reads a column of certain types (found by trial).
fn has_check_that_copies(table: &Table) -> bool {
    if table.checks.is_empty() {
        return false;
    }
    let columns = table.columns.iter().filter(|column| match &column.ty {
        ColumnType::Enum { .. } | ColumnType::Set { .. } => true,
        // TINYTEXT, MEDIUMTEXT and LONGTEXT are among these types, but TEXT isn't. For BLOB it is
        // the same.
        ColumnType::Text { size, .. } | ColumnType::Blob { size, .. } => *size != TextSize::Normal,
        other => other.class() == TypeClass::Temporal,
    });
    let columns: HashSet<String> = columns.map(|column| column.name.to_lowercase()).collect();
    let mut enforced = table.checks.iter().filter(|check| check.enforced);
    enforced.any(|check| references_columns(&check.expression, &columns))
}

/// Whether the table has a FULLTEXT index. Then the server copies the table when it forbids NULL in
/// a column (found by trial).
fn has_fulltext(table: &Table) -> bool {
    table.indexes.iter().any(|index| index.kind == IndexKind::Fulltext)
}

/// Whether a key of the table is WITHOUT OVERLAPS. Then the server copies the table when it renames
/// a column (found by trial, error 1846).
fn has_key_without_overlaps(table: &Table) -> bool {
    table.all_indexes().any(|index| index.without_overlaps.is_some())
}

/// The column (in lower case, by the old name) that may no longer be NULL.
fn forbids_null(change: &TableChange) -> Option<String> {
    match change {
        TableChange::ChangeColumn { from, to, .. } if from.nullable && !to.nullable => {
            Some(from.name.to_lowercase())
        }
        _ => None,
    }
}

/// Whether the server can change the type of a column while a foreign key uses it.
fn needs_no_drop(from: &Column, to: &Column, server: &Server) -> bool {
    match (&from.ty, &to.ty) {
        (
            ColumnType::Integer { size, sign, .. },
            ColumnType::Integer { size: new_size, sign: new_sign, .. },
        ) => size == new_size && sign == new_sign,
        (ColumnType::Enum { members }, ColumnType::Enum { members: new }) => {
            new.starts_with(members)
        }
        (ColumnType::Varchar { length }, ColumnType::Varchar { length: new }) => {
            // A varchar with more than 255 bytes needs two bytes for its length. When a column gets
            // there, the table has to be copied, which the foreign key prevents.
            let is_long = |length: u32, column: &Column| {
                let each = column.charset.as_deref().map_or(4, bytes_per_character);
                length.saturating_mul(each) > 255
            };
            new >= length
                && is_long(*new, to) == is_long(*length, from)
                && server.can(Capability::WidenForeignKeyColumns)
        }
        _ => false,
    }
}
