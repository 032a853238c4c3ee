//! Names of tables that leave no room for the names that are made of them.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::model::{Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "identifier-too-long",
    summary: "a table's name that leaves no room for the names that are made of it",
    severity: Some(Severity::Note),
    page: include_str!("pages/identifier-too-long.md"),
    check: Check::Table(check),
};

/// The most characters of a name (MySQL 11.2.1 "Identifier Length Limits").
const LIMIT: usize = 64;

/// What is added at most: `_ibfk_12` by the server, `_gho` and a `_` before the name by gh-ost.
const ADDED: usize = 8;

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let length = table.name.chars().count();
    if length + ADDED > LIMIT {
        drafts.push(
            Draft::new(
                Element::table(&table.name),
                format!("the name of table {} has {length} of {LIMIT} characters", table.name),
            )
            .why("the server and tools for online changes add up to 8, and fail where they don't fit")
            .help("shorten it to 56 characters, or name all constraints of the table"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_name_needs_room() {
        let table = |length: usize| format!("CREATE TABLE {} (id int)", "a".repeat(length));
        assert_eq!(found("identifier-too-long", &[&table(56)]), []);
        assert_eq!(found("identifier-too-long", &[&table(57)]).len(), 1);
    }
}
