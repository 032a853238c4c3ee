//! CHECKs that stay, but have to be dropped and added again within a statement.

use std::collections::HashSet;

use crate::ddl::Clause;
use crate::diff::TableChange;
use crate::model::Check;
use crate::plan::references_columns::references_columns;
use crate::plan::table::clauses::{ClauseBuilder, Part};
use crate::server::Fault;

impl ClauseBuilder<'_> {
    /// Drops and adds the CHECKs that stay, but read a column that is dropped. That may be a column
    /// that is dropped and added again and, for some servers, a column that the CHECK reads through
    /// a generated one. `changed` has the names, in lower case, of the CHECKs that are changed
    /// anyway.
    pub(in crate::plan) fn checks_in_the_way(&mut self, changed: &[String]) {
        let behind = self.columns_behind_others();
        let (from, to) = (self.from, self.to);
        for check in &to.checks {
            let Some(old) = from.check(&check.name) else { continue };
            let is_in_the_way = references_columns(&check.expression, &self.rebuilt)
                || references_columns(&old.expression, &behind);
            if is_in_the_way && !changed.contains(&check.name.to_lowercase()) {
                self.renew(check);
            }
        }
    }

    fn renew(&mut self, check: &Check) {
        self.push(Part::DropChecks, Clause::DropCheck(check.name.clone()));
        self.push(Part::AddChecks, Clause::AddCheck(check.clone()));
    }

    /// The generated columns of the old table (in lower case) that are computed from a dropped
    /// column, directly or through one another. A server may follow them to find what a CHECK
    /// reads.
    fn columns_behind_others(&self) -> HashSet<String> {
        if !self.server.has(Fault::DroppedColumnBehindCheck) {
            return HashSet::new();
        }
        let dropped = self.changes.iter().filter_map(|change| match change {
            TableChange::DropColumn(column) => Some(column.name.to_lowercase()),
            _ => None,
        });
        let mut gone: HashSet<String> = dropped.chain(self.rebuilt.iter().cloned()).collect();
        let mut behind = HashSet::new();
        loop {
            let reads_gone = self.from.columns.iter().filter(|column| {
                let generated = column.generated.as_ref();
                generated.is_some_and(|generated| references_columns(&generated.expression, &gone))
            });
            let names: Vec<String> = reads_gone.map(|column| column.name.to_lowercase()).collect();
            let known = behind.len();
            behind.extend(names.iter().cloned());
            gone.extend(names);
            if behind.len() == known {
                return behind;
            }
        }
    }
}
