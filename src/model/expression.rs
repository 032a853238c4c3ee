//! Texts of SQL that are compared by what they mean: expressions, and the queries of views.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::tree::{Node, ReadQuery};

/// An SQL expression as its source spells it, without the parentheses that the clause around
/// it needs: of a default, a generated column, a CHECK or an index part.
pub type Expression = Text<Node>;

/// The query of a view, without the CHECK OPTION.
pub type SelectText = Text<ReadQuery>;

/// A text of SQL and the tree that it is read into. Copies share both.
///
/// [`crate::normalize`] compares two texts; equal texts alone don't decide.
pub struct Text<T>(Arc<Contents<T>>);

/// What a text is.
pub struct Contents<T> {
    /// The text, in UTF-8, as it may be written in SQL.
    pub text: String,
    /// The one spelling for all texts of the same meaning, if the text was understood. Set by
    /// `normalize`; `None` before, and if the text can't be parsed.
    pub canonical: Option<String>,
    /// The tree, parsed when it is first asked for; `None` if the text can't be parsed.
    tree: OnceLock<Option<Arc<T>>>,
}

impl<T> Text<T> {
    /// A text that has not been normalized.
    pub fn new(text: impl Into<String>) -> Self {
        let (text, tree) = (text.into(), OnceLock::new());
        Text(Arc::new(Contents { text, canonical: None, tree }))
    }

    /// The same text with that canonical spelling.
    pub fn with_canonical(&self, canonical: Option<String>) -> Self {
        let (text, tree) = (self.text.clone(), self.0.tree.clone());
        Text(Arc::new(Contents { text, canonical, tree }))
    }

    /// The tree of the text. The first call parses it by `read`; `None` if it can't be parsed.
    pub(crate) fn tree(&self, read: impl FnOnce(&str) -> Option<T>) -> Option<&Arc<T>> {
        self.0.tree.get_or_init(|| read(&self.0.text).map(Arc::new)).as_ref()
    }
}

impl<T> Deref for Text<T> {
    type Target = Contents<T>;

    fn deref(&self) -> &Contents<T> {
        &self.0
    }
}

impl<T> Clone for Text<T> {
    fn clone(&self) -> Self {
        Text(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Text<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.text == other.text && self.canonical == other.canonical)
    }
}

impl<T> Eq for Text<T> {}

impl<T> Hash for Text<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
        self.canonical.hash(state);
    }
}

impl<T> fmt::Debug for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Expression");
        text.field("text", &self.text).field("canonical", &self.canonical).finish()
    }
}
