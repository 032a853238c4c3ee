//! Workflow commands of GitHub Actions, which become annotations at the lines of the files.

use super::{FindingsReport, explanation};
use crate::diagnostic::Severity;
use crate::finding::Finding;
use crate::report::{count, one_line};

/// GitHub shows at most this many annotations of a step.
const MOST_ANNOTATIONS: usize = 10;

/// An annotation for each of the worst findings, a line for each other one, and the summary.
pub fn github(report: &FindingsReport<'_>) -> String {
    let findings = report.worst_first();
    let (shown, others) = findings.split_at(findings.len().min(MOST_ANNOTATIONS));
    let mut text: String = shown.iter().map(|finding| annotation(report, finding)).collect();
    for finding in others {
        let place = report.line_label(finding).map(|it| format!("{it}: ")).unwrap_or_default();
        let (word, code) = (finding.severity.word(), finding.code);
        let line = format!("{place}{word}[{code}]: {}", finding.message);
        text.push_str(&format!("{}\n", plain(&line)));
    }
    let rest = match others.len() {
        0 => String::new(),
        more => format!(
            "; {} not annotated, because GitHub shows {MOST_ANNOTATIONS} of a step",
            count(more, "is", "are")
        ),
    };
    let line = format!("driftline {}: {}{rest}", report.command, report.summary);
    text.push_str(&format!("{}\n", plain(&line)));
    text
}

fn annotation(report: &FindingsReport<'_>, finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    match finding.primary.span.map(|span| report.place(span)) {
        Some(place) => {
            properties.push(("file", place.path));
            properties.push(("line", place.start.line.to_string()));
            properties.push(("endLine", place.end.line.to_string()));
            // Columns make sense to GitHub within one line alone.
            if place.start.line == place.end.line {
                properties.push(("col", place.start.column.to_string()));
                properties.push(("endColumn", place.end.column.to_string()));
            }
        }
        None => properties.push(("file", super::tidy(&report.default_file))),
    }
    properties.push(("title", format!("driftline: {}", finding.code)));
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", escaped_property(value)))
        .collect();
    let mut lines = vec![one_line(&finding.message)];
    lines.extend(explanation(finding));
    format!("::{command} {}::{}\n", properties.join(","), escaped(&lines.join("\n")))
}

/// A line that is no command, whatever it begins with.
fn plain(line: &str) -> String {
    without_old_commands(&one_line(line))
}

/// The older form of a command, `##[error]`, may stand anywhere in a line.
fn without_old_commands(text: &str) -> String {
    text.replace("##[", "## [")
}

/// The text of a command as the runner reads it back.
fn escaped(text: &str) -> String {
    without_old_commands(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
