//! Finds what the server refuses, before anything is planned: names of things that don't exist,
//! values that don't fit, limits that are exceeded.
//!
//! A rule reports only what is certain. It looks at the normalized schema, which is what would be
//! written as SQL, and `tests/validation.rs` tries each rule on the servers. What a server accepts
//! only without strict mode counts as refused, because it then keeps something else than what was
//! written.

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
    /// The element that is wrong.
    pub element: Element,
    /// Words that may be in the text of the element. The error points to the first of them that is
    /// found there; if none is, to the element.
    pub words: Vec<Word>,
    /// What is wrong, in one line.
    pub title: String,
    /// The label at the place in the file. May be empty.
    pub label: String,
    /// What to do, one line each.
    pub help: Vec<String>,
    /// Whether the reason is something that the server lacks, such as a collation. If one table of
    /// a database already has it, the server accepts it for other tables too.
    pub is_of_server: bool,
    /// Whether older versions of the server accept it, and newer ones with a certain setting. If no
    /// source says which server it is for, it isn't certain.
    pub is_of_settings: bool,
}

/// A word in the text of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word. Its case doesn't matter.
    pub text: String,
    /// How many times the same word occurs before it.
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

    /// The same error, pointing to this word of the element's text. If the word isn't found there,
    /// the words that were added before count.
    fn at(self, text: impl Into<String>) -> Self {
        self.at_word(Word { text: text.into(), before: 0 })
    }

    fn at_word(mut self, word: Word) -> Self {
        self.words.insert(0, word);
        self
    }

    /// The same error with a label.
    fn labelled(self, label: impl Into<String>) -> Self {
        ValidationError { label: label.into(), ..self }
    }

    /// The same error with a suggestion, if there is a similar name.
    fn near(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.labelled(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

/// Finds everything in the schema that the server refuses. The schema must be normalized for the
/// server. `written` is the schema as people wrote it, which messages show.
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

/// A table, and everything else that a rule may need.
#[derive(Clone, Copy)]
struct Subject<'a> {
    schema: &'a Schema,
    table: &'a Table,
    /// The table as people wrote it.
    written: Option<&'a Table>,
    server: &'a Server,
    /// Its expressions, which are read once for all rules.
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
