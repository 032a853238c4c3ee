//! The statements that turn one table into another: one ALTER TABLE, unless a server can't do all
//! of it at once.

pub(super) mod alteration;
mod changes;
pub(super) mod clauses;
pub(super) mod convertible;
mod earlier;
mod later;
pub(super) mod rebuilt;
pub(super) mod versioning;

use std::collections::HashSet;

use crate::ddl::{Clause, Statement};
use crate::diff::TableChange;
use crate::model::{Partitioning, Table};
use crate::normalize::{adopt_spelling, normalize_bounds};
use crate::plan::partitions::{
    Operation, changes_partitions, is_of_partitions, must_repartition, operations,
};
use crate::plan::table::clauses::{clauses, reopening};
use crate::plan::table::versioning::{must_copy, touches_history};
use crate::renames::Renames;
use crate::server::{Capability, Fault, Server};
pub(super) use changes::{between, copies, is_remade, renames_only, sort};

/// A table before and after some changes.
#[derive(Debug, Clone)]
pub(in crate::plan) struct AlteredTable {
    pub(in crate::plan) from: Table,
    pub(in crate::plan) to: Table,
    /// The changes, in the order of [`sort`].
    pub(in crate::plan) changes: Vec<TableChange>,
}

/// One ALTER TABLE, with the table before and after it.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Stage {
    pub(in crate::plan) from: Table,
    pub(in crate::plan) to: Table,
    pub(in crate::plan) changes: Vec<TableChange>,
    /// The renames that it makes.
    pub(in crate::plan) renames: Renames,
    /// What it does to partitions, if it does nothing else.
    pub(in crate::plan) operation: Option<Box<Operation>>,
    /// The columns that it adds without their default, which a later stage sets, and that default
    /// in SQL.
    pub(in crate::plan) late_defaults: Vec<(String, String)>,
}

impl Stage {
    /// The statement.
    pub(in crate::plan) fn statement(&self, server: &Server) -> Statement {
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

    /// A statement that must run first, so that the server accepts this one.
    pub(in crate::plan) fn reopening(&self, server: &Server) -> Option<Statement> {
        reopening(&self.from, &self.to, &self.changes, server)
    }
}

/// The stages that turn one table into another of the same name.
///
/// `pinned` has the columns, in lower case, that periods use, and foreign keys that exist
/// meanwhile. A server doesn't rename these while it copies the table.
pub(in crate::plan) fn stages(
    span: AlteredTable,
    renames: &Renames,
    pinned: &HashSet<String>,
    server: &Server,
) -> Vec<Stage> {
    let AlteredTable { from, to, changes } = span;
    let mut line = Line { at: from, goal: &to, left: changes, stages: Vec::new(), server };
    let left = line.rename_pinned(renames, pinned);
    line.end_versioning();
    let start = line.at.clone();
    let operations = partition_operations(&start, &to, &left, &line.left, server);
    line.clear_the_way();
    let defaults = later::varying_defaults(&line.left);
    let mut legs = line.legs(&start);
    if let Some(first) = operations.first() {
        for leg in &mut legs {
            leg.to.partitioning = Some(Partitioning::By(first.before.clone()));
            leg.changes.retain(|change| !is_of_partitions(change));
        }
    }
    for (number, leg) in legs.into_iter().enumerate() {
        let renames = if number == 0 { left.clone() } else { Renames::default() };
        if let (Some(stage), 0) = (line.go(leg.to, leg.changes, renames), number) {
            stage.late_defaults = later::put_off(&defaults, &stage.to);
        }
    }
    let changes: Vec<TableChange> = std::mem::take(&mut line.left);
    for operation in operations {
        let mut target = line.at.clone();
        target.partitioning = Some(Partitioning::By(operation.after.clone()));
        let changes = operation.changes(&changes);
        if let Some(stage) = line.go(target, changes, Renames::default()) {
            stage.operation = Some(Box::new(operation));
        }
    }
    line.stages
}

/// Some changes, and the table after them.
struct Leg {
    to: Table,
    changes: Vec<TableChange>,
}

/// The stages so far, the table that they lead to, and the changes that are left.
struct Line<'a> {
    at: Table,
    goal: &'a Table,
    left: Vec<TableChange>,
    stages: Vec<Stage>,
    server: &'a Server,
}

impl Line<'_> {
    /// Goes on to the next state of the table. Returns the new stage, or `None` if nothing changes.
    fn go(
        &mut self,
        next: Table,
        changes: Vec<TableChange>,
        renames: Renames,
    ) -> Option<&mut Stage> {
        let from = std::mem::replace(&mut self.at, next);
        if changes.is_empty() {
            return None;
        }
        let to = self.at.clone();
        let (operation, late_defaults) = (None, Vec::new());
        self.stages.push(Stage { from, to, changes, renames, operation, late_defaults });
        self.stages.last_mut()
    }

    /// Renames the pinned columns. Returns the renames that are left.
    fn rename_pinned(&mut self, renames: &Renames, pinned: &HashSet<String>) -> Renames {
        if renames.is_empty() || pinned.is_empty() {
            return renames.clone();
        }
        let names = earlier::pinned_names(&self.at, &self.left, pinned);
        if names.is_empty() {
            return renames.clone();
        }
        let table = self.goal.name.clone();
        let left = renames.clone().without(&table, names.keys());
        let now = earlier::rename_columns(&mut self.left, &names);
        let renamed = earlier::with_columns_renamed(&self.at, &names);
        self.go(renamed, now, Renames::of_table(&table, names));
        left
    }

    /// Removes the versioning, if it ends or must begin anew.
    fn end_versioning(&mut self) {
        let ends = versioning::end_of_versioning(&self.at, self.goal, &mut self.left, self.server);
        for leg in ends {
            self.go(leg.to, leg.changes, Renames::default());
        }
    }

    /// Does what must be done before the statement that makes all other changes.
    fn clear_the_way(&mut self) {
        for earlier in [
            earlier::drop_foreign_keys,
            earlier::drop_spatial_indexes,
            earlier::drop_vector_indexes,
            earlier::store_values,
            earlier::unset_engine_options,
        ] {
            if let Some(leg) = earlier(&self.at, self.goal, &mut self.left, self.server) {
                self.go(leg.to, leg.changes, Renames::default());
            }
        }
    }

    /// The legs of the table after that. The last of them leads to the goal. `start` is the table
    /// before `clear_the_way`.
    fn legs(&self, start: &Table) -> Vec<Leg> {
        let mut legs = vec![Leg { to: self.goal.clone(), changes: self.left.clone() }];
        if !self.server.can(Capability::SeveralFulltextAdditions) {
            later::put_off_fulltext(&mut legs);
        }
        if self.server.has(Fault::BlockSizeOfIndexStays) {
            later::put_off_block_sizes(&mut legs);
        }
        if !self.server.can(Capability::AddColumnWithVaryingDefault) {
            later::put_off_defaults(&mut legs, self.server);
        }
        later::put_off_versioning(&mut legs, start);
        later::put_off_system_time_columns(&mut legs, start);
        later::put_off_history_partitions(&mut legs, start);
        later::put_off_foreign_keys(&mut legs, start);
        legs
    }
}

/// The statements that change only partitions. There are none if the statement that makes all other
/// changes partitions the table anew.
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
    let mut old = renames.scheme(old, &to.name);
    normalize_bounds(&mut old, &to.columns);
    adopt_spelling(&mut old, new, &to.columns);
    operations(&old, new, from, to).unwrap_or_default()
}
