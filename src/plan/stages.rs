//! The statements that take one table to another: one ALTER TABLE, unless a server can't do all
//! of it at once.

mod earlier;
mod later;

use std::collections::HashSet;

use super::clauses::{clauses, reopening};
use super::fk_blockers::FkBlockers;
use super::partitions::{Operation, changes_partitions, must_repartition, operations};
use super::versioning::{
    must_copy, put_off_system_time_columns, put_off_versioning, touches_history, without_versioning,
};
use crate::ddl::{Clause, Statement};
use crate::diff::{Renames, TableChange, compare_tables, is_renamed, renamed_scheme};
use crate::model::{PartitionMethod, Partitioning, Table};
use crate::normalize::{adopt_spelling, normalize_bounds};
use crate::server::{Capability, Server};
use earlier::{
    with_pinned_renamed, with_values_stored, without_dropped_foreign_keys, without_engine_options,
    without_spatial_indexes, without_vector_indexes,
};
use later::{
    late_defaults, put_off_block_sizes, put_off_defaults, put_off_foreign_keys, put_off_fulltext,
};

/// One ALTER TABLE, with the table before and after it.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub(super) from: Table,
    pub(super) to: Table,
    pub(super) changes: Vec<TableChange>,
    /// What is renamed by it.
    pub(super) renames: Renames,
    /// What it does to partitions, and nothing else.
    pub(super) operation: Option<Box<Operation>>,
    /// The columns that it adds without the default, in SQL, that a later stage gives them.
    pub(super) late_defaults: Vec<(String, String)>,
}

impl Stage {
    fn new(from: Table, to: Table, renames: Renames, server: &Server) -> Option<Stage> {
        let changes = compare_tables(&from, &to, &from.name, &renames, server).changes;
        (!changes.is_empty()).then_some(Stage {
            from,
            to,
            changes,
            renames,
            operation: None,
            late_defaults: Vec::new(),
        })
    }

    /// The statement.
    pub(super) fn statement(&self, server: &Server) -> Statement {
        let mut clauses = match &self.operation {
            Some(operation) => vec![operation.clause.clone()],
            None => clauses(&self.from, &self.to, &self.changes, server),
        };
        if must_copy(&self.from, &self.changes) {
            clauses.push(Clause::Copy);
        }
        Statement::AlterTable {
            table: self.to.name.clone(),
            clauses,
            options: self.to.options.clone(),
            rewrites_history: touches_history(&self.from, &self.changes),
        }
    }

    /// What goes before the statement, so that the server takes it.
    pub(super) fn reopening(&self, server: &Server) -> Option<Statement> {
        reopening(&self.from, &self.to, &self.changes, server)
    }

    /// The stages that undo this one, while the foreign keys named in `without` are away.
    pub(super) fn reversed(
        &self,
        without: &[String],
        pinned: &HashSet<String>,
        server: &Server,
    ) -> Vec<Stage> {
        let (mut after, mut before) = (self.to.clone(), self.table_before());
        if !without.is_empty() {
            after.foreign_keys.retain(|key| !without.contains(&key.name));
            before.foreign_keys.retain(|key| !without.contains(&key.name));
        }
        stages(&after, &before, &self.renames.of_columns_reversed(), pinned, server)
    }

    /// What foreign keys stand in the way of when this stage is undone.
    pub(super) fn reverse_fk_blockers(&self, server: &Server) -> FkBlockers {
        let before = self.table_before();
        let renames = self.renames.of_columns_reversed();
        let changes = compare_tables(&self.to, &before, &self.to.name, &renames, server).changes;
        FkBlockers::of(&self.to, &before, &changes, server)
    }

    /// The table before the stage, which declares the renames that undoing it takes.
    fn table_before(&self) -> Table {
        let mut before = self.from.clone();
        for column in &mut before.columns {
            column.renamed_from = None;
        }
        for index in before.indexes.iter_mut().chain(&mut before.primary_key) {
            index.renamed_from = None;
        }
        for change in &self.changes {
            match change {
                TableChange::ChangeColumn { from, to, .. }
                    if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) =>
                {
                    let column = before.columns.iter_mut().find(|it| it.name == from.name);
                    column.into_iter().for_each(|it| it.renamed_from = Some(to.name.clone()));
                }
                TableChange::ChangeIndex { from, to, .. }
                    if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) =>
                {
                    let index = before.indexes.iter_mut().find(|it| it.name == from.name);
                    index.into_iter().for_each(|it| it.renamed_from = Some(to.name.clone()));
                }
                _ => {}
            }
        }
        before
    }
}

/// The stages from one table to another of the same name.
///
/// `pinned` are the columns, in lower case by their old names, that foreign keys use which stand
/// meanwhile. A server doesn't rename these while it copies the table.
pub(super) fn stages(
    from: &Table,
    to: &Table,
    renames: &Renames,
    pinned: &HashSet<String>,
    server: &Server,
) -> Vec<Stage> {
    let mut line = Line { at: from.clone(), stages: Vec::new(), server };
    let left = line.rename_pinned(to, renames, pinned);
    line.end_versioning(to, &left);
    let from = line.at.clone();
    let changes = compare_tables(&from, to, &from.name, &left, server).changes;
    line.clear_the_way(to, &changes);
    let (mut targets, late_defaults) = targets(&from, to, &changes, server);
    let operations = partition_operations(&from, to, &left, &changes, server);
    if let Some(first) = operations.first() {
        for target in &mut targets {
            target.partitioning = Some(Partitioning::By(first.before.clone()));
        }
    }
    for (number, target) in targets.into_iter().enumerate() {
        let renames = if number == 0 { left.clone() } else { Renames::default() };
        if let (Some(stage), 0) = (line.go(target, renames), number) {
            stage.late_defaults.clone_from(&late_defaults);
        }
    }
    for operation in operations {
        let mut target = line.at.clone();
        target.partitioning = Some(Partitioning::By(operation.after.clone()));
        if let Some(stage) = line.go(target, Renames::default()) {
            stage.operation = Some(Box::new(operation));
        }
    }
    line.stages
}

/// The stages so far, and the table that they lead to.
struct Line<'a> {
    at: Table,
    stages: Vec<Stage>,
    server: &'a Server,
}

impl Line<'_> {
    /// Goes on to another state of the table; gives the stage, where anything changes.
    fn go(&mut self, next: Table, renames: Renames) -> Option<&mut Stage> {
        let from = std::mem::replace(&mut self.at, next);
        let stage = Stage::new(from, self.at.clone(), renames, self.server)?;
        self.stages.push(stage);
        self.stages.last_mut()
    }

    /// Renames the pinned columns; gives the renames that are left.
    fn rename_pinned(
        &mut self,
        to: &Table,
        renames: &Renames,
        pinned: &HashSet<String>,
    ) -> Renames {
        let renamed = with_pinned_renamed(&self.at, to, renames, pinned, self.server);
        let Some((renamed, names)) = renamed else { return renames.clone() };
        let left = renames.clone().without(&to.name, names.keys());
        self.go(renamed, Renames::of_table(&to.name, names));
        left
    }

    /// Takes the versioning away that ends, or begins anew.
    fn end_versioning(&mut self, to: &Table, left: &Renames) {
        let unversioned = without_versioning(&self.at, to, left, self.server);
        if !unversioned.is_empty() && has_history_partitions(&self.at) {
            let bare = Table { partitioning: None, ..self.at.clone() };
            self.go(bare, Renames::default());
        }
        for mut next in unversioned {
            next.partitioning.clone_from(&self.at.partitioning);
            self.go(next, Renames::default());
        }
    }

    /// Does what must be done before the statement that makes all other changes.
    fn clear_the_way(&mut self, to: &Table, changes: &[TableChange]) {
        for earlier in [
            without_dropped_foreign_keys,
            without_spatial_indexes,
            without_vector_indexes,
            with_values_stored,
        ] {
            if let Some(next) = earlier(&self.at, changes, self.server) {
                self.go(next, Renames::default());
            }
        }
        if let Some(next) = without_engine_options(&self.at, to, self.server) {
            self.go(next, Renames::default());
        }
    }
}

/// The states that the table goes through after that, of which the last is `to`, and the columns
/// that the first of them gets without their defaults.
fn targets(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> (Vec<Table>, Vec<(String, String)>) {
    let mut targets = vec![to.clone()];
    if !server.can(Capability::SeveralFulltextAdditions) {
        put_off_fulltext(&mut targets, changes);
    }
    if !server.can(Capability::ResizeIndexBlocks) {
        put_off_block_sizes(&mut targets, changes);
    }
    if !server.can(Capability::AddColumnWithVaryingDefault) {
        put_off_defaults(&mut targets, changes, server);
    }
    let late_defaults = late_defaults(&targets, changes);
    put_off_versioning(&mut targets, from);
    put_off_system_time_columns(&mut targets, from);
    for target in targets.iter_mut().filter(|it| !it.versioned && has_history_partitions(it)) {
        target.partitioning.clone_from(&from.partitioning);
    }
    put_off_foreign_keys(&mut targets, from);
    (targets, late_defaults)
}

/// Whether a table has partitions that only one with system versioning can have.
fn has_history_partitions(table: &Table) -> bool {
    table
        .partition_scheme()
        .is_some_and(|scheme| matches!(scheme.method, PartitionMethod::SystemTime(_)))
}

/// The statements of their own that change the partitions; none where they are made anew by the
/// statement that makes all other changes.
fn partition_operations(
    from: &Table,
    to: &Table,
    renames: &Renames,
    changes: &[TableChange],
    server: &Server,
) -> Vec<Operation> {
    if !changes_partitions(changes) || must_repartition(from, to, changes, server) {
        return Vec::new();
    }
    let (Some(old), Some(new)) = (from.partition_scheme(), to.partition_scheme()) else {
        return Vec::new();
    };
    let mut old = renamed_scheme(old, &to.name, renames);
    normalize_bounds(&mut old, &to.columns);
    adopt_spelling(&mut old, new, &to.columns);
    operations(&old, new, from, to).unwrap_or_default()
}
