//! The server's answer about expressions that can't be compared by their texts.

use std::collections::HashSet;

use super::Comparison;
use crate::model::{Element, Schema, Table};
use crate::normalize::expression::assume_canonical;

impl Comparison {
    /// The tables of the new side that have such expressions. A server is asked about them.
    pub fn questions(&self) -> Vec<Table> {
        let uncertain = self.difference.uncertain.iter();
        let mut names: Vec<&str> = uncertain.filter_map(|it| it.element.table_name()).collect();
        names.dedup();
        names.iter().filter_map(|name| self.new.table(name)).cloned().collect()
    }

    /// Compares again with the server's spelling of the tables that it was asked about. The old
    /// side's texts are assumed to be in the server's spelling already.
    pub fn answered(self, spelled: Vec<Table>) -> Comparison {
        let (mut old, mut new) = (self.old.clone(), self.new.clone());
        let asked: HashSet<&Element> =
            self.difference.uncertain.iter().map(|it| &it.element).collect();
        for mut answer in spelled {
            take_texts(&mut new, &mut answer, &asked);
            take_own_texts(&mut old, &answer.name, &asked);
        }
        self.again(old, new)
    }
}

/// Takes the server's spelling of the uncertain expressions as their canonical text, if they still
/// aren't understood.
fn take_texts(schema: &mut Schema, answer: &mut Table, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(&answer.name) else { return };
    for ((element, expression), (_, spelled)) in
        table.expressions_mut().zip(answer.expressions_mut())
    {
        if asked.contains(&element) {
            let canonical = assume_canonical(spelled).canonical.clone();
            *expression = expression.with_canonical(canonical);
        }
    }
}

/// The same for the old side, whose texts are in the server's spelling already.
fn take_own_texts(schema: &mut Schema, name: &str, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(name) else { return };
    for (element, expression) in table.expressions_mut() {
        if asked.contains(&element) {
            *expression = assume_canonical(expression);
        }
    }
}
