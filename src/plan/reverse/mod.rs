//! The statements that undo a step.

mod changes;

use indexmap::IndexMap;

use crate::ddl::{Clause, Statement};
use crate::model::{ForeignKey, TableOptions};
use crate::plan::Risk;
use crate::plan::foreign_keys::active::ActiveForeignKeys;
use crate::plan::foreign_keys::blockers::FkBlockers;
use crate::plan::foreign_keys::temporarily_dropped::{TemporarilyDropped, TemporarilyDroppedKeys};
use crate::plan::risk::risks;
use crate::plan::table::{AlteredTable, Stage, stages};
use crate::server::Server;
use changes::reversed;

/// The statements that undo a step, in order, and the risks for the rows.
pub(super) struct ReverseStatements {
    pub(super) statements: Vec<Statement>,
    pub(super) risks: Vec<Risk>,
}

/// The statements that undo a stage. A foreign key that allows a change may not allow its reverse.
/// In that case the key is dropped before and added again after it.
pub(super) fn reverse(
    stage: &Stage,
    active_keys: &ActiveForeignKeys,
    temporarily_dropped: &TemporarilyDroppedKeys,
    server: &Server,
) -> ReverseStatements {
    let name = &stage.to.name;
    let AlteredTable { from, to, changes } = reversed(stage, &[], server);
    let fk_blockers = FkBlockers::of(&from, &to, &changes, server);
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
    for (table, key) in active_keys.referring_to(name) {
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
    let pinned = active_keys.pinned(&stage.to, &stage.from, &stage.renames);
    let span = match own.is_empty() {
        true => AlteredTable { from, to, changes },
        false => reversed(stage, &own, server),
    };
    let columns = stage.renames.of_columns_reversed();
    let middle = stages(span, &columns, &pinned, server);
    let is_temporarily_dropped = |key: &str| match own.iter().any(|own| own == key) {
        true => Some(TemporarilyDropped::Unchanged),
        false => match temporarily_dropped.get(&(name.clone(), key.to_lowercase())) {
            Some(changed @ TemporarilyDropped::Changed { .. }) => Some(changed.reversed()),
            _ => None,
        },
    };
    let risks = middle.iter().flat_map(|stage| risks(stage, &is_temporarily_dropped, server));
    let risks = risks.filter(|risk| risk.kind.concerns_rows()).collect();
    let middle = middle
        .iter()
        .flat_map(|stage| stage.reopening(server).into_iter().chain([stage.statement(server)]));
    let drops = drops.into_iter().map(alter);
    let statements = drops.chain(middle).chain(adds.into_iter().map(alter)).collect();
    ReverseStatements { statements, risks }
}
