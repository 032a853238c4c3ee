//! The clauses of one ALTER TABLE. They are made from two tables and their changes, in an order
//! that the servers accept.

mod checks;
mod indexes;
mod kept_indexes;
mod renamed;

use std::collections::{HashMap, HashSet};

pub(in crate::plan) use renamed::reopening;
use renamed::virtual_readers;

use crate::ddl::{Clause, ColumnPosition};
use crate::diff::{OptionChange, TableChange};
use crate::model::{CheckAspect, Column, ColumnAspect, Partitioning, Table};
use crate::plan::partitions::{changes_partitions, must_repartition};
use crate::plan::table::rebuilt::{has_own_check, rebuilt_columns};
use crate::server::{Capability, Server};

/// The clauses of the one statement that turns a table into another.
pub(in crate::plan) fn clauses(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Vec<Clause> {
    let rebuilt = rebuilt_columns(from, to, changes, server);
    let readers = virtual_readers(to, changes, server);
    let mut builder =
        ClauseBuilder { from, to, changes, server, rebuilt, readers, parts: Default::default() };
    builder.constraints();
    builder.indexes();
    builder.columns();
    builder.periods();
    builder.options();
    builder.partitioning();
    builder.keep_implied_indexes();
    builder.parts.into_iter().flatten().collect()
}

/// The kinds of clauses, in the order in which they are written in the statement.
#[derive(Clone, Copy)]
enum Part {
    DropForeignKeys,
    DropChecks,
    DropIndexes,
    RenameIndexes,
    DropPeriods,
    DropColumns,
    Columns,
    AddPeriods,
    AddIndexes,
    AddChecks,
    AddForeignKeys,
    Options,
    Partitioning,
}

struct ClauseBuilder<'a> {
    from: &'a Table,
    to: &'a Table,
    changes: &'a [TableChange],
    server: &'a Server,
    rebuilt: HashSet<String>,
    readers: HashSet<String>,
    parts: [Vec<Clause>; 13],
}

impl ClauseBuilder<'_> {
    fn push(&mut self, part: Part, clause: Clause) {
        self.parts[part as usize].push(clause);
    }

    fn constraints(&mut self) {
        let mut changed: Vec<String> = Vec::new();
        for change in self.changes {
            match change {
                TableChange::AddForeignKey(key) => {
                    self.push(Part::AddForeignKeys, Clause::AddForeignKey(key.clone()));
                }
                TableChange::DropForeignKey(key) => {
                    self.push(Part::DropForeignKeys, Clause::DropForeignKey(key.name.clone()));
                }
                TableChange::ChangeForeignKey { from, to, .. } => {
                    self.push(Part::DropForeignKeys, Clause::DropForeignKey(from.name.clone()));
                    self.push(Part::AddForeignKeys, Clause::AddForeignKey(to.clone()));
                }
                TableChange::AddCheck(check) => {
                    self.push(Part::AddChecks, Clause::AddCheck(check.clone()));
                }
                TableChange::DropCheck(check) => {
                    self.push(Part::DropChecks, Clause::DropCheck(check.name.clone()));
                }
                TableChange::ChangeCheck { from, to, aspects } => {
                    changed.push(to.name.to_lowercase());
                    let only_enforced = *aspects == [CheckAspect::Enforced];
                    if only_enforced && self.server.can(Capability::UnenforcedChecks) {
                        let (name, enforced) = (from.name.clone(), to.enforced);
                        self.push(Part::AddChecks, Clause::EnforceCheck { name, enforced });
                    } else {
                        self.push(Part::DropChecks, Clause::DropCheck(from.name.clone()));
                        self.push(Part::AddChecks, Clause::AddCheck(to.clone()));
                    }
                }
                _ => {}
            }
        }
        self.checks_in_the_way(&changed);
    }

    fn columns(&mut self) {
        let changes = self.changes;
        let mut by_name: HashMap<&str, &TableChange> = HashMap::new();
        for change in changes {
            match change {
                TableChange::AddColumn(column) => {
                    by_name.insert(&column.name, change);
                }
                TableChange::ChangeColumn { from, to, .. } => {
                    by_name.insert(&to.name, change);
                    if self.rebuilt.contains(&to.name.to_lowercase()) {
                        self.push(Part::DropColumns, Clause::DropColumn(from.name.clone()));
                    }
                }
                TableChange::DropColumn(column) => {
                    self.push(Part::DropColumns, Clause::DropColumn(column.name.clone()));
                }
                _ => {}
            }
        }
        let to = self.to;
        let stays: Vec<bool> = to
            .columns
            .iter()
            .map(|column| {
                let moved = match by_name.get(column.name.as_str()) {
                    Some(TableChange::ChangeColumn { aspects, .. }) => {
                        aspects.contains(&ColumnAspect::Place)
                    }
                    change => change.is_some(),
                };
                !moved && !self.rebuilt.contains(&column.name.to_lowercase())
            })
            .collect();
        let last_that_stays = stays.iter().rposition(|stays| *stays);
        for (place, column) in to.columns.iter().enumerate() {
            let at_end = last_that_stays.is_none_or(|last| last < place)
                && (column.is_system_time() || !self.names_system_time_columns(place));
            let after = match place.checked_sub(1) {
                None => ColumnPosition::First,
                Some(previous) => ColumnPosition::After(to.columns[previous].name.clone()),
            };
            let change = by_name.get(column.name.as_str()).copied();
            self.column(column, change, after, at_end);
        }
        self.generated_behind();
    }

    /// Whether ROW START or ROW END columns after a place get names. The table already has these
    /// columns at its end, so another column comes before them only if its place is written.
    fn names_system_time_columns(&self, place: usize) -> bool {
        let is_new =
            |column: &Column| column.is_system_time() && self.from.column(&column.name).is_none();
        self.from.versioned && self.to.columns.iter().skip(place).any(is_new)
    }

    fn column(
        &mut self,
        column: &Column,
        change: Option<&TableChange>,
        after: ColumnPosition,
        at_end: bool,
    ) {
        let rebuilt = self.rebuilt.contains(&column.name.to_lowercase());
        if rebuilt && change.is_none() {
            self.push(Part::DropColumns, Clause::DropColumn(column.name.clone()));
        }
        if rebuilt || matches!(change, Some(TableChange::AddColumn(_))) {
            let place = (!at_end).then_some(after);
            let column = Box::new(column.clone());
            self.push(Part::Columns, Clause::AddColumn { column, place });
        } else if let Some(TableChange::ChangeColumn { from, aspects, .. }) = change {
            if *aspects == [ColumnAspect::Name] && self.may_rename(column) {
                let (from, to) = (from.name.clone(), column.name.clone());
                self.push(Part::Columns, Clause::RenameColumn { from, to });
            } else {
                let clause = Clause::ChangeColumn {
                    old_name: from.name.clone(),
                    column: Box::new(column.clone()),
                    place: aspects.contains(&ColumnAspect::Place).then_some(after),
                };
                self.push(Part::Columns, clause);
            }
        }
    }

    /// Whether RENAME COLUMN is right for a column. A CHECK that belongs to the column itself would
    /// keep the old name of the column (found by trial).
    fn may_rename(&self, column: &Column) -> bool {
        !(has_own_check(column) && self.server.can(Capability::ColumnChecks))
    }

    fn periods(&mut self) {
        for change in self.changes {
            match change {
                TableChange::AddPeriod(period) => {
                    self.push(Part::AddPeriods, Clause::AddPeriod(period.clone()));
                }
                TableChange::DropPeriod(period) => {
                    self.push(Part::DropPeriods, Clause::DropPeriod(period.clone()));
                }
                _ => {}
            }
        }
    }

    fn options(&mut self) {
        let to = &self.to.options;
        let mut collation_done = false;
        for change in self.changes {
            let TableChange::ChangeOption(change) = change else { continue };
            let clauses = match change {
                OptionChange::Engine { .. } => self.engine(),
                OptionChange::Charset { .. } | OptionChange::Collation { .. } => {
                    let is_done = std::mem::replace(&mut collation_done, true);
                    // No clause says that a table takes over its database's character set.
                    if is_done || to.collation.is_none() {
                        continue;
                    }
                    let (charset, collation) = (to.charset.clone(), to.collation.clone());
                    vec![Clause::DefaultCollation { charset, collation }]
                }
                OptionChange::SystemVersioning { to, .. } => vec![Clause::SetVersioned(*to)],
                OptionChange::RowFormat { to, .. } => vec![Clause::RowFormat(to.clone())],
                OptionChange::Comment { to, .. } => vec![Clause::Comment(to.clone())],
                OptionChange::Other { name, to, .. } => {
                    vec![Clause::Option { name: name.clone(), value: to.clone() }]
                }
            };
            self.parts[Part::Options as usize].extend(clauses);
        }
    }

    /// Adds the clause that partitions the table anew or removes its partitions. The other
    /// changes are made by the same statement.
    fn partitioning(&mut self) {
        if !changes_partitions(self.changes)
            && !must_repartition(self.from, self.to, self.changes, self.server)
        {
            return;
        }
        let clause = match &self.to.partitioning {
            Some(Partitioning::By(scheme)) => Clause::PartitionBy(Box::new(scheme.clone())),
            Some(Partitioning::Keep) => return,
            None => Clause::RemovePartitioning,
        };
        self.push(Part::Partitioning, clause);
    }

    /// The clauses for a new engine. InnoDB's own row format counts as unset even if it was
    /// written, and another engine would take over what was written, so it is unset.
    fn engine(&self) -> Vec<Clause> {
        let (from, to) = (&self.from.options, &self.to.options);
        let mut clauses: Vec<Clause> = to.engine.clone().map(Clause::Engine).into_iter().collect();
        let is_unsaid = from.row_format.is_none() && to.row_format.is_none();
        if from.engine.as_deref() == Some("InnoDB") && is_unsaid {
            clauses.push(Clause::RowFormat(None));
        }
        clauses
    }
}
