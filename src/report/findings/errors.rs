//! The errors with which a command fails, as findings.

use crate::diagnostic::{Diagnostic, Files, Span};
use crate::finding::{Finding, number_repeated};

/// The code of what a server would refuse.
const REFUSED: &str = "refused-by-server";

/// A finding for each error. `kind` is the kind of all of them, and the code of those that have none
/// of their own; the places are in `files`.
pub fn error_findings(kind: &'static str, errors: &[Diagnostic], files: &Files) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        errors.iter().map(|error| of_error(kind, error, files)).collect();
    number_repeated(&mut findings);
    findings
}

fn of_error(kind: &'static str, error: &Diagnostic, files: &Files) -> Finding {
    let code = match &error.refused {
        Some(_) => REFUSED,
        None => error.code.unwrap_or(kind),
    };
    let span = error.primary.as_ref().map(|label| label.span);
    let file = span.map_or("", |span| files.get(span.file).name.as_str());
    let text = span.map_or("", |span| line_at(files, span));
    let mut finding = Finding::of_error(code, error, file, text);
    finding.primary.element = error.refused.clone();
    finding
}

/// The line at which a place begins, without the white space around it.
fn line_at(files: &Files, span: Span) -> &str {
    let text = &*files.get(span.file).text;
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let begin = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    text[begin..end].trim()
}
