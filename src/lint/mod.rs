//! Rules that a schema is held to, whatever the database says.

use crate::diagnostic::Severity;
use crate::model::Element;

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it weighs, after the settings.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What it is about.
    pub element: Element,
    /// Other elements that belong to it, the first being the one that stays where one goes.
    pub related: Vec<Element>,
    /// What is wrong, in one line, with the names.
    pub message: String,
    /// Why it matters; what stands under the place in the file.
    pub why: String,
    /// What to do about it; each a line.
    pub help: Vec<String>,
}

/// How sure a rule is of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Something a person has to weigh.
    Probable,
    /// Always so.
    Certain,
}
