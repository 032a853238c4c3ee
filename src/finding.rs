//! What a command has to say about a schema, as one value: a drift, what a server refuses, what a
//! rule found, a risk of a plan, an error of reading. Every output format shows findings alike.
//!
//! This module has the value alone. What makes findings is above it: `lint` its rules',
//! `report/findings` those of a comparison and of errors.

mod class;
mod fingerprint;
mod waived;
mod ways_out;

use crate::diagnostic::{Diagnostic, ElementPlaces, Label, Severity, Span};
use crate::model::{Column, Element};

pub use class::{DriftClass, UNMIGRATED, UNSEEN};
pub use fingerprint::{Fingerprint, number_repeated};
pub use waived::{EXPIRED, OUTDATED, SetAside, UNMATCHED, Waived, WaivedBy};
pub use ways_out::{FileEdit, WaysOut};

/// Something that a command found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name in kebab-case, which stays the same from version to version: a rule's name
    /// (`redundant-index`), a kind of drift (`drift-missing`), a kind of risk (`drop-column`), ….
    /// `driftline rules CODE` explains it.
    pub code: &'static str,
    /// Where it comes from.
    pub origin: Origin,
    /// The severity, with the settings applied.
    pub severity: Severity,
    /// How certain it is.
    pub confidence: Confidence,
    /// What it is about.
    pub primary: FindingLabel,
    /// What belongs to it. If one element can be dropped, the first of these is the one that stays.
    pub related: Vec<FindingLabel>,
    /// What is wrong, in one line, with the names of the elements.
    pub message: String,
    /// Why it matters; may be empty. This is also the text under the place in the file.
    pub why: String,
    /// What to do, one line each.
    pub help: Vec<String>,
    /// The changes of a file that a machine can make to close it.
    pub fixes: Vec<Fix>,
    /// The ways to close a drift; `None` if it is none, or if none is known.
    pub ways_out: Option<Box<WaysOut>>,
    /// What it is recognized by, from run to run.
    pub fingerprint: Fingerprint,
    /// Why it doesn't count; `None` if it does.
    pub waived: Option<Box<Waived>>,
}

/// Where a finding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Two schemas differ, or can't be compared.
    Drift(DriftClass),
    /// A change of schema.yaml is in no migration.
    Unmigrated,
    /// A lint rule.
    Rule,
    /// A step of a plan.
    Risk,
    /// A file or an argument is wrong, a server refuses, or a command fails otherwise.
    Error,
}

/// What a finding is about: an element, a place in a file, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingLabel {
    /// The element; `None` for what is about a file alone.
    pub element: Option<Element>,
    /// The place in the files of the source; `None` if it has none.
    pub span: Option<Span>,
    /// The text under the place; may be empty.
    pub text: String,
}

/// How certain a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A person has to judge it.
    Probable,
    /// It is certain.
    Certain,
}

/// A change of schema.yaml that a machine can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in a few words: an instruction.
    pub summary: String,
    /// What becomes of elements.
    pub changes: Vec<FixChange>,
    /// The texts that it replaces, in the order of the files. None overlaps another one. Empty until
    /// it is known that the files can be edited so.
    pub edits: Vec<Edit>,
}

/// What becomes of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixChange {
    /// The index or foreign key goes.
    Remove(Element),
    /// The column of the table becomes this one, which has the same name.
    Column {
        /// The table's name.
        table: String,
        /// The column.
        column: Box<Column>,
    },
    /// The table gets this character set and collation; its columns stay as they are.
    Charset {
        /// The table's name; `None` for all that inherit those of `defaults`.
        table: Option<String>,
        /// The character set.
        charset: String,
        /// The collation.
        collation: String,
    },
}

/// A text that takes the place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Confidence {
    /// The word, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Probable => "probable",
            Confidence::Certain => "certain",
        }
    }
}

impl FindingLabel {
    /// A label of an element whose place isn't known yet.
    pub fn element(element: Element) -> Self {
        FindingLabel { element: Some(element), ..FindingLabel::default() }
    }

    fn of_label(label: &Label) -> Self {
        FindingLabel { element: None, span: Some(label.span), text: label.text.clone() }
    }

    fn place(&mut self, places: &ElementPlaces) {
        if let (None, Some(element)) = (self.span, &self.element) {
            self.span = places.nearest(element);
        }
    }
}

impl Finding {
    /// A certain finding about an element, with nothing to say besides the message. `what` is what
    /// tells it apart from other findings with the same code about the same element.
    pub fn new(
        code: &'static str,
        origin: Origin,
        severity: Severity,
        element: Element,
        message: impl Into<String>,
        what: &[&str],
    ) -> Self {
        let fingerprint = Fingerprint::of(code, &element.to_string(), what);
        Finding {
            code,
            origin,
            severity,
            confidence: Confidence::Certain,
            primary: FindingLabel::element(element),
            related: Vec::new(),
            message: message.into(),
            why: String::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            ways_out: None,
            fingerprint,
            waived: None,
        }
    }

    /// An error as a finding. `text` is the text at its place, which recognizes it.
    pub fn of_error(code: &'static str, error: &Diagnostic, file: &str, text: &str) -> Self {
        let what = if error.primary.is_some() { text } else { &error.title };
        let primary = error.primary.as_ref().map(FindingLabel::of_label).unwrap_or_default();
        Finding {
            why: primary.text.clone(),
            primary,
            related: error.secondary.iter().map(FindingLabel::of_label).collect(),
            help: error.help.clone(),
            fingerprint: Fingerprint::of(code, file, &[what]),
            ..Finding::new(code, Origin::Error, error.severity, Element::Schema, &error.title, &[])
        }
    }

    /// The element that it is about.
    pub fn element(&self) -> Option<&Element> {
        self.primary.element.as_ref()
    }

    /// The other elements that belong to it.
    pub fn related_elements(&self) -> impl Iterator<Item = &Element> {
        self.related.iter().filter_map(|label| label.element.as_ref())
    }

    /// The same with the places of its elements or, for an element without a place, of what contains
    /// it.
    pub fn placed(mut self, places: &ElementPlaces) -> Self {
        self.primary.place(places);
        self.related.iter_mut().for_each(|label| label.place(places));
        self
    }

    /// The fixes of which it is known that the files can be edited so.
    pub fn possible_fixes(&self) -> impl Iterator<Item = &Fix> {
        self.fixes.iter().filter(|fix| !fix.edits.is_empty())
    }

    /// As a message that points into the file. Without a place, the reason becomes help.
    pub fn as_diagnostic(&self) -> Diagnostic {
        let mut help = self.help.clone();
        help.extend(
            self.possible_fixes().map(|fix| format!("`driftline lint --fix` can {}", fix.summary)),
        );
        if self.primary.span.is_none() && !self.why.is_empty() {
            help.insert(0, self.why.clone());
        }
        Diagnostic {
            severity: self.severity,
            code: Some(self.code),
            title: self.message.clone(),
            primary: self.primary.span.map(|span| Label { span, text: self.why.clone() }),
            secondary: Vec::new(),
            help,
            refused: None,
        }
    }
}

/// The severity of the worst finding that counts.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().filter(|finding| finding.waived.is_none()).map(|finding| finding.severity).max()
}
