//! The ways to close each difference: the edit of schema.yaml that takes it in, and the setting that
//! accepts it. The statements that revert it are those of the plan.

use std::collections::HashMap;
use std::hash::Hash;

use super::{ItemSign, ReportItem};
use crate::diff::TableChange;
use crate::finding::{DriftClass, FileEdit, WaysOut};
use crate::model::{Element, Object, Table};
use crate::plan::{Plan, Step};
use crate::server::Server;
use crate::source::yaml::{self, WrittenElement};

/// The statements of a plan, by what they are about.
pub(super) struct Reverting<'p> {
    of_elements: HashMap<&'p Element, Vec<&'p Step>>,
    of_tables: HashMap<&'p str, Vec<&'p Step>>,
}

impl<'p> Reverting<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        let mut reverting = Reverting { of_elements: HashMap::new(), of_tables: HashMap::new() };
        for step in &plan.steps {
            for action in &step.actions {
                put(&mut reverting.of_elements, &action.element, step);
                if let Some(table) = action.element.table_name() {
                    put(&mut reverting.of_tables, table, step);
                }
            }
        }
        reverting
    }

    /// The ways to close a difference.
    pub(super) fn ways_out(&self, item: &ReportItem) -> WaysOut {
        let of_table = || item.element.table_name().and_then(|name| self.of_tables.get(name));
        let steps = self.of_elements.get(&item.element).or_else(of_table).into_iter().flatten();
        let revert = steps.flat_map(|step| step.statements()).map(|sql| sql.text.clone()).collect();
        WaysOut { revert, keep: item.keep.clone(), accept: item.accept.clone() }
    }
}

/// Adds a step to those of a key. A step's actions follow one another.
fn put<'p, K: Eq + Hash>(steps: &mut HashMap<K, Vec<&'p Step>>, key: K, step: &'p Step) {
    let of_key = steps.entry(key).or_default();
    if !of_key.last().is_some_and(|last| std::ptr::eq(*last, step)) {
        of_key.push(step);
    }
}

/// The edit that takes in what the old table has where one of its parts differs.
pub(super) fn keep_part(
    from: &Table,
    change: &TableChange,
    sign: ItemSign,
    server: &Server,
) -> Option<FileEdit> {
    if sign == ItemSign::Added {
        return Some(FileEdit::Remove);
    }
    let table = from.name.as_str();
    let element = match change {
        // A part that is renamed has its old name in the old table.
        TableChange::ChangeColumn { from, .. } => Element::column(table, &from.name),
        TableChange::ChangeIndex { from, .. } => Element::index(table, &from.name),
        TableChange::ChangeForeignKey { from, .. } => Element::foreign_key(table, &from.name),
        TableChange::ChangeCheck { from, .. } => Element::check(table, &from.name),
        TableChange::ChangePartition { from, .. } => Element::partition(table, &from.name),
        other => other.element(table),
    };
    match yaml::written_element(from, &element, server) {
        Some(written) => edit(written, sign),
        // The old table doesn't have the option.
        None if sign == ItemSign::Changed => Some(FileEdit::Remove),
        None => None,
    }
}

/// The edit that takes in a table that only one side has.
pub(super) fn keep_table(table: &Table, sign: ItemSign, server: &Server) -> Option<FileEdit> {
    let element = Element::table(&table.name);
    match sign {
        ItemSign::Added => Some(FileEdit::Remove),
        _ => edit(yaml::written_element(table, &element, server)?, sign),
    }
}

/// The edit that takes in an object as the old side has it.
pub(super) fn keep_object(object: &Object, sign: ItemSign, server: &Server) -> Option<FileEdit> {
    match sign {
        ItemSign::Added => Some(FileEdit::Remove),
        _ => edit(yaml::written_object(object, server), sign),
    }
}

fn edit(written: WrittenElement, sign: ItemSign) -> Option<FileEdit> {
    let WrittenElement { under, lines } = written;
    Some(match sign {
        ItemSign::Changed => FileEdit::Replace { under, lines },
        _ => FileEdit::Add { under, lines },
    })
}

/// What schema.yaml says so that a difference doesn't count: the `keys` of `compare` that leave it out
/// or, if there are none, a waiver of exactly this element and class.
pub(super) fn accepting(element: &Element, class: DriftClass, keys: &[&str]) -> String {
    if !keys.is_empty() {
        let keys: Vec<String> = keys.iter().map(|key| format!("{key}: false")).collect();
        return format!("compare: {{ {} }}", keys.join(", "));
    }
    yaml::waiver_line(class.code(), element)
}
