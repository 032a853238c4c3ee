//! The risks of a plan, as findings.

use crate::compare::Comparison;
use crate::diagnostic::Severity;
use crate::finding::{Finding, Origin};
use crate::plan::Risk;

/// A finding for each risk of a plan's steps, with the places in the files of the desired side. A
/// risk that destroys data is a warning, and any other one a note.
pub fn risk_findings(comparison: &Comparison) -> Vec<Finding> {
    let risks = comparison.plan.steps.iter().flat_map(|step| &step.risks);
    risks.map(|risk| of_risk(risk).placed(&comparison.to.places)).collect()
}

fn of_risk(risk: &Risk) -> Finding {
    let severity = if risk.kind.destroys_data() { Severity::Warning } else { Severity::Note };
    let (code, element) = (risk.kind.name(), risk.element.clone());
    Finding::new(code, Origin::Risk, severity, element, &risk.message, &[])
}
