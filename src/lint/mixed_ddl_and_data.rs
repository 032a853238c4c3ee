//! Migrations that change both the schema and rows.

use super::draft::Draft;
use super::migration::ReviewedMigration;
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::migration::StatementKind;

/// A note, because to fill a new column of a small table is what such a file is for.
pub(super) const RULE: Rule = Rule {
    name: "mixed-ddl-and-data",
    summary: "a migration that both changes tables and changes rows",
    severity: Some(Severity::Note),
    page: include_str!("pages/mixed-ddl-and-data.md"),
    check: Check::Migration(check),
};

/// One finding, at the first statement that changes rows. Tables that the file itself makes don't
/// count: to fill them is a part of making them.
fn check(migration: &ReviewedMigration, drafts: &mut Vec<Draft>) {
    let first = |kind: StatementKind| {
        migration.statements.iter().find(|it| it.kind == kind && it.changes_existing)
    };
    let (Some(ddl), Some(data)) = (first(StatementKind::Ddl), first(StatementKind::Data)) else {
        return;
    };
    let message = format!(
        "statement {} changes rows, and statement {} changes a table that was there",
        data.position, ddl.position
    );
    drafts.push(
        Draft::of_file(&migration.name, data.span, message)
            .probable()
            .why("each ALTER TABLE commits, so what fails half-way isn't rolled back")
            .help("put what changes many rows into a migration of its own, in portions"),
    );
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::lint_migration;
    use crate::lint::migration::tests::{migration, statement};
    use crate::migration::StatementKind::{Data, Ddl, Opaque};
    use crate::source::Settings;

    fn found(kinds: &[(crate::migration::StatementKind, bool)]) -> Vec<(Severity, String)> {
        let mut migration = migration();
        migration.statements = kinds.iter().map(|(kind, old)| statement(*kind, *old)).collect();
        for (position, it) in (1..).zip(&mut migration.statements) {
            it.position = position;
        }
        let findings = lint_migration(&migration, &Settings::default());
        findings.into_iter().map(|it| (it.severity, it.message)).collect()
    }

    #[test]
    fn one_kind_alone_and_rows_of_new_tables_are_no_findings() {
        for kinds in [
            &[(Ddl, true), (Ddl, false)][..],
            &[(Data, true), (Data, true)],
            &[(Ddl, false), (Data, true)],
            &[(Ddl, true), (Data, false)],
            &[(Ddl, true), (Opaque { is_repeatable: true }, false)],
        ] {
            assert_eq!(found(kinds), [], "{kinds:?}");
        }
    }

    #[test]
    fn a_table_that_is_altered_and_filled_is_found() {
        let message = "statement 2 changes rows, and statement 3 changes a table that was there";
        assert_eq!(
            found(&[(Ddl, false), (Data, true), (Ddl, true), (Data, true)]),
            [(Severity::Note, message.to_owned())]
        );
    }
}
