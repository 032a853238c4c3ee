//! Views, triggers, routines, events and sequences: the sections other than `tables`.

mod event;
mod fields;
mod routine;
mod sequence;
mod text;
mod trigger;
mod view;

use std::path::Path;

use super::node::Value;
use super::reading::{KeyValue, Reading};
use crate::diagnostic::{Files, Span};
use crate::model::{Element, Object, ObjectKind};
use crate::server::Server;
use crate::source::root::Root;
use crate::syntax::lexer::Dialect;
pub(super) use event::STATUS;
use fields::ObjectFields;
pub(super) use fields::SECURITY;
pub(super) use routine::DATA_ACCESS;
use text::{SqlText, TextContent};
pub(super) use trigger::TIMES;
pub(super) use view::{ALGORITHMS, CHECK_OPTIONS};

/// An object as read, with the places of its parts.
pub(super) struct ReadObject {
    pub(super) object: Object,
    pub(super) key: Span,
    /// For a trigger, the place of its table's name.
    pub(super) table: Option<Span>,
}

/// What the readers need in addition to the text.
pub(super) struct ReadingContext<'a> {
    /// The schema file, to which the names of other files are relative; `None` for a text that
    /// isn't a file.
    pub(super) path: Option<&'a Path>,
    /// The folder in which those files have to be.
    pub(super) root: Option<&'a Root>,
    /// The texts of those files.
    pub(super) files: &'a mut Files,
    /// The value of `server:`.
    pub(super) server: Option<Server>,
}

/// The kind of object in a section of the file.
pub(super) fn kind_of_section(word: &str) -> Option<ObjectKind> {
    ObjectKind::MODELLED.into_iter().find(|kind| kind.section() == word)
}

/// Reads one entry of a section.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    surroundings: &mut ReadingContext<'_>,
    kind: ObjectKind,
    field: KeyValue<'_>,
) -> Option<ReadObject> {
    let name = reading.name(field.key, kind.noun())?.to_owned();
    let key = reading.span(field.key);
    let element = Element::Object { kind, name: name.clone() };
    reading.place(element, key);
    let entry = Entry { kind, name, field };
    match &field.value.value {
        Value::String(_) => {
            let text = SqlText::of_string(reading, field)?;
            entry.read_text(reading, surroundings, text)
        }
        Value::Mapping(_) => entry.read_map(reading, surroundings),
        Value::Null if kind == ObjectKind::Sequence => entry.read_map(reading, surroundings),
        _ => {
            let wanted = match kind {
                ObjectKind::View => "a query or a map",
                ObjectKind::Sequence => "a map",
                _ => "a map or a CREATE statement",
            };
            reading.expected(field, wanted);
            None
        }
    }
}

/// The entry that is being read.
struct Entry<'n> {
    kind: ObjectKind,
    name: String,
    field: KeyValue<'n>,
}

impl Entry<'_> {
    fn key(&self, reading: &Reading<'_, '_>) -> Span {
        reading.span(self.field.key)
    }

    /// Reads an entry that is only a text: a whole CREATE statement, or a view's query.
    fn read_text(
        &self,
        reading: &mut Reading<'_, '_>,
        surroundings: &ReadingContext<'_>,
        text: SqlText<'_>,
    ) -> Option<ReadObject> {
        let fields = ObjectFields::default();
        let dialect = self.dialect(surroundings, &fields);
        match text.find(reading, self.kind, &self.name, dialect)? {
            TextContent::Statement { object, table } => {
                let object = fields.complete(reading, *object)?;
                Some(ReadObject { object, key: self.key(reading), table })
            }
            TextContent::Part if self.kind == ObjectKind::View => {
                let text = Some(&text);
                view::read(reading, &Parts { entry: self, fields: &fields, text, dialect })
            }
            TextContent::Part => {
                self.no_statement(reading);
                None
            }
        }
    }

    /// Reports a text that should be a whole CREATE statement and isn't.
    fn no_statement(&self, reading: &mut Reading<'_, '_>) {
        let noun = self.kind.noun();
        let span = reading.value_span(self.field);
        let title = format!("this isn't a CREATE {}", noun.to_uppercase());
        let help =
            format!("a text alone is the whole statement; a map gives the {noun} by its parts");
        reading.error(title, span, "").help.push(help);
    }

    fn read_map(
        &self,
        reading: &mut Reading<'_, '_>,
        surroundings: &mut ReadingContext<'_>,
    ) -> Option<ReadObject> {
        let errors = reading.report.diagnostics.len();
        let fields = ObjectFields::read(reading, self.kind, self.field)?;
        let text = match fields.text(reading, self, surroundings) {
            Ok(text) => text,
            Err(Reported) => return None,
        };
        let dialect = self.dialect(surroundings, &fields);
        let read = match text {
            Some(text) if text.is_file() => {
                match text.find(reading, self.kind, &self.name, dialect)? {
                    TextContent::Statement { object, table } => {
                        let object = fields.complete(reading, *object)?;
                        Some(ReadObject { object, key: self.key(reading), table })
                    }
                    TextContent::Part => self.read_parts(reading, &fields, Some(&text), dialect),
                }
            }
            Some(text) => match text.find(reading, self.kind, &self.name, dialect)? {
                TextContent::Part => self.read_parts(reading, &fields, Some(&text), dialect),
                TextContent::Statement { .. } => {
                    let title = "a whole CREATE statement needs no other keys";
                    let span = self.key(reading);
                    reading
                        .error(title, span, "")
                        .help
                        .push(format!("write `{}:` and the statement after it", self.name));
                    None
                }
            },
            None => self.read_parts(reading, &fields, None, dialect),
        };
        read.filter(|_| reading.report.diagnostics.len() == errors)
    }

    fn read_parts(
        &self,
        reading: &mut Reading<'_, '_>,
        fields: &ObjectFields<'_>,
        text: Option<&SqlText<'_>>,
        dialect: Dialect,
    ) -> Option<ReadObject> {
        let parts = Parts { entry: self, fields, text, dialect };
        match self.kind {
            ObjectKind::View => view::read(reading, &parts),
            ObjectKind::Trigger => trigger::read(reading, &parts),
            ObjectKind::Procedure | ObjectKind::Function => routine::read(reading, &parts),
            ObjectKind::Event => event::read(reading, &parts),
            ObjectKind::Sequence if text.is_some() => {
                self.no_statement(reading);
                None
            }
            ObjectKind::Sequence => sequence::read(reading, self, fields),
            ObjectKind::Package | ObjectKind::Library => None,
        }
    }

    /// The dialect of the object's text: that of its own `sql_mode`, if it has one.
    fn dialect(&self, surroundings: &ReadingContext<'_>, fields: &ObjectFields<'_>) -> Dialect {
        Dialect::under(fields.sql_mode.as_deref().unwrap_or_default(), surroundings.server)
    }

    /// Reports that the entry lacks something.
    fn missing(&self, reading: &mut Reading<'_, '_>, what: &str, help: &str) {
        let span = self.key(reading);
        let title = format!("the {} `{}` has no {what}", self.kind.noun(), self.name);
        reading.error(title, span, "").help.push(help.to_owned());
    }

    fn done(&self, reading: &Reading<'_, '_>, object: Object) -> Option<ReadObject> {
        Some(ReadObject { object, key: self.key(reading), table: None })
    }
}

/// An error that has been reported.
struct Reported;

/// An entry that isn't a CREATE statement, with everything that the readers of its kind need.
#[derive(Clone, Copy)]
struct Parts<'a> {
    entry: &'a Entry<'a>,
    fields: &'a ObjectFields<'a>,
    /// The query or the body.
    text: Option<&'a SqlText<'a>>,
    /// How it is lexed.
    dialect: Dialect,
}

impl Parts<'_> {
    /// The body. `None` after it was reported that there is none.
    fn body(&self, reading: &mut Reading<'_, '_>) -> Option<String> {
        let Some(text) = self.text else {
            let help = "`body: |` and the statement under it, or `file:`";
            self.entry.missing(reading, "body", help);
            return None;
        };
        match crate::syntax::parse_body(text.text(), self.dialect) {
            Ok(body) => Some(body),
            Err(error) => {
                text.error(reading, error);
                None
            }
        }
    }
}
