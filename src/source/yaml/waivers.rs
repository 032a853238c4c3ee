//! Reads `waivers`: the findings that the file accepts.

use jiff::civil::Date;

use super::element_glob::ElementGlob;
use super::keys::WAIVER;
use super::node::{Value, YamlNode};
use super::reading::{KeyValue, Reading};
use crate::source::{WaivedElements, WaivedRule, Waiver};

/// Whether a code is that of a rule, a drift or a risk isn't asked here: the reader doesn't know
/// them. [`crate::waivers`] does.
pub(super) fn read_waivers(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Vec<Waiver> {
    let items = reading.items(field).unwrap_or_default();
    items.iter().filter_map(|item| read_waiver(reading, item)).collect()
}

fn read_waiver(reading: &mut Reading<'_, '_>, item: &YamlNode<'_>) -> Option<Waiver> {
    let span = reading.span(item);
    let Value::Mapping(entries) = &item.value else {
        let label = item.value.label();
        reading.error("a waiver is a map", span, label).help.push(
            "as in `{ rule: missing-primary-key, element: tables.audit, reason: append-only }`"
                .to_owned(),
        );
        return None;
    };
    let mut rules = None;
    let mut element = None;
    let mut reason = None;
    let (mut owner, mut until) = (None, None);
    let errors = reading.report.diagnostics.len();
    let mut place = span;
    for field in entries.iter().map(KeyValue::from) {
        match field.word() {
            "rule" => rules = read_rules(reading, field),
            "element" => {
                place = reading.span(field.value);
                element = read_element(reading, field);
            }
            "reason" => reason = read_words(reading, field),
            "owner" => owner = read_words(reading, field),
            "until" => until = read_date(reading, field),
            _ => reading.unknown_key(field, &WAIVER),
        }
    }
    if errors != reading.report.diagnostics.len() {
        return None;
    }
    let is_there =
        [("rule", rules.is_some()), ("element", element.is_some()), ("reason", reason.is_some())];
    for (key, _) in is_there.iter().filter(|(_, is_there)| !is_there) {
        // The place of a map in block style is empty, and its first key shows where it is.
        let span = entries.first().map_or(span, |(key, _)| reading.span(key));
        let error = reading.error(format!("a waiver needs `{key}`"), span, "");
        error
            .help
            .extend((*key == "reason").then(|| "it says why the finding is accepted".to_owned()));
    }
    Some(Waiver {
        rules: rules?,
        elements: WaivedElements::Glob(element?),
        reason: reason?,
        owner,
        until,
        place,
    })
}

/// One code, or a list of them.
fn read_rules(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<Vec<WaivedRule>> {
    let nodes = match &field.value.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(field.value),
    };
    if nodes.is_empty() {
        reading.expected(field, "the code of a finding, or a list of codes");
        return None;
    }
    let mut rules = Vec::new();
    for node in nodes {
        let place = reading.span(node);
        let Value::String(code) = &node.value else {
            let label = node.value.label();
            reading.error("`rule` is the code of a finding, or a list of codes", place, label);
            return None;
        };
        rules.push(WaivedRule { code: code.as_ref().to_owned(), place });
    }
    Some(rules)
}

fn read_element(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<ElementGlob> {
    let text = reading.string(field)?;
    match ElementGlob::parse(text) {
        Ok(glob) => Some(glob),
        Err(why) => {
            let span = reading.value_span(field);
            reading.error(format!("`{text}` can't be waived"), span, why);
            None
        }
    }
}

/// A text for people. `…`, which driftline prints where it is to be written, is none.
fn read_words(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<String> {
    let text = reading.string(field)?;
    if has_words(text) {
        return Some(text.to_owned());
    }
    let span = reading.value_span(field);
    reading.error(format!("`{}` says nothing", field.word()), span, "words are missing here");
    None
}

/// Whether a text has a letter or a digit.
pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn read_date(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<Date> {
    let text = reading.string(field)?;
    let date = Date::strptime("%Y-%m-%d", text).ok().filter(|date| date.to_string() == text);
    if date.is_none() {
        let span = reading.value_span(field);
        let help = "write the last day on which the waiver holds, as in `2026-12-31`".to_owned();
        reading.error(format!("`{text}` isn't a date"), span, "").help.push(help);
    }
    date
}
