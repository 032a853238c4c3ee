//! SET, as far as it changes how the text after it is read.

use super::SqlError;
use super::lexer::{Dialect, Kind};
use super::parser::Parser;
use super::types::charset_name;

/// What a SET statement does to the reading of what follows it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The variables, in upper case, that take the `sql_mode` that was there before.
    pub(crate) saves_mode_in: Vec<String>,
    /// The new `sql_mode`.
    pub(crate) sql_mode: Option<ModeValue>,
    /// The character set that the client sends, in lower case.
    pub(crate) client_charset: Option<String>,
}

/// What `sql_mode` is set to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ModeValue {
    /// Modes, in upper case, with commas between them.
    Modes(String),
    /// What a variable holds; its name in upper case.
    Variable(String),
}

/// Reads a SET statement.
pub(crate) fn read_set(text: &str, dialect: Dialect) -> Result<Setting, SqlError> {
    let mut parser = Parser::new(text, dialect)?;
    let mut setting = Setting::default();
    parser.expect("SET")?;
    if parser.accept("NAMES") {
        setting.client_charset = Some(charset_name(&mut parser, "a character set")?);
        return Ok(setting);
    }
    while !parser.at_end() {
        let is_variable = parser.accept_symbol(b'@') && !parser.accept_symbol(b'@');
        let name = parser.upper_word();
        parser.next();
        parser.accept_symbol(b':');
        if !parser.accept_symbol(b'=') {
            continue;
        }
        let value = assigned(&mut parser);
        match name.as_deref() {
            Some(name) if is_variable && value.is_mode => {
                setting.saves_mode_in.push(name.to_owned());
            }
            _ if is_variable => {}
            Some("SQL_MODE") => {
                setting.sql_mode = Some(match value.variable {
                    Some(variable) => ModeValue::Variable(variable),
                    None => ModeValue::Modes(value.words.to_ascii_uppercase()),
                });
            }
            Some("CHARACTER_SET_CLIENT") if value.variable.is_none() => {
                setting.client_charset = Some(value.words.to_ascii_lowercase());
            }
            _ => {}
        }
    }
    Ok(setting)
}

/// An assigned value.
#[derive(Default)]
struct Assigned {
    /// Its strings and words, with commas between them.
    words: String,
    /// The user's variable that it is, in upper case.
    variable: Option<String>,
    /// Whether `@@sql_mode` is in it.
    is_mode: bool,
}

/// Reads an assigned value, up to the comma after it.
fn assigned(parser: &mut Parser) -> Assigned {
    let mut value = Assigned::default();
    let mut words = Vec::new();
    let mut depth = 0usize;
    while !parser.at_end() {
        match parser.kind() {
            Kind::Symbol(b',') if depth == 0 => break,
            Kind::Symbol(b'(') => depth += 1,
            Kind::Symbol(b')') => depth = depth.saturating_sub(1),
            Kind::Text => {
                words.push(parser.string("a string").unwrap_or_default());
                continue;
            }
            Kind::Symbol(b'@') => {
                parser.next();
                if !parser.accept_symbol(b'@') {
                    value.variable = parser.upper_word();
                } else if parser.is_one_of(&["SESSION", "GLOBAL", "LOCAL"]) {
                    parser.next();
                    parser.accept_symbol(b'.');
                }
                value.is_mode |= value.variable.is_none() && parser.is_word("SQL_MODE");
            }
            Kind::Word => words.push(parser.slice(parser.peek(0)).to_owned()),
            _ => {}
        }
        parser.next();
    }
    value.words = words.join(",");
    value
}
