//! The steps between two states of a table, each with the statements that undo it.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Risk;
use super::build::PlanBuilder;
use super::fk_blockers::FkBlockers;
use super::risk::risks;
use super::stages::{Span, Stage, reversed, stages};
use super::step;
use super::temporarily_dropped::TemporarilyDropped;
use crate::ddl::{Clause, Statement};
use crate::diff::Renames;
use crate::model::{ForeignKey, Table, TableOptions};

/// The statements that undo a step, in order, and what they may do to the rows.
pub(super) struct ReverseStatements {
    pub(super) statements: Vec<Statement>,
    pub(super) risks: Vec<Risk>,
}

impl PlanBuilder<'_> {
    /// The steps from one table to another of the same name.
    pub(super) fn stages(&mut self, span: Span, renames: &Renames) {
        let pinned = self.pinned(&span.from, &span.to, renames);
        for stage in stages(span, renames, &pinned, self.server) {
            let reverse = self.reverse(&stage);
            let mut step =
                step::alter_table(&stage, reverse, &self.temporarily_dropped, self.server);
            step.risks.extend(self.dependents.of_stage(&stage));
            self.steps.push(step);
            self.active_keys.follow(&stage.to, &self.columns_back);
            self.active_keys.rename(&stage.to.name, &stage.renames);
        }
    }

    /// The columns of a table, in lower case, that periods and foreign keys use which stand before
    /// and after, and what these are about to be called. Asked for only where any column is renamed.
    fn pinned(&self, table: &Table, after: &Table, renames: &Renames) -> HashSet<String> {
        if renames.is_empty() {
            return HashSet::new();
        }
        let stays = |key: &&ForeignKey| after.foreign_key(&key.name).is_some();
        let own = table.foreign_keys.iter().filter(stays).map(|key| (&table.name, key));
        let others = self.active_keys.referring_to(&table.name);
        let others = others.iter().map(|(name, key)| (name, key));
        let mut pinned = HashSet::new();
        for (name, key) in own.chain(others) {
            for key in [key.clone(), renames.apply(key, name)] {
                if *name == table.name {
                    pinned.extend(key.columns.iter().map(|column| column.to_lowercase()));
                }
                if key.referenced_table == table.name {
                    let columns = key.referenced_columns.iter();
                    pinned.extend(columns.map(|column| column.to_lowercase()));
                }
            }
        }
        for period in &table.periods {
            for column in [&period.start, &period.end] {
                pinned.insert(column.to_lowercase());
                pinned.insert(renames.new_column(&table.name, column).to_lowercase());
            }
        }
        let called = |column: &str| renames.new_column(&table.name, column).to_lowercase();
        let old = table.columns.iter().filter(|column| pinned.contains(&called(&column.name)));
        let old: Vec<String> = old.map(|column| column.name.to_lowercase()).collect();
        pinned.extend(old);
        pinned
    }

    /// The statements that undo a stage. A foreign key that lets a change pass may not let it
    /// pass back: it goes and comes back then.
    fn reverse(&self, stage: &Stage) -> ReverseStatements {
        let name = &stage.to.name;
        let Span { from, to, changes } = reversed(stage, &[], self.server);
        let fk_blockers = FkBlockers::of(&from, &to, &changes, self.server);
        let mut drops: IndexMap<String, Vec<Clause>> = IndexMap::new();
        let mut adds: IndexMap<String, Vec<Clause>> = IndexMap::new();
        let mut pass = |table: &str, key: &ForeignKey| {
            let drop = Clause::DropForeignKey(key.name.clone());
            drops.entry(table.to_owned()).or_default().push(drop);
            let add = Clause::AddForeignKey(key.clone());
            adds.entry(table.to_owned()).or_default().push(add);
        };
        let mut own: Vec<String> = Vec::new();
        for key in &stage.from.foreign_keys {
            let now = stage.renames.apply(key, name);
            let refers = now.referenced_schema.is_none() && now.referenced_table == *name;
            let blocked = fk_blockers.block(&now.columns)
                || refers && fk_blockers.block_referenced(&now.referenced_columns);
            if blocked && stage.to.foreign_key(&key.name).is_some() {
                pass(name, key);
                own.push(key.name.clone());
            }
        }
        for (table, key) in self.active_keys.referring_to(name) {
            let now = stage.renames.apply(&key, &table);
            if fk_blockers.block_referenced(&now.referenced_columns) {
                pass(&table, &key);
            }
        }
        let alter = |(table, clauses)| Statement::AlterTable {
            table,
            clauses,
            options: TableOptions::default(),
            rewrites_history: false,
        };
        let pinned = self.pinned(&stage.to, &stage.from, &stage.renames);
        let span = match own.is_empty() {
            true => Span { from, to, changes },
            false => reversed(stage, &own, self.server),
        };
        let columns = stage.renames.of_columns_reversed();
        let middle = stages(span, &columns, &pinned, self.server);
        let is_temporarily_dropped = |key: &str| match own.iter().any(|own| own == key) {
            true => Some(TemporarilyDropped::Unchanged),
            false => match self.temporarily_dropped.get(&(name.clone(), key.to_lowercase())) {
                Some(changed @ TemporarilyDropped::Changed { .. }) => Some(changed.reversed()),
                _ => None,
            },
        };
        let risks =
            middle.iter().flat_map(|stage| risks(stage, &is_temporarily_dropped, self.server));
        let risks = risks.filter(|risk| risk.kind.concerns_rows()).collect();
        let middle = middle.iter().flat_map(|stage| {
            stage.reopening(self.server).into_iter().chain([stage.statement(self.server)])
        });
        let drops = drops.into_iter().map(alter);
        let statements = drops.chain(middle).chain(adds.into_iter().map(alter)).collect();
        ReverseStatements { statements, risks }
    }
}
