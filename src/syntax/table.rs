//! Reads the elements of CREATE TABLE as they are written.

use super::ColumnDefinition;
use super::SqlError;
use super::column::read_column;
use super::constraint::{read_check, read_references};
use super::index::read_index;
use super::lexer::TokenKind;
use super::options::{OptionsRead, read_options};
use super::parser::Parser;
use super::partition::read_partitioning;
use crate::model::{Check, ForeignKey, Index, IndexKind, Period, same_name};

/// One element between the parentheses. Its place is that of its name; if it has none, that of its
/// beginning.
#[derive(Debug)]
pub(crate) struct TableElement {
    pub(crate) definition: ElementDefinition,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What an element defines.
#[derive(Debug)]
pub(crate) enum ElementDefinition {
    Column(Box<ColumnDefinition>),
    Index(Index),
    /// A foreign key. The name of its constraint may be empty. `index` is the name after FOREIGN
    /// KEY.
    ForeignKey {
        key: ForeignKey,
        index: Option<String>,
    },
    /// A CHECK. Its name may be empty.
    Check(Check),
    Period(Period),
}

/// A table's name, and the database before it if one is written.
pub(crate) type QualifiedName = (Option<String>, String);

/// A CREATE TABLE statement.
#[derive(Debug)]
pub(crate) struct CreateTable {
    pub(crate) name: QualifiedName,
    /// The byte range of the name.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) temporary: bool,
    pub(crate) or_replace: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) body: TableBody,
}

/// What CREATE TABLE makes the table from.
#[derive(Debug)]
pub(crate) enum TableBody {
    /// `LIKE other`
    Like(QualifiedName),
    /// Elements and options.
    Elements { elements: Vec<TableElement>, options: Box<OptionsRead> },
}

/// Reads a CREATE TABLE statement whose CREATE, OR REPLACE, TEMPORARY and TABLE have been read.
pub(crate) fn read_create_table(
    parser: &mut Parser,
    or_replace: bool,
    temporary: bool,
) -> Result<CreateTable, SqlError> {
    let if_not_exists = parser.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = parser.qualified_name("a table")?;
    let (start, end) = parser.last_token();
    let body = if parser.accept("LIKE") {
        TableBody::Like(parser.qualified_name("a table")?)
    } else if parser.is_symbol(b'(') && parser.is_word_at(1, "LIKE") {
        parser.next();
        parser.next();
        let like = TableBody::Like(parser.qualified_name("a table")?);
        parser.expect_symbol(b')')?;
        like
    } else {
        read_elements(parser)?
    };
    parser.expect_end()?;
    Ok(CreateTable { name, start, end, temporary, or_replace, if_not_exists, body })
}

fn read_elements(parser: &mut Parser) -> Result<TableBody, SqlError> {
    refuse_select(parser)?;
    parser.expect_symbol(b'(')?;
    let mut elements = Vec::new();
    loop {
        read_element(parser, &mut elements)?;
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')?;
    let mut options = read_options(parser)?;
    options.partitioning = read_partitioning(parser)?;
    refuse_select(parser)?;
    Ok(TableBody::Elements { elements, options: Box::new(options) })
}

/// Refuses CREATE TABLE … SELECT: only a server knows the columns of a table that is made from a
/// query.
fn refuse_select(parser: &Parser) -> Result<(), SqlError> {
    if parser.is_one_of(&["SELECT", "AS", "IGNORE", "REPLACE", "WITH", "VALUES", "TABLE"])
        || parser.is_symbol(b'(') && parser.is_word_at(1, "SELECT")
    {
        return Err(parser
            .error("the columns of CREATE TABLE … SELECT are known only to a server")
            .with_help("load the statement on a server, and read its SHOW CREATE TABLE"));
    }
    Ok(())
}

/// Reads one element. A column's definition may contain CHECKs and references.
pub(crate) fn read_element(
    parser: &mut Parser,
    elements: &mut Vec<TableElement>,
) -> Result<(), SqlError> {
    let start = parser.peek(0);
    let definition = match constraint(parser)? {
        Some(definition) => definition,
        None => {
            parser.accept_words(&["IF", "NOT", "EXISTS"]);
            let token = parser.peek(0);
            let name = parser.name("a column")?;
            let column = read_column(parser, &name, &mut Vec::new())?;
            let definition = ElementDefinition::Column(Box::new(column));
            elements.push(TableElement { definition, start: token.start, end: token.end });
            return Ok(());
        }
    };
    elements.push(TableElement { definition, start: start.start, end: start.end });
    Ok(())
}

/// Reads an index or a constraint. `None` if a column comes next.
fn constraint(parser: &mut Parser) -> Result<Option<ElementDefinition>, SqlError> {
    let named = parser.accept("CONSTRAINT");
    let mut name = String::new();
    if named {
        parser.accept_words(&["IF", "NOT", "EXISTS"]);
        let is_keyword = parser.is_one_of(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]);
        if !is_keyword {
            name = parser.name("a name")?;
        }
    }
    let Some(word) = parser.upper_word() else {
        return if named { Err(parser.expected("a constraint")) } else { Ok(None) };
    };
    let definition = match word.as_str() {
        "PRIMARY" => {
            parser.next();
            parser.expect("KEY")?;
            let mut definition = read_index(parser, IndexKind::Primary)?;
            definition.name = crate::model::PRIMARY.to_owned();
            ElementDefinition::Index(definition)
        }
        "UNIQUE" => {
            parser.next();
            accept_key(parser);
            let mut definition = read_index(parser, IndexKind::Unique)?;
            if definition.name.is_empty() {
                definition.name = name;
            }
            ElementDefinition::Index(definition)
        }
        "FOREIGN" => foreign_key(parser, name)?,
        "CHECK" => {
            parser.next();
            ElementDefinition::Check(read_check(parser, name)?)
        }
        _ if named => return Err(parser.expected("a constraint")),
        _ => return index_or_period(parser, &word),
    };
    Ok(Some(definition))
}

fn index_or_period(parser: &mut Parser, word: &str) -> Result<Option<ElementDefinition>, SqlError> {
    let kind = match word {
        "KEY" | "INDEX" => IndexKind::Plain,
        "FULLTEXT" => IndexKind::Fulltext,
        "SPATIAL" => IndexKind::Spatial,
        "VECTOR" if is_vector_index(parser) => IndexKind::Vector,
        "PERIOD" if parser.is_word_at(1, "FOR") => {
            return read_period(parser).map(ElementDefinition::Period).map(Some);
        }
        _ => return Ok(None),
    };
    parser.next();
    if kind != IndexKind::Plain {
        accept_key(parser);
    }
    parser.accept_words(&["IF", "NOT", "EXISTS"]);
    Ok(Some(ElementDefinition::Index(read_index(parser, kind)?)))
}

/// Reads `PERIOD FOR name (start, end)`.
fn read_period(parser: &mut Parser) -> Result<Period, SqlError> {
    parser.expect("PERIOD")?;
    parser.expect("FOR")?;
    let name = read_period_name(parser)?;
    let list = parser.peek(0);
    let columns = parser.name_list("a column")?;
    match <[String; 2]>::try_from(columns) {
        Ok([start, end]) => Ok(Period { name, start, end }),
        Err(_) => Err(SqlError::new("a period has two columns", list.start, list.end)),
    }
}

/// Reads the name of a period. SYSTEM_TIME is always spelled in upper case.
pub(crate) fn read_period_name(parser: &mut Parser) -> Result<String, SqlError> {
    let name = parser.name("a period")?;
    let is_system = same_name(&name, Period::SYSTEM_TIME);
    Ok(if is_system { Period::SYSTEM_TIME.to_owned() } else { name })
}

fn is_vector_index(parser: &Parser) -> bool {
    parser.is_one_of_at(1, &["KEY", "INDEX"])
        || parser.peek(1).kind == TokenKind::Symbol(b'(')
            && !matches!(parser.peek(2).kind, TokenKind::Number)
}

fn accept_key(parser: &mut Parser) {
    if !parser.accept("KEY") {
        parser.accept("INDEX");
    }
}

fn foreign_key(parser: &mut Parser, name: String) -> Result<ElementDefinition, SqlError> {
    parser.expect("FOREIGN")?;
    parser.expect("KEY")?;
    parser.accept_words(&["IF", "NOT", "EXISTS"]);
    let index = if parser.is_name() { Some(parser.name("an index")?) } else { None };
    let list = parser.peek(0);
    let columns = parser.name_list("a column")?;
    let mut key = read_references(parser)?;
    if !key.referenced_columns.is_empty() && key.referenced_columns.len() != columns.len() {
        return Err(SqlError::new(
            format!(
                "the foreign key has {} columns and references {}",
                columns.len(),
                key.referenced_columns.len()
            ),
            list.start,
            list.end,
        ));
    }
    key.name = name;
    key.columns = columns;
    Ok(ElementDefinition::ForeignKey { key, index })
}
