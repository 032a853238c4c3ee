//! Reads CREATE EVENT (MySQL manual, 15.1.13; MariaDB, "CREATE EVENT").

use super::{Header, body};
use crate::model::{Event, EventStatus, Expression, Schedule};
use crate::syntax::SqlError;
use crate::syntax::lexer::TokenKind;
use crate::syntax::parser::Parser;

/// The units of an interval (MySQL manual, 11.5, "Temporal Intervals").
const UNITS: &[&str] = &[
    "MICROSECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "WEEK",
    "MONTH",
    "QUARTER",
    "YEAR",
    "SECOND_MICROSECOND",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "HOUR_MICROSECOND",
    "HOUR_SECOND",
    "HOUR_MINUTE",
    "DAY_MICROSECOND",
    "DAY_SECOND",
    "DAY_MINUTE",
    "DAY_HOUR",
    "YEAR_MONTH",
];

/// Reads the part after the event's name.
pub(super) fn read(parser: &mut Parser, header: Header, name: &str) -> Result<Event, SqlError> {
    parser.expect("ON")?;
    parser.expect("SCHEDULE")?;
    let schedule = read_schedule(parser)?;
    let mut event = Event {
        name: name.to_owned(),
        schedule,
        preserve: false,
        status: EventStatus::default(),
        comment: String::new(),
        body: String::new(),
        time_zone: None,
        definer: header.definer,
        sql_mode: None,
    };
    if let Some(preserve) = read_preserve(parser)? {
        event.preserve = preserve;
    }
    if let Some(status) = read_status(parser)? {
        event.status = status;
    }
    if parser.accept("COMMENT") {
        event.comment = parser.string("a comment in quotes")?;
    }
    parser.expect("DO")?;
    event.body = body(parser)?;
    Ok(event)
}

/// Reads `AT …` or `EVERY … STARTS … ENDS …`.
pub(super) fn read_schedule(parser: &mut Parser) -> Result<Schedule, SqlError> {
    if parser.accept("AT") {
        return Ok(Schedule::At(moment(parser)?));
    }
    if !parser.accept("EVERY") {
        return Err(parser.expected("AT or EVERY"));
    }
    let (interval, unit) = interval(parser)?;
    let starts = if parser.accept("STARTS") { Some(moment(parser)?) } else { None };
    let ends = if parser.accept("ENDS") { Some(moment(parser)?) } else { None };
    Ok(Schedule::Every { interval, unit, starts, ends })
}

/// Reads `ON COMPLETION [NOT] PRESERVE`.
pub(super) fn read_preserve(parser: &mut Parser) -> Result<Option<bool>, SqlError> {
    if !parser.accept_words(&["ON", "COMPLETION"]) {
        return Ok(None);
    }
    let preserve = !parser.accept("NOT");
    parser.expect("PRESERVE")?;
    Ok(Some(preserve))
}

/// Reads ENABLE, DISABLE and DISABLE ON REPLICA.
pub(super) fn read_status(parser: &mut Parser) -> Result<Option<EventStatus>, SqlError> {
    if parser.accept("ENABLE") {
        return Ok(Some(EventStatus::Enabled));
    }
    if !parser.accept("DISABLE") {
        return Ok(None);
    }
    if !parser.is_word("ON") {
        return Ok(Some(EventStatus::Disabled));
    }
    parser.next();
    if parser.accept("SLAVE") || parser.accept("REPLICA") {
        Ok(Some(EventStatus::DisabledOnReplica))
    } else {
        Err(parser.expected("REPLICA"))
    }
}

/// Reads a text that consists of an interval: `1 day`, `'1:30' hour_minute`.
pub(crate) fn read_interval(parser: &mut Parser) -> Result<(String, String), SqlError> {
    let read = interval(parser)?;
    parser.expect_end()?;
    Ok(read)
}

/// Reads a text that consists of a date and time: a literal or another expression.
pub(crate) fn read_moment(parser: &mut Parser) -> Result<Expression, SqlError> {
    let moment = moment(parser)?;
    parser.expect_end()?;
    Ok(moment)
}

fn interval(parser: &mut Parser) -> Result<(String, String), SqlError> {
    let first = parser.mark();
    let is_literal = matches!(parser.kind(), TokenKind::Text | TokenKind::Number)
        && parser.is_one_of_at(1, UNITS);
    let value = if is_literal && parser.is_text() {
        parser.string("a number")?
    } else {
        skip_expression(parser, UNITS)?;
        parser.expression(first, parser.mark())?.text.clone()
    };
    let unit = match parser.upper_word() {
        Some(word) if UNITS.contains(&word.as_str()) => word,
        _ => return Err(parser.expected("a unit").with_help("for example `1 day`")),
    };
    parser.next();
    Ok((value.trim().to_owned(), unit))
}

/// Reads an expression up to the next clause.
fn moment(parser: &mut Parser) -> Result<Expression, SqlError> {
    const ENDS: &[&str] = &["STARTS", "ENDS", "ON", "ENABLE", "DISABLE", "COMMENT", "DO", "RENAME"];
    let first = parser.mark();
    skip_expression(parser, ENDS)?;
    parser.expression(first, parser.mark())
}

fn skip_expression(parser: &mut Parser, ends: &[&str]) -> Result<(), SqlError> {
    while !parser.at_end() && !parser.is_one_of(ends) && !parser.is_symbol(b';') {
        if parser.is_symbol(b'(') {
            parser.skip_parentheses()?;
        } else {
            parser.next();
        }
    }
    Ok(())
}
