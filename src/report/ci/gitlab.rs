//! GitLab's Code Quality report, which a merge request shows.

use serde::Serialize;

use super::{FindingsReport, explanation, tidy};
use crate::diagnostic::Severity;
use crate::finding::Finding;
use crate::report::one_line;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
    /// The report was Code Climate's, which has these too.
    content: Content,
    categories: [&'static str; 1],
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

/// A list of issues, in the order of the text output.
pub fn gitlab(report: &FindingsReport<'_>) -> serde_json::Result<String> {
    // A report has no word for an issue that is accepted.
    let issues: Vec<Issue<'_>> = report.open().map(|finding| issue(report, finding)).collect();
    serde_json::to_string_pretty(&issues).map(|text| text + "\n")
}

fn issue<'a>(report: &FindingsReport<'_>, finding: &'a Finding) -> Issue<'a> {
    let (path, begin, end) = match finding.primary.span.map(|span| report.place(span)) {
        Some(place) => (place.path, place.start.line, place.end.line),
        None => (tidy(&report.default_file), 1, 1),
    };
    Issue {
        description: one_line(&finding.message),
        check_name: finding.code,
        fingerprint: finding.fingerprint.as_str(),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location { path, lines: Lines { begin, end } },
        content: Content { body: explanation(finding).join("\n") },
        categories: ["Style"],
        kind: "issue",
    }
}
