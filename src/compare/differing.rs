//! The tables and objects that differ.

use std::collections::BTreeSet;

use super::Comparison;
use crate::diff::Change;
use crate::model::Object;

impl Comparison {
    /// The names, on either side, of the tables and objects that differ or are uncertain. For a
    /// trigger, the name of its table is included.
    pub fn names_that_differ(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for change in &self.difference.changes {
            match change {
                Change::CreateTable(table) | Change::DropTable(table) => {
                    names.insert(table.name.clone());
                }
                Change::RenameTable { from, to } => {
                    names.extend([from.clone(), to.clone()]);
                }
                Change::AlterTable { from, to, .. } => {
                    names.extend([from.name.clone(), to.name.clone()]);
                }
                Change::CreateObject(object) | Change::DropObject(object) => {
                    names.extend(names_of(object));
                }
                Change::ChangeObject { from, to, .. } => {
                    names.extend(names_of(from).into_iter().chain(names_of(to)));
                }
            }
        }
        for uncertain in &self.difference.uncertain {
            names.extend(uncertain.element.table_name().map(str::to_owned));
        }
        names.extend(self.difference.unsupported.iter().map(|it| it.name.clone()));
        names
    }
}

fn names_of(object: &Object) -> Vec<String> {
    let mut names = vec![object.name().name];
    if let Object::Trigger(trigger) = object {
        names.push(trigger.table.clone());
    }
    names
}
