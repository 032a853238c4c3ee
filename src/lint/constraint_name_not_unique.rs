//! Constraints of two tables with one name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::model::Element;

pub(super) const RULE: Rule = Rule {
    name: "constraint-name-not-unique",
    summary: "CHECKs of two tables with one name, which MySQL refuses",
    severity: Some(Severity::Note),
    page: include_str!("pages/constraint-name-not-unique.md"),
    check: Check::Schema(check),
};

/// Names that MariaDB gives to CHECKs without one.
const GENERATED: &str = "CONSTRAINT_";

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for table in subject.schema.tables.values() {
        for check in table.checks.iter().filter(|check| !check.name.starts_with(GENERATED)) {
            match seen.entry(check.name.to_lowercase()) {
                Entry::Vacant(free) => drop(free.insert(&table.name)),
                Entry::Occupied(first) => drafts.push(
                    Draft::new(
                        Element::check(&table.name, &check.name),
                        format!(
                            "the tables {} and {} both have a CHECK {}",
                            first.get(),
                            table.name,
                            check.name
                        ),
                    )
                    .related(Element::check(*first.get(), &check.name))
                    .why("MySQL has each name once in a schema, and an error names no table")
                    .help("begin the name with that of the table"),
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found_on, messages};

    const RULE: &str = "constraint-name-not-unique";

    fn tables(first: &str, second: &str) -> [String; 2] {
        [("t", first), ("u", second)].map(|(table, name)| {
            format!("CREATE TABLE {table} (a int, CONSTRAINT {name} CHECK (a > 0))")
        })
    }

    #[test]
    fn two_names_and_generated_ones_are_no_findings() {
        for (first, second) in [("t_a", "u_a"), ("CONSTRAINT_1", "CONSTRAINT_1")] {
            let [t, u] = tables(first, second);
            assert_eq!(found_on(MARIADB, RULE, &[&t, &u]), []);
        }
    }

    #[test]
    fn one_name_in_two_tables_is_found() {
        let [t, u] = tables("positive", "Positive");
        assert_eq!(
            messages(&found_on(MARIADB, RULE, &[&t, &u])),
            ["the tables t and u both have a CHECK Positive"]
        );
    }
}
