//! The file of the findings that are accepted since it was written.

use std::path::Path;
use std::sync::Arc;

use super::Invalid;
use super::include::load;
use super::keys::Section;
use super::layout::{Layout, WrittenValue};
use super::node::{self, Value, YamlNode};
use super::reading::{KeyValue, Reading, Report};
use crate::diagnostic::{Diagnostic, Files, Span, in_order, one_line};

/// The version of the file's form.
const VERSION: u64 = 1;

const HEAD: &str = "\
# What was found when this file was written, and is accepted since: it doesn't count for `driftline check`
# and `driftline lint`, and what isn't listed does. `driftline baseline` writes the file anew.
";

/// A finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AcceptedFinding {
    /// What it is about, by its path in schema.yaml.
    pub element: String,
    /// Its code.
    pub code: String,
    /// What it is recognized by: hexadecimal digits.
    pub fingerprint: String,
    /// What it said, for people.
    pub message: String,
}

const FILE: Section = Section {
    place: "a file of accepted findings",
    title: "",
    path: "",
    about: "",
    keys: &[super::keys::text("version"), super::keys::text("findings")],
    example: "",
};

const FINDING: Section = Section {
    place: "an accepted finding",
    title: "",
    path: "",
    about: "",
    keys: &[
        super::keys::text("element"),
        super::keys::text("code"),
        super::keys::text("fingerprint"),
        super::keys::text("message"),
    ],
    example: "",
};

/// Reads the file at a path.
pub(super) fn read(path: &Path) -> Result<Vec<AcceptedFinding>, Invalid> {
    let mut files = Files::default();
    let mut report = Report::default();
    match load(path) {
        Ok(text) => {
            let name = path.display().to_string();
            let found = read_text(&name, &text, &mut files, &mut report);
            if report.diagnostics.is_empty() {
                return Ok(found);
            }
        }
        Err(problem) => {
            let diagnostic = problem.diagnostic(path, &mut files, None);
            report.diagnostics.push(Diagnostic { help: Vec::new(), ..diagnostic });
        }
    }
    Err(Invalid { diagnostics: in_order(report.diagnostics), files })
}

fn read_text(
    name: &str,
    text: &str,
    files: &mut Files,
    report: &mut Report,
) -> Vec<AcceptedFinding> {
    let text: Arc<str> = Arc::from(text.strip_prefix('\u{feff}').unwrap_or(text));
    let file = files.add(name, Arc::clone(&text));
    let root = match node::parse(&text) {
        Ok(root) => root,
        Err(error) => {
            let span = Span { file, start: error.at, end: error.at };
            report.error(error.title, span, error.label).help.extend(error.help);
            return Vec::new();
        }
    };
    let mut reading = Reading { file, text: &text, report };
    reading.duplicate_keys(&root);
    let mut found = Vec::new();
    let mut version = None;
    for field in fields(&mut reading, &root) {
        match field.word() {
            "version" => version = reading.integer(field),
            "findings" => {
                let items = reading.items(field).unwrap_or_default();
                found.extend(items.iter().filter_map(|item| read_finding(&mut reading, item)));
            }
            _ => reading.unknown_key(field, &FILE),
        }
    }
    if version != Some(VERSION) && reading.report.diagnostics.is_empty() {
        let span = Span { file, start: 0, end: 0 };
        let title = format!("this isn't version {VERSION} of a file of accepted findings");
        let error = reading.error(title, span, "");
        error.help.push("`driftline baseline` writes it anew".to_owned());
    }
    found
}

fn fields<'n>(reading: &mut Reading<'_, '_>, node: &'n YamlNode<'n>) -> Vec<KeyValue<'n>> {
    match &node.value {
        Value::Mapping(entries) => entries.iter().map(KeyValue::from).collect(),
        other => {
            let span = reading.span(node);
            reading.error("this has to be a map", span, other.label());
            Vec::new()
        }
    }
}

fn read_finding(reading: &mut Reading<'_, '_>, node: &YamlNode<'_>) -> Option<AcceptedFinding> {
    let mut texts = [const { None }; 4];
    let keys = FINDING.names();
    let fields = fields(reading, node);
    for field in &fields {
        match keys.iter().position(|key| *key == field.word()) {
            Some(place) => texts[place] = reading.string(*field).map(str::to_owned),
            None => reading.unknown_key(*field, &FINDING),
        }
    }
    let [element, code, fingerprint, message] = texts;
    if let (None, Some(first)) = (&fingerprint, fields.first()) {
        let span = reading.span(first.key);
        reading.error("an accepted finding needs its `fingerprint`", span, "");
    }
    Some(AcceptedFinding {
        element: element.unwrap_or_default(),
        code: code.unwrap_or_default(),
        fingerprint: fingerprint?,
        message: message.unwrap_or_default(),
    })
}

/// The text of a file with these findings, in their order.
pub(super) fn write(findings: &[AcceptedFinding]) -> String {
    let mut layout = Layout::default();
    HEAD.lines().for_each(|line| layout.line(0, line));
    layout.line(0, &format!("version: {VERSION}"));
    layout.line(0, if findings.is_empty() { "findings: []" } else { "findings:" });
    for finding in findings {
        let mut item = Layout::default();
        item.entry(0, "element", &WrittenValue::text(&finding.element));
        item.entry(0, "code", &WrittenValue::text(&finding.code));
        item.entry(0, "fingerprint", &WrittenValue::text(&finding.fingerprint));
        item.entry(0, "message", &WrittenValue::text(one_line(&finding.message)));
        for (number, line) in item.text.lines().enumerate() {
            let mark = if number == 0 { "- " } else { "  " };
            layout.line(1, &format!("{mark}{line}"));
        }
    }
    layout.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let finding = |element: &str, message: &str| AcceptedFinding {
            element: element.to_owned(),
            code: "drift-extra".to_owned(),
            // All digits: without quotes it would be a number.
            fingerprint: "00000000000000000000000000000012".to_owned(),
            message: message.to_owned(),
        };
        let long = format!("{}y", "x ".repeat(400));
        let messages = ["plain", "a: b # c", "\"quoted\" 'twice'", "- list", "ö … \u{202e}", &long];
        let all: Vec<AcceptedFinding> =
            messages.iter().map(|message| finding("tables.a b", message)).collect();
        for list in [&all[..], &[]] {
            let text = write(list);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("b.yaml");
            std::fs::write(&path, &text).unwrap();
            let again = read(&path).unwrap_or_else(|it| panic!("{text}{it}"));
            assert_eq!(again.len(), list.len());
            for (one, other) in again.iter().zip(list) {
                assert_eq!(one.message, one_line(&other.message), "{text}");
                assert_eq!((&one.element, &one.fingerprint), (&other.element, &other.fingerprint));
            }
        }
    }

    #[test]
    fn another_form_is_an_error_at_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.yaml");
        let error = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let invalid = read(&path).unwrap_err();
            invalid.diagnostics.into_iter().map(|it| it.title).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(error("[]"), "this has to be a map");
        assert_eq!(error("version: 2"), "this isn't version 1 of a file of accepted findings");
        let none = "version: 1\nfindings: [{ code: a }]";
        assert_eq!(error(none), "an accepted finding needs its `fingerprint`");
        let unknown = "version: 1\nfindings: [{ fingerprint: a, reason: b }]";
        assert_eq!(error(unknown), "an accepted finding has no key `reason`");
        assert_eq!(
            error("version: 1\nfinding: []"),
            "a file of accepted findings has no key `finding`"
        );
    }
}
