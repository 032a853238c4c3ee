//! Reads the clauses of ALTER TABLE as they are written.

use super::SqlError;
use super::column::read_column;
use super::default::{WrittenDefault, read_default};
use super::options::{OptionsRead, read_option};
use super::parser::Parser;
use super::partition_clause::{PartitionChange, read_partition_change};
use super::table::{
    ElementDefinition, QualifiedName, TableElement, read_element, read_period_name,
};
use super::types::{charset_clause, charset_name};

/// A clause, and where it begins in the text.
#[derive(Debug)]
pub(crate) struct ParsedClause {
    pub(crate) change: ParsedChange,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The position that ADD, MODIFY and CHANGE give to a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnPosition {
    /// Before all others.
    First,
    /// After the column of this name.
    After(String),
}

/// What one clause changes.
#[derive(Debug)]
pub(crate) enum ParsedChange {
    Add {
        elements: Vec<TableElement>,
        position: Option<ColumnPosition>,
        if_not_exists: bool,
    },
    /// MODIFY, or CHANGE, which also has the old name.
    Redefine {
        old: Option<String>,
        element: Box<TableElement>,
        position: Option<ColumnPosition>,
        if_exists: bool,
    },
    DropColumn {
        name: String,
        if_exists: bool,
    },
    DropIndex {
        name: String,
        if_exists: bool,
    },
    DropPrimaryKey,
    DropForeignKey {
        name: String,
        if_exists: bool,
    },
    DropCheck {
        name: String,
        if_exists: bool,
    },
    /// DROP CONSTRAINT, which drops whatever constraint has the name.
    DropConstraint {
        name: String,
        if_exists: bool,
    },
    RenameColumn {
        from: String,
        to: String,
        if_exists: bool,
    },
    RenameIndex {
        from: String,
        to: String,
        if_exists: bool,
    },
    RenameTo(QualifiedName),
    SetDefault {
        column: String,
        default: WrittenDefault,
    },
    DropDefault {
        column: String,
    },
    SetColumnInvisible {
        column: String,
        invisible: bool,
    },
    SetIndexInvisible {
        index: String,
        invisible: bool,
    },
    SetEnforced {
        check: String,
        enforced: bool,
    },
    /// ADD SYSTEM VERSIONING or DROP SYSTEM VERSIONING
    SetVersioned(bool),
    DropPeriod(String),
    Options(Box<OptionsRead>),
    ConvertTo {
        charset: Option<String>,
        collation: Option<String>,
    },
    /// PARTITION BY, or a change of partitions.
    Partitions(PartitionChange),
    /// A clause that doesn't change the definition of the table.
    Nothing,
}

/// Reads the clauses of ALTER TABLE, from after the table's name to the end.
pub(crate) fn read_clauses(parser: &mut Parser) -> Result<Vec<ParsedClause>, SqlError> {
    let mut clauses = Vec::new();
    if !parser.accept("NOWAIT") && parser.accept("WAIT") {
        parser.next();
    }
    if parser.at_end() {
        return Ok(clauses);
    }
    loop {
        let token = parser.peek(0);
        let change = read_change(parser)?;
        clauses.push(ParsedClause { change, start: token.start, end: token.end });
        // PARTITION BY and table options may follow without a comma.
        if !parser.accept_symbol(b',') && !may_go_on(parser) {
            break;
        }
    }
    parser.expect_end()?;
    Ok(clauses)
}

fn may_go_on(parser: &Parser) -> bool {
    parser.is_words(&["PARTITION", "BY"]) || parser.is_words(&["REMOVE", "PARTITIONING"])
}

fn read_change(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    if let Some(change) = read_partition_change(parser)? {
        return Ok(ParsedChange::Partitions(change));
    }
    let Some(word) = parser.upper_word() else { return other_change(parser) };
    match word.as_str() {
        "ADD" => {
            parser.next();
            add(parser)
        }
        "DROP" => {
            parser.next();
            drop(parser)
        }
        "MODIFY" | "CHANGE" => {
            parser.next();
            parser.accept("COLUMN");
            let if_exists = parser.accept_words(&["IF", "EXISTS"]);
            let old = if word == "CHANGE" { Some(parser.name("a column")?) } else { None };
            let element = Box::new(column_element(parser)?);
            let position = position(parser)?;
            Ok(ParsedChange::Redefine { old, element, position, if_exists })
        }
        "RENAME" => {
            parser.next();
            rename(parser)
        }
        "ALTER" => {
            parser.next();
            alter(parser)
        }
        "CONVERT" => {
            parser.next();
            parser.expect("TO")?;
            let charset = charset_clause(parser)?.filter(|name| name != "default");
            let collation = if parser.accept("COLLATE") {
                Some(charset_name(parser, "a collation")?)
            } else {
                None
            };
            Ok(ParsedChange::ConvertTo { charset, collation })
        }
        _ => other_change(parser),
    }
}

fn add(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    if parser.accept_words(&["SYSTEM", "VERSIONING"]) {
        return Ok(ParsedChange::SetVersioned(true));
    }
    let names_column = parser.accept("COLUMN");
    let mut if_not_exists = parser.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut elements = Vec::new();
    if parser.accept_symbol(b'(') {
        loop {
            read_element(parser, &mut elements)?;
            if !parser.accept_symbol(b',') {
                break;
            }
        }
        parser.expect_symbol(b')')?;
    } else if names_column {
        elements.push(column_element(parser)?);
    } else {
        let mark = parser.mark();
        read_element(parser, &mut elements)?;
        if_not_exists |= parser.has_words_since(mark, &["IF", "NOT", "EXISTS"]);
    }
    let position = position(parser)?;
    Ok(ParsedChange::Add { elements, position, if_not_exists })
}

fn column_element(parser: &mut Parser) -> Result<TableElement, SqlError> {
    let token = parser.peek(0);
    let name = parser.name("a column")?;
    let definition =
        ElementDefinition::Column(Box::new(read_column(parser, &name, &mut Vec::new())?));
    Ok(TableElement { definition, start: token.start, end: token.end })
}

fn position(parser: &mut Parser) -> Result<Option<ColumnPosition>, SqlError> {
    if parser.accept("FIRST") {
        return Ok(Some(ColumnPosition::First));
    }
    if parser.accept("AFTER") {
        return parser.name("a column").map(ColumnPosition::After).map(Some);
    }
    Ok(None)
}

fn drop(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    if parser.accept_words(&["PRIMARY", "KEY"]) {
        return Ok(ParsedChange::DropPrimaryKey);
    }
    if parser.accept_words(&["SYSTEM", "VERSIONING"]) {
        return Ok(ParsedChange::SetVersioned(false));
    }
    if parser.accept_words(&["PERIOD", "FOR"]) {
        return read_period_name(parser).map(ParsedChange::DropPeriod);
    }
    let word = parser.upper_word().unwrap_or_default();
    let is_foreign_key = parser.accept_words(&["FOREIGN", "KEY"]);
    let is_keyword = matches!(word.as_str(), "COLUMN" | "INDEX" | "KEY" | "CONSTRAINT" | "CHECK");
    if is_keyword {
        parser.next();
    }
    let if_exists = parser.accept_words(&["IF", "EXISTS"]);
    let name = parser.name("a name")?;
    Ok(match word.as_str() {
        _ if is_foreign_key => ParsedChange::DropForeignKey { name, if_exists },
        "INDEX" | "KEY" => ParsedChange::DropIndex { name, if_exists },
        "CONSTRAINT" => ParsedChange::DropConstraint { name, if_exists },
        "CHECK" => ParsedChange::DropCheck { name, if_exists },
        _ => {
            if !parser.accept("RESTRICT") {
                parser.accept("CASCADE");
            }
            ParsedChange::DropColumn { name, if_exists }
        }
    })
}

fn rename(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    let is_column = parser.accept("COLUMN");
    if is_column || parser.accept("INDEX") || parser.accept("KEY") {
        let if_exists = parser.accept_words(&["IF", "EXISTS"]);
        let from = parser.name("a name")?;
        parser.expect("TO")?;
        let to = parser.name("a name")?;
        return Ok(if is_column {
            ParsedChange::RenameColumn { from, to, if_exists }
        } else {
            ParsedChange::RenameIndex { from, to, if_exists }
        });
    }
    if !parser.accept("TO") && !parser.accept("AS") {
        parser.accept_symbol(b'=');
    }
    parser.qualified_name("a table").map(ParsedChange::RenameTo)
}

fn alter(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    if parser.accept("INDEX") || parser.accept("KEY") {
        parser.accept_words(&["IF", "EXISTS"]);
        let index = parser.name("an index")?;
        let visible = parser.accept("VISIBLE") || parser.accept_words(&["NOT", "IGNORED"]);
        let invisible = !visible && (parser.accept("INVISIBLE") || parser.accept("IGNORED"));
        return if visible || invisible {
            Ok(ParsedChange::SetIndexInvisible { index, invisible })
        } else {
            Err(parser.expected("VISIBLE or INVISIBLE"))
        };
    }
    if parser.accept("CHECK") || parser.accept("CONSTRAINT") {
        let check = parser.name("a constraint")?;
        let enforced = !parser.accept("NOT");
        parser.expect("ENFORCED")?;
        return Ok(ParsedChange::SetEnforced { check, enforced });
    }
    parser.accept("COLUMN");
    parser.accept_words(&["IF", "EXISTS"]);
    let column = parser.name("a column")?;
    if parser.accept_words(&["DROP", "DEFAULT"]) {
        return Ok(ParsedChange::DropDefault { column });
    }
    parser.expect("SET")?;
    if parser.accept("DEFAULT") {
        return Ok(ParsedChange::SetDefault { column, default: read_default(parser)? });
    }
    let invisible = parser.accept("INVISIBLE");
    if !invisible {
        parser.expect("VISIBLE")?;
    }
    Ok(ParsedChange::SetColumnInvisible { column, invisible })
}

/// Reads table options, or a clause that doesn't change the definition.
fn other_change(parser: &mut Parser) -> Result<ParsedChange, SqlError> {
    if skip_nothing(parser) {
        return Ok(ParsedChange::Nothing);
    }
    let mut read = OptionsRead::default();
    if !read_option(parser, &mut read)? {
        return Err(parser.unexpected());
    }
    while read_option(parser, &mut read)? {}
    Ok(ParsedChange::Options(Box::new(read)))
}

/// Skips a clause that doesn't change the definition of the table.
fn skip_nothing(parser: &mut Parser) -> bool {
    if parser.is_one_of(&["ALGORITHM", "LOCK"]) {
        parser.next();
        parser.accept_symbol(b'=');
        parser.next();
        return true;
    }
    let is_keys = parser.accept_words(&["DISABLE", "KEYS"])
        || parser.accept_words(&["ENABLE", "KEYS"])
        || parser.accept("FORCE")
        || parser.accept_words(&["WITH", "VALIDATION"])
        || parser.accept_words(&["WITHOUT", "VALIDATION"])
        || parser.accept_words(&["DISCARD", "TABLESPACE"])
        || parser.accept_words(&["IMPORT", "TABLESPACE"]);
    if is_keys {
        return true;
    }
    let skips_rest = parser.is_words(&["ORDER", "BY"]);
    if skips_rest {
        skip_to_end(parser);
    }
    skips_rest
}

fn skip_to_end(parser: &mut Parser) {
    while !parser.at_end() {
        parser.next();
    }
}
