//! Reads MySQL's and MariaDB's SQL, as far as it defines a schema, into values of the model.
//!
//! Everything here reads the SQL of both vendors. Offsets in errors are byte offsets in the given
//! text.

pub(crate) mod alter;
mod array;
pub(crate) mod build;
mod column;
mod column_clauses;
pub(crate) mod compound;
pub(crate) mod connection;
mod constraint;
mod default;
pub(crate) mod expression;
pub(crate) mod implicit;
mod index;
pub(crate) mod lexer;
pub(crate) mod literal;
pub(crate) mod object;
pub(crate) mod options;
mod parser;
pub(crate) mod partition;
pub(crate) mod partition_clause;
pub(crate) mod query;
pub(crate) mod quote;
pub(crate) mod references;
pub(crate) mod set;
pub(crate) mod statement;
pub(crate) mod table;
pub(crate) mod temporal;
mod types;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::model::{
    Check, CheckOption, Column, Expression, ForeignKey, Hashing, IndexPart, ObjectKind, Parameter,
    ParameterType, Partition, PartitionBounds, PartitionMethod, PartitionScheme, RoutineKind,
    SelectText, Table,
};
use crate::server::Server;
use lexer::{Dialect, TokenKind};
use object::{CreateObject, ObjectDefinition};
use parser::Parser;
use table::TableBody;

pub use array::casts_to_array;
pub use column_clauses::{ClausePlace, ColumnClause, column_clauses};
pub use quote::{quote_identifier, quote_string};

/// Why a text can't be read, and which part of it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SqlError {
    /// What is wrong, in one line.
    pub message: String,
    /// The offset of the first byte of the wrong part.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
    /// What to write instead, if that is known.
    pub help: Option<String>,
}

impl SqlError {
    /// An error without help.
    pub(crate) fn new(message: impl Into<String>, start: usize, end: usize) -> Self {
        SqlError { message: message.into(), start, end, help: None }
    }

    /// The same with a line of help.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A column, and the parts of its definition that belong to the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// The column.
    pub column: Column,
    /// PRIMARY KEY
    pub primary_key: bool,
    /// UNIQUE
    pub unique: bool,
    /// CHECKs. The name is empty if none was written.
    pub checks: Vec<Check>,
    /// REFERENCES. The name is empty if none was written. The referenced columns are empty if the
    /// primary key of the referenced table is meant.
    pub references: Option<ForeignKey>,
    /// The attribute BINARY without a character set. The collation is then the `_bin` collation of
    /// the table's character set. The column's own collation is that of utf8mb4 until the table is
    /// known.
    pub binary_of_table: bool,
    /// `WITH SYSTEM VERSIONING`. If the table itself isn't versioned, only the columns with this
    /// attribute are.
    pub with_versioning: bool,
}

/// What a REFERENCES clause refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencesClause {
    /// The schema, if one was named.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// Reads the definition after a column's name in CREATE TABLE.
pub fn parse_column(name: &str, text: &str) -> Result<ColumnDefinition, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let mut definition = column::read_column(&mut parser, name, &mut Vec::new())?;
    parser.expect_end()?;
    // The text isn't part of a statement that a server would run.
    definition.column.is_bare_timestamp = false;
    Ok(definition)
}

/// Reads a type alone. The column that is returned has no name. It has the character set and
/// whatever else the spelling of the type implies.
pub fn parse_type(text: &str) -> Result<Column, SqlError> {
    let definition = parse_column("", text)?;
    let column = &definition.column;
    let mut only_type = ColumnDefinition::new(Column::new("", column.ty.clone()));
    only_type.column.charset.clone_from(&column.charset);
    only_type.column.collation.clone_from(&column.collation);
    if column.auto_increment && definition.unique {
        only_type.serial();
    }
    if only_type == definition {
        return Ok(only_type.column);
    }
    Err(SqlError::new("only a type is allowed here", 0, text.len())
        .with_help("NOT NULL, DEFAULT and the like have keys of their own"))
}

/// Reads a string in quotes.
pub(crate) fn parse_string(text: &str) -> Result<String, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let value = parser.string("a string")?;
    parser.expect_end()?;
    Ok(value)
}

/// Reads options that a storage engine defines: `` `flag`=5 `form`='x' ``.
pub fn parse_engine_options(text: &str) -> Result<BTreeMap<String, String>, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let mut options = BTreeMap::new();
    while options::read_engine_option(&mut parser, &mut options)? {}
    parser.expect_end().map_err(|error| error.with_help("write NAME=value, by spaces"))?;
    Ok(options)
}

/// Reads one part of an index: `title(40)`, `timestamp desc`, `(lower(title))`.
pub fn parse_index_part(text: &str) -> Result<IndexPart, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let part = index::read_part(&mut parser)?;
    parser.expect_end().map_err(|error| {
        error.with_help("put an unusual name in backticks, an expression in parentheses")
    })?;
    Ok(part)
}

/// Reads an expression. It has to consist of tokens, with its parentheses in pairs. Parentheses
/// around the whole expression are removed.
pub fn parse_expression(text: &str) -> Result<Expression, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let mut after_value = false;
    while !parser.at_end() {
        match parser.kind() {
            TokenKind::Symbol(b'(') => parser.skip_parentheses()?,
            TokenKind::Symbol(b')') => {
                return Err(parser.error("this parenthesis was never opened"));
            }
            TokenKind::Symbol(b';') => return Err(parser.unexpected()),
            TokenKind::Symbol(b',') if after_value => return Err(parser.unexpected()),
            _ => {
                parser.next();
            }
        }
        after_value = true;
    }
    parser.expression(0, parser.mark())
}

/// Reads a CREATE statement of an object of that kind. `None` if the text is something else, such
/// as a body or a query.
pub(crate) fn parse_create_object(
    text: &str,
    kind: ObjectKind,
    dialect: Dialect,
) -> Result<Option<CreateObject>, SqlError> {
    let mut parser = Parser::new(text, dialect)?;
    if !parser.accept("CREATE") {
        return Ok(None);
    }
    let or_replace = parser.accept_words(&["OR", "REPLACE"]);
    // A body may begin with CREATE TABLE and the like.
    let Ok(header) = object::read_header(&mut parser, or_replace) else { return Ok(None) };
    match object::read_kind(&mut parser) {
        Ok(Some(found)) if found == kind => {}
        _ => return Ok(None),
    }
    let created = object::read_create_object(&mut parser, header, kind)?;
    while parser.accept_symbol(b';') {}
    if let Some(CreateObject { definition: ObjectDefinition::Supported { .. }, .. }) = &created {
        parser.expect_end()?;
    }
    Ok(created)
}

/// Reads the body of a trigger, routine or event. It is kept as a server keeps it: as written, but
/// without `;` and comments at the end and without the marks of versioned comments.
pub(crate) fn parse_body(text: &str, dialect: Dialect) -> Result<String, SqlError> {
    object::body(&mut Parser::new(text, dialect)?)
}

/// Whether a text contains these keywords one after the other, outside of strings and comments.
pub(crate) fn has_words(text: &str, words: &[&str]) -> bool {
    let Ok(mut parser) = Parser::new(text, Dialect::default()) else { return false };
    while !parser.at_end() {
        if parser.is_words(words) {
            return true;
        }
        parser.next();
    }
    false
}

/// Reads a view's query and the CHECK OPTION that may follow it.
pub(crate) fn parse_select(
    text: &str,
    dialect: Dialect,
) -> Result<(SelectText, Option<CheckOption>), SqlError> {
    object::read_select(&mut Parser::new(text, dialect)?)
}

/// Reads the text between the parentheses of a routine's parameters.
pub(crate) fn parse_parameters(text: &str, kind: RoutineKind) -> Result<Vec<Parameter>, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let parameters = object::read_parameters(&mut parser, kind)?;
    parser.expect_end()?;
    Ok(parameters)
}

/// Reads the type of a parameter or of a function's result.
pub(crate) fn parse_parameter_type(text: &str) -> Result<ParameterType, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let ty = object::read_parameter_type(&mut parser)?;
    parser.expect_end()?;
    Ok(ty)
}

/// Reads the interval of an event: `1 day`, `'1:30' hour_minute`. Returns the value and the unit.
pub(crate) fn parse_interval(text: &str) -> Result<(String, String), SqlError> {
    object::read_interval(&mut Parser::new(text, Dialect::default())?)
}

/// Reads a time in an event's schedule: a literal or another expression.
pub(crate) fn parse_moment(text: &str) -> Result<Expression, SqlError> {
    object::read_moment(&mut Parser::new(text, Dialect::default())?)
}

/// Reads what a foreign key references: `users(id)`, `other.users(id, x)`.
pub fn parse_references(text: &str) -> Result<ReferencesClause, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let (schema, table) = parser.qualified_name("a table")?;
    if let Some(parent) = &schema
        && !parser.is_symbol(b'(')
    {
        let help = Some(format!("write `{parent}({table})`"));
        return Err(SqlError { help, ..parser.expected("`(`") });
    }
    let columns = parser.name_list("a column")?;
    parser.expect_end()?;
    Ok(ReferencesClause { schema, table, columns })
}

/// Reads how a table is partitioned. The text may begin with PARTITION BY or directly after it.
pub fn parse_partitioning(text: &str) -> Result<PartitionScheme, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    parser.accept("PARTITION");
    parser.accept("BY");
    let scheme = partition::read_scheme(&mut parser)?;
    parser.expect_end()?;
    Ok(scheme)
}

/// Reads the method of partitioning: `range columns (d)`, `linear hash (id)`.
pub fn parse_partition_method(text: &str) -> Result<PartitionMethod, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let method = partition::read_method(&mut parser)?;
    parser.expect_end()?;
    Ok(method)
}

/// Reads the method of subpartitioning: `hash (id)`, `linear key (id)`.
pub fn parse_hashing(text: &str) -> Result<Hashing, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let hashing = partition::read_hashing(&mut parser)?;
    let hashing = hashing.ok_or_else(|| parser.expected("HASH or KEY"))?;
    parser.expect_end()?;
    Ok(hashing)
}

/// Reads the definition after a partition's name: `less than (10) comment 'x'`. VALUES may be left
/// out. `width` is the number of values in a bound.
pub fn parse_partition(name: &str, text: &str, width: usize) -> Result<Partition, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let partition = partition::read_partition(&mut parser, name.to_owned(), width)?;
    parser.expect_end()?;
    Ok(partition)
}

/// Reads partitions in parentheses: `(PARTITION p …, …)`.
pub(crate) fn parse_partitions(text: &str, width: usize) -> Result<Vec<Partition>, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let partitions = partition::read_partitions(&mut parser, width)?;
    parser.expect_end()?;
    Ok(partitions)
}

/// Reads a partition's bounds: `less than (10)`, `in (1, 2)`, `default`.
pub fn parse_partition_bounds(text: &str, width: usize) -> Result<PartitionBounds, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let bounds = partition::read_bounds(&mut parser, width)?;
    parser.expect_end()?;
    Ok(bounds)
}

/// Reads a CREATE TABLE statement, written by hand or by SHOW CREATE TABLE. An element without a
/// name gets the name that the server would give it.
pub fn parse_create_table(text: &str, server: &Server) -> Result<Table, SqlError> {
    let dialect = Dialect { server: Some(*server), ..Dialect::default() };
    let mut parser = Parser::new(text.trim_end().trim_end_matches(';'), dialect)?;
    parser.expect("CREATE")?;
    let or_replace = parser.accept_words(&["OR", "REPLACE"]);
    let temporary = parser.accept("TEMPORARY");
    parser.expect("TABLE")?;
    let create = table::read_create_table(&mut parser, or_replace, temporary)?;
    match create.body {
        TableBody::Elements { elements, options } => {
            build::build_table(&create.name.1, elements, *options, None, server)
                .map(|built| built.table)
        }
        TableBody::Like(_) => Err(SqlError::new(
            "what another table has is unknown from this statement alone",
            create.start,
            create.end,
        )),
    }
}

#[cfg(test)]
mod tests;
