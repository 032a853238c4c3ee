//! Foreign keys between the same columns as another one of the table.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::finding::FixChange;
use crate::model::{Element, ForeignKey, Table};

pub(super) const RULE: Rule = Rule {
    name: "duplicate-foreign-key",
    summary: "a foreign key that says the same as another, or contradicts it",
    severity: Some(Severity::Warning),
    page: include_str!("pages/duplicate-foreign-key.md"),
    check: Check::Table(check),
};

/// Foreign keys between the same columns as an earlier one.
fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    for (position, key) in table.foreign_keys.iter().enumerate() {
        let before = &table.foreign_keys[..position];
        if let Some(first) = before.iter().find(|first| ties_the_same(first, key)) {
            let acts_the_same =
                (first.on_delete, first.on_update) == (key.on_delete, key.on_update);
            drafts.push(if acts_the_same {
                duplicate(table, first, key)
            } else {
                conflict(table, first, key)
            });
        }
    }
}

fn duplicate(table: &Table, first: &ForeignKey, second: &ForeignKey) -> Draft {
    let rank = |key: &ForeignKey| (key.name.chars().count(), key.name.clone());
    let (goes, stays) = if rank(first) > rank(second) { (first, second) } else { (second, first) };
    Draft::new(
        Element::foreign_key(&table.name, &goes.name),
        format!(
            "foreign key {} is the same as {}: both refer to {}",
            describe::foreign_key(goes),
            stays.name,
            describe::referenced(goes)
        ),
    )
    .related(Element::foreign_key(&table.name, &stays.name))
    .why("every row is checked twice for one promise")
    .help("remove it from schema.yaml: the other guarantees the same")
    .fix(
        "remove it from schema.yaml",
        vec![FixChange::Remove(Element::foreign_key(&table.name, &goes.name))],
    )
}

fn conflict(table: &Table, first: &ForeignKey, second: &ForeignKey) -> Draft {
    Draft::new(
        Element::foreign_key(&table.name, &second.name),
        format!(
            "foreign key {} contradicts {}: {}",
            describe::foreign_key(second),
            first.name,
            contradiction(first, second)
        ),
    )
    .related(Element::foreign_key(&table.name, &first.name))
    .why("both hold, so what happens to a row depends on which of them the server asks first")
    .help("decide which of the two is meant, and remove the other from schema.yaml")
}

fn contradiction(first: &ForeignKey, second: &ForeignKey) -> String {
    let events = [
        ("ON DELETE", first.on_delete, second.on_delete),
        ("ON UPDATE", first.on_update, second.on_update),
    ];
    let texts: Vec<String> = events
        .iter()
        .filter(|(_, first, second)| first != second)
        .map(|(event, first, second)| format!("{event} {} against {}", second.sql(), first.sql()))
        .collect();
    texts.join(", ")
}

/// Whether both foreign keys have the same pairs of referencing and referenced columns, in any
/// order.
fn ties_the_same(a: &ForeignKey, b: &ForeignKey) -> bool {
    let pairs = |key: &ForeignKey| {
        let mut pairs: Vec<(String, String)> = key
            .columns
            .iter()
            .zip(&key.referenced_columns)
            .map(|(column, referenced)| (column.to_lowercase(), referenced.to_lowercase()))
            .collect();
        pairs.sort();
        pairs
    };
    a.referenced_schema == b.referenced_schema
        && a.referenced_table == b.referenced_table
        && a.columns.len() == b.columns.len()
        && pairs(a) == pairs(b)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "duplicate-foreign-key";
    const PARENT: &str = "CREATE TABLE p (id int, a int, PRIMARY KEY (id), UNIQUE u (id, a))";

    fn child(keys: &str) -> String {
        format!("CREATE TABLE c (x int, y int, KEY k (x, y), {keys})")
    }

    #[test]
    fn other_columns_are_no_finding() {
        let child = child(
            "CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id), \
             CONSTRAINT g FOREIGN KEY (y) REFERENCES p (id), \
             CONSTRAINT h FOREIGN KEY (x, y) REFERENCES p (id, a), \
             CONSTRAINT i FOREIGN KEY (y, x) REFERENCES p (id, a)",
        );
        assert_eq!(found(RULE, &[PARENT, &child]), []);
    }

    #[test]
    fn the_same_in_another_order_is_the_longer_name() {
        let child = child(
            "CONSTRAINT first FOREIGN KEY (x, y) REFERENCES p (id, a), \
             CONSTRAINT g FOREIGN KEY (y, x) REFERENCES p (a, id)",
        );
        let findings = found(RULE, &[PARENT, &child]);
        assert_eq!(
            messages(&findings),
            ["foreign key first (x, y) is the same as g: both refer to p (id, a)"]
        );
    }

    #[test]
    fn other_actions_are_a_contradiction() {
        let child = child(
            "CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id) ON DELETE CASCADE, \
             CONSTRAINT g FOREIGN KEY (x) REFERENCES p (id)",
        );
        let findings = found(RULE, &[PARENT, &child]);
        assert_eq!(
            messages(&findings),
            ["foreign key g (x) contradicts f: ON DELETE NO ACTION against CASCADE"]
        );
    }
}
