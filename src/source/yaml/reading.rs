//! What every reader of a part of the file uses: the text, the report, and simple values.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use super::keys::Section;
use super::node::{Value, YamlNode, offset_in_text};
use crate::diagnostic::{Diagnostic, ElementPlaces, FileId, Span, list, near_name};
use crate::model::Element;
use crate::syntax::SqlError;

/// The longest name that a server allows, in characters.
const MAX_NAME: usize = 64;

/// Maps up to this size are searched instead of hashed.
pub(super) const SMALL: usize = 24;

/// What has been found so far.
#[derive(Default)]
pub(super) struct Report {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) places: ElementPlaces,
    /// The indexes of columns that have UNIQUE and PRIMARY KEY in their own definition.
    pub(super) uniques_of_primary_keys: Vec<Element>,
    /// Whether a key was found twice in one map.
    pub(super) duplicate_keys: bool,
}

/// One file while it is being read.
pub(super) struct Reading<'t, 'r> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) report: &'r mut Report,
}

/// A key with its value.
#[derive(Clone, Copy)]
pub(super) struct KeyValue<'n> {
    pub(super) key: &'n YamlNode<'n>,
    pub(super) value: &'n YamlNode<'n>,
}

impl<'n> From<&'n (YamlNode<'n>, YamlNode<'n>)> for KeyValue<'n> {
    fn from((key, value): &'n (YamlNode<'n>, YamlNode<'n>)) -> Self {
        KeyValue { key, value }
    }
}

impl KeyValue<'_> {
    /// The key as a keyword of the file; empty if it can't be one.
    pub(super) fn word(&self) -> &str {
        match &self.key.value {
            Value::String(text) => text,
            _ => "",
        }
    }
}

impl<'t> Reading<'t, '_> {
    /// The place of a node.
    pub(super) fn span(&self, node: &YamlNode<'_>) -> Span {
        let trailing = self.raw(node).len() - self.raw(node).trim_end().len();
        Span { file: self.file, start: node.start, end: node.end - trailing }
    }

    /// The place of a field's value, or of its key if the value is a block below it.
    pub(super) fn value_span(&self, field: KeyValue<'_>) -> Span {
        match field.value.value {
            Value::Sequence(_) | Value::Mapping(_) | Value::Null => self.span(field.key),
            _ => self.span(field.value),
        }
    }

    /// The node's own text.
    pub(super) fn raw(&self, node: &YamlNode<'_>) -> &'t str {
        self.text.get(node.start..node.end).unwrap_or_default()
    }

    /// Records the place of an element.
    pub(super) fn place(&mut self, element: Element, span: Span) {
        self.report.places.set(element, span);
    }

    /// Reports an error and returns it, so that help can be added.
    pub(super) fn error(
        &mut self,
        title: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.report.error(title, span, label)
    }

    /// Reports a value of the wrong type: `"columns" has to be a map, not a list`.
    pub(super) fn expected(&mut self, field: KeyValue<'_>, wanted: &str) -> &mut Diagnostic {
        let title = format!("`{}` has to be {wanted}", self.raw(field.key).trim());
        let label = field.value.value.label();
        let span = self.value_span(field);
        self.error(title, span, label)
    }

    /// Reports an unknown key.
    pub(super) fn unknown_key(&mut self, field: KeyValue<'_>, section: &Section) {
        let (place, known) = (section.place, section.names());
        let span = self.span(field.key);
        let word = self.raw(field.key).to_owned();
        let near = near_name(field.word(), known.iter().copied());
        let label = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::new(),
        };
        let error = self.error(format!("{place} has no key `{word}`"), span, label);
        if near.is_none() {
            error.help.push(format!("known are {}", list(&known)));
        }
    }

    /// The fields of a map. Of a duplicate key only the first; the second is reported by
    /// [`Reading::duplicate_keys`].
    pub(super) fn fields<'n>(&mut self, field: KeyValue<'n>) -> Option<Vec<KeyValue<'n>>> {
        match &field.value.value {
            Value::Mapping(entries) => {
                let fields = entries.iter().map(KeyValue::from);
                if !self.report.duplicate_keys {
                    return Some(fields.collect());
                }
                let mut seen = HashSet::new();
                let first = |field: &KeyValue<'n>| match &field.key.value {
                    Value::String(word) => seen.insert(word.as_ref()),
                    _ => true,
                };
                Some(fields.filter(first).collect())
            }
            _ => {
                self.expected(field, "a map");
                None
            }
        }
    }

    /// Reports every duplicate key in a map, at any depth.
    pub(super) fn duplicate_keys(&mut self, node: &YamlNode<'_>) {
        match &node.value {
            Value::Sequence(items) => items.iter().for_each(|item| self.duplicate_keys(item)),
            Value::Mapping(entries) => {
                // Most maps are small, and searching those is faster than hashing.
                let mut seen: HashMap<&str, Span> = HashMap::new();
                for (position, field) in entries.iter().map(KeyValue::from).enumerate() {
                    let text = self.key_text(field.key);
                    let again = self.span(field.key);
                    let first = if entries.len() <= SMALL {
                        let earlier = entries[..position].iter();
                        earlier
                            .map(|(key, _)| key)
                            .find(|key| self.key_text(key) == text)
                            .map(|key| self.span(key))
                    } else {
                        seen.insert(text, again)
                    };
                    if let Some(first) = first {
                        self.report.duplicate_keys = true;
                        let title = format!("the key `{text}` is there twice");
                        self.report.error(title, again, "again").also(first, "first here");
                    }
                    self.duplicate_keys(field.value);
                }
            }
            _ => {}
        }
    }

    /// A key as a string, whatever its type.
    fn key_text<'n>(&self, key: &'n YamlNode<'n>) -> &'n str
    where
        't: 'n,
    {
        match &key.value {
            Value::String(text) => text,
            _ => self.raw(key),
        }
    }

    /// The items of a list.
    pub(super) fn items<'n>(&mut self, field: KeyValue<'n>) -> Option<&'n [YamlNode<'n>]> {
        match &field.value.value {
            Value::Sequence(items) => Some(items),
            Value::String(text) => {
                let example = format!("write `[{text}]`");
                self.expected(field, "a list").help.push(example);
                None
            }
            _ => {
                self.expected(field, "a list");
                None
            }
        }
    }

    /// A string.
    pub(super) fn string<'n>(&mut self, field: KeyValue<'n>) -> Option<&'n str> {
        match &field.value.value {
            Value::String(text) => self.quoted(field.value).then_some(text.as_ref()),
            Value::Number | Value::Bool(_) => {
                let quoted = format!("quote it: '{}'", self.raw(field.value));
                self.expected(field, "a string").help.push(quoted);
                None
            }
            Value::Null if !self.raw(field.value).is_empty() => {
                let quoted = format!(
                    "without quotes `{0}` is YAML's null: quote it ('{0}') or leave the key out",
                    self.raw(field.value)
                );
                let span = self.span(field.value);
                self.error(
                    format!("`{}` has to be a string", self.raw(field.key)),
                    span,
                    "a value is missing here",
                )
                .help
                .push(quoted);
                None
            }
            _ => {
                self.expected(field, "a string");
                None
            }
        }
    }

    /// Whether a string is quoted if necessary. It is an error if it isn't quoted and other YAML
    /// parsers would read it as a boolean.
    pub(super) fn quoted(&mut self, node: &YamlNode<'_>) -> bool {
        let raw = self.raw(node);
        let trap = yaml11_boolean(raw).is_some();
        if trap {
            let span = self.span(node);
            self.error(
                format!("`{raw}` has to be quoted"),
                span,
                "many readers of YAML take this for a boolean",
            )
            .help
            .push(format!("quote it: '{raw}'"));
        }
        !trap
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, field: KeyValue<'_>) -> Option<bool> {
        match &field.value.value {
            Value::Bool(value) => Some(*value),
            other => {
                let help = match other {
                    Value::String(text) => yaml11_boolean(text)
                        .map(|value| format!("`{text}` is a string in YAML 1.2: write `{value}`")),
                    _ => None,
                };
                self.expected(field, "true or false").help.extend(help);
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub(super) fn integer(&mut self, field: KeyValue<'_>) -> Option<u64> {
        self.whole_number(field)
    }

    /// A whole number, which may be negative.
    pub(super) fn signed_integer(&mut self, field: KeyValue<'_>) -> Option<i128> {
        self.whole_number(field)
    }

    fn whole_number<T: FromStr>(&mut self, field: KeyValue<'_>) -> Option<T> {
        let number = match field.value.value {
            Value::Number => self.raw(field.value).parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.expected(field, "a whole number");
        }
        number
    }

    /// A key that is a name: of a table, a column, a constraint.
    pub(super) fn name<'n>(&mut self, key: &'n YamlNode<'n>, what: &str) -> Option<&'n str> {
        let span = self.span(key);
        let raw = self.raw(key);
        let name = match &key.value {
            Value::String(text) => text.as_ref(),
            Value::Sequence(_) | Value::Mapping(_) => {
                self.error(format!("the name of a {what} has to be a string"), span, "");
                return None;
            }
            Value::Null | Value::Bool(_) | Value::Number => {
                let is = match key.value {
                    Value::Null => "YAML's null",
                    _ => key.value.noun(),
                };
                self.error(
                    format!("the name of a {what} has to be a string"),
                    span,
                    format!("without quotes this is {is}"),
                )
                .help
                .push(format!("quote it: '{raw}'"));
                return None;
            }
        };
        if !self.quoted(key) {
            return Some(name);
        }
        let length = name.chars().count();
        let problem = match length {
            0 => Some("has no characters".to_owned()),
            1..=MAX_NAME => None,
            _ => Some(format!("has {length} characters; a name has at most {MAX_NAME}")),
        };
        if let Some(problem) = problem {
            self.error(format!("the name of a {what} {problem}"), span, "");
            return None;
        }
        Some(name)
    }

    /// A name or short word as a value, like a character set: letters, digits and `_`.
    pub(super) fn word(&mut self, field: KeyValue<'_>, what: &str) -> Option<String> {
        let text = self.string(field)?;
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !text.is_empty() && text.len() <= MAX_NAME && text.chars().all(good) {
            return Some(text.to_owned());
        }
        let span = self.span(field.value);
        self.error(format!("no {what} has this name"), span, "");
        None
    }

    /// One of the known words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        field: KeyValue<'_>,
        known: &[(&str, T)],
    ) -> Option<T> {
        let text = match &field.value.value {
            Value::String(text) => text,
            _ => self.string(field)?,
        };
        let wanted = text.to_lowercase();
        let found = known.iter().find(|(word, _)| *word == wanted);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let near = near_name(text, words.iter().copied());
            let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
            let span = self.span(field.value);
            let title = format!("`{}` can't be `{text}`", self.raw(field.key));
            self.error(title, span, label).help.push(format!("known are {}", list(&words)));
        }
        found.map(|(_, value)| *value)
    }

    /// Reports an SQL error about a string, at its place inside the string.
    pub(super) fn sql_error(&mut self, node: &YamlNode<'_>, value: &str, error: SqlError) {
        let span = self.part_span(node, value, error.start, error.end);
        let cut = self.cut_by_comma(node, value);
        let diagnostic = self.error(error.message, span, "");
        if cut {
            diagnostic.help.push("between `{` and `}` a comma ends the value: quote it".to_owned());
        }
        diagnostic.help.extend(error.help);
    }

    /// The place of a part of a string's value; the whole string if that is unknown.
    pub(super) fn part_span(
        &self,
        node: &YamlNode<'_>,
        value: &str,
        start: usize,
        end: usize,
    ) -> Span {
        let whole = self.span(node);
        let raw = self.raw(node);
        offset_in_text(raw, value, start)
            .zip(offset_in_text(raw, value, end.max(start)))
            .filter(|(start, end)| start <= end && *end <= raw.len())
            .map_or(whole, |(start, end)| Span {
                start: node.start + start,
                end: node.start + end,
                ..whole
            })
    }

    /// Whether a plain string in a flow collection ended at a comma that should be part of it: `{
    /// price: decimal(10,2) }`.
    fn cut_by_comma(&self, node: &YamlNode<'_>, value: &str) -> bool {
        self.raw(node) == value
            && value.matches('(').count() > value.matches(')').count()
            && self.text[node.end..].trim_start().starts_with(',')
    }
}

impl Report {
    /// Reports an error and returns it, so that help can be added.
    pub(super) fn error(
        &mut self,
        title: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(title, span, label));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }
}

/// The words that are booleans in YAML 1.1 and strings in YAML 1.2. Without `y` and `n`, because no
/// parser in use reads these as booleans, and they are good names for columns.
pub(super) fn yaml11_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" => Some(true),
        "no" | "off" => Some(false),
        _ => None,
    }
}
