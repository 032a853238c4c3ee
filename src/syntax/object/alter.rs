//! Reads ALTER VIEW, PROCEDURE, FUNCTION, EVENT and SEQUENCE.

use super::{Header, body, event, routine, sequence, view};
use crate::model::{Event, Object, ObjectKind};
use crate::syntax::SqlError;
use crate::syntax::lexer::Dialect;
use crate::syntax::parser::Parser;
use crate::syntax::table::QualifiedName;

/// An ALTER statement of an object, whose clauses are not read yet.
#[derive(Debug)]
pub(crate) struct AlterObject {
    pub(crate) kind: ObjectKind,
    pub(crate) name: QualifiedName,
    pub(crate) if_exists: bool,
    header: Header,
    /// The text after the name.
    rest: String,
    dialect: Dialect,
}

/// What an ALTER statement changed, apart from the object's clauses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Altered {
    /// The new name.
    pub(crate) renamed_to: Option<String>,
    /// Whether the statement has a new body or schedule. The object then keeps the settings of the
    /// session that ran the statement.
    pub(crate) keeps_session: bool,
}

/// Reads an ALTER statement whose ALTER, header and kind have been read.
pub(crate) fn read_alter_object(
    parser: &mut Parser,
    header: Header,
    kind: ObjectKind,
) -> Result<AlterObject, SqlError> {
    let if_exists = parser.accept_words(&["IF", "EXISTS"]);
    let name = parser.qualified_name(&format!("a {}", kind.noun()))?;
    let (rest, dialect) = (parser.rest(), parser.dialect);
    Ok(AlterObject { kind, name, if_exists, header, rest, dialect })
}

impl AlterObject {
    /// Changes the object as the statement says.
    pub(crate) fn apply(self, object: &mut Object) -> Result<Altered, SqlError> {
        // `rest` is text as it was written, so a name that was quoted under ANSI_QUOTES still has
        // double quotes.
        let mut parser = Parser::new(&self.rest, self.dialect).map_err(whole)?;
        let parser = &mut parser;
        let mut altered = Altered::default();
        match object {
            Object::View(old) => {
                let header = Header {
                    algorithm: self.header.algorithm.or(Some(old.algorithm)),
                    security: self.header.security.or(Some(old.security)),
                    definer: self.header.definer.or(old.definer.take()),
                    ..Header::default()
                };
                *old = view::read(parser, header, &old.name).map_err(whole)?;
            }
            Object::Routine(routine) => {
                while routine::characteristic(parser, routine).map_err(whole)? {}
            }
            Object::Event(event) => {
                event.definer = self.header.definer.or(event.definer.take());
                altered = alter_event(parser, event).map_err(whole)?;
            }
            Object::Sequence(sequence) => {
                sequence::read_options(parser, sequence).map_err(whole)?;
            }
            Object::Trigger(_) => {}
        }
        parser.expect_end().map_err(whole)?;
        Ok(altered)
    }
}

fn alter_event(parser: &mut Parser, event: &mut Event) -> Result<Altered, SqlError> {
    let mut altered = Altered::default();
    if parser.accept_words(&["ON", "SCHEDULE"]) {
        event.schedule = event::read_schedule(parser)?;
        altered.keeps_session = true;
    }
    if let Some(preserve) = event::read_preserve(parser)? {
        event.preserve = preserve;
    }
    if parser.accept_words(&["RENAME", "TO"]) {
        altered.renamed_to = Some(parser.qualified_name("an event")?.1);
    }
    if let Some(status) = event::read_status(parser)? {
        event.status = status;
    }
    if parser.accept("COMMENT") {
        event.comment = parser.string("a comment in quotes")?;
    }
    if parser.accept("DO") {
        event.body = body(parser)?;
        altered.keeps_session = true;
    }
    Ok(altered)
}

/// An error in a part of the statement, reported for the whole statement.
fn whole(error: SqlError) -> SqlError {
    SqlError { start: 0, end: 0, ..error }
}
