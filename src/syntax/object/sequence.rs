//! Reads CREATE SEQUENCE (MariaDB, "CREATE SEQUENCE").

use crate::model::Sequence;
use crate::syntax::SqlError;
use crate::syntax::lexer::TokenKind;
use crate::syntax::parser::Parser;
use crate::syntax::types::read_type;

/// Reads the part after the sequence's name.
pub(super) fn read(parser: &mut Parser, name: &str) -> Result<Sequence, SqlError> {
    let mut sequence = Sequence { name: name.to_owned(), ..Sequence::default() };
    read_options(parser, &mut sequence)?;
    Ok(sequence)
}

/// Reads a sequence's options, in any order, up to the end.
pub(super) fn read_options(parser: &mut Parser, sequence: &mut Sequence) -> Result<(), SqlError> {
    while !parser.at_end() && !parser.is_symbol(b';') {
        read_option(parser, sequence)?;
        parser.accept_symbol(b',');
    }
    Ok(())
}

fn read_option(parser: &mut Parser, sequence: &mut Sequence) -> Result<(), SqlError> {
    let word = parser.upper_word().unwrap_or_default();
    let unknown = parser.unexpected();
    parser.next();
    match word.as_str() {
        "AS" => sequence.ty = Some(read_type(parser, &mut Vec::new())?.ty),
        "INCREMENT" => {
            parser.accept("BY");
            sequence.increment = Some(number(parser)?);
        }
        "MINVALUE" => sequence.minimum = Some(number(parser)?),
        "MAXVALUE" => sequence.maximum = Some(number(parser)?),
        "START" => {
            parser.accept("WITH");
            sequence.start = Some(number(parser)?);
        }
        "CACHE" => {
            let token = parser.peek(0);
            let value = number(parser)?;
            sequence.cache = Some(u64::try_from(value).map_err(|_| {
                SqlError::new("a cache holds 0 values or more", token.start, token.end)
            })?);
        }
        "NOMINVALUE" => sequence.minimum = None,
        "NOMAXVALUE" => sequence.maximum = None,
        "NOCACHE" => sequence.cache = Some(0),
        "CYCLE" => sequence.cycle = true,
        "NOCYCLE" => sequence.cycle = false,
        "NO" => match parser.upper_word().as_deref() {
            Some(which @ ("MINVALUE" | "MAXVALUE" | "CACHE" | "CYCLE")) => {
                match which {
                    "MINVALUE" => sequence.minimum = None,
                    "MAXVALUE" => sequence.maximum = None,
                    "CACHE" => sequence.cache = Some(0),
                    _ => sequence.cycle = false,
                }
                parser.next();
            }
            _ => return Err(parser.unexpected()),
        },
        // ALTER SEQUENCE sets the next value with RESTART. The next value is data, so it isn't
        // kept.
        "RESTART" => {
            parser.accept("WITH");
            if parser.is_symbol(b'=')
                || parser.kind() == TokenKind::Number
                || parser.is_symbol(b'-')
            {
                number(parser)?;
            }
        }
        "ENGINE" => {
            parser.accept_symbol(b'=');
            sequence.engine = Some(parser.name("an engine")?);
        }
        "COMMENT" => {
            parser.accept_symbol(b'=');
            sequence.comment = parser.string("a comment in quotes")?;
        }
        _ => return Err(unknown),
    }
    Ok(())
}

/// Reads a whole number with its sign.
fn number(parser: &mut Parser) -> Result<i128, SqlError> {
    parser.accept_symbol(b'=');
    let negative = parser.accept_symbol(b'-');
    if !negative {
        parser.accept_symbol(b'+');
    }
    let value = i128::from(parser.number("a whole number")?);
    Ok(if negative { -value } else { value })
}
