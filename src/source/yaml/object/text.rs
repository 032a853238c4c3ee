//! The SQL of an object, in a string of the schema file or in a file of its own.

use std::borrow::Cow;
use std::sync::Arc;

use super::ReadingContext;
use crate::diagnostic::{FileId, Span};
use crate::model::{Object, ObjectKind};
use crate::source::dump::script;
use crate::source::root::Purpose;
use crate::source::yaml::include;
use crate::source::yaml::node::YamlNode;
use crate::source::yaml::reading::{KeyValue, Reading};
use crate::syntax::lexer::Dialect;
use crate::syntax::object::{CreateObject, ObjectDefinition};
use crate::syntax::{self, SqlError};

/// A text of SQL, with its place.
pub(super) struct SqlText<'n> {
    text: Cow<'n, str>,
    place: Place<'n>,
}

enum Place<'n> {
    /// A string of the schema file.
    Node(&'n YamlNode<'n>),
    /// A file of its own, from this byte on.
    File(FileId, usize),
}

/// What a text is.
pub(super) enum TextContent {
    /// A whole CREATE statement. For a trigger, with the place of its table's name.
    Statement { object: Box<Object>, table: Option<Span> },
    /// A query or a body.
    Part,
}

impl<'n> SqlText<'n> {
    /// The text of a string.
    pub(super) fn of_string(reading: &mut Reading<'_, '_>, field: KeyValue<'n>) -> Option<Self> {
        let text = Cow::Borrowed(reading.string(field)?);
        Some(SqlText { text, place: Place::Node(field.value) })
    }

    /// The text of the file that a field names, relative to the schema file.
    pub(super) fn of_file(
        reading: &mut Reading<'_, '_>,
        surroundings: &mut ReadingContext<'_>,
        field: KeyValue<'n>,
    ) -> Option<Self> {
        let name = reading.string(field)?;
        let span = reading.span(field.value);
        let Some((base, root)) = surroundings.path.zip(surroundings.root) else {
            reading.error("a text that isn't a file can't name files", span, "relative to what?");
            return None;
        };
        let path = base.parent().unwrap_or(base).join(name);
        match include::load_named(&path, root, Purpose::Sql) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
                let label = path.display().to_string();
                let file = surroundings.files.add(label, Arc::<str>::from(text.as_str()));
                Some(SqlText { text: Cow::Owned(text), place: Place::File(file, 0) })
            }
            Err(problem) => {
                let diagnostic = problem.diagnostic(&path, surroundings.files, Some(span));
                reading.report.diagnostics.push(diagnostic);
                None
            }
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.place, Place::File(..))
    }

    /// Reports an error of the SQL parser at its place in the text.
    pub(super) fn error(&self, reading: &mut Reading<'_, '_>, error: SqlError) {
        match self.place {
            Place::Node(node) => reading.sql_error(node, &self.text, error),
            Place::File(..) => {
                let span = self.span(reading, error.start, error.end);
                reading.error(error.message, span, "").help.extend(error.help);
            }
        }
    }

    /// The place of a part of the text.
    fn span(&self, reading: &Reading<'_, '_>, start: usize, end: usize) -> Span {
        match self.place {
            Place::Node(node) => reading.part_span(node, &self.text, start, end),
            Place::File(file, at) => Span { file, start: at + start, end: at + end.max(start) },
        }
    }

    /// Determines whether the text is a whole CREATE statement for this kind. An error is reported.
    pub(super) fn find(
        &self,
        reading: &mut Reading<'_, '_>,
        kind: ObjectKind,
        name: &str,
        dialect: Dialect,
    ) -> Option<TextContent> {
        if let Some(range) = script::create_statement(&self.text, kind) {
            let text = self.text.get(range.clone()).unwrap_or_default();
            let place = match self.place {
                Place::File(file, at) => Place::File(file, at + range.start),
                // Offsets in it don't match the file any more, so the whole string is shown.
                Place::Node(node) => Place::Node(node),
            };
            let statement = SqlText { text: Cow::Borrowed(text), place };
            return statement.find_statement(reading, kind, name, dialect);
        }
        self.find_statement(reading, kind, name, dialect)
    }

    fn find_statement(
        &self,
        reading: &mut Reading<'_, '_>,
        kind: ObjectKind,
        name: &str,
        dialect: Dialect,
    ) -> Option<TextContent> {
        match syntax::parse_create_object(&self.text, kind, dialect) {
            Ok(Some(created)) => self.statement(reading, created, name),
            Ok(None) => Some(TextContent::Part),
            Err(error) => {
                self.error(reading, error);
                None
            }
        }
    }

    /// The object of a CREATE statement, if the schema file can express it.
    fn statement(
        &self,
        reading: &mut Reading<'_, '_>,
        created: CreateObject,
        name: &str,
    ) -> Option<TextContent> {
        let span = self.span(reading, created.start, created.end);
        let noun = created.kind.noun();
        let (schema, own) = &created.name;
        if own != name {
            let title = format!("the statement creates `{own}`, and its key is `{name}`");
            reading.error(title, span, "").help.push("give both the same name".to_owned());
            return None;
        }
        let (object, table, order) = match created.definition {
            ObjectDefinition::Supported { object, table, order } => (object, table, order),
            ObjectDefinition::Unsupported { clause, .. } => {
                let title = format!("a {noun} with {clause} isn't supported in this file");
                reading.error(title, span, "");
                return None;
            }
        };
        let of_table = table.as_ref().and_then(|(schema, _)| schema.as_ref());
        if let Some(schema) = schema.as_ref().or(of_table) {
            let title = format!("the statement names a database, `{schema}`");
            reading
                .error(title, span, "")
                .help
                .push("leave it out: the file is for any database".to_owned());
            return None;
        }
        if order.is_some() {
            reading
                .error("FOLLOWS and PRECEDES aren't supported in this file", span, "")
                .help
                .push("triggers run in the order of the file: leave it out".to_owned());
            return None;
        }
        Some(TextContent::Statement { object, table: table.map(|_| span) })
    }
}
