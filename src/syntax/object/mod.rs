//! Reads CREATE VIEW, TRIGGER, PROCEDURE, FUNCTION, EVENT and SEQUENCE, in the syntax of both
//! vendors.

mod alter;
mod body;
mod event;
mod routine;
mod sequence;
mod trigger;
mod view;

use super::SqlError;
use super::lexer::TokenKind;
use super::parser::Parser;
use super::table::QualifiedName;
use crate::model::{Object, ObjectKind, Security, ViewAlgorithm};
use crate::server::Vendor;

pub(crate) use alter::{AlterObject, read_alter_object};
pub(crate) use body::{BodySyntax, find_body};
pub(crate) use event::{read_interval, read_moment};
pub(crate) use routine::{read_parameter_type, read_parameters};
pub(crate) use view::read_select;

/// A CREATE statement of an object.
#[derive(Debug)]
pub(crate) struct CreateObject {
    pub(crate) kind: ObjectKind,
    pub(crate) name: QualifiedName,
    /// The byte range of the name.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) or_replace: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) definition: ObjectDefinition,
}

/// The definition in a CREATE statement.
#[derive(Debug)]
pub(crate) enum ObjectDefinition {
    /// The model can hold all of the definition.
    Supported {
        object: Box<Object>,
        /// The table of a trigger, as it is written.
        table: Option<QualifiedName>,
        /// FOLLOWS or PRECEDES of a trigger.
        order: Option<TriggerOrder>,
    },
    /// The model can't hold this clause.
    Unsupported {
        clause: String,
        /// The table of a trigger, as it is written.
        table: Option<QualifiedName>,
    },
}

impl ObjectDefinition {
    fn of(object: Object) -> Self {
        ObjectDefinition::Supported { object: Box::new(object), table: None, order: None }
    }

    fn unsupported(clause: impl Into<String>) -> Self {
        ObjectDefinition::Unsupported { clause: clause.into(), table: None }
    }
}

/// FOLLOWS or PRECEDES, with the name of the other trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TriggerOrder {
    Follows(String),
    Precedes(String),
}

/// The clauses between CREATE and the kind of object.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub(crate) or_replace: bool,
    pub(crate) algorithm: Option<ViewAlgorithm>,
    /// DEFINER. `None` if there is none, or if it is the user who runs the statement.
    pub(crate) definer: Option<String>,
    pub(crate) security: Option<Security>,
    pub(crate) aggregate: bool,
}

/// Reads those of `ALGORITHM = …`, `DEFINER = …`, `SQL SECURITY …` and `AGGREGATE` that are
/// written.
pub(crate) fn read_header(parser: &mut Parser, or_replace: bool) -> Result<Header, SqlError> {
    let mut header = Header { or_replace, ..Header::default() };
    loop {
        if parser.accept("ALGORITHM") {
            parser.accept_symbol(b'=');
            header.algorithm = Some(algorithm(parser)?);
        } else if parser.accept("DEFINER") {
            parser.accept_symbol(b'=');
            header.definer = definer(parser)?;
        } else if let Some(security) = security_clause(parser)? {
            header.security = Some(security);
        } else if parser.accept("AGGREGATE") {
            header.aggregate = true;
        } else {
            return Ok(header);
        }
    }
}

fn algorithm(parser: &mut Parser) -> Result<ViewAlgorithm, SqlError> {
    let algorithm = match parser.upper_word().as_deref() {
        Some("UNDEFINED") => ViewAlgorithm::Undefined,
        Some("MERGE") => ViewAlgorithm::Merge,
        Some("TEMPTABLE") => ViewAlgorithm::Temptable,
        _ => return Err(parser.expected("UNDEFINED, MERGE or TEMPTABLE")),
    };
    parser.next();
    Ok(algorithm)
}

/// Reads `SQL SECURITY DEFINER` or `SQL SECURITY INVOKER`. MariaDB accepts `SUID` instead for a view,
/// which isn't read, because nobody writes it.
fn security_clause(parser: &mut Parser) -> Result<Option<Security>, SqlError> {
    if !parser.accept_words(&["SQL", "SECURITY"]) {
        return Ok(None);
    }
    let security = match parser.upper_word().as_deref() {
        Some("DEFINER") => Security::Definer,
        Some("INVOKER") => Security::Invoker,
        _ => return Err(parser.expected("DEFINER or INVOKER")),
    };
    parser.next();
    Ok(Some(security))
}

/// Reads a definer: `user@host` in any quotes, or a role. CURRENT_USER and CURRENT_ROLE are whoever
/// runs the statement, so the result is `None`.
fn definer(parser: &mut Parser) -> Result<Option<String>, SqlError> {
    if parser.accept("CURRENT_USER") || parser.accept("CURRENT_ROLE") {
        if parser.accept_symbol(b'(') {
            parser.expect_symbol(b')')?;
        }
        return Ok(None);
    }
    let user = account_part(parser, "a user")?;
    if parser.accept_symbol(b'@') {
        let host = account_part(parser, "a host")?;
        return Ok(Some(format!("{user}@{host}")));
    }
    // MariaDB shows a role as a name alone. On MySQL, a name alone is a user at any host.
    let role = parser.dialect.server.is_some_and(|server| server.vendor == Vendor::MariaDb);
    Ok(Some(if role { user } else { format!("{user}@%") }))
}

/// Reads the user or the host of an account: a name or a string, which may be empty.
fn account_part(parser: &mut Parser, what: &str) -> Result<String, SqlError> {
    match parser.kind() {
        TokenKind::Text => parser.string(what),
        TokenKind::Quoted | TokenKind::Word => {
            let token = parser.next();
            let slice = parser.slice(token);
            Ok(match token.kind {
                TokenKind::Quoted => super::literal::unquote(slice, false, parser.dialect),
                // Without quotes it may be a host: `localhost`, `db.example`.
                _ => host(parser, slice.to_owned()),
            })
        }
        _ => Err(parser.expected(what)),
    }
}

/// Reads the rest of a host without quotes.
fn host(parser: &mut Parser, mut name: String) -> String {
    while parser.is_symbol(b'.') || parser.is_symbol(b'-') {
        let (_, end) = parser.last_token();
        let symbol = parser.peek(0);
        let next = parser.peek(1);
        if symbol.start != end || next.start != symbol.end || next.kind != TokenKind::Word {
            break;
        }
        name.push_str(parser.slice(symbol));
        name.push_str(parser.slice(next));
        parser.next();
        parser.next();
    }
    name
}

/// The kind of object that a keyword names. `None` if such objects aren't part of a schema.
pub(crate) fn read_kind(parser: &mut Parser) -> Result<Option<ObjectKind>, SqlError> {
    let kind = match parser.upper_word().as_deref() {
        Some("VIEW") => ObjectKind::View,
        Some("JSON") if is_duality_view(parser) => return Ok(Some(ObjectKind::View)),
        Some("TRIGGER") => ObjectKind::Trigger,
        Some("PROCEDURE") => ObjectKind::Procedure,
        Some("PACKAGE") => ObjectKind::Package,
        Some("FUNCTION") => ObjectKind::Function,
        Some("EVENT") => ObjectKind::Event,
        Some("SEQUENCE") => ObjectKind::Sequence,
        Some("LIBRARY") => ObjectKind::Library,
        Some(
            "USER" | "ROLE" | "SERVER" | "TABLESPACE" | "LOGFILE" | "UNDO" | "RESOURCE" | "SPATIAL"
            | "INSTANCE" | "MATERIALIZED" | "CATALOG",
        ) => return Ok(None),
        _ => return Err(parser.unexpected()),
    };
    parser.next();
    if kind == ObjectKind::Package {
        parser.accept("BODY");
    }
    Ok(Some(kind))
}

/// Whether it is a `JSON [RELATIONAL] DUALITY VIEW` (MySQL manual, 27.7 "JSON Duality Views").
fn is_duality_view(parser: &Parser) -> bool {
    parser.is_words(&["JSON", "DUALITY", "VIEW"])
        || parser.is_words(&["JSON", "RELATIONAL", "DUALITY", "VIEW"])
}

/// Reads a CREATE statement whose CREATE, header and kind have been read. `None` if the object
/// isn't part of a schema.
pub(crate) fn read_create_object(
    parser: &mut Parser,
    header: Header,
    kind: ObjectKind,
) -> Result<Option<CreateObject>, SqlError> {
    let duality = kind == ObjectKind::View && parser.is_word("JSON");
    while duality && !parser.accept("VIEW") {
        parser.next();
    }
    let if_not_exists = parser.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = parser.qualified_name(&format!("a {}", kind.noun()))?;
    let (start, end) = parser.last_token();
    let or_replace = header.or_replace;
    let definition = match kind {
        ObjectKind::View if duality => ObjectDefinition::unsupported("JSON DUALITY"),
        ObjectKind::View => {
            ObjectDefinition::of(Object::View(view::read(parser, header, &name.1)?))
        }
        ObjectKind::Trigger => trigger::read(parser, header, &name.1)?,
        ObjectKind::Procedure | ObjectKind::Function => {
            if routine::is_loadable(parser) {
                return Ok(None);
            }
            routine::read(parser, header, kind, &name.1)?
        }
        ObjectKind::Event => {
            ObjectDefinition::of(Object::Event(event::read(parser, header, &name.1)?))
        }
        ObjectKind::Sequence => {
            ObjectDefinition::of(Object::Sequence(sequence::read(parser, &name.1)?))
        }
        ObjectKind::Package | ObjectKind::Library => ObjectDefinition::unsupported(""),
    };
    Ok(Some(CreateObject { kind, name, start, end, or_replace, if_not_exists, definition }))
}

/// The body of a trigger, routine or event, which is the rest of the statement.
pub(crate) fn body(parser: &mut Parser) -> Result<String, SqlError> {
    let end = parser.end_of_rest();
    if end == parser.mark() {
        return Err(parser.expected("a body"));
    }
    one_statement(parser, end)?;
    Ok(parser.rest())
}

/// The first words of bodies that can contain several statements.
const COMPOUND: &[&str] =
    &["BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR", "DECLARE", "AS", "IS"];

/// Stops if a body that isn't a compound statement has a `;` in it. It would end the body, and
/// another statement would begin.
fn one_statement(parser: &mut Parser, end: usize) -> Result<(), SqlError> {
    let labelled = parser.peek(1).kind == TokenKind::Symbol(b':');
    if labelled || parser.is_one_of(COMPOUND) {
        return Ok(());
    }
    let mark = parser.mark();
    while parser.mark() < end {
        if parser.is_symbol(b';') {
            let error = parser
                .error("a body is one statement, and another begins after this `;`")
                .with_help("put them between BEGIN and END");
            parser.reset(mark);
            return Err(error);
        }
        parser.next();
    }
    parser.reset(mark);
    Ok(())
}
