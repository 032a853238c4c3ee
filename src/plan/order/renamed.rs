//! Tables and their changes as they are once tables have been renamed.

use super::PlanBuilder;
use crate::diff::TableChange;
use crate::model::{Check, CheckAspect, Table, same_name};
use crate::plan::table::sort;
use crate::renames::{check_number, renamed_table};
use crate::server::Capability;

impl PlanBuilder<'_> {
    /// The table as it is once tables have been renamed.
    pub(super) fn as_renamed(&self, table: &Table, name: &str) -> Table {
        let mut renamed = renamed_table(table, name);
        for (key, old) in renamed.foreign_keys.iter_mut().zip(&table.foreign_keys) {
            if key.referenced_schema.is_none() {
                key.referenced_table = self.renames.new_table(&old.referenced_table).to_owned();
            }
        }
        for check in &mut renamed.checks {
            self.rename_check(check, &table.name, name);
        }
        renamed
    }

    /// The server renames its own names of CHECKs with the table.
    fn rename_check(&self, check: &mut Check, old: &str, new: &str) {
        if old == new || !self.server.can(Capability::SchemaWideCheckNames) {
            return;
        }
        let number = check.name.strip_prefix(old).and_then(|rest| rest.strip_prefix("_chk_"));
        if let Some(number) = number {
            check.name = format!("{new}_chk_{number}");
        }
    }

    /// The changes of a table, of which what goes is named as it is once tables have been renamed:
    /// `before` is `table` then.
    pub(super) fn as_renamed_in(
        &self,
        changes: &[TableChange],
        table: &Table,
        before: &Table,
        after: &Table,
    ) -> Vec<TableChange> {
        let (old, new) = (table.name.as_str(), before.name.as_str());
        let mut changes = changes.to_vec();
        for change in &mut changes {
            match change {
                // Its own table has its new name already.
                TableChange::DropForeignKey(key)
                    if key.referenced_schema.is_none() && key.referenced_table != new =>
                {
                    let parent = self.renames.new_table(&key.referenced_table).to_owned();
                    key.referenced_table = parent;
                }
                TableChange::DropCheck(check) => self.rename_check(check, old, new),
                TableChange::ChangeCheck { from, to, aspects } => {
                    self.rename_check(from, old, new);
                    let is_renamed = !same_name(&from.name, &to.name)
                        && !aspects.contains(&CheckAspect::Name)
                        && !is_numbered(&to.name, new);
                    aspects.splice(0..0, is_renamed.then_some(CheckAspect::Name));
                }
                _ => {}
            }
        }
        // The name that the server takes from a CHECK with the rename may be the one that it is to
        // have.
        for (was, is) in table.checks.iter().zip(&before.checks).filter(|(was, is)| was != is) {
            let is_changed = changes.iter().any(|change| match change {
                TableChange::DropCheck(check) | TableChange::ChangeCheck { from: check, .. } => {
                    check.name == is.name
                }
                _ => false,
            });
            if let Some(to) = after.check(&was.name).filter(|_| !is_changed) {
                let (from, to, aspects) = (is.clone(), to.clone(), vec![CheckAspect::Name]);
                changes.push(TableChange::ChangeCheck { from, to, aspects });
            }
        }
        sort(&mut changes, before, after);
        changes
    }
}

/// Whether a CHECK has a name that the server gave it.
fn is_numbered(name: &str, table: &str) -> bool {
    check_number(name, table).is_some()
}
