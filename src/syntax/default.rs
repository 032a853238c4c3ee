//! Reads the DEFAULT clause: a literal or an expression.

use super::SqlError;
use super::lexer::TokenKind;
use super::literal;
use super::parser::Parser;
use crate::model::{ColumnType, DefaultValue, Expression};
use crate::server::Capability;

#[derive(Debug)]
enum Literal {
    Text(String),
    /// Digits, with a `-` before them if the number is negative.
    Number(String),
    Bytes(Vec<u8>),
    Bits(String),
}

/// The value after DEFAULT. What it means depends on the type of the column.
#[derive(Debug)]
pub(crate) struct WrittenDefault(Written);

#[derive(Debug)]
enum Written {
    Null,
    Literal(Literal),
    /// CURRENT_TIMESTAMP or a synonym, as written.
    Now(Expression),
    Expression(Expression),
}

impl WrittenDefault {
    /// The default that the value means for a column of this type and character set.
    pub(crate) fn on(self, ty: &ColumnType, charset: Option<&str>) -> DefaultValue {
        let takes_now = matches!(ty, ColumnType::Datetime { .. } | ColumnType::Timestamp { .. });
        match self.0 {
            Written::Null => DefaultValue::Null,
            Written::Literal(literal) => literal.on(ty, charset),
            Written::Now(_) if takes_now => DefaultValue::CurrentTimestamp,
            Written::Now(expression) | Written::Expression(expression) => {
                DefaultValue::Expression(expression)
            }
        }
    }
}

/// Reads the value after DEFAULT.
pub(crate) fn read_default(parser: &mut Parser) -> Result<WrittenDefault, SqlError> {
    read_written(parser).map(WrittenDefault)
}

fn read_written(parser: &mut Parser) -> Result<Written, SqlError> {
    if parser.accept("NULL") {
        return Ok(Written::Null);
    }
    if parser.is_symbol(b'(') {
        return parser.parenthesized().map(Written::Expression);
    }
    let mark = parser.mark();
    if let Some(time) = accept_time_of_day(parser)? {
        return Ok(Written::Expression(time));
    }
    if accept_now(parser)? {
        return parser.expression(mark, parser.mark()).map(Written::Now);
    }
    match literal(parser)? {
        Some(literal) => Ok(Written::Literal(literal)),
        None => bare_expression(parser).map(Written::Expression),
    }
}

/// Reads LOCALTIME if it is the time of day on the server, and spells it as that server does.
fn accept_time_of_day(parser: &mut Parser) -> Result<Option<Expression>, SqlError> {
    let is_time = parser.server().is_some_and(|server| server.can(Capability::LocalTimeOfDay));
    if !is_time || !parser.accept("LOCALTIME") {
        return Ok(None);
    }
    let mut digits = String::new();
    if parser.accept_symbol(b'(') {
        if parser.kind() == TokenKind::Number {
            digits = parser.small_number("a number of digits")?.to_string();
        }
        parser.expect_symbol(b')')?;
    }
    Ok(Some(Expression::new(format!("curtime({digits})"))))
}

/// Accepts `CURRENT_TIMESTAMP`, `NOW()` and their synonyms, with or without fractional digits.
pub(crate) fn accept_now(parser: &mut Parser) -> Result<bool, SqlError> {
    let mark = parser.mark();
    let needs_parentheses = parser.is_word("NOW");
    if !parser.is_one_of(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"]) {
        return Ok(false);
    }
    parser.next();
    if parser.accept_symbol(b'(') {
        if parser.kind() == TokenKind::Number {
            parser.small_number("a number of digits")?;
        }
        parser.expect_symbol(b')')?;
    } else if needs_parentheses {
        parser.reset(mark);
        return Ok(false);
    }
    Ok(true)
}

fn literal(parser: &mut Parser) -> Result<Option<Literal>, SqlError> {
    let negative = parser.is_symbol(b'-') && parser.peek(1).kind == TokenKind::Number;
    let signed = negative || parser.is_symbol(b'+') && parser.peek(1).kind == TokenKind::Number;
    if signed {
        parser.next();
    }
    if parser.is_introducer() && parser.peek(1).kind != TokenKind::Text {
        parser.next();
    }
    let token = parser.peek(0);
    let slice = parser.slice(token);
    let literal = match token.kind {
        TokenKind::Number => Literal::Number(format!("{}{slice}", if negative { "-" } else { "" })),
        TokenKind::Hex => Literal::Bytes(literal::hex_bytes(slice)),
        TokenKind::Bits => Literal::Bits(literal::bit_digits(slice)),
        TokenKind::Text => return parser.string("a string").map(|text| Some(Literal::Text(text))),
        TokenKind::Word if parser.is_introducer() => {
            return parser.string("a string").map(|text| Some(Literal::Text(text)));
        }
        TokenKind::Word if parser.is_word("TRUE") => Literal::Number("1".to_owned()),
        TokenKind::Word if parser.is_word("FALSE") => Literal::Number("0".to_owned()),
        TokenKind::Word
            if parser.is_one_of(&["DATE", "TIME", "TIMESTAMP"])
                && parser.peek(1).kind == TokenKind::Text =>
        {
            parser.next();
            return parser.string("a string").map(|text| Some(Literal::Text(text)));
        }
        _ => return Ok(None),
    };
    parser.next();
    Ok(Some(literal))
}

impl Literal {
    /// The default that the literal means for a column of this type.
    fn on(self, ty: &ColumnType, charset: Option<&str>) -> DefaultValue {
        match ty {
            ColumnType::Bit { .. } => DefaultValue::Literal(self.into_bits()),
            ColumnType::Binary { .. }
            | ColumnType::Varbinary { .. }
            | ColumnType::Blob { .. }
            | ColumnType::Vector { .. } => DefaultValue::Bytes(self.into_bytes()),
            _ if ty.has_charset() => self.on_text(charset),
            // The string has two digits (MySQL manual, 13.2.9 "2-Digit Years in Dates").
            ColumnType::Year if matches!(&self, Literal::Text(text) if text == "0" || text == "00") => {
                DefaultValue::Literal("2000".to_owned())
            }
            _ => DefaultValue::Literal(self.into_number()),
        }
    }

    fn into_bits(self) -> String {
        match self {
            Literal::Bits(bits) => bits,
            Literal::Bytes(bytes) => literal::bytes_as_bits(&bytes),
            Literal::Number(number) => match number.parse::<u64>() {
                Ok(number) => format!("{number:b}"),
                Err(_) => number,
            },
            Literal::Text(text) => literal::bytes_as_bits(&literal::text_bytes(&text)),
        }
    }

    fn into_bytes(self) -> Vec<u8> {
        match self {
            Literal::Bits(bits) => literal::bits_as_bytes(&bits),
            Literal::Bytes(bytes) => bytes,
            Literal::Number(text) => text.into_bytes(),
            Literal::Text(text) => literal::text_bytes(&text),
        }
    }

    /// Bytes are kept as text if the column's character set decodes them as UTF-8 does.
    fn on_text(self, charset: Option<&str>) -> DefaultValue {
        match self {
            Literal::Number(number) => DefaultValue::Literal(without_exponent(number)),
            Literal::Text(text) => DefaultValue::Literal(text),
            other => {
                let bytes = other.into_bytes();
                // These character sets use more than one byte for each character.
                if charset.is_some_and(|name| matches!(name, "ucs2" | "utf16" | "utf32")) {
                    return DefaultValue::Bytes(bytes);
                }
                let is_unicode = charset.is_none_or(|name| name.starts_with("utf8"));
                let is_readable = is_unicode || bytes.is_ascii();
                match String::from_utf8(bytes) {
                    Ok(text) if is_readable => DefaultValue::Literal(text),
                    Ok(text) => DefaultValue::Bytes(text.into_bytes()),
                    Err(error) => DefaultValue::Bytes(error.into_bytes()),
                }
            }
        }
    }

    fn into_number(self) -> String {
        match self {
            Literal::Number(text) | Literal::Text(text) => text,
            Literal::Bits(bits) => match u64::from_str_radix(&bits, 2) {
                Ok(number) => number.to_string(),
                Err(_) => bits,
            },
            Literal::Bytes(bytes) => match literal::bytes_as_number(&bytes) {
                Some(number) => number.to_string(),
                None => String::from_utf8_lossy(&bytes).into_owned(),
            },
        }
    }
}

/// The number without an exponent, as text: `1e3` is 1000. Very large and very small numbers are
/// kept as they are.
fn without_exponent(number: String) -> String {
    let has_exponent = number.contains(['e', 'E']);
    match number.parse::<f64>() {
        Ok(value) if has_exponent && (1e-4..1e14).contains(&value.abs()) => value.to_string(),
        _ => number,
    }
}

/// MariaDB allows a function without parentheses around it: `DEFAULT uuid()`.
fn bare_expression(parser: &mut Parser) -> Result<Expression, SqlError> {
    let first = parser.mark();
    if parser.accept("CASE") {
        skip_case(parser)?;
    } else if parser.accept_words(&["NEXT", "VALUE", "FOR"])
        || parser.accept_words(&["PREVIOUS", "VALUE", "FOR"])
    {
        parser.qualified_name("a sequence")?;
    } else if parser.is_symbol(b'-') && parser.peek(1).kind == TokenKind::Symbol(b'(') {
        parser.next();
        parser.skip_parentheses()?;
    } else if parser.is_name() {
        parser.qualified_name("a function")?;
        if parser.is_symbol(b'(') {
            parser.skip_parentheses()?;
        } else if !is_bare_function(&parser.expression(first, parser.mark())?.text) {
            parser.reset(first);
            return Err(not_a_default(parser));
        }
    } else {
        return Err(not_a_default(parser));
    }
    parser.expression(first, parser.mark())
}

fn not_a_default(parser: &Parser) -> SqlError {
    parser
        .expected("a default value")
        .with_help("put text in quotes, an expression in parentheses: `default (uuid())`")
}

/// Whether the function can be a default without parentheses around it.
fn is_bare_function(word: &str) -> bool {
    const BARE: &[&str] = &[
        "CURRENT_DATE",
        "CURRENT_TIME",
        "CURRENT_USER",
        "CURRENT_ROLE",
        "UTC_DATE",
        "UTC_TIME",
        "UTC_TIMESTAMP",
    ];
    BARE.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Skips a CASE expression from after CASE to its END.
fn skip_case(parser: &mut Parser) -> Result<(), SqlError> {
    let mut depth = 1usize;
    while depth > 0 {
        if parser.at_end() {
            return Err(parser.expected("END"));
        }
        if parser.is_word("CASE") {
            depth += 1;
        } else if parser.is_word("END") {
            depth -= 1;
        }
        parser.next();
    }
    Ok(())
}
