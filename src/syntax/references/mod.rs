//! Finds what an SQL text uses: which columns, tables and routines it names, and where.
//!
//! If an expression can be parsed, its tree says what each name is. A body isn't parsed, and
//! neither is a text that isn't understood. For these, the words of the text say what it may use.

mod rename;
mod tree;
mod words;

use std::collections::HashSet;

use crate::model::tree::TextPlace;
use crate::model::{Expression, Object};
use crate::syntax::lexer::Dialect;

pub(crate) use rename::{is_same_renamed, names_in, renamed};
pub(crate) use tree::NO_COLUMNS;

/// How certain it is that a text uses something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The name may belong to something else.
    Maybe,
    /// The text certainly uses it.
    Certain,
}

/// The kind of thing that a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Column,
    Routine,
    /// Unknown: a column, a routine, a table, or a keyword.
    Unknown,
}

/// One part of a name with dots in it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The part as written, without quotes.
    pub(crate) name: String,
    /// The same in lower case.
    pub(crate) lower: String,
    pub(crate) is_quoted: bool,
    pub(crate) place: TextPlace,
}

/// What comes directly before a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Before {
    /// A name or a word, in lower case.
    Name(String),
    /// A symbol of one byte.
    Symbol(u8),
    Other,
}

/// A name in a text, with what is around it.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) named: NameKind,
    /// `db`, `table`, `column`: all parts of the name, at least one.
    pub(crate) parts: Vec<Part>,
    pub(crate) before: Before,
    /// Whether an opening parenthesis follows, so that it is a function.
    pub(crate) is_call: bool,
    /// The alias that the text gives it: `reports r`, `reports as r`.
    pub(crate) alias: Option<String>,
}

/// The names in a text, in the order of the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct References {
    all: Vec<Reference>,
    /// Whether there is a `*` that means all columns of some table.
    has_star: bool,
    /// Whether a tree was read, so that it is known which names are columns.
    is_understood: bool,
}

impl References {
    /// The names that an expression of a table uses.
    pub(crate) fn of(expression: &Expression) -> References {
        let by_tree = super::expression::tree(expression).and_then(tree::read);
        by_tree.unwrap_or_else(|| References::in_text(&expression.text, Dialect::default()))
    }

    /// The names that the query or the body of an object may use. A sequence has neither.
    pub(crate) fn of_object(object: &Object) -> References {
        let (text, sql_mode) = match object {
            Object::View(view) => (&view.select.text, None),
            Object::Trigger(trigger) => (&trigger.body, trigger.sql_mode.as_deref()),
            Object::Routine(routine) => (&routine.body, routine.sql_mode.as_deref()),
            Object::Event(event) => (&event.body, event.sql_mode.as_deref()),
            Object::Sequence(_) => return References::default(),
        };
        References::in_text(text, Dialect::under(sql_mode.unwrap_or_default(), None))
    }

    /// The names that a text may use, found by its words. There are none if the text can't be
    /// divided into tokens.
    pub(crate) fn in_text(text: &str, dialect: Dialect) -> References {
        words::read(text, dialect)
    }

    /// Every word and name, in lower case.
    pub(crate) fn words(&self) -> HashSet<String> {
        self.parts().map(|part| part.lower.clone()).collect()
    }

    /// Whether there is a `*` that means all columns of some table.
    pub(crate) fn has_star(&self) -> bool {
        self.has_star
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.all.iter().flat_map(|reference| &reference.parts)
    }

    /// The columns that the text names, each as often as it is named. `None` if that isn't known.
    pub(crate) fn columns(&self) -> Option<Vec<&Part>> {
        let columns = self.all.iter().filter(|reference| reference.named == NameKind::Column);
        let columns = columns.filter_map(|reference| reference.parts.last());
        self.is_understood.then(|| columns.collect())
    }

    /// Whether the text may use one of these columns. Their names are in lower case.
    pub(crate) fn may_use_column(&self, columns: &HashSet<String>) -> bool {
        let mut may_be = self.all.iter().filter(|reference| reference.named != NameKind::Routine);
        match self.is_understood {
            true => may_be.any(|it| it.parts.iter().any(|part| columns.contains(&part.lower))),
            false => self.parts().any(|part| columns.contains(&part.lower)),
        }
    }

    /// `NEW.x` and `OLD.x`: NEW or OLD in upper case, and the column. Only those that certainly
    /// refer to the rows of a trigger.
    pub(crate) fn of_rows(&self) -> impl Iterator<Item = (&'static str, &Part)> {
        self.all.iter().filter_map(|reference| {
            let [row, column] = reference.parts.as_slice() else { return None };
            let name = match row.lower.as_str() {
                "new" if !row.is_quoted => "NEW",
                "old" if !row.is_quoted => "OLD",
                _ => return None,
            };
            let may_be_other = match &reference.before {
                Before::Name(word) => BEFORE_OBJECTS.contains(&word.as_str()),
                Before::Symbol(symbol) => matches!(symbol, b'.' | b'@'),
                Before::Other => false,
            };
            // `old.f(1)` is a function of the database `old`.
            (!may_be_other && !reference.is_call).then_some((name, column))
        })
    }
}

/// After these words, `new` and `old` are databases, because a table, a routine or a sequence may
/// follow.
const BEFORE_OBJECTS: &[&str] = &[
    "call",
    "delayed",
    "delete",
    "exists",
    "for",
    "from",
    "high_priority",
    "ignore",
    "insert",
    "into",
    "join",
    "low_priority",
    "of",
    "quick",
    "replace",
    "straight_join",
    "table",
    "update",
];

/// The words that a table follows.
const BEFORE_TABLES: [&str; 7] =
    ["from", "join", "into", "update", "table", "straight_join", "truncate"];

/// The words that an existing table follows.
const BEFORE_USED_TABLES: [&str; 5] = ["from", "join", "into", "update", "straight_join"];

impl Reference {
    fn last(&self) -> Option<&str> {
        self.parts.last().map(|part| part.lower.as_str())
    }

    /// The part before the last one.
    fn qualifier(&self) -> Option<&str> {
        let at = self.parts.len().checked_sub(2)?;
        self.parts.get(at).map(|part| part.lower.as_str())
    }

    fn follows(&self, words: &[&str]) -> bool {
        matches!(&self.before, Before::Name(word) if words.contains(&word.as_str()))
    }
}

/// The names of a text, by its words.
impl References {
    /// Whether the text uses a table. A name that is only part of a list may belong to something
    /// else.
    pub(crate) fn table(&self, table: &str) -> Option<Certainty> {
        let table = table.to_lowercase();
        let mut found = None;
        for name in self.all.iter().filter(|name| !name.is_call) {
            let is_last = name.last() == Some(&table);
            let is_qualifier = name.qualifier() == Some(&table);
            if is_last && name.follows(&BEFORE_TABLES) || is_qualifier && !self.is_alias(&table) {
                return Some(Certainty::Certain);
            }
            if is_last && (name.before == Before::Symbol(b',') || name.alias.is_some()) {
                found = Some(Certainty::Maybe);
            }
        }
        found
    }

    /// Whether the text uses a column. `tables` are the names of all existing tables, in lower
    /// case. In a trigger, `rows_of` is the table whose rows are NEW and OLD.
    pub(crate) fn column(
        &self,
        table: &str,
        column: &str,
        tables: &HashSet<String>,
        rows_of: Option<&str>,
    ) -> Option<Certainty> {
        let (table, column) = (table.to_lowercase(), column.to_lowercase());
        let own_rows = rows_of.is_some_and(|name| name.to_lowercase() == table);
        let speaks_of_table = self.table(&table).is_some();
        let only_table = speaks_of_table && !self.speaks_of_others(&table, tables);
        let mut found = None;
        for name in self.all.iter().filter(|name| !name.is_call) {
            if name.last() != Some(&column) {
                continue;
            }
            let certainty = match name.qualifier() {
                Some(owner) => {
                    let is_row = matches!(owner, "new" | "old") && rows_of.is_some();
                    if is_row {
                        own_rows.then_some(Certainty::Certain)
                    } else if owner == table || self.alias_of(owner) == Some(&table) {
                        Some(Certainty::Certain)
                    } else {
                        None
                    }
                }
                None if !speaks_of_table || name.follows(&["as"]) => None,
                None if only_table && rows_of.is_none() && !self.gives_name(&column) => {
                    Some(Certainty::Certain)
                }
                None => Some(Certainty::Maybe),
            };
            found = found.max(certainty);
        }
        found
    }

    /// The names, without a database before them, that can only be those of tables. A name that the
    /// text has elsewhere too may be a variable, a cursor, or a table that it makes itself.
    pub(crate) fn only_tables(&self) -> impl Iterator<Item = &Part> {
        let is_table = |name: &Reference| {
            // `INSERT INTO t (a)` isn't a call, `FROM f(1)` is.
            let is_call = name.is_call && !name.follows(&["into"]);
            name.parts.len() == 1 && !is_call && name.follows(&BEFORE_USED_TABLES)
        };
        let others = self.all.iter().filter(move |name| !is_table(name));
        let elsewhere: HashSet<&str> =
            others.flat_map(|name| &name.parts).map(|part| part.lower.as_str()).collect();
        let tables = self.all.iter().filter(move |name| is_table(name));
        let parts = tables.filter_map(|name| name.parts.first());
        parts.filter(move |part| !elsewhere.contains(part.lower.as_str()))
    }

    fn is_alias(&self, name: &str) -> bool {
        self.all.iter().any(|other| other.alias.as_deref() == Some(name))
    }

    /// The table that has this alias.
    fn alias_of(&self, alias: &str) -> Option<&str> {
        self.all.iter().find(|name| name.alias.as_deref() == Some(alias))?.last()
    }

    /// Whether the text itself gives this name to something, such as an alias or a variable.
    fn gives_name(&self, name: &str) -> bool {
        self.all.iter().any(|other| {
            other.follows(&["as", "declare", "in", "out", "inout"])
                && other.parts.first().is_some_and(|first| first.lower == name)
        })
    }

    fn speaks_of_others(&self, table: &str, tables: &HashSet<String>) -> bool {
        tables.iter().any(|other| other != table && self.table(other).is_some())
    }
}

#[cfg(test)]
mod tests;
