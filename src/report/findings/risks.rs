//! The risks of a plan, as findings.

use crate::compare::Comparison;
use crate::finding::{Finding, Origin};
use crate::lint::risk_severity;
use crate::plan::Risk;
use crate::source::Settings;

/// A finding for each risk of a plan's steps, with the places in the files of the desired side. The
/// rules over plans say how severe it is.
pub fn risk_findings(comparison: &Comparison) -> Vec<Finding> {
    let settings = &comparison.to.settings;
    let risks = comparison.plan.steps.iter().flat_map(|step| &step.risks);
    let findings = risks.filter_map(|risk| of_risk(risk, settings));
    findings.map(|finding| finding.placed(&comparison.to.places)).collect()
}

fn of_risk(risk: &Risk, settings: &Settings) -> Option<Finding> {
    let severity = risk_severity(risk.kind, settings)?;
    let (code, element) = (risk.kind.name(), risk.element.clone());
    Some(Finding::new(code, Origin::Risk, severity, element, &risk.message, &[]))
}
