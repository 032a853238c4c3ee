//! Foreign keys whose cascades come back to the table where they began.

use std::collections::{HashMap, HashSet};

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, ForeignKey, ReferentialAction, Table};

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-cascade-cycle",
    summary: "foreign keys with ON DELETE CASCADE in a circle of tables",
    severity: Some(Severity::Warning),
    page: include_str!("pages/foreign-key-cascade-cycle.md"),
    check: Check::Schema(check),
};

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let tables: Vec<&Table> = subject.schema.tables.values().collect();
    let places: HashMap<&str, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name.as_str(), place)).collect();
    // For each table the tables whose rows go when one of its rows is deleted.
    let mut cascades: Vec<Vec<usize>> = vec![Vec::new(); tables.len()];
    for (place, table) in tables.iter().enumerate() {
        for key in table.foreign_keys.iter().filter(|key| deletes(key)) {
            match places.get(key.referenced_table.as_str()) {
                Some(referenced) if *referenced != place => cascades[*referenced].push(place),
                _ => {}
            }
        }
        drafts.extend(table.foreign_keys.iter().filter_map(|key| of_own_table(table, key)));
    }
    for circle in circles(&cascades) {
        drafts.extend(draft(&tables, &circle));
    }
}

fn deletes(key: &ForeignKey) -> bool {
    key.on_delete == ReferentialAction::Cascade && key.referenced_schema.is_none()
}

/// A foreign key to its own table whose ON UPDATE can't be carried out (MySQL 15.1.20.5 "FOREIGN KEY
/// Constraints", "Referential Actions").
fn of_own_table(table: &Table, key: &ForeignKey) -> Option<Draft> {
    use ReferentialAction as Action;
    let is_own = key.referenced_schema.is_none() && key.referenced_table == table.name;
    let changes = matches!(key.on_update, Action::Cascade | Action::SetNull);
    (is_own && changes).then(|| {
        let action = key.on_update.sql();
        Draft::new(
            Element::foreign_key(&table.name, &key.name),
            format!(
                "foreign key {} refers to its own table ON UPDATE {action}, which acts as RESTRICT",
                describe::foreign_key(key)
            ),
        )
        .note()
        .why("InnoDB doesn't update a table twice in one cascade, and refuses the UPDATE")
        .help("take ON UPDATE out: it says what doesn't happen")
    })
}

fn draft(tables: &[&Table], circle: &[usize]) -> Option<Draft> {
    let members: Vec<&Table> =
        circle.iter().filter_map(|place| tables.get(*place)).copied().collect();
    let inside: HashSet<&str> = members.iter().map(|table| table.name.as_str()).collect();
    let mut keys = members.iter().flat_map(|table| {
        let cascading = table.foreign_keys.iter().filter(|key| {
            deletes(key)
                && key.referenced_table != table.name
                && inside.contains(key.referenced_table.as_str())
        });
        cascading.map(|key| Element::foreign_key(&table.name, &key.name))
    });
    let first = keys.next()?;
    let names: Vec<&str> = members.iter().map(|table| table.name.as_str()).collect();
    Some(
        Draft::new(
            first,
            format!("ON DELETE CASCADE goes round in a circle: {}", describe::names(&names)),
        )
        .all_related(keys)
        .why("deleting one row can delete rows of all of these tables, and of its own")
        .help("break the circle: make one of these foreign keys ON DELETE SET NULL or RESTRICT"),
    )
}

/// The groups of two or more places from each of which every other one of the group is reached, in
/// the order of their first places (Kosaraju's algorithm, without recursion).
fn circles(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    for (place, reached) in next.iter().enumerate() {
        reached.iter().for_each(|other| before[*other].push(place));
    }
    let mut seen = vec![false; next.len()];
    let mut finished = Vec::with_capacity(next.len());
    for start in 0..next.len() {
        walk(next, start, &mut seen, &mut finished);
    }
    seen.fill(false);
    let mut circles: Vec<Vec<usize>> = Vec::new();
    for start in finished.into_iter().rev() {
        let mut group = Vec::new();
        walk(&before, start, &mut seen, &mut group);
        if group.len() > 1 {
            group.sort_unstable();
            circles.push(group);
        }
    }
    circles.sort_unstable();
    circles
}

/// Adds every place that is reached from `start` and not yet seen, each after all that it reaches.
fn walk(next: &[Vec<usize>], start: usize, seen: &mut [bool], finished: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut path = vec![(start, next[start].iter())];
    while let Some((place, rest)) = path.last_mut() {
        match rest.find(|other| !seen[**other]) {
            Some(other) => {
                seen[*other] = true;
                path.push((*other, next[*other].iter()));
            }
            None => {
                finished.push(*place);
                path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::circles;
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "foreign-key-cascade-cycle";

    fn table(name: &str, referenced: &str, action: &str) -> String {
        format!(
            "CREATE TABLE {name} (id int PRIMARY KEY, x int, KEY k (x), \
             CONSTRAINT f_{name} FOREIGN KEY (x) REFERENCES {referenced} (id) {action})"
        )
    }

    #[test]
    fn a_circle_is_one_finding() {
        let a = table("a", "c", "ON DELETE CASCADE");
        let b = table("b", "a", "ON DELETE CASCADE");
        let c = table("c", "b", "ON DELETE CASCADE");
        let findings = found(RULE, &[&a, &b, &c]);
        assert_eq!(messages(&findings), ["ON DELETE CASCADE goes round in a circle: a, b and c"]);
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.a.foreign_keys.f_a");
        assert_eq!(findings[0].related.len(), 2);
    }

    #[test]
    fn a_circle_that_is_broken_is_no_finding() {
        let a = table("a", "c", "ON DELETE SET NULL");
        let b = table("b", "a", "ON DELETE CASCADE");
        let c = table("c", "b", "ON DELETE CASCADE");
        assert_eq!(found(RULE, &[&a, &b, &c]), []);
    }

    #[test]
    fn a_tree_in_one_table_is_meant() {
        assert_eq!(found(RULE, &[&table("a", "a", "ON DELETE CASCADE")]), []);
    }

    #[test]
    fn an_update_of_the_own_table_is_a_note() {
        let findings = found(RULE, &[&table("a", "a", "ON UPDATE CASCADE")]);
        assert_eq!(
            messages(&findings),
            [
                "foreign key f_a (x) refers to its own table ON UPDATE CASCADE, which acts as RESTRICT"
            ]
        );
        assert_eq!(findings[0].severity, Severity::Note);
    }

    #[test]
    fn circles_of_a_graph() {
        let next = vec![vec![1], vec![2], vec![1, 3], vec![4], vec![3], vec![0]];
        assert_eq!(circles(&next), [vec![1, 2], vec![3, 4]]);
    }
}
