//! Reads statements, and tells those that define a schema from others.

use super::SqlError;
use super::alter::{ParsedClause, read_clauses};
use super::index::read_index;
use super::lexer::Dialect;
use super::object::{
    self, AlterObject, CreateObject, TriggerOrder, read_alter_object, read_create_object,
    read_header, read_kind,
};
use super::parser::Parser;
use super::table::{
    CreateTable, ElementDefinition, QualifiedName, TableBody, TableElement, read_create_table,
};
use super::types::{charset_clause, charset_name};
use crate::model::{IndexKind, ObjectKind};

/// A statement, as far as it affects a schema.
#[derive(Debug)]
pub(crate) enum ParsedStatement {
    CreateTable(Box<CreateTable>),
    AlterTable {
        name: QualifiedName,
        clauses: Vec<ParsedClause>,
    },
    DropTable(Vec<QualifiedName>),
    RenameTable(Vec<(QualifiedName, QualifiedName)>),
    CreateIndex {
        table: QualifiedName,
        element: Box<TableElement>,
        or_replace: bool,
        if_not_exists: bool,
    },
    DropIndex {
        table: QualifiedName,
        name: String,
        if_exists: bool,
    },
    CreateObject(Box<CreateObject>),
    AlterObject(Box<AlterObject>),
    DropObject {
        kind: ObjectKind,
        names: Vec<QualifiedName>,
    },
    /// CREATE and ALTER DATABASE.
    Database {
        name: Option<String>,
        charset: Option<String>,
        collation: Option<String>,
    },
    DropDatabase(String),
    Truncate(QualifiedName),
    Use(String),
    /// A statement that doesn't affect the schema.
    Other,
}

impl ParsedStatement {
    /// The table that the statement changes or refers to, and that has to exist.
    pub(crate) fn needed_table(&self) -> Option<&QualifiedName> {
        match self {
            ParsedStatement::CreateTable(create) => match &create.body {
                TableBody::Like(other) => Some(other),
                TableBody::Elements { .. } => None,
            },
            ParsedStatement::AlterTable { name: table, .. }
            | ParsedStatement::CreateIndex { table, .. }
            | ParsedStatement::DropIndex { table, .. } => Some(table),
            ParsedStatement::CreateObject(created) => match &created.definition {
                object::ObjectDefinition::Supported { table, .. }
                | object::ObjectDefinition::Unsupported { table, .. } => table.as_ref(),
            },
            _ => None,
        }
    }

    /// The other trigger in FOLLOWS or PRECEDES, which has to exist.
    pub(crate) fn needed_trigger(&self) -> Option<&str> {
        let ParsedStatement::CreateObject(created) = self else { return None };
        match &created.definition {
            object::ObjectDefinition::Supported {
                order: Some(TriggerOrder::Follows(other) | TriggerOrder::Precedes(other)),
                ..
            } => Some(other),
            _ => None,
        }
    }
}

/// Reads one statement, which has no delimiter at its end.
pub(crate) fn read_statement(text: &str, dialect: Dialect) -> Result<ParsedStatement, SqlError> {
    let mut parser = Parser::new(text, dialect)?;
    let parser = &mut parser;
    let has_settings = skip_settings(parser)?;
    match parser.upper_word().as_deref() {
        Some("CREATE") => {
            parser.next();
            create(parser)
        }
        Some("ALTER") => {
            parser.next();
            alter(parser)
        }
        Some("DROP") => {
            parser.next();
            drop(parser)
        }
        Some("RENAME") => {
            parser.next();
            rename(parser)
        }
        Some("TRUNCATE") => {
            parser.next();
            parser.accept("TABLE");
            let name = parser.qualified_name("a table")?;
            dropped_end(parser)?;
            Ok(ParsedStatement::Truncate(name))
        }
        Some("USE") => {
            parser.next();
            let name = parser.name("a database")?;
            parser.expect_end()?;
            Ok(ParsedStatement::Use(name))
        }
        None if parser.at_end() => Ok(ParsedStatement::Other),
        _ if has_settings => Ok(ParsedStatement::Other),
        _ => {
            let token = parser.peek(0);
            let message = format!("no statement begins with `{}`", parser.slice(token));
            Err(SqlError::new(message, token.start, token.end))
        }
    }
}

/// Skips `SET STATEMENT … FOR`; returns whether it is there.
fn skip_settings(parser: &mut Parser) -> Result<bool, SqlError> {
    if !parser.accept_words(&["SET", "STATEMENT"]) {
        return Ok(false);
    }
    while !parser.accept("FOR") {
        if parser.at_end() {
            return Err(parser.unexpected());
        }
        if parser.is_symbol(b'(') {
            parser.skip_parentheses()?;
        } else {
            parser.next();
        }
    }
    Ok(true)
}

fn create(parser: &mut Parser) -> Result<ParsedStatement, SqlError> {
    let or_replace = parser.accept_words(&["OR", "REPLACE"]);
    let temporary = parser.accept("TEMPORARY");
    if parser.accept("TABLE") {
        let create = read_create_table(parser, or_replace, temporary)?;
        return Ok(ParsedStatement::CreateTable(Box::new(create)));
    }
    if let Some(statement) = create_index(parser, or_replace)? {
        return Ok(statement);
    }
    if parser.accept("DATABASE") || parser.accept("SCHEMA") {
        parser.accept_words(&["IF", "NOT", "EXISTS"]);
        let name = Some(parser.name("a database")?);
        return database(parser, name);
    }
    let header = read_header(parser, or_replace)?;
    let Some(kind) = read_kind(parser)? else {
        return Ok(ParsedStatement::Other);
    };
    let created = read_create_object(parser, header, kind)?;
    Ok(match created {
        Some(created) if !temporary => ParsedStatement::CreateObject(Box::new(created)),
        _ => ParsedStatement::Other,
    })
}

fn create_index(
    parser: &mut Parser,
    or_replace: bool,
) -> Result<Option<ParsedStatement>, SqlError> {
    let mark = parser.mark();
    let start = parser.peek(0);
    let kind = if parser.accept("VECTOR") {
        IndexKind::Vector
    } else if parser.accept("UNIQUE") {
        IndexKind::Unique
    } else if parser.accept("FULLTEXT") {
        IndexKind::Fulltext
    } else if parser.accept("SPATIAL") {
        IndexKind::Spatial
    } else {
        IndexKind::Plain
    };
    if !parser.accept("INDEX") {
        parser.reset(mark);
        return Ok(None);
    }
    let if_not_exists = parser.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = parser.name("an index")?;
    let algorithm = if parser.is_word("ON") { None } else { super::index::read_using(parser)? };
    parser.expect("ON")?;
    let table = parser.qualified_name("a table")?;
    let mut definition = read_index(parser, kind)?;
    definition.name = name;
    definition.algorithm = definition.algorithm.or(algorithm);
    skip_algorithm_and_lock(parser);
    parser.expect_end()?;
    let definition = ElementDefinition::Index(definition);
    let element = Box::new(TableElement { definition, start: start.start, end: start.end });
    Ok(Some(ParsedStatement::CreateIndex { table, element, or_replace, if_not_exists }))
}

fn skip_algorithm_and_lock(parser: &mut Parser) {
    while parser.is_one_of(&["ALGORITHM", "LOCK", "WAIT", "NOWAIT"]) {
        let takes_value = !parser.is_word("NOWAIT");
        parser.next();
        if takes_value {
            parser.accept_symbol(b'=');
            parser.next();
        }
    }
}

fn database(parser: &mut Parser, name: Option<String>) -> Result<ParsedStatement, SqlError> {
    let (mut charset, mut collation) = (None, None);
    while !parser.at_end() {
        parser.accept("DEFAULT");
        if let Some(name) = charset_clause(parser)? {
            charset = Some(name);
        } else if parser.accept("COLLATE") {
            parser.accept_symbol(b'=');
            collation = Some(charset_name(parser, "a collation")?);
        } else {
            database_option(parser)?;
        }
    }
    Ok(ParsedStatement::Database { name, charset, collation })
}

/// Skips an option of a database that isn't part of a schema.
fn database_option(parser: &mut Parser) -> Result<(), SqlError> {
    if parser.accept_words(&["UPGRADE", "DATA", "DIRECTORY", "NAME"]) {
        return Ok(());
    }
    if !(parser.accept("ENCRYPTION")
        || parser.accept("COMMENT")
        || parser.accept_words(&["READ", "ONLY"]))
    {
        return Err(parser.unexpected());
    }
    parser.accept_symbol(b'=');
    parser.next();
    Ok(())
}

fn alter(parser: &mut Parser) -> Result<ParsedStatement, SqlError> {
    parser.accept("ONLINE");
    parser.accept("IGNORE");
    if parser.accept("TABLE") {
        parser.accept_words(&["IF", "EXISTS"]);
        let name = parser.qualified_name("a table")?;
        return Ok(ParsedStatement::AlterTable { name, clauses: read_clauses(parser)? });
    }
    if parser.accept("DATABASE") || parser.accept("SCHEMA") {
        let is_option = parser.is_one_of(&["DEFAULT", "CHARACTER", "CHARSET", "COLLATE"]);
        let name = if is_option { None } else { Some(parser.name("a database")?) };
        return database(parser, name);
    }
    let header = read_header(parser, false)?;
    match read_kind(parser)? {
        Some(kind) if ObjectKind::MODELLED.contains(&kind) => {
            let altered = read_alter_object(parser, header, kind)?;
            Ok(ParsedStatement::AlterObject(Box::new(altered)))
        }
        _ => Ok(ParsedStatement::Other),
    }
}

fn drop(parser: &mut Parser) -> Result<ParsedStatement, SqlError> {
    let temporary = parser.accept("TEMPORARY");
    if parser.accept("TABLE") || parser.accept("TABLES") {
        parser.accept_words(&["IF", "EXISTS"]);
        let names = names(parser)?;
        dropped_end(parser)?;
        return Ok(if temporary {
            ParsedStatement::Other
        } else {
            ParsedStatement::DropTable(names)
        });
    }
    if parser.accept("INDEX") {
        let if_exists = parser.accept_words(&["IF", "EXISTS"]);
        let name = parser.name("an index")?;
        parser.expect("ON")?;
        let table = parser.qualified_name("a table")?;
        skip_algorithm_and_lock(parser);
        parser.expect_end()?;
        return Ok(ParsedStatement::DropIndex { table, name, if_exists });
    }
    if parser.accept("DATABASE") || parser.accept("SCHEMA") {
        parser.accept_words(&["IF", "EXISTS"]);
        let name = parser.name("a database")?;
        parser.expect_end()?;
        return Ok(ParsedStatement::DropDatabase(name));
    }
    if parser.accept("PREPARE") {
        return Ok(ParsedStatement::Other);
    }
    let Some(kind) = read_kind(parser)? else { return Ok(ParsedStatement::Other) };
    parser.accept_words(&["IF", "EXISTS"]);
    let names = names(parser)?;
    if kind == ObjectKind::Trigger || kind == ObjectKind::Event {
        parser.expect_end()?;
    } else {
        dropped_end(parser)?;
    }
    Ok(ParsedStatement::DropObject { kind, names })
}

/// Reads what may follow the names of dropped elements, and the end of the statement.
fn dropped_end(parser: &mut Parser) -> Result<(), SqlError> {
    let _ = parser.accept("RESTRICT") || parser.accept("CASCADE");
    if parser.accept("WAIT") {
        parser.number("a number of seconds")?;
    } else {
        parser.accept("NOWAIT");
    }
    parser.expect_end()
}

fn names(parser: &mut Parser) -> Result<Vec<QualifiedName>, SqlError> {
    let mut names = vec![parser.qualified_name("a name")?];
    while parser.accept_symbol(b',') {
        names.push(parser.qualified_name("a name")?);
    }
    Ok(names)
}

fn rename(parser: &mut Parser) -> Result<ParsedStatement, SqlError> {
    if !parser.accept("TABLE") && !parser.accept("TABLES") {
        return if parser.is_word("USER") {
            Ok(ParsedStatement::Other)
        } else {
            Err(parser.unexpected())
        };
    }
    parser.accept_words(&["IF", "EXISTS"]);
    let mut renames = Vec::new();
    loop {
        let from = parser.qualified_name("a table")?;
        parser.expect("TO")?;
        renames.push((from, parser.qualified_name("a table")?));
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_end()?;
    Ok(ParsedStatement::RenameTable(renames))
}
