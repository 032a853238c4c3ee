//! Errors and warnings that point into a file.

mod escape_controls;
mod render;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::model::Element;

pub use escape_controls::{escape_controls, is_harmful, one_line, without_commands};
pub use render::render;

/// The texts that diagnostics point into.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<SourceFile>,
}

/// One text and the name that messages give it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as the user wrote it.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// Where its lines begin, in bytes, once it was asked for.
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// The number of the line that holds a byte, counted from 1, and where that line begins.
    fn line(&self, at: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let after = self.text.match_indices('\n').map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(after).collect()
        });
        let number = lines.partition_point(|start| *start <= at);
        (number, lines.get(number.wrapping_sub(1)).copied().unwrap_or_default())
    }
}

/// Which of the [`Files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

impl Files {
    /// Adds a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        FileId(self.files.len() - 1)
    }

    /// The text with that id. Ids come from [`Files::add`] of the same value.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// `schema.yaml:41`, the line on which a span begins.
    pub fn line_label(&self, span: Span) -> String {
        let file = self.get(span.file);
        format!("{}:{}", file.name, file.line(span.start.min(file.text.len())).0)
    }

    /// The line and column on which a span begins.
    pub fn position(&self, span: Span) -> Position {
        let file = self.get(span.file);
        let text = &file.text;
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let (line, line_start) = file.line(start);
        Position { line, column: text[line_start..start].chars().count() + 1 }
    }
}

/// A place in a text, both numbers counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A stretch of one text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// Where each element of a schema stands in the file that it was read from.
#[derive(Debug, Clone, Default)]
pub struct Places {
    places: HashMap<Element, Span>,
    rules: HashMap<String, Span>,
}

impl Places {
    /// Notes where an element stands: its key, not the block under it.
    pub fn set(&mut self, element: Element, span: Span) {
        self.places.insert(element, span);
    }

    /// Where the element itself stands.
    pub fn get(&self, element: &Element) -> Option<Span> {
        self.places.get(element).copied()
    }

    /// Where the element stands, or else the nearest element that holds it.
    pub fn nearest(&self, element: &Element) -> Option<Span> {
        self.get(element).or_else(|| self.nearest(&element.parent()?))
    }

    /// Where a word stands in the text of an element, the first `before` of its kind left out; `None`
    /// where it isn't found. That text goes from the element to the next one that isn't part of it.
    pub fn word(
        &self,
        element: &Element,
        files: &Files,
        word: &str,
        before: usize,
    ) -> Option<Span> {
        let own = self.get(element)?;
        let mut end = usize::MAX;
        for (other, span) in &self.places {
            let is_nearer = span.file == own.file && (own.end..end).contains(&span.start);
            if is_nearer && other.parent().as_ref() != Some(element) {
                end = span.start;
            }
        }
        let text = &files.get(own.file).text;
        // In a dump the element's place is all of its text, in a file of YAML its key.
        let after = text.get(own.end..)?;
        let is_key = after.trim_start_matches(['\'', '"']).starts_with(':');
        let from = if is_key { own.end } else { own.start };
        let text = text.get(from..end.min(text.len()))?;
        let (start, end) = word_in(text, word, before)?;
        Some(Span { file: own.file, start: from + start, end: from + end })
    }

    /// Notes where the file gives a rule its severity: the rule's name.
    pub fn set_rule(&mut self, rule: impl Into<String>, span: Span) {
        self.rules.insert(rule.into(), span);
    }

    /// Where the file gives a rule its severity.
    pub fn rule(&self, rule: &str) -> Option<Span> {
        self.rules.get(rule).copied()
    }

    /// Whether nothing has a place: the source was no file.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// The bytes of a word in a text, as no part of a longer one and without regard to ASCII case.
fn word_in(text: &str, word: &str, before: usize) -> Option<(usize, usize)> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if word.is_empty() {
        return None;
    }
    let (bytes, wanted) = (text.as_bytes(), word.as_bytes());
    let mut found =
        (0..bytes.len()).filter(|start| text.is_char_boundary(*start)).filter(|start| {
            let Some(same) = bytes.get(*start..start + wanted.len()) else { return false };
            same.eq_ignore_ascii_case(wanted)
                && !(is_part(word.chars().next()) && is_part(text[..*start].chars().next_back()))
                && !(is_part(word.chars().next_back())
                    && is_part(
                        text.get(start + wanted.len()..).and_then(|rest| rest.chars().next()),
                    ))
        });
    let start = found.nth(before)?;
    Some((start, start + wanted.len()))
}

/// More errors than this help nobody.
pub const MOST_ERRORS: usize = 100;

/// The errors in the order of the files, each once, and no more than [`MOST_ERRORS`].
pub fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
    diagnostics.sort_by_key(place);
    diagnostics.dedup();
    if diagnostics.len() > MOST_ERRORS {
        let more = diagnostics.len() - MOST_ERRORS;
        diagnostics.truncate(MOST_ERRORS);
        diagnostics.push(Diagnostic::without_place(format!("and {more} more errors")));
    }
    diagnostics
}

/// How much a message weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never decides an exit code.
    Note,
    /// A finding.
    Warning,
    /// The input can't be used, or a finding that was raised to an error.
    Error,
}

impl Severity {
    /// The word, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A message with the place it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// A short name in kebab-case (`redundant-index`); `None` for plain errors of reading.
    pub code: Option<&'static str>,
    /// What is wrong, in one line.
    pub title: String,
    /// The place that it is about, and what to say under it.
    pub primary: Option<Label>,
    /// Other places that belong to it.
    pub secondary: Vec<Label>,
    /// What to do; each a line.
    pub help: Vec<String>,
}

/// A place, and the words under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// An error with no code, at a place.
    pub fn error(title: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        let primary = Some(Label { span, text: label.into() });
        Diagnostic { primary, ..Diagnostic::without_place(title) }
    }

    /// An error with no code that is about no place.
    pub fn without_place(title: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code: None,
            title: title.into(),
            primary: None,
            secondary: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A note with no code that is about no place.
    pub fn note(title: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Diagnostic::without_place(title) }
    }

    /// The same at a place, where there is one.
    pub fn at(mut self, place: Option<Span>, label: impl Into<String>) -> Self {
        self.primary = place.map(|span| Label { span, text: label.into() });
        self
    }

    /// Adds another place that belongs to the message.
    pub fn also(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// The same with a line of help.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// The nearest of the known names, where one is near enough to be a slip of the hand.
pub fn near_name<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let length = lower.chars().count();
    let candidates = known.into_iter().filter_map(|name| {
        let name_lower = name.to_lowercase();
        let most = 1 + name.chars().count().min(wrong.len()) / 4;
        // No name of quite another length is near: the rest takes time.
        if name_lower.chars().count().abs_diff(length) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&lower, &name_lower);
        (distance <= most).then_some((distance, name))
    });
    candidates.min().map(|(_, name)| name)
}

/// `` `a`, `b` and `c` ``
pub fn list<'a>(names: &[&'a str]) -> Cow<'a, str> {
    match names {
        [] => Cow::Borrowed("none"),
        [one] => Cow::Owned(format!("`{one}`")),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("`{name}`")).collect();
            Cow::Owned(format!("{} and `{last}`", init.join(", ")))
        }
    }
}
