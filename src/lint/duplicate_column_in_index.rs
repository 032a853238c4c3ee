//! Indexes that have a column or expression twice.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Index, KeyPart, Table, same_name};

pub(super) const RULE: Rule = Rule {
    name: "duplicate-column-in-index",
    summary: "an index with the same column or expression twice",
    severity: Some(Severity::Warning),
    page: include_str!("pages/duplicate-column-in-index.md"),
    check: Check::Table(check),
};

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    drafts.extend(table.all_indexes().filter_map(|index| draft(table, index)));
}

fn draft(table: &Table, index: &Index) -> Option<Draft> {
    let parts = &index.parts;
    let again = parts
        .iter()
        .enumerate()
        .find(|(at, part)| parts[..*at].iter().any(|earlier| is_same(&earlier.key, &part.key)));
    let (_, part) = again?;
    let what = match &part.key {
        KeyPart::Column { name, .. } => format!("the column {name}"),
        KeyPart::Expression(expression) => format!("the expression ({})", expression.text),
    };
    let element = Element::index(&table.name, &index.name);
    let draft = Draft::new(element, format!("{} has {what} twice", describe::index(index)))
        .help("remove one of the two");
    Some(match &part.key {
        // ER_DUP_FIELDNAME (1060), with or without a prefix or DESC (found by trial).
        KeyPart::Column { .. } => draft.refused().why("every server refuses it (error 1060)"),
        KeyPart::Expression(_) => {
            draft.why("the second one sorts nothing, and takes room in every entry")
        }
    })
}

fn is_same(one: &KeyPart, other: &KeyPart) -> bool {
    match (one, other) {
        (KeyPart::Column { name: one, .. }, KeyPart::Column { name: other, .. }) => {
            same_name(one, other)
        }
        (KeyPart::Expression(one), KeyPart::Expression(other)) => {
            one.text == other.text || one.canonical.is_some() && one.canonical == other.canonical
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "duplicate-column-in-index";

    #[test]
    fn a_column_beside_an_expression_of_it_is_no_finding() {
        let table = "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int, KEY k (a, b, id), \
                     KEY l (a, (lower(a))), KEY m ((b + 1), (b + 2)))";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn an_expression_in_two_spellings_and_a_column_are_found() {
        let table = "CREATE TABLE t (a int, b int, KEY k ((a + 1), (`a`+1)), KEY l (b, a, B))";
        let found = found(RULE, &[table]);
        assert_eq!(
            messages(&found),
            [
                "k ((a + 1), (`a`+1)) has the expression (`a`+1) twice",
                "l (b, a, b) has the column b twice",
            ]
        );
        let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Warning, Severity::Error]);
    }
}
