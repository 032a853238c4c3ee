//! What no server takes, said before anything is planned: names of nothing, values that don't fit,
//! limits that are passed.
//!
//! A rule says a thing only where it is certain: the schema is normalized, so that what is looked at
//! is what would be printed, and `tests/validation.rs` tries each on the servers. What a server takes
//! only where its strict modes are off counts as refused: it keeps something else than was said.

mod auto_increment;
mod check_names;
mod collated;
mod collation;
mod defaults;
mod engine;
mod expressions;
mod forbidden;
mod foreign_key;
mod functional;
mod index;
mod length;
mod members;
mod partition_names;
mod partitions;
mod reference;
mod row;
mod syntax;
mod unknown_column;
mod views;

use crate::model::{Element, Index, Schema, Table};
use crate::server::Server;
use expressions::Expressed;
pub use views::unreadable_views;

/// Something in a schema that the server refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// What it is about.
    pub element: Element,
    /// The word of the element's text that is wrong: the first of these that is found there is
    /// pointed at, else the element.
    pub words: Vec<Word>,
    /// What is wrong, in one line.
    pub title: String,
    /// The words under the place; may be empty.
    pub label: String,
    /// What to do; each a line.
    pub help: Vec<String>,
    /// Whether it is not the element but what the server has: what one table of a database has, the
    /// server takes for the others too.
    pub is_of_server: bool,
    /// Whether older versions of the server take it, and newer ones by a setting: where no source says
    /// which server it is for, nothing is certain.
    pub is_of_settings: bool,
}

/// A word in the text of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, without regard to case.
    pub text: String,
    /// How many of its kind stand before it.
    pub before: usize,
}

impl ValidationError {
    fn new(element: Element, title: impl Into<String>) -> Self {
        ValidationError {
            element,
            words: Vec::new(),
            title: title.into(),
            label: String::new(),
            help: Vec::new(),
            is_of_server: false,
            is_of_settings: false,
        }
    }

    /// The same at a word of the element's text, or else at those that it has.
    fn at(self, text: impl Into<String>) -> Self {
        self.at_word(Word { text: text.into(), before: 0 })
    }

    fn at_word(mut self, word: Word) -> Self {
        self.words.insert(0, word);
        self
    }

    /// The same with words under the place.
    fn labelled(self, label: impl Into<String>) -> Self {
        ValidationError { label: label.into(), ..self }
    }

    /// The same with the near name, where there is one.
    fn near(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.labelled(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

/// Everything in the schema, which is normalized for the server, that the server refuses. `written` is
/// the schema as people wrote it, for messages to show.
pub fn validate(schema: &Schema, written: &Schema, server: &Server) -> Vec<ValidationError> {
    let mut found = Vec::new();
    for table in schema.tables.values() {
        let expressions = expressions::of_table(table, server);
        let written = written.table(&table.name);
        let subject = Subject { schema, table, written, server, expressions: &expressions };
        for rule in RULES {
            rule(&subject, &mut found);
        }
    }
    check_names::of_schema(schema, server, &mut found);
    unknown_column::of_triggers(schema, &mut found);
    found
}

/// A table, and all that a rule may have to know of it.
#[derive(Clone, Copy)]
struct Subject<'a> {
    schema: &'a Schema,
    table: &'a Table,
    /// The table as people wrote it.
    written: Option<&'a Table>,
    server: &'a Server,
    /// Its expressions, read once for all rules.
    expressions: &'a [Expressed<'a>],
}

type Rule = fn(&Subject<'_>, &mut Vec<ValidationError>);

const RULES: &[Rule] = &[
    forbidden::of_table,
    unknown_column::of_table,
    collation::of_table,
    engine::of_table,
    members::of_table,
    length::of_table,
    defaults::of_table,
    auto_increment::of_table,
    row::of_table,
    index::of_table,
    functional::of_table,
    reference::of_table,
    foreign_key::of_table,
    partition_names::of_table,
    partitions::of_table,
];

impl Subject<'_> {
    fn column(&self, name: &str) -> Element {
        Element::column(&self.table.name, name)
    }

    fn option(&self, name: &str) -> Element {
        Element::option(&self.table.name, name)
    }

    fn index(&self, index: &Index) -> Element {
        Element::index(&self.table.name, &index.name)
    }

    fn has_engine(&self, engine: &str) -> bool {
        self.table.options.engine.as_deref() == Some(engine)
    }
}
