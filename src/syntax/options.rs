//! Reads the table options, which follow the closing parenthesis of CREATE TABLE.

use std::collections::BTreeMap;

use super::SqlError;
use super::connection::without_passwords;
use super::lexer::TokenKind;
use super::parser::Parser;
use super::types::{charset_clause, charset_name};
use crate::model::{PartitionScheme, TableOptions};
use crate::syntax::{quote_identifier, quote_string};

/// The table options of one statement.
#[derive(Debug, Clone, Default)]
pub(crate) struct OptionsRead {
    pub(crate) options: TableOptions,
    /// Options that were set to their default, so that ALTER TABLE removes them.
    pub(crate) unset: Vec<String>,
    /// Whether COMMENT was written, even with an empty text.
    pub(crate) has_comment: bool,
    /// `WITH SYSTEM VERSIONING`
    pub(crate) versioned: bool,
    /// PARTITION BY, if it was written after the options.
    pub(crate) partitioning: Option<PartitionScheme>,
    /// Clauses that the model can't hold.
    pub(crate) unsupported: Vec<String>,
}

/// Reads options as long as there are any, with or without commas between them.
pub(crate) fn read_options(parser: &mut Parser) -> Result<OptionsRead, SqlError> {
    let mut read = OptionsRead::default();
    loop {
        let mark = parser.mark();
        let comma = parser.accept_symbol(b',');
        if !read_option(parser, &mut read)? {
            if comma {
                parser.reset(mark);
            }
            return Ok(read);
        }
    }
}

/// Reads one option. Returns `false` if the next token isn't one.
pub(crate) fn read_option(parser: &mut Parser, read: &mut OptionsRead) -> Result<bool, SqlError> {
    let mark = parser.mark();
    let is_default = parser.accept("DEFAULT");
    if let Some(charset) = charset_clause(parser)? {
        read.options.charset = (charset != "default").then_some(charset);
        return Ok(true);
    }
    if parser.accept("COLLATE") {
        parser.accept_symbol(b'=');
        let collation = charset_name(parser, "a collation")?;
        read.options.collation = (collation != "default").then_some(collation);
        return Ok(true);
    }
    if is_default {
        parser.reset(mark);
        return Ok(false);
    }
    let word = match parser.upper_word() {
        Some(word) => word,
        None if parser.kind() == TokenKind::Quoted
            && parser.peek(1).kind == TokenKind::Symbol(b'=') =>
        {
            let name = parser.name("an option")?.to_ascii_uppercase();
            return other(parser, read, name).map(|()| true);
        }
        None => return Ok(false),
    };
    Ok(own_field(parser, read, &word)?
        || own_syntax(parser, read, &word)?
        || plain_option(parser, read, word)?)
}

/// Reads an option that has a field of its own in the model.
fn own_field(parser: &mut Parser, read: &mut OptionsRead, word: &str) -> Result<bool, SqlError> {
    let options = &mut read.options;
    match word {
        "ENGINE" | "TYPE" => {
            after_name(parser);
            let engine = if parser.is_text() {
                parser.string("an engine")?
            } else {
                parser.name("an engine")?
            };
            options.engine = Some(engine);
        }
        "COMMENT" => {
            after_name(parser);
            options.comment = parser.string("a comment in quotes")?;
            read.has_comment = true;
        }
        "AUTO_INCREMENT" => {
            after_name(parser);
            options.auto_increment = Some(parser.option_number("a number")?);
        }
        "ROW_FORMAT" => {
            after_name(parser);
            let format = if parser.is_text() {
                parser.string("a row format")?
            } else {
                parser.name("a row format")?
            };
            let format = format.to_ascii_uppercase();
            if format == "DEFAULT" {
                read.unset.push("ROW_FORMAT".to_owned());
            } else {
                options.row_format = Some(format);
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Reads an option that isn't written as `name = value`, or whose value isn't kept.
fn own_syntax(parser: &mut Parser, read: &mut OptionsRead, word: &str) -> Result<bool, SqlError> {
    match word {
        "WITH" if parser.is_words(&["WITH", "SYSTEM", "VERSIONING"]) => {
            parser.accept_words(&["WITH", "SYSTEM", "VERSIONING"]);
            read.versioned = true;
        }
        "DATA" | "INDEX" if parser.is_word_at(1, "DIRECTORY") => {
            parser.next();
            parser.next();
            other(parser, read, format!("{word} DIRECTORY"))?;
        }
        "TABLESPACE" => {
            after_name(parser);
            let name = parser.name("a tablespace")?;
            read.options.other.insert(word.to_owned(), quote_identifier(&name));
        }
        "STORAGE" => {
            after_name(parser);
            let storage = parser.name("DISK or MEMORY")?.to_ascii_uppercase();
            read.options.other.insert(word.to_owned(), storage);
        }
        "UNION" => {
            after_name(parser);
            parser.skip_parentheses()?;
            read.unsupported.push("UNION".to_owned());
        }
        "CONNECTION" => {
            after_name(parser);
            let text = without_passwords(&parser.string("a string")?);
            match text.is_empty() {
                true => read.unset.push(word.to_owned()),
                false => {
                    read.options.other.insert(word.to_owned(), quote_string(&text));
                }
            }
        }
        "PASSWORD" => {
            after_name(parser);
            parser.string("a string")?;
            read.unsupported.push(word.to_owned());
        }
        "START" if parser.is_word_at(1, "TRANSACTION") => {
            parser.next();
            parser.next();
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The options of which only name and value are kept.
const PLAIN: &[&str] = &[
    "AUTOEXTEND_SIZE",
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "COMPRESSION",
    "DELAY_KEY_WRITE",
    "ENCRYPTED",
    "ENCRYPTION",
    "ENCRYPTION_KEY_ID",
    "ENGINE_ATTRIBUTE",
    "IETF_QUOTES",
    "INSERT_METHOD",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "PAGE_CHECKSUM",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "RAID_TYPE",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "SECONDARY_LOAD",
    "SEQUENCE",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "TABLE_CHECKSUM",
    "TRANSACTIONAL",
];

fn plain_option(
    parser: &mut Parser,
    read: &mut OptionsRead,
    word: String,
) -> Result<bool, SqlError> {
    if !PLAIN.contains(&word.as_str()) && parser.peek(1).kind != TokenKind::Symbol(b'=') {
        return Ok(false);
    }
    parser.next();
    other(parser, read, word)?;
    Ok(true)
}

/// Reads the value of an option and keeps it as it is written.
fn other(parser: &mut Parser, read: &mut OptionsRead, name: String) -> Result<(), SqlError> {
    let value = read_value(parser, &name)?;
    let is_default =
        value.eq_ignore_ascii_case("DEFAULT") || name == "KEY_BLOCK_SIZE" && value == "0";
    if is_default {
        read.options.other.remove(&name);
        read.unset.push(name);
    } else {
        read.options.other.insert(name, value);
    }
    Ok(())
}

/// Reads an option of a column or an index that its storage engine defines: `` `flag` = 5 ``.
/// Returns `false` if the next token isn't one.
pub(super) fn read_engine_option(
    parser: &mut Parser,
    options: &mut BTreeMap<String, String>,
) -> Result<bool, SqlError> {
    if !parser.is_name() || parser.peek(1).kind != TokenKind::Symbol(b'=') {
        return Ok(false);
    }
    let name = parser.name("an option")?.to_ascii_uppercase();
    let value = read_value(parser, &name)?;
    if value.eq_ignore_ascii_case("DEFAULT") {
        options.remove(&name);
    } else {
        options.insert(name, value);
    }
    Ok(true)
}

fn read_value(parser: &mut Parser, name: &str) -> Result<String, SqlError> {
    parser.accept_symbol(b'=');
    if parser.is_text() || parser.is_introducer() {
        return Ok(quote_string(&parser.string("a string")?));
    }
    let token = parser.next();
    match token.kind {
        TokenKind::Word | TokenKind::Number | TokenKind::Hex => Ok(parser.slice(token).to_owned()),
        _ => Err(SqlError::new(format!("expected a value of {name}"), token.start, token.end)),
    }
}

fn after_name(parser: &mut Parser) {
    parser.next();
    parser.accept_symbol(b'=');
}
