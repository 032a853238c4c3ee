//! SARIF 2.1.0, which code scanning services read.

use std::borrow::Cow;

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{CiPlace, FindingsReport, explanation, tidy};
use crate::diagnostic::Severity;
use crate::finding::{Finding, FindingLabel, Fix, Origin, Waived, WaivedBy};
use crate::report::{code_page, one_line};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The key of the fingerprints. The number rises if they are computed in another way.
const FINGERPRINT: &str = "driftline/v1";

/// What isn't part of a path in a URI.
const OUTSIDE_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A run with a rule for each code that was found, and a result for each finding.
pub fn sarif(report: &FindingsReport<'_>) -> serde_json::Result<String> {
    let mut rules: IndexMap<&str, Severity> = IndexMap::new();
    for finding in &report.findings {
        let severity = rules.entry(finding.code).or_insert(finding.severity);
        *severity = finding.severity.max(*severity);
    }
    let driver = json!({
        "name": "driftline",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|(code, severity)| rule(code, *severity)).collect::<Vec<_>>(),
    });
    let is_any_waived = report.waived().next().is_some();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(report, finding, is_any_waived, rules.get_index_of(finding.code)))
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "automationDetails": { "id": format!("driftline/{}/", report.command) },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn rule(code: &str, severity: Severity) -> Value {
    let page = code_page(code);
    json!({
        "id": code,
        "shortDescription": { "text": page.summary },
        "help": { "text": page.text, "markdown": page.text },
        "defaultConfiguration": { "level": severity.word() },
    })
}

fn result(
    report: &FindingsReport<'_>,
    finding: &Finding,
    is_any_waived: bool,
    rule: Option<usize>,
) -> Value {
    let mut lines = vec![one_line(&finding.message)];
    lines.extend(explanation(finding));
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.code.into());
    result.insert("ruleIndex".into(), rule.into());
    result.insert("level".into(), finding.severity.word().into());
    result.insert("message".into(), json!({ "text": message(&lines.join("\n")) }));
    result.insert("locations".into(), json!([location(report, &finding.primary, true)]));
    let related: Vec<Value> =
        finding.related.iter().map(|label| location(report, label, false)).collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    let fixes: Vec<Value> = finding.possible_fixes().map(|fix| sarif_fix(report, fix)).collect();
    if !fixes.is_empty() {
        result.insert("fixes".into(), fixes.into());
    }
    let fingerprint = finding.fingerprint.as_str();
    result.insert("partialFingerprints".into(), json!({ FINGERPRINT: fingerprint }));
    // Either all results of a run have the property, or none (3.27.23).
    if is_any_waived {
        let suppressions = finding.waived.iter().map(|waived| suppression(waived));
        result.insert("suppressions".into(), suppressions.collect());
    }
    let mut properties = Map::new();
    properties.insert("confidence".into(), finding.confidence.word().into());
    if let Origin::Drift(class) = finding.origin {
        properties.insert("class".into(), class.word().into());
    }
    result.insert("properties".into(), properties.into());
    result.into()
}

/// Why a result doesn't count.
fn suppression(waived: &Waived) -> Value {
    let kind = match waived.by {
        WaivedBy::Waiver | WaivedBy::Comment => "inSource",
        WaivedBy::Baseline => "external",
    };
    let justification = message(&one_line(&waived.words())).into_owned();
    json!({ "kind": kind, "status": "accepted", "justification": justification })
}

/// A change that a machine can make, file by file.
fn sarif_fix(report: &FindingsReport<'_>, fix: &Fix) -> Value {
    let mut files: IndexMap<String, Vec<Value>> = IndexMap::new();
    for edit in &fix.edits {
        let place = report.place(edit.span);
        files.entry(uri(&place.path)).or_default().push(json!({
            "deletedRegion": region(&place),
            "insertedContent": { "text": edit.text },
        }));
    }
    let changes = files.into_iter().map(|(uri, replacements)| {
        json!({ "artifactLocation": { "uri": uri }, "replacements": replacements })
    });
    json!({
        "description": { "text": message(&one_line(&fix.summary)) },
        "artifactChanges": changes.collect::<Vec<_>>(),
    })
}

/// Where a label is. The main one has a file in any case, because services refuse a result without.
fn location(report: &FindingsReport<'_>, label: &FindingLabel, is_main: bool) -> Value {
    let mut location = Map::new();
    match label.span.map(|span| report.place(span)) {
        Some(place) => {
            location.insert("physicalLocation".into(), physical(&place));
        }
        None if is_main => {
            let uri = uri(&tidy(&report.default_file));
            let physical = json!({ "artifactLocation": { "uri": uri } });
            location.insert("physicalLocation".into(), physical);
        }
        None => {}
    }
    if let Some(element) = &label.element {
        let name = one_line(&element.to_string());
        location.insert("logicalLocations".into(), json!([{ "fullyQualifiedName": name }]));
    }
    if !label.text.is_empty() {
        location.insert("message".into(), json!({ "text": message(&one_line(&label.text)) }));
    }
    location.into()
}

fn physical(place: &CiPlace) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&place.path) },
        "region": region(place),
    })
}

fn region(place: &CiPlace) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, OUTSIDE_PATH);
    match path.starts_with('/') {
        true => format!("file://{encoded}"),
        // A first part with a colon would be a scheme.
        false => encoded.to_string().replace(':', "%3A"),
    }
}

/// A text of a message. `[text](target)` would be a link, and `{0}` an argument.
fn message(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains("](") {
        text = Cow::Owned(text.replace('[', "\\[").replace(']', "\\]"));
    }
    let is_argument = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    if text.split('{').skip(1).any(is_argument) {
        text = Cow::Owned(text.replace('{', "{{").replace('}', "}}"));
    }
    text
}
