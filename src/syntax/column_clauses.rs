//! Where the clauses of a column's definition are in its text.

use std::ops::Range;

use super::SqlError;
use super::column::read_column;
use super::lexer::Dialect;
use super::parser::Parser;

/// A clause of a column's definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnClause {
    /// The type with its length, members and sign.
    Type,
    /// CHARACTER SET, or an attribute that stands for one.
    Charset,
    /// COLLATE
    Collation,
    /// NULL or NOT NULL
    Null,
    /// DEFAULT
    Default,
    /// ON UPDATE
    OnUpdate,
    /// AS (…)
    Generated,
    /// AUTO_INCREMENT
    AutoIncrement,
    /// INVISIBLE
    Invisible,
    /// COMMENT
    Comment,
    /// SRID
    Srid,
    /// WITH and WITHOUT SYSTEM VERSIONING
    Versioning,
    /// PRIMARY KEY
    PrimaryKey,
    /// UNIQUE
    Unique,
    /// CHECK
    Check,
    /// REFERENCES
    References,
    /// Everything else: what the storage engine takes.
    Storage,
}

/// A clause and its range of bytes in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClausePlace {
    /// The clause.
    pub clause: ColumnClause,
    /// Its range.
    pub range: Range<usize>,
}

/// The clauses of a column's definition, in their order. A clause may be there more than once.
pub fn column_clauses(text: &str) -> Result<Vec<ClausePlace>, SqlError> {
    let mut parser = Parser::new(text, Dialect::default())?;
    let mut places = Vec::new();
    read_column(&mut parser, "", &mut places)?;
    parser.expect_end()?;
    Ok(places)
}

/// The clause that begins at the next token.
pub(super) fn next_clause(parser: &Parser) -> ColumnClause {
    let word = parser.upper_word().unwrap_or_default();
    match word.as_str() {
        "UNSIGNED" | "ZEROFILL" | "SIGNED" => ColumnClause::Type,
        "CHARACTER" | "CHARSET" | "CHAR" | "ASCII" | "UNICODE" | "BYTE" | "BINARY" => {
            ColumnClause::Charset
        }
        "COLLATE" => ColumnClause::Collation,
        "NULL" => ColumnClause::Null,
        "NOT" if parser.is_word_at(1, "NULL") => ColumnClause::Null,
        "DEFAULT" => ColumnClause::Default,
        "ON" => ColumnClause::OnUpdate,
        "GENERATED" | "AS" => ColumnClause::Generated,
        "AUTO_INCREMENT" => ColumnClause::AutoIncrement,
        "INVISIBLE" | "VISIBLE" => ColumnClause::Invisible,
        "COMMENT" => ColumnClause::Comment,
        "SRID" | "REF_SYSTEM_ID" => ColumnClause::Srid,
        "WITH" | "WITHOUT" => ColumnClause::Versioning,
        "PRIMARY" | "KEY" => ColumnClause::PrimaryKey,
        "UNIQUE" => ColumnClause::Unique,
        "CHECK" => ColumnClause::Check,
        "REFERENCES" => ColumnClause::References,
        "CONSTRAINT" if parser.is_word_at(1, "CHECK") || parser.is_word_at(2, "CHECK") => {
            ColumnClause::Check
        }
        "CONSTRAINT" => ColumnClause::References,
        _ => ColumnClause::Storage,
    }
}

/// Adds the place of the clause that was read last and began at `start`. A part of the type that
/// follows it directly extends it.
pub(super) fn add_place(
    places: &mut Vec<ClausePlace>,
    clause: ColumnClause,
    start: usize,
    parser: &Parser,
) {
    let (_, end) = parser.last_token();
    match places.last_mut() {
        Some(last) if last.clause == ColumnClause::Type && clause == ColumnClause::Type => {
            last.range.end = end;
        }
        _ => places.push(ClausePlace { clause, range: start..end }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(text: &str) -> Vec<(ColumnClause, &str)> {
        let places = column_clauses(text).unwrap();
        places.into_iter().map(|place| (place.clause, &text[place.range])).collect()
    }

    #[test]
    fn every_clause_has_its_place() {
        use ColumnClause::*;
        assert_eq!(
            clauses("INT(3)  unsigned not null auto_increment  primary key comment 'a b'"),
            [
                (Type, "INT(3)  unsigned"),
                (Null, "not null"),
                (AutoIncrement, "auto_increment"),
                (PrimaryKey, "primary key"),
                (Comment, "comment 'a b'"),
            ]
        );
        assert_eq!(
            clauses("enum('a','b') character set utf8mb3 collate utf8mb3_bin default 'a' unique"),
            [
                (Type, "enum('a','b')"),
                (Charset, "character set utf8mb3"),
                (Collation, "collate utf8mb3_bin"),
                (Default, "default 'a'"),
                (Unique, "unique"),
            ]
        );
        assert_eq!(
            clauses("int references t(id) on delete cascade constraint c check (a > 1) check (a)"),
            [
                (Type, "int"),
                (References, "references t(id) on delete cascade"),
                (Check, "constraint c check (a > 1)"),
                (Check, "check (a)"),
            ]
        );
        assert_eq!(
            clauses("timestamp null default now() on update now() column_format fixed"),
            [
                (Type, "timestamp"),
                (Null, "null"),
                (Default, "default now()"),
                (OnUpdate, "on update now()"),
                (Storage, "column_format fixed"),
            ]
        );
        assert!(column_clauses("int oops").is_err());
    }
}
