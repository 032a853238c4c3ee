//! Tables with more indexes than queries are likely to need.

use super::draft::Draft;
use super::subject::{Subject, serves_foreign_key};
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::model::{Element, Index, Table};

pub(super) const RULE: Rule = Rule {
    name: "too-many-indexes",
    summary: "a table with more than 16 indexes",
    severity: Some(Severity::Note),
    page: include_str!("pages/too-many-indexes.md"),
    check: Check::Table(check),
};

/// More indexes than this are a finding.
const MOST: usize = 16;

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if table.indexes.len() <= MOST {
        return;
    }
    let serves = |index: &&Index| {
        table.foreign_keys.iter().any(|key| serves_foreign_key(index, &key.columns))
    };
    let count = table.indexes.len() - table.indexes.iter().filter(serves).count();
    if count > MOST {
        drafts.push(
            Draft::new(
                Element::table(&table.name),
                format!("table {} has {count} indexes that no foreign key needs", table.name),
            )
            .probable()
            .why("each of them is written with every row, and has its share of memory")
            .help("look for unused ones (sys.schema_unused_indexes), and hide them first"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    fn table(indexes: usize) -> String {
        let keys: Vec<String> = (0..indexes).map(|n| format!("KEY k{n} (a, b{n})")).collect();
        let columns: Vec<String> = (0..indexes).map(|n| format!("b{n} int")).collect();
        format!("CREATE TABLE t (a int, {}, {})", columns.join(", "), keys.join(", "))
    }

    #[test]
    fn sixteen_are_enough() {
        assert_eq!(found("too-many-indexes", &[&table(16)]), []);
        assert_eq!(
            messages(&found("too-many-indexes", &[&table(17)])),
            ["table t has 17 indexes that no foreign key needs"]
        );
    }
}
