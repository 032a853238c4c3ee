//! Implicit indexes that a statement must not lose.

use crate::ddl::Clause;
use crate::implicit_index::{implicit_indexes, serves};
use crate::model::{Index, IndexKind, KeyPart, Table, same_name};
use crate::plan::table::alteration::begins_a_fulltext_index;
use crate::plan::table::clauses::{ClauseBuilder, Part};
use crate::server::Fault;

impl ClauseBuilder<'_> {
    /// The server silently drops an implicit index if another index is added that serves the
    /// foreign key, or that the server takes for one that does. If the implicit index is renamed to
    /// its own name, it stays.
    pub(in crate::plan) fn keep_implied_indexes(&mut self) {
        if self.parts.iter().all(Vec::is_empty) {
            return;
        }
        let added = self.added_keys();
        let fulltext_comes = self.parts.iter().flatten().any(
            |clause| matches!(clause, Clause::AddIndex(index) if index.kind == IndexKind::Fulltext),
        );
        // Whether a full-text index on the key's columns makes the server drop the implicit index.
        let pushes_out = fulltext_comes || self.server.has(Fault::FulltextIndexServesForeignKey);
        let (from, to) = (self.from, self.to);
        let mut kept: Vec<&str> = Vec::new();
        for index in from.indexes.iter().filter(|index| index.kind == IndexKind::Plain) {
            let Some(after) = to.index(&index.name) else { continue };
            let comes = added.iter().any(|(name, columns)| {
                !same_name(name, &index.name)
                    && columns.len() >= after.parts.len()
                    && serves(after, &columns[..after.parts.len()])
            });
            let columns: Vec<String> = after.column_names().map(str::to_owned).collect();
            let shorter_twins = begins_a_fulltext_index(&columns, to) && pushes_out;
            let may_be_implied = may_be_implied(index, from) || may_be_implied(after, to);
            if (comes || shorter_twins) && may_be_implied && !self.touches(&index.name) {
                kept.push(&index.name);
            }
        }
        let unlisted = match pushes_out {
            true => implicit_indexes(from, self.server),
            false => Vec::new(),
        };
        let is_shorter_twin = |index: &Index| {
            let mut served = from.foreign_keys.iter().filter(|key| serves(index, &key.columns));
            served.any(|key| {
                let stays = to.foreign_key(&key.name);
                stays.is_some_and(|stays| begins_a_fulltext_index(&stays.columns, to))
            })
        };
        let shorter_twins =
            unlisted.iter().filter(|index| is_shorter_twin(index) && !self.touches(&index.name));
        kept.extend(shorter_twins.map(|index| index.name.as_str()));
        for name in kept {
            let (from, to) = (name.to_owned(), name.to_owned());
            self.push(Part::RenameIndexes, Clause::RenameIndex { from, to });
        }
    }

    /// The indexes and foreign keys that the statement adds, with the columns that each begins
    /// with.
    fn added_keys(&self) -> Vec<(String, Vec<String>)> {
        let leading = |index: &Index| {
            let columns = index.parts.iter().map_while(|part| match &part.key {
                KeyPart::Column { name, prefix_length: None } => Some(name.clone()),
                _ => None,
            });
            columns.collect()
        };
        let clauses = self.parts.iter().flatten();
        clauses
            .filter_map(|clause| match clause {
                Clause::AddForeignKey(key) => Some((key.name.clone(), key.columns.clone())),
                Clause::AddIndex(index) => Some((index.name.clone(), leading(index))),
                _ => None,
            })
            .collect()
    }

    /// Whether the statement already does something to an index.
    fn touches(&self, name: &str) -> bool {
        self.parts.iter().flatten().any(|clause| match clause {
            Clause::DropIndex(index) => same_name(index, name),
            Clause::RenameIndex { from, to } => same_name(from, name) || same_name(to, name),
            Clause::AddIndex(index) => same_name(&index.name, name),
            _ => false,
        })
    }
}

/// Whether the index may be an implicit one of a foreign key. It has the key's columns, and its
/// name is that of the key, that of its first column, or the one that was given for it.
fn may_be_implied(index: &Index, table: &Table) -> bool {
    table.foreign_keys.iter().any(|key| {
        let first = key.columns.first();
        let named = same_name(&index.name, &key.name)
            || same_name(&index.name, key.implicit_index_name())
            || first.is_some_and(|first| same_name(first, &index.name));
        named && index.parts.len() == key.columns.len() && serves(index, &key.columns)
    })
}
