//! The tables and objects that differ.

use std::collections::{BTreeSet, HashSet};

use super::Comparison;
use crate::diff::{Change, TableChange};
use crate::model::{Element, Object};

/// What only the new side of a comparison has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewElements {
    /// All of it, because there is no old side.
    All,
    /// These, and what is in them.
    Listed(HashSet<Element>),
}

impl NewElements {
    /// Nothing is new.
    pub fn none() -> Self {
        NewElements::Listed(HashSet::new())
    }

    /// Whether an element, or what it is in, is new.
    pub fn contains(&self, element: &Element) -> bool {
        let NewElements::Listed(elements) = self else { return true };
        let parent = || element.parent().is_some_and(|parent| self.contains(&parent));
        elements.contains(element) || parent()
    }
}

impl Comparison {
    /// What only the new side has. What is renamed isn't new.
    pub fn new_elements(&self) -> NewElements {
        let mut elements = HashSet::new();
        for change in &self.difference.changes {
            match change {
                Change::CreateTable(table) => {
                    elements.insert(Element::table(&table.name));
                }
                Change::CreateObject(object) => {
                    elements.insert(Element::object(&object.name()));
                }
                Change::AlterTable { to, changes, .. } => {
                    let new = changes.iter().filter(|change| is_addition(change));
                    elements.extend(new.map(|change| change.element(&to.name)));
                }
                _ => {}
            }
        }
        NewElements::Listed(elements)
    }

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

fn is_addition(change: &TableChange) -> bool {
    match change {
        TableChange::AddColumn(_)
        | TableChange::AddIndex(_)
        | TableChange::AddForeignKey(_)
        | TableChange::AddCheck(_)
        | TableChange::AddPeriod(_)
        | TableChange::AddPartition(_) => true,
        TableChange::ChangePartitioning { from, .. } => from.is_none(),
        _ => false,
    }
}

fn names_of(object: &Object) -> Vec<String> {
    let mut names = vec![object.name().name];
    if let Object::Trigger(trigger) = object {
        names.push(trigger.table.clone());
    }
    names
}
