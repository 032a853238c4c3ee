//! Migrations whose reverse doesn't restore what was there.

use super::draft::Draft;
use super::migration::{ReverseFile, ReviewedMigration};
use super::{Check, Rule};
use crate::diagnostic::Severity;

/// A note, because what can't be undone is often meant so.
pub(super) const RULE: Rule = Rule {
    name: "not-reversible",
    summary: "a migration whose reverse can't restore what was there",
    severity: Some(Severity::Note),
    page: include_str!("pages/not-reversible.md"),
    check: Check::Migration(check),
};

/// What a statement destroys is said by `destructive`, and isn't said here again.
fn check(migration: &ReviewedMigration, drafts: &mut Vec<Draft>) {
    if let (ReverseFile::Missing, Some(first)) = (&migration.reverse, migration.statements.first())
    {
        let message =
            "other migrations here have a file that undoes them, and this one has none".to_owned();
        let draft = Draft::of_file(&migration.name, first.span, message);
        drafts.push(draft.why("`rollback` stops at it").help("write the .down.sql next to it"));
    }
    for statement in &migration.statements {
        let position = statement.position;
        let of = |message| Draft::of_file(&migration.name, statement.span, message);
        if let Some(why) = migration.reverse.why_impossible(position) {
            drafts.push(of(format!("statement {position} can't be undone: {why}")).help(
                "have a backup of it, or plan a later migration that restores what it changes",
            ));
        } else if !statement.risks.iter().any(|risk| risk.kind.destroys_data()) {
            drafts.extend(statement.lost.iter().map(|lost| {
                of(format!("undoing statement {position} doesn't restore {lost}"))
                    .help("keep what is lost in another column or table until it isn't needed")
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::lint_migration;
    use crate::lint::migration::tests::{migration, statement};
    use crate::lint::migration::{ReverseFile, ReviewedMigration};
    use crate::migration::StatementKind;
    use crate::model::Element;
    use crate::plan::{Risk, RiskKind};
    use crate::source::Settings;

    fn one() -> ReviewedMigration {
        let mut migration = migration();
        migration.statements.push(statement(StatementKind::Ddl, true));
        migration
    }

    fn found(migration: &ReviewedMigration) -> Vec<String> {
        let findings = lint_migration(migration, &Settings::default()).into_iter();
        let own = findings.filter(|it| it.code == "not-reversible");
        own.map(|it| it.message).collect()
    }

    #[test]
    fn what_is_restored_and_what_is_destroyed_are_no_findings() {
        let mut migration = one();
        assert_eq!(found(&migration), [""; 0]);
        migration.reverse = ReverseFile::There { impossible: Vec::new() };
        assert_eq!(found(&migration), [""; 0]);
        let destroyed = Risk {
            kind: RiskKind::DropColumn,
            element: Element::column("t", "a"),
            message: "column t.a and all its values go".to_owned(),
        };
        migration.statements[0].risks.push(destroyed);
        migration.statements[0].lost.push("the values of column t.a".to_owned());
        assert_eq!(found(&migration), [""; 0]);
    }

    #[test]
    fn what_is_lost_impossible_or_missing_is_found() {
        let mut migration = one();
        migration.statements[0].lost.push("NULL in column t.a".to_owned());
        assert_eq!(found(&migration), ["undoing statement 1 doesn't restore NULL in column t.a"]);
        migration.reverse =
            ReverseFile::There { impossible: vec![(1, "the rows are gone".to_owned())] };
        assert_eq!(found(&migration), ["statement 1 can't be undone: the rows are gone"]);
        migration.statements[0].lost.clear();
        migration.reverse = ReverseFile::Missing;
        assert_eq!(
            found(&migration),
            ["other migrations here have a file that undoes them, and this one has none"]
        );
    }
}
