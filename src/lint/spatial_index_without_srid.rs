//! Spatial indexes that no query can use.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{ColumnType, Element, IndexKind, Table};
use crate::server::Capability;

pub(super) const RULE: Rule = Rule {
    name: "spatial-index-without-srid",
    summary: "a spatial index on a column without an SRID, which MySQL never uses",
    severity: Some(Severity::Warning),
    page: include_str!("pages/spatial-index-without-srid.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if !subject.server.can(Capability::IndexesNeedSrid) {
        return;
    }
    for index in table.indexes.iter().filter(|it| it.kind == IndexKind::Spatial) {
        for column in index.column_names().filter_map(|name| table.column(name)) {
            if !matches!(column.ty, ColumnType::Geometry { srid: None, .. }) {
                continue;
            }
            drafts.push(
                Draft::new(
                    Element::index(&table.name, &index.name),
                    format!(
                        "the spatial index {} is on a column without an SRID",
                        describe::index(index)
                    ),
                )
                .related(Element::column(&table.name, &column.name))
                .why("MySQL keeps it up to date and uses it for no query")
                .help("write `srid 4326` (longitude and latitude) or `srid 0` after the type"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found, found_on, messages};

    const RULE: &str = "spatial-index-without-srid";
    const TABLE: &str = "CREATE TABLE t (g point NOT NULL, SPATIAL KEY k (g))";

    #[test]
    fn with_an_srid_and_on_mariadb_it_is_used() {
        let table = "CREATE TABLE t (g point NOT NULL SRID 4326, SPATIAL KEY k (g))";
        assert_eq!(found(RULE, &[table]), []);
        assert_eq!(found_on(MARIADB, RULE, &[TABLE]), []);
    }

    #[test]
    fn without_one_it_is_not() {
        assert_eq!(
            messages(&found(RULE, &[TABLE])),
            ["the spatial index k (g) is on a column without an SRID"]
        );
    }
}
