//! A finding before its rule's name and severity are known.

use super::{Confidence, Finding, Rule};
use crate::diagnostic::{Severity, Span};
use crate::finding::{FindingLabel, Fix, FixChange, Origin};
use crate::model::Element;

/// What a rule returns: a finding without the rule's name and severity.
#[derive(Debug)]
pub(super) struct Draft {
    grade: Grade,
    confidence: Confidence,
    element: Element,
    /// What is about a migration's file alone: the migration's name, and the place.
    of_file: Option<(String, Span)>,
    related: Vec<Element>,
    message: String,
    why: String,
    help: Vec<String>,
    fix: Option<Fix>,
}

/// The severity of a finding in relation to that of its rule.
#[derive(Debug, Clone, Copy)]
enum Grade {
    /// A note, whatever severity the rule has.
    Note,
    /// The severity of the rule.
    Usual,
    /// This severity, unless schema.yaml sets one for the rule.
    Unless(Severity),
}

impl Draft {
    /// A finding that is certain, with the severity of the rule.
    pub(super) fn new(element: Element, message: String) -> Self {
        Draft {
            grade: Grade::Usual,
            confidence: Confidence::Certain,
            element,
            of_file: None,
            related: Vec::new(),
            message,
            why: String::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// A finding about a place in the file of a migration.
    pub(super) fn of_file(migration: &str, span: Span, message: String) -> Self {
        let of_file = Some((migration.to_owned(), span));
        Draft { of_file, ..Draft::new(Element::Schema, message) }
    }

    /// Sets how certain the rule is.
    pub(super) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Marks a finding that a person has to judge.
    pub(super) fn probable(self) -> Self {
        self.confidence(Confidence::Probable)
    }

    /// Makes the finding a note.
    pub(super) fn note(mut self) -> Self {
        self.grade = Grade::Note;
        self
    }

    /// Gives the finding this severity, unless schema.yaml sets one for the rule.
    pub(super) fn unless_set(mut self, severity: Severity) -> Self {
        self.grade = Grade::Unless(severity);
        self
    }

    /// Marks something that the server refuses. It is an error, unless schema.yaml sets a severity
    /// for the rule.
    pub(super) fn refused(self) -> Self {
        self.unless_set(Severity::Error)
    }

    /// Adds another element that belongs to the finding.
    pub(super) fn related(mut self, element: Element) -> Self {
        self.related.push(element);
        self
    }

    /// Adds other elements that belong to the finding.
    pub(super) fn all_related(mut self, elements: impl IntoIterator<Item = Element>) -> Self {
        self.related.extend(elements);
        self
    }

    /// Sets the explanation why it matters.
    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Adds a line that says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds more lines that say what to do.
    pub(super) fn all_help(mut self, help: impl IntoIterator<Item = String>) -> Self {
        self.help.extend(help);
        self
    }

    /// Sets what a machine can change to close it, and that in a few words.
    pub(super) fn fix(mut self, summary: &str, changes: Vec<FixChange>) -> Self {
        let summary = summary.to_owned();
        self.fix = (!changes.is_empty()).then(|| Fix { summary, changes, edits: Vec::new() });
        self
    }

    /// The complete finding. `severity` is that of the rule; `set` is the one that schema.yaml sets
    /// for it, if it does.
    pub(super) fn finish(
        mut self,
        rule: &Rule,
        severity: Severity,
        set: Option<Severity>,
    ) -> Finding {
        let page = format!("`driftline rules {}`", rule.name);
        match self.help.first_mut() {
            Some(first) => *first = format!("{first}; {page}"),
            None => self.help.push(page),
        }
        let severity = match self.grade {
            Grade::Note => Severity::Note,
            Grade::Usual => severity,
            Grade::Unless(usual) => set.unwrap_or(usual),
        };
        let mut what: Vec<String> = self.related.iter().map(ToString::to_string).collect();
        what.extend(self.of_file.iter().flat_map(|(file, _)| [file.clone(), self.message.clone()]));
        let what: Vec<&str> = what.iter().map(String::as_str).collect();
        let mut finding = Finding {
            confidence: self.confidence,
            related: self.related.into_iter().map(FindingLabel::element).collect(),
            why: self.why,
            help: self.help,
            fixes: self.fix.into_iter().collect(),
            ..Finding::new(rule.name, Origin::Rule, severity, self.element, self.message, &what)
        };
        if let Some((_, span)) = self.of_file {
            finding.primary = FindingLabel { span: Some(span), ..FindingLabel::default() };
        }
        finding
    }
}
