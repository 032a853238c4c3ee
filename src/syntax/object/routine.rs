//! Reads CREATE PROCEDURE and CREATE FUNCTION (MySQL manual, 15.1.17; MariaDB, "CREATE PROCEDURE",
//! "CREATE FUNCTION").

use super::{Header, ObjectDefinition, body, security_clause};
use crate::model::{
    DataAccess, Object, ObjectKind, Parameter, ParameterMode, ParameterType, Routine, RoutineKind,
};
use crate::syntax::SqlError;
use crate::syntax::parser::Parser;
use crate::syntax::types::{charset_name, read_modifier, read_type};

/// Whether it is a loadable function. These come from a shared library and belong to the server,
/// not to a schema.
pub(super) fn is_loadable(parser: &Parser) -> bool {
    parser.is_word("RETURNS") && parser.is_word_at(2, "SONAME")
}

/// Reads the part after the routine's name.
pub(super) fn read(
    parser: &mut Parser,
    header: Header,
    object_kind: ObjectKind,
    name: &str,
) -> Result<ObjectDefinition, SqlError> {
    Ok(match head(parser, header, object_kind, name)? {
        Ok(mut routine) => {
            routine.body = body(parser)?;
            ObjectDefinition::of(Object::Routine(routine))
        }
        Err(clause) => ObjectDefinition::unsupported(clause),
    })
}

/// Reads the part between the routine's name and its body. If the model can't hold one of the
/// clauses, returns that clause.
pub(super) fn head(
    parser: &mut Parser,
    header: Header,
    object_kind: ObjectKind,
    name: &str,
) -> Result<Result<Routine, String>, SqlError> {
    if let Some(clause) = oracle_head(parser) {
        return Ok(Err(clause.to_owned()));
    }
    let kind = match object_kind {
        ObjectKind::Function => RoutineKind::Function,
        _ => RoutineKind::Procedure,
    };
    parser.expect_symbol(b'(')?;
    let parameters = match parameters(parser, kind)? {
        Read::Supported(parameters) => parameters,
        Read::Unsupported(clause) => return Ok(Err(clause)),
    };
    parser.expect_symbol(b')')?;
    let mut routine = Routine {
        kind,
        name: name.to_owned(),
        parameters,
        returns: None,
        aggregate: header.aggregate,
        deterministic: false,
        data_access: DataAccess::default(),
        security: header.security.unwrap_or_default(),
        comment: String::new(),
        body: String::new(),
        definer: header.definer,
        sql_mode: None,
    };
    if kind == RoutineKind::Function {
        if parser.is_word("RETURN") {
            return Ok(Err("Oracle syntax".to_owned()));
        }
        parser.expect("RETURNS")?;
        match parameter_type(parser)? {
            Read::Supported(ty) => routine.returns = Some(ty),
            Read::Unsupported(clause) => return Ok(Err(clause)),
        }
    }
    while characteristic(parser, &mut routine)? {}
    if parser.accept("LANGUAGE") {
        let language = parser.name("a language")?.to_ascii_uppercase();
        return Ok(Err(format!("LANGUAGE {language}")));
    }
    if parser.is_word("USING") {
        return Ok(Err("USING".to_owned()));
    }
    if parser.is_one_of(&["AS", "IS"]) {
        return Ok(Err("Oracle syntax".to_owned()));
    }
    Ok(Ok(routine))
}

/// A value of the model, or the clause for which the model has no value.
enum Read<T> {
    Supported(T),
    Unsupported(String),
}

/// Whether the routine is in Oracle's syntax, which needs no parentheses if there are no
/// parameters.
fn oracle_head(parser: &Parser) -> Option<&'static str> {
    parser.is_one_of(&["AS", "IS", "RETURN"]).then_some("Oracle syntax")
}

/// Reads one characteristic. Returns `false` if the body comes next, or a clause that the model
/// can't hold.
pub(super) fn characteristic(parser: &mut Parser, routine: &mut Routine) -> Result<bool, SqlError> {
    if parser.accept("COMMENT") {
        routine.comment = parser.string("a comment in quotes")?;
    } else if parser.accept_words(&["LANGUAGE", "SQL"]) {
        // SQL is the only language that both vendors have.
    } else if parser.accept("DETERMINISTIC") {
        routine.deterministic = true;
    } else if parser.accept_words(&["NOT", "DETERMINISTIC"]) {
        routine.deterministic = false;
    } else if parser.accept_words(&["CONTAINS", "SQL"]) {
        routine.data_access = DataAccess::ContainsSql;
    } else if parser.accept_words(&["NO", "SQL"]) {
        routine.data_access = DataAccess::NoSql;
    } else if parser.accept_words(&["READS", "SQL", "DATA"]) {
        routine.data_access = DataAccess::ReadsSqlData;
    } else if parser.accept_words(&["MODIFIES", "SQL", "DATA"]) {
        routine.data_access = DataAccess::ModifiesSqlData;
    } else if let Some(security) = security_clause(parser)? {
        routine.security = security;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Reads the parameters of a routine, up to the closing parenthesis or the end.
pub(crate) fn read_parameters(
    parser: &mut Parser,
    kind: RoutineKind,
) -> Result<Vec<Parameter>, SqlError> {
    let start = parser.peek(0);
    match parameters(parser, kind)? {
        Read::Supported(parameters) => Ok(parameters),
        Read::Unsupported(clause) => {
            Err(SqlError::new(format!("{clause} is unsupported"), start.start, start.end))
        }
    }
}

fn parameters(parser: &mut Parser, kind: RoutineKind) -> Result<Read<Vec<Parameter>>, SqlError> {
    let mut parameters = Vec::new();
    if parser.is_symbol(b')') || parser.at_end() {
        return Ok(Read::Supported(parameters));
    }
    loop {
        let mode = match kind {
            RoutineKind::Procedure => parameter_mode(parser).unwrap_or_default(),
            RoutineKind::Function => ParameterMode::In,
        };
        let name = parser.name("a parameter")?;
        if parser.is_one_of(&["IN", "OUT", "INOUT"]) {
            return Ok(Read::Unsupported("Oracle syntax".to_owned()));
        }
        match parameter_type(parser)? {
            Read::Supported(ty) => parameters.push(Parameter { name, mode, ty }),
            Read::Unsupported(clause) => return Ok(Read::Unsupported(clause)),
        }
        if parser.is_word("DEFAULT") || parser.is_symbol(b':') {
            return Ok(Read::Unsupported("DEFAULT of a parameter".to_owned()));
        }
        if !parser.accept_symbol(b',') {
            return Ok(Read::Supported(parameters));
        }
    }
}

/// Reads IN, OUT or INOUT, unless it is the name of the parameter.
fn parameter_mode(parser: &mut Parser) -> Option<ParameterMode> {
    let mode = match parser.upper_word().as_deref() {
        Some("IN") => ParameterMode::In,
        Some("OUT") => ParameterMode::Out,
        Some("INOUT") => ParameterMode::InOut,
        _ => return None,
    };
    parser.next();
    Some(mode)
}

/// Reads the type of a parameter or of a function's result.
pub(crate) fn read_parameter_type(parser: &mut Parser) -> Result<ParameterType, SqlError> {
    let start = parser.peek(0);
    match parameter_type(parser)? {
        Read::Supported(ty) => Ok(ty),
        Read::Unsupported(clause) => {
            Err(SqlError::new(format!("{clause} is unsupported"), start.start, start.end))
        }
    }
}

fn parameter_type(parser: &mut Parser) -> Result<Read<ParameterType>, SqlError> {
    // The anchored types and row types of MariaDB: `TYPE OF t.c`, `ROW TYPE OF t`, `ROW (a int)`.
    for words in [&["TYPE", "OF"][..], &["ROW", "TYPE", "OF"], &["ROW"], &["SYS_REFCURSOR"]] {
        if parser.is_words(words) {
            return Ok(Read::Unsupported(words.join(" ")));
        }
    }
    let mut read = read_type(parser, &mut Vec::new())?;
    loop {
        if parser.accept("COLLATE") {
            read.collation = Some(charset_name(parser, "a collation")?);
        } else if !read_modifier(parser, &mut read)? {
            break;
        }
    }
    read.resolve_binary_charset();
    if read.binary_collation && read.collation.is_none() {
        let charset = read.charset.as_deref().unwrap_or("utf8mb4");
        read.collation = Some(format!("{charset}_bin"));
    }
    let (charset, collation) = (read.charset, read.collation);
    Ok(Read::Supported(ParameterType { ty: read.ty, charset, collation }))
}
