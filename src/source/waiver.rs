//! What a schema file accepts of that which commands find.

use jiff::civil::Date;

use super::yaml::ElementGlob;
use crate::diagnostic::Span;
use crate::model::Element;

/// The word that a schema file accepts findings, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The codes of the findings. At least one.
    pub rules: Vec<WaivedRule>,
    /// What the findings are about.
    pub elements: WaivedElements,
    /// Why they are accepted. Never empty.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds, in UTC; `None` if it has no end.
    pub until: Option<Date>,
    /// Its place in the file: the value of `element`, or the comment.
    pub place: Span,
}

/// A code in a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedRule {
    /// The code, as it is written.
    pub code: String,
    /// Its place.
    pub place: Span,
}

/// The elements of a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaivedElements {
    /// Those that a path with globs stands for: an entry of `waivers`.
    Glob(ElementGlob),
    /// Those that begin on a line: a comment at the end of the line or above it.
    OfLine(Vec<Element>),
}

/// Whether two elements are the same. A comparison may spell a name as the database does.
fn is_same(one: &Element, other: &Element) -> bool {
    let (one, other) = (one.path(), other.path());
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.to_lowercase() == other.to_lowercase())
}

impl Waiver {
    /// Whether it is about findings with this code.
    pub fn is_of(&self, code: &str) -> bool {
        self.rules.iter().any(|rule| rule.code == code)
    }

    /// Whether it is about an element.
    pub fn covers(&self, element: &Element) -> bool {
        match &self.elements {
            WaivedElements::Glob(glob) => glob.covers(element),
            WaivedElements::OfLine(elements) => elements.iter().any(|it| is_same(it, element)),
        }
    }

    /// Whether it has ended before a day.
    pub fn has_ended(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it is a comment next to its elements.
    pub fn is_comment(&self) -> bool {
        matches!(self.elements, WaivedElements::OfLine(_))
    }
}
