//! How many drifts and findings there are, in one line.

use super::{OpenDrift, ReportExtras, ReportItem, count};
use crate::compare::Comparison;
use crate::diagnostic::Severity;
use crate::finding::{DriftClass, Finding};

/// `1 error`, `3 warnings`: how many findings there are of each severity that aren't waived.
pub fn found_words(findings: &[Finding]) -> Vec<String> {
    let open = || findings.iter().filter(|it| it.waived.is_none());
    let number = |severity| open().filter(|it| it.severity == severity).count();
    [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ]
    .into_iter()
    .filter(|(severity, _, _)| number(*severity) > 0)
    .map(|(severity, one, many)| count(number(severity), one, many))
    .collect()
}

/// `3 drifts (1 missing, 1 extra, 1 cosmetic)`
fn drift_words(items: &[ReportItem]) -> String {
    let number = |class| items.iter().filter(|item| item.class == class).count();
    let classes: Vec<String> = DriftClass::ALL
        .into_iter()
        .filter(|class| number(*class) > 0)
        .map(|class| format!("{} {}", number(class), class.word()))
        .collect();
    format!("{} ({})", count(items.len(), "drift", "drifts"), classes.join(", "))
}

/// `3 findings waived`, if there are any.
pub(super) fn waived_words(number: usize) -> Option<String> {
    (number > 0).then(|| format!("{} waived", count(number, "finding", "findings")))
}

/// How many findings of rules there are: `3 warnings`, `nothing found, 1 finding waived`.
pub fn lint_summary(findings: &[Finding], since: Option<&str>) -> String {
    let mut words = found_words(findings);
    if words.is_empty() {
        words.push("nothing found".to_owned());
    }
    words.extend(waived_words(findings.iter().filter(|it| it.waived.is_some()).count()));
    format!("{}{}", words.join(", "), since_words(since))
}

/// How many drifts and findings there are: `2 drifts (1 missing, 1 extra), 3 warnings`, `in sync`.
pub fn summary_words(comparison: &Comparison, extra: &ReportExtras) -> String {
    summary_of(comparison, &OpenDrift::of(comparison, &extra.aside), extra)
}

pub(super) fn summary_of(
    comparison: &Comparison,
    open: &OpenDrift<'_>,
    extra: &ReportExtras,
) -> String {
    let mut words = Vec::new();
    if !open.items.is_empty() {
        words.push(drift_words(&open.items));
    }
    if !open.uncertain.is_empty() {
        words.push(format!("{} that can't be compared", open.uncertain.len()));
    }
    if !open.unseen.is_empty() {
        words.push(format!("{} that can't be seen", open.unseen.len()));
    }
    let tables = open.unsupported.iter().filter(|it| it.kind == "table").count();
    if tables > 0 {
        words.push(format!("{} unsupported", count(tables, "table", "tables")));
    }
    if !extra.unmigrated.is_empty() {
        words.push(count(
            extra.unmigrated.len(),
            "change without a migration",
            "changes without a migration",
        ));
    }
    words.extend(found_words(extra.findings));
    if words.is_empty() && comparison.is_in_sync() && extra.since.is_none() {
        words.push("in sync".to_owned());
    }
    let waived = extra.findings.iter().filter(|finding| finding.waived.is_some()).count();
    words.extend(waived_words(open.waived + waived));
    if words.is_empty() {
        words.push("nothing found".to_owned());
    }
    format!("{}{}", words.join(", "), since_words(extra.since))
}

fn since_words(since: Option<&str>) -> String {
    since.map(|since| format!(" in what has changed since {since}")).unwrap_or_default()
}
