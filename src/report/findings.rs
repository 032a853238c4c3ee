//! Everything that a comparison and a failed command have to say, as findings.

mod drift;
mod errors;
mod risks;

pub use drift::drift_findings;
pub(super) use drift::{edit_words, of_item};
pub use errors::error_findings;
pub use risks::risk_findings;

use super::ReportExtras;
use crate::compare::Comparison;
use crate::diagnostic::Severity;
use crate::finding::{Finding, Origin, UNMIGRATED, number_repeated};
use crate::model::Element;

/// What a comparison has to say: its drift, the changes without a migration, and what the rules
/// found. All places are in the files of the desired side.
pub fn comparison_findings(comparison: &Comparison, extra: &ReportExtras) -> Vec<Finding> {
    let mut findings = drift_findings(comparison, extra.old_noun);
    number_repeated(&mut findings);
    findings.retain(|finding| !extra.aside.unchanged.contains(&finding.fingerprint));
    extra.aside.mark(&mut findings);
    findings.extend(unmigrated_findings(extra.unmigrated, &comparison.to.label));
    findings.extend(extra.findings.iter().cloned());
    number_repeated(&mut findings);
    findings
}

/// A finding for each change of schema.yaml, a line of text, that is in no migration. `label` is the
/// file's name.
pub fn unmigrated_findings(lines: &[String], label: &str) -> Vec<Finding> {
    lines.iter().map(|line| unmigrated(line, label)).collect()
}

/// A change of schema.yaml that is in no migration.
fn unmigrated(line: &str, label: &str) -> Finding {
    let message = format!("a change of {label} is in no migration: {line}");
    let element = Element::Schema;
    let unmigrated = Origin::Unmigrated;
    let mut finding =
        Finding::new(UNMIGRATED, unmigrated, Severity::Error, element, message, &[line]);
    finding.help.push("`driftline generate` writes the migration".to_owned());
    finding
}
