//! The rules over what a migration does.

use super::risks::{risk_severity, rules_of_risk};
use super::{Check, RULES};
use crate::diagnostic::{Severity, Span};
use crate::finding::{Finding, FindingLabel, Origin};
use crate::migration::{AllowedRisk, StatementKind};
use crate::plan::Risk;
use crate::source::Settings;

/// A migration's file, with what each of its statements does to the schema before it.
#[derive(Debug, Clone)]
pub struct ReviewedMigration {
    /// The name of its files without their endings: `20261122101500_add_report_status`.
    pub name: String,
    /// What the head of the file allows.
    pub allows: Vec<AllowedRisk>,
    /// In the order in which they run.
    pub statements: Vec<ReviewedStatement>,
    /// What is known of the file that undoes it.
    pub reverse: ReverseFile,
}

/// A statement of a migration.
#[derive(Debug, Clone)]
pub struct ReviewedStatement {
    /// Its position among the statements of its file, from 1.
    pub position: u32,
    /// Its place in the file.
    pub span: Span,
    /// What a server does with it.
    pub kind: StatementKind,
    /// What a reviewer must know before it runs.
    pub risks: Vec<Risk>,
    /// What can't be restored when it is undone (`the values of column b`).
    pub lost: Vec<String>,
    /// Whether it changes or drops something that was there before the file, or names it if it
    /// changes rows.
    pub changes_existing: bool,
}

/// The file that undoes a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReverseFile {
    /// There is none, as for other migrations of the folder.
    None,
    /// There is none, and another migration of the folder has one.
    Missing,
    /// It is there.
    There {
        /// The numbers of the statements that it says can't be undone, each with the reason.
        impossible: Vec<(u32, String)>,
    },
}

impl ReverseFile {
    /// Why the file says that a statement can't be undone, if it does.
    pub(super) fn why_impossible(&self, position: u32) -> Option<&str> {
        match self {
            ReverseFile::There { impossible } => {
                let found = impossible.iter().find(|(number, _)| *number == position);
                found.map(|(_, why)| why.as_str())
            }
            ReverseFile::None | ReverseFile::Missing => None,
        }
    }
}

/// The findings of the rules over a migration, in the order of its statements. What the head of the
/// file allows is a note.
pub fn lint_migration(migration: &ReviewedMigration, settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = migration
        .statements
        .iter()
        .flat_map(|statement| statement.risks.iter().map(move |risk| (statement, risk)))
        .filter_map(|(statement, risk)| of_risk(risk, statement.span, migration, settings))
        .collect();
    let mut drafts = Vec::new();
    for rule in RULES {
        let Check::Migration(check) = rule.check else { continue };
        let set = settings.rules.get(rule.name).copied();
        let Some(severity) = set.unwrap_or(rule.severity) else { continue };
        check(migration, &mut drafts);
        let set = set.flatten();
        findings.extend(drafts.drain(..).map(|draft| draft.finish(rule, severity, set)));
    }
    findings.sort_by_key(|finding| finding.primary.span);
    findings
}

fn of_risk(
    risk: &Risk,
    span: Span,
    migration: &ReviewedMigration,
    settings: &Settings,
) -> Option<Finding> {
    let severity = risk_severity(risk.kind, settings)?;
    let name = risk.name();
    let is_allowed = migration.allows.iter().any(|allowed| allowed.covers(&name));
    let severity = if is_allowed { Severity::Note } else { severity };
    let (code, element) = (risk.kind.name(), risk.element.clone());
    let file = [migration.name.as_str()];
    let mut finding = Finding::new(code, Origin::Risk, severity, element, &risk.message, &file);
    finding.primary = FindingLabel { span: Some(span), ..finding.primary };
    let page = rules_of_risk(risk.kind).next().map_or(code, |(rule, _)| rule.name);
    let page = format!("`driftline rules {page}`");
    finding.help.push(match (is_allowed, severity) {
        (true, _) => format!("the head of the file allows it; {page}"),
        (false, Severity::Note) => page,
        (false, _) => {
            format!("if that is wanted, write `-- allow: {name}` into the head of the file; {page}")
        }
    });
    Some(finding)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::diagnostic::Files;
    use crate::model::Element;
    use crate::plan::RiskKind;

    pub(in crate::lint) fn migration() -> ReviewedMigration {
        ReviewedMigration {
            name: "20260101000000_a".to_owned(),
            allows: Vec::new(),
            statements: Vec::new(),
            reverse: ReverseFile::None,
        }
    }

    pub(in crate::lint) fn statement(
        kind: StatementKind,
        changes_existing: bool,
    ) -> ReviewedStatement {
        let file = Files::default().add("a.up.sql", "");
        let span = Span { file, start: 0, end: 0 };
        let (risks, lost) = (Vec::new(), Vec::new());
        ReviewedStatement { position: 1, span, kind, risks, lost, changes_existing }
    }

    fn dropping(table: &str) -> ReviewedMigration {
        let mut migration = migration();
        let mut statement = statement(StatementKind::Ddl, true);
        statement.risks.push(Risk {
            kind: RiskKind::DropTable,
            element: Element::table(table),
            message: format!("table {table} goes"),
        });
        migration.statements.push(statement);
        migration
    }

    #[test]
    fn what_the_head_allows_is_a_note() {
        let severity = |allowed: &str| {
            let mut migration = dropping("reports");
            migration.allows.extend(AllowedRisk::parse(allowed));
            lint_migration(&migration, &Settings::default())[0].severity
        };
        assert_eq!(severity("drop-table:reports"), Severity::Note);
        assert_eq!(severity("drop-table:rep*"), Severity::Note);
        assert_eq!(severity("drop-table:users"), Severity::Warning);
    }

    #[test]
    fn the_same_in_two_files_are_two_findings() {
        let first = dropping("reports");
        let mut second = dropping("reports");
        second.name = "20260102000000_b".to_owned();
        let print = |it| lint_migration(it, &Settings::default())[0].fingerprint.clone();
        assert_ne!(print(&first), print(&second));
        assert_eq!(print(&first), print(&first));
    }
}
