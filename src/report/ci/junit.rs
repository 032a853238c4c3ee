//! JUnit's XML, which most CI services show as tests: each finding is a test that fails.

use super::{FindingsReport, explanation};
use crate::diagnostic::Severity;
use crate::finding::{Finding, Waived};
use crate::report::one_line;

/// A suite with a test for each finding. An error or a warning fails; a note passes, and what is waived
/// is skipped. If nothing was found, one test passes.
pub fn junit(report: &FindingsReport<'_>) -> String {
    let failures = report.count(Severity::Error) + report.count(Severity::Warning);
    let tests = report.findings.len().max(1);
    let suite = format!("driftline {}", report.command);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites name=\"{suite}\" {counts}>\n"));
    let skipped = report.waived().count();
    text.push_str(&format!("  <testsuite name=\"{suite}\" {counts} skipped=\"{skipped}\">\n"));
    if report.findings.is_empty() {
        let name = escaped(&report.subject);
        text.push_str(&format!("    <testcase name=\"{name}\" classname=\"{suite}\"/>\n"));
    }
    for finding in &report.findings {
        text.push_str(&case(report, finding));
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn case(report: &FindingsReport<'_>, finding: &Finding) -> String {
    let about = finding.element().map(ToString::to_string);
    let place = report.line_label(finding);
    let name = about.or_else(|| place.clone()).unwrap_or_else(|| finding.message.clone());
    let mut lines: Vec<String> = place.into_iter().collect();
    lines.extend(explanation(finding));
    let body = escaped_text(&lines.join("\n"));
    let message = escaped(&finding.message);
    let inner = match finding.severity {
        _ if finding.waived.is_some() => {
            let why = finding.waived.as_deref().map(Waived::words).unwrap_or_default();
            let why = escaped(&format!("waived: {why}"));
            format!("<skipped message=\"{why}\"/>")
        }
        Severity::Note => {
            let message = escaped_text(&one_line(&finding.message));
            format!("<system-out>{message}\n{body}</system-out>")
        }
        severity => {
            format!("<failure type=\"{}\" message=\"{message}\">{body}</failure>", severity.word())
        }
    };
    format!(
        "    <testcase name=\"{}\" classname=\"driftline.{}\">\n      {inner}\n    </testcase>\n",
        escaped(&name),
        finding.code
    )
}

/// A text on one line for an attribute.
fn escaped(text: &str) -> String {
    escaped_text(&one_line(text))
}

/// A text as XML. Characters that XML can't have are replaced.
fn escaped_text(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => xml.push('\u{fffd}'),
            other => xml.push(other),
        }
    }
    xml
}
