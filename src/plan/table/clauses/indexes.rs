//! The indexes of a statement: those that change, and those that can't stay because of other
//! changes.

use std::collections::HashSet;

use crate::ddl::Clause;
use crate::diff::TableChange;
use crate::model::{ColumnType, Index, IndexAspect, IndexKind, IndexPart, KeyPart, TypeClass};
use crate::plan::references_columns::index_references_columns;
use crate::plan::table::clauses::renamed::has_expression_on;
use crate::plan::table::clauses::{ClauseBuilder, Part};
use crate::server::Fault;

impl ClauseBuilder<'_> {
    pub(in crate::plan) fn indexes(&mut self) {
        let mut changed: Vec<String> = Vec::new();
        for change in self.changes {
            match change {
                TableChange::AddIndex(index) => {
                    self.push(Part::AddIndexes, Clause::AddIndex(index.clone()));
                }
                TableChange::DropIndex(index) => self.drop_index(index),
                TableChange::ChangeIndex { from, to, aspects } => {
                    changed.push(to.name.to_lowercase());
                    self.change_index(from, to, aspects);
                }
                _ => {}
            }
        }
        let dropped_period = self.changes.iter().find_map(|change| match change {
            TableChange::DropPeriod(period) if !period.is_system_time() => Some(&period.name),
            _ => None,
        });
        let cut = self.columns_cut_in_indexes();
        let blocks = self.keeps_old_blocks();
        if self.rebuilt.is_empty()
            && !blocks
            && cut.is_empty()
            && self.readers.is_empty()
            && dropped_period.is_none()
        {
            return;
        }
        let to = self.to;
        for index in to.all_indexes() {
            let stays = self.from.index(&index.name).is_some()
                && !changed.contains(&index.name.to_lowercase());
            let on_period =
                dropped_period.is_some() && index.without_overlaps.as_ref() == dropped_period;
            let is_cut = index.column_names().any(|name| cut.contains(&name.to_lowercase()))
                || has_expression_on(index, &self.readers)
                || blocks && index.key_block_size.is_none();
            if stays && (on_period || is_cut || index_references_columns(index, &self.rebuilt)) {
                self.drop_index(index);
                self.push(Part::AddIndexes, Clause::AddIndex(index.clone()));
            }
        }
    }

    /// Whether the table has a KEY_BLOCK_SIZE that the old engine may have ignored, and that its
    /// indexes would take with them to an engine that uses it.
    fn keeps_old_blocks(&self) -> bool {
        let (from, to) = (&self.from.options, &self.to.options);
        from.engine != to.engine && from.other.contains_key("KEY_BLOCK_SIZE")
    }

    /// The columns (in lower case, by their new names) of which an index would hold only the first
    /// byte: SET columns that become texts.
    fn columns_cut_in_indexes(&self) -> HashSet<String> {
        if !self.server.has(Fault::SetLengthStaysInIndex) {
            return HashSet::new();
        }
        let is_cut = |change: &TableChange| match change {
            TableChange::ChangeColumn { from, to, .. } => {
                let was_set = matches!(from.ty, ColumnType::Set { .. });
                (was_set && is_text(&to.ty)).then(|| to.name.to_lowercase())
            }
            _ => None,
        };
        self.changes.iter().filter_map(is_cut).collect()
    }

    fn drop_index(&mut self, index: &Index) {
        let clause = match index.kind {
            IndexKind::Primary => Clause::DropPrimaryKey,
            _ => Clause::DropIndex(index.name.clone()),
        };
        self.push(Part::DropIndexes, clause);
    }

    fn change_index(&mut self, from: &Index, to: &Index, aspects: &[IndexAspect]) {
        let rebuilt = index_references_columns(to, &self.rebuilt) || self.keeps_old_blocks();
        if aspects == [IndexAspect::Name] && !rebuilt {
            let (from, to) = (from.name.clone(), to.name.clone());
            self.push(Part::RenameIndexes, Clause::RenameIndex { from, to });
        } else if aspects == [IndexAspect::Invisible] && !rebuilt && !self.counts_as_primary(from) {
            let (name, invisible) = (from.name.clone(), to.invisible);
            self.push(Part::AddIndexes, Clause::ShowIndex { name, invisible });
        } else {
            self.drop_index(from);
            self.push(Part::AddIndexes, Clause::AddIndex(to.clone()));
        }
    }

    /// Whether a server takes a unique index for the primary key, because the table has none. It
    /// doesn't make such an index invisible, even if the same statement adds a primary key.
    fn counts_as_primary(&self, index: &Index) -> bool {
        let may_not_be_null = |part: &IndexPart| match &part.key {
            KeyPart::Column { name, prefix_length: None } => {
                self.from.column(name).is_some_and(|column| !column.nullable)
            }
            _ => false,
        };
        self.from.primary_key.is_none()
            && index.is_unique()
            && index.parts.iter().all(may_not_be_null)
    }
}

/// Whether an index can hold a prefix of the type's values.
fn is_text(ty: &ColumnType) -> bool {
    let is_list = matches!(ty, ColumnType::Enum { .. } | ColumnType::Set { .. });
    matches!(ty.class(), TypeClass::Character | TypeClass::Binary) && !is_list
}
