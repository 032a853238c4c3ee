//! The databases that a file's statements are about.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Label, Span};

/// Which databases a file has, and which of them is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Several {
    wanted: Option<String>,
    met: BTreeSet<String>,
    /// The place of the current statement.
    at: Option<Span>,
    /// The first statement of a database.
    first: Option<Span>,
    /// The first statement of a second database.
    second: Option<Span>,
}

impl Several {
    pub(super) fn wanting(database: Option<&str>) -> Self {
        Several { wanted: database.map(str::to_owned), ..Several::default() }
    }

    /// The database to read, if one was chosen.
    pub(super) fn wanted(&self) -> Option<&String> {
        self.wanted.as_ref()
    }

    /// Begins a statement at this place.
    pub(super) fn at(&mut self, place: Span) {
        self.at = Some(place);
    }

    /// The current statement is about something in this database.
    pub(super) fn met(&mut self, database: &str) {
        if !self.met.contains(database) {
            self.met.insert(database.to_owned());
            self.first = self.first.or(self.at);
            if self.met.len() == 2 {
                self.second = self.at;
            }
        }
    }

    /// The error if there are several databases and none was chosen, or if the chosen one isn't
    /// there.
    pub(super) fn problem(&self) -> Option<Diagnostic> {
        let names: Vec<String> = self.met.iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        let (title, place) = match &self.wanted {
            Some(wanted) if !self.met.contains(wanted) && !self.met.is_empty() => {
                (format!("there is no database `{wanted}` here, but {names}"), self.first)
            }
            None if self.met.len() > 1 => {
                (format!("there are several databases here: {names}"), self.second)
            }
            _ => return None,
        };
        let mut problem = Diagnostic::without_place(title);
        problem.primary = place.map(|span| Label { span, text: String::new() });
        problem.help.push("`--database NAME` reads one of them".to_owned());
        Some(problem)
    }
}
