//! A finding before its rule's name and severity are known.

use super::{Confidence, Finding, Rule};
use crate::diagnostic::Severity;
use crate::model::Element;

/// What a rule hands back: a finding except for its rule's name and its severity.
#[derive(Debug)]
pub(super) struct Draft {
    grade: Grade,
    confidence: Confidence,
    element: Element,
    related: Vec<Element>,
    message: String,
    why: String,
    help: Vec<String>,
}

/// How much a finding weighs beside the other findings of its rule.
#[derive(Debug, Clone, Copy)]
enum Grade {
    /// Worth knowing: never more than a note, whatever the rule is set to.
    Note,
    /// As much as the rule is set to.
    Usual,
    /// This much, unless the rule is set to something.
    Unless(Severity),
}

impl Draft {
    /// A finding of which the rule is certain, and which weighs what the rule does.
    pub(super) fn new(element: Element, message: String) -> Self {
        Draft {
            grade: Grade::Usual,
            confidence: Confidence::Certain,
            element,
            related: Vec::new(),
            message,
            why: String::new(),
            help: Vec::new(),
        }
    }

    /// How sure the rule is.
    pub(super) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Something that a person has to weigh.
    pub(super) fn probable(self) -> Self {
        self.confidence(Confidence::Probable)
    }

    /// Worth knowing, and no more than that.
    pub(super) fn note(mut self) -> Self {
        self.grade = Grade::Note;
        self
    }

    /// Something that weighs this much unless the rule is set to something: an error what the
    /// server refuses.
    pub(super) fn unless_set(mut self, severity: Severity) -> Self {
        self.grade = Grade::Unless(severity);
        self
    }

    /// Something that the server refuses.
    pub(super) fn refused(self) -> Self {
        self.unless_set(Severity::Error)
    }

    /// Another element that belongs to it.
    pub(super) fn related(mut self, element: Element) -> Self {
        self.related.push(element);
        self
    }

    /// Why it matters.
    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// A line of what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The finding. `set` is the severity that schema.yaml gives the rule, if it gives one.
    pub(super) fn finish(mut self, rule: &Rule, set: Option<Severity>) -> Finding {
        let page = format!("`driftline rules {}`", rule.name);
        match self.help.first_mut() {
            Some(first) => *first = format!("{first}; {page}"),
            None => self.help.push(page),
        }
        Finding {
            rule: rule.name,
            severity: match self.grade {
                Grade::Note => Severity::Note,
                Grade::Usual => set.unwrap_or(rule.severity),
                Grade::Unless(severity) => set.unwrap_or(severity),
            },
            confidence: self.confidence,
            element: self.element,
            related: self.related,
            message: self.message,
            why: self.why,
            help: self.help,
        }
    }
}
