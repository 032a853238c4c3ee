//! Turns findings into diagnostics that point into the file, if there is one.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::lint::Finding;
use crate::source::Loaded;

/// A finding as a diagnostic at the place of its element. Without a place, the label becomes help.
pub(super) fn as_diagnostic(finding: &Finding, loaded: &Loaded) -> Diagnostic {
    let place = loaded.places.nearest(&finding.element);
    let mut help = finding.help.clone();
    if place.is_none() {
        help.insert(0, finding.why.clone());
    }
    Diagnostic {
        severity: finding.severity,
        code: Some(finding.rule),
        title: finding.message.clone(),
        primary: place.map(|span| Label { span, text: finding.why.clone() }),
        secondary: Vec::new(),
        help,
    }
}

/// The severity of the worst finding.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}
