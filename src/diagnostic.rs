//! Errors, warnings and notes that point into a file.

mod escape_controls;
mod render;
mod value_texts;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::model::Element;

pub use escape_controls::{escape_controls, is_harmful, one_line, without_commands};
pub use render::render;
pub use value_texts::ValueTexts;

/// The texts that diagnostics point into.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<SourceFile>,
}

/// One text and its name in messages.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as the user wrote it.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The start of each line, in bytes, computed when it is first needed.
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// The number of the line of a byte, counted from 1, and where that line begins.
    fn line(&self, at: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let after = self.text.match_indices('\n').map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(after).collect()
        });
        let number = lines.partition_point(|start| *start <= at);
        (number, lines.get(number.wrapping_sub(1)).copied().unwrap_or_default())
    }
}

/// An index into [`Files`].
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

    /// The text with this id. The id has to come from [`Files::add`] of the same value.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// All texts, in the order in which they were added.
    pub fn all(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (FileId(number), file))
    }

    /// The first text, which includes the others.
    pub fn first(&self) -> Option<FileId> {
        (!self.files.is_empty()).then_some(FileId(0))
    }

    /// The name of the first text, which includes the others.
    pub fn first_name(&self) -> Option<&str> {
        self.files.first().map(|file| file.name.as_str())
    }

    /// `schema.yaml:41`, the line on which a span begins.
    pub fn line_label(&self, span: Span) -> String {
        let file = self.get(span.file);
        format!("{}:{}", file.name, file.line(span.start.min(file.text.len())).0)
    }

    /// The line and column on which a span begins.
    pub fn position(&self, span: Span) -> LineColumn {
        let file = self.get(span.file);
        let text = &file.text;
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let (line, line_start) = file.line(start);
        LineColumn { line, column: text[line_start..start].chars().count() + 1 }
    }
}

/// A place in a text, both numbers counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A range of one text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// The place of each element of a schema in the file that it was read from.
#[derive(Debug, Clone, Default)]
pub struct ElementPlaces {
    places: HashMap<Element, Span>,
    rules: HashMap<String, Span>,
    /// Where the values of the files are that are maps.
    values: HashMap<FileId, ValueTexts>,
}

impl ElementPlaces {
    /// Sets the place of an element: its key, without the block under it.
    pub fn set(&mut self, element: Element, span: Span) {
        self.places.insert(element, span);
    }

    /// The place of the element itself.
    pub fn get(&self, element: &Element) -> Option<Span> {
        self.places.get(element).copied()
    }

    /// Every element with its place, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Element, Span)> {
        self.places.iter().map(|(element, span)| (element, *span))
    }

    /// The place of the element, or else of the nearest element that contains it.
    pub fn nearest(&self, element: &Element) -> Option<Span> {
        self.get(element).or_else(|| self.nearest(&element.parent()?))
    }

    /// The place of a word in the text of an element, after skipping `before` occurrences; `None`
    /// if it isn't found. In YAML these are the values under the element's key, in a dump it is the
    /// whole text of the element.
    pub fn word(
        &self,
        element: &Element,
        files: &Files,
        word: &str,
        before: usize,
    ) -> Option<Span> {
        let own = self.get(element)?;
        let under = self.values.get(&own.file).and_then(|values| values.under(own));
        let texts: Vec<Span> = under.map_or_else(|| vec![own], Iterator::collect);
        let file = files.get(own.file);
        let mut found = texts.into_iter().flat_map(|span| {
            let text = file.text.get(span.start..span.end).unwrap_or_default();
            let at = move |start: usize| {
                let start = span.start + start;
                Span { file: span.file, start, end: start + word.len() }
            };
            words_in(text, word).map(at)
        });
        found.nth(before)
    }

    /// Sets where the values of a file are.
    pub fn set_values(&mut self, file: FileId, values: ValueTexts) {
        self.values.insert(file, values);
    }

    /// Sets the place where the file gives a rule its severity: the rule's name.
    pub fn set_rule(&mut self, rule: impl Into<String>, span: Span) {
        self.rules.insert(rule.into(), span);
    }

    /// The place where the file gives a rule its severity.
    pub fn rule(&self, rule: &str) -> Option<Span> {
        self.rules.get(rule).copied()
    }

    /// Whether no element has a place, because the source was no file.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// The first byte of each occurrence of a word in a text, but not within a longer word, ignoring
/// ASCII case.
fn words_in<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (begins, ends) = (is_part(word.chars().next()), is_part(word.chars().next_back()));
    let last = (text.len() + 1).saturating_sub(word.len());
    let starts =
        (0..if word.is_empty() { 0 } else { last }).filter(|start| text.is_char_boundary(*start));
    starts.filter(move |start| {
        let end = start + word.len();
        let is_same = |same: &str| same.eq_ignore_ascii_case(word);
        text.get(*start..end).is_some_and(is_same)
            && !(begins && is_part(text[..*start].chars().next_back()))
            && !(ends && is_part(text[end..].chars().next()))
    })
}

/// The maximum number of errors that are shown.
pub const MOST_ERRORS: usize = 100;

/// The errors in the order of the files, without duplicates, at most [`MOST_ERRORS`].
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

/// The severity of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Information; it never changes the exit code.
    Note,
    /// A finding.
    Warning,
    /// The input can't be used, or a finding whose severity was raised.
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

/// A message, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// A rule's name in kebab-case (`redundant-index`); `None` for errors of reading.
    pub code: Option<&'static str>,
    /// What is wrong, in one line.
    pub title: String,
    /// The main place, with a text under it.
    pub primary: Option<Label>,
    /// Other places that belong to the message.
    pub secondary: Vec<Label>,
    /// What to do, line by line.
    pub help: Vec<String>,
    /// The element that the server would refuse, if that is what is wrong.
    pub refused: Option<Element>,
}

/// A place, and the text under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The text; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(title: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        let primary = Some(Label { span, text: label.into() });
        Diagnostic { primary, ..Diagnostic::without_place(title) }
    }

    /// An error without a place.
    pub fn without_place(title: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code: None,
            title: title.into(),
            primary: None,
            secondary: Vec::new(),
            help: Vec::new(),
            refused: None,
        }
    }

    /// A note without a place.
    pub fn note(title: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Diagnostic::without_place(title) }
    }

    /// The same at a place, if there is one.
    pub fn at(mut self, place: Option<Span>, label: impl Into<String>) -> Self {
        self.primary = place.map(|span| Label { span, text: label.into() });
        self
    }

    /// Adds another place that belongs to the message.
    pub fn also(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// The same, with another line of help.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// The most similar of the known names, if it is similar enough to be a typo.
pub fn near_name<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let length = lower.chars().count();
    let candidates = known.into_iter().filter_map(|name| {
        let name_lower = name.to_lowercase();
        let most = 1 + name.chars().count().min(wrong.len()) / 4;
        // A name of a very different length can't be similar, and the rest takes time.
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
