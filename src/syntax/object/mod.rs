//! CREATE VIEW, TRIGGER, PROCEDURE, FUNCTION, EVENT and SEQUENCE, in both vendors' syntax.

mod alter;
mod body;
mod event;
mod routine;
mod sequence;
mod trigger;
mod view;

use super::SqlError;
use super::lexer::Kind;
use super::parser::Parser;
use super::table::QualifiedName;
use crate::model::{Object, ObjectKind, Security, ViewAlgorithm};
use crate::server::Vendor;

pub(crate) use alter::{AlterObject, read_alter_object};
pub(crate) use body::{Body, find_body};
pub(crate) use event::{read_interval, read_moment};
pub(crate) use routine::{read_parameter_type, read_parameters};
pub(crate) use view::read_select;

/// A CREATE statement of an object.
#[derive(Debug)]
pub(crate) struct CreateObject {
    pub(crate) kind: ObjectKind,
    pub(crate) name: QualifiedName,
    /// Where the name stands.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) or_replace: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) definition: Definition,
}

/// What a CREATE statement says of its object.
#[derive(Debug)]
pub(crate) enum Definition {
    /// All of it.
    Supported {
        object: Box<Object>,
        /// Of a trigger, the table as written.
        table: Option<QualifiedName>,
        /// Of a trigger, before or after which other one it runs.
        order: Option<TriggerOrder>,
    },
    /// More than the model has words for: the clause.
    Unsupported {
        clause: String,
        /// Of a trigger, the table as written.
        table: Option<QualifiedName>,
    },
}

impl Definition {
    fn of(object: Object) -> Self {
        Definition::Supported { object: Box::new(object), table: None, order: None }
    }

    fn unsupported(clause: impl Into<String>) -> Self {
        Definition::Unsupported { clause: clause.into(), table: None }
    }
}

/// FOLLOWS and PRECEDES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TriggerOrder {
    Follows(String),
    Precedes(String),
}

/// What stands between CREATE and the kind of object.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub(crate) or_replace: bool,
    pub(crate) algorithm: Option<ViewAlgorithm>,
    /// DEFINER; `None` also where it is whoever carries the statement out.
    pub(crate) definer: Option<String>,
    pub(crate) security: Option<Security>,
    pub(crate) aggregate: bool,
}

/// Reads `ALGORITHM = …`, `DEFINER = …`, `SQL SECURITY …` and `AGGREGATE`, as far as they stand
/// there.
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

/// `SQL SECURITY DEFINER`; MariaDB has `SQL SECURITY INVOKER` of views as `SUID` too, which nobody
/// writes.
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

/// A definer: `user@host` in any quotes, a role, or CURRENT_USER and CURRENT_ROLE, which are
/// whoever carries the statement out.
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
    // A name alone is a role where the server has one of that name: MariaDB shows its roles so.
    let role = parser.dialect.server.is_some_and(|server| server.vendor == Vendor::MariaDb);
    Ok(Some(if role { user } else { format!("{user}@%") }))
}

/// A user's name or host: a name or a string, which may be empty.
fn account_part(parser: &mut Parser, what: &str) -> Result<String, SqlError> {
    match parser.kind() {
        Kind::Text => parser.string(what),
        Kind::Quoted | Kind::Word => {
            let token = parser.next();
            let slice = parser.slice(token);
            Ok(match token.kind {
                Kind::Quoted => super::literal::unquote(slice, false, parser.dialect),
                // An unquoted host: `localhost`, `db.example`.
                _ => host(parser, slice.to_owned()),
            })
        }
        _ => Err(parser.expected(what)),
    }
}

/// The rest of a host that is not quoted.
fn host(parser: &mut Parser, mut name: String) -> String {
    while parser.is_symbol(b'.') || parser.is_symbol(b'-') {
        let (_, end) = parser.last_token();
        let symbol = parser.peek(0);
        let next = parser.peek(1);
        if symbol.start != end || next.start != symbol.end || next.kind != Kind::Word {
            break;
        }
        name.push_str(parser.slice(symbol));
        name.push_str(parser.slice(next));
        parser.next();
        parser.next();
    }
    name
}

/// The kind of object that a keyword names; `None` for objects that are no part of a schema.
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

/// `JSON [RELATIONAL] DUALITY VIEW` (MySQL manual, 27.7 "JSON Duality Views").
fn is_duality_view(parser: &Parser) -> bool {
    parser.is_words(&["JSON", "DUALITY", "VIEW"])
        || parser.is_words(&["JSON", "RELATIONAL", "DUALITY", "VIEW"])
}

/// Reads a CREATE statement of an object whose CREATE, header and kind have been read; `None` for
/// one that is no part of a schema.
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
        ObjectKind::View if duality => Definition::unsupported("JSON DUALITY"),
        ObjectKind::View => Definition::of(Object::View(view::read(parser, header, &name.1)?)),
        ObjectKind::Trigger => trigger::read(parser, header, &name.1)?,
        ObjectKind::Procedure | ObjectKind::Function => {
            if routine::is_loadable(parser) {
                return Ok(None);
            }
            routine::read(parser, header, kind, &name.1)?
        }
        ObjectKind::Event => Definition::of(Object::Event(event::read(parser, header, &name.1)?)),
        ObjectKind::Sequence => Definition::of(Object::Sequence(sequence::read(parser, &name.1)?)),
        ObjectKind::Package | ObjectKind::Library => Definition::unsupported(""),
    };
    Ok(Some(CreateObject { kind, name, start, end, or_replace, if_not_exists, definition }))
}

/// The body of a trigger, routine or event: what is left of the statement.
pub(crate) fn body(parser: &mut Parser) -> Result<String, SqlError> {
    let end = parser.end_of_rest();
    if end == parser.mark() {
        return Err(parser.expected("a body"));
    }
    one_statement(parser, end)?;
    Ok(parser.rest())
}

/// The words that begin what may hold several statements.
const COMPOUND: &[&str] =
    &["BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR", "DECLARE", "AS", "IS"];

/// A `;` in a body that is no compound statement would end it, and begin a statement of its own.
fn one_statement(parser: &mut Parser, end: usize) -> Result<(), SqlError> {
    let labelled = parser.peek(1).kind == Kind::Symbol(b':');
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
