//! Defaults that don't fit their columns. They are normalized, so a default that is a number is
//! spelled as one.

use super::collated::surely_different;
use super::{Subject, ValidationError};
use crate::diagnostic::near_name;
use crate::model::{Column, ColumnType, DefaultValue, IntegerSize, Sign};
use crate::server::{Capability, Server};

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    for column in &subject.table.columns {
        let takes_now =
            matches!(column.ty, ColumnType::Datetime { .. } | ColumnType::Timestamp { .. });
        if column.on_update_now && !takes_now {
            let title = format!(
                "ON UPDATE is for DATETIME and TIMESTAMP, and `{}` is neither",
                column.name
            );
            found.push(ValidationError::new(subject.column(&column.name), title).at("update"));
        }
        let Some(default) = &column.default else { continue };
        if let Some(error) = of_column(subject, column, default) {
            found.push(error);
        }
    }
}

fn of_column(
    subject: &Subject<'_>,
    column: &Column,
    default: &DefaultValue,
) -> Option<ValidationError> {
    let name = &column.name;
    let element = subject.column(name);
    if column.auto_increment {
        let title = format!("the AUTO_INCREMENT column `{name}` has a default");
        return Some(ValidationError::new(element, title).at("default"));
    }
    let (problem, word) = match default {
        DefaultValue::Literal(text) => {
            if let Some(error) = no_member(subject, column, text) {
                return Some(error);
            }
            let problem = of_literal(column, text, subject.server)?;
            (problem, written(subject, column).unwrap_or(text).to_owned())
        }
        DefaultValue::Bytes(bytes) => (of_bytes(column, bytes)?, String::new()),
        _ => return None,
    };
    let title = match default {
        // The default of a BIT isn't kept as it was written, so it isn't shown.
        DefaultValue::Literal(_)
            if word.len() <= 40 && !matches!(column.ty, ColumnType::Bit { .. }) =>
        {
            format!("`{name}` can't default to `{word}`: {problem}")
        }
        _ => format!("`{name}` can't have this default: {problem}"),
    };
    Some(ValidationError::new(element, title).at("default").at(word))
}

/// The default as people wrote it.
fn written<'a>(subject: &Subject<'a>, column: &Column) -> Option<&'a str> {
    match subject.written?.column(&column.name)?.default.as_ref()? {
        DefaultValue::Literal(text) => Some(text),
        _ => None,
    }
}

/// Reports a default that isn't a member of the ENUM or SET.
fn no_member(subject: &Subject<'_>, column: &Column, text: &str) -> Option<ValidationError> {
    let (members, what, wrong) = match &column.ty {
        ColumnType::Enum { members } => (members, "ENUM", vec![text]),
        ColumnType::Set { members } if text.is_empty() => (members, "SET", Vec::new()),
        ColumnType::Set { members } => (members, "SET", text.split(',').collect()),
        _ => return None,
    };
    let collation = column.collation.as_deref().unwrap_or_default();
    let is_none =
        |one: &&str| members.iter().all(|member| surely_different(one, member, collation));
    let wrong = wrong.into_iter().find(is_none)?;
    let title = format!("the default `{wrong}` of `{}` isn't a member of the {what}", column.name);
    let near = near_name(wrong, members.iter().map(String::as_str));
    let error = ValidationError::new(subject.column(&column.name), title);
    Some(error.at("default").at(wrong).near(near))
}

/// Why a literal doesn't fit, if that is certain.
fn of_literal(column: &Column, text: &str, server: &Server) -> Option<String> {
    match &column.ty {
        ColumnType::Integer { size, sign, .. } => of_integer(*size, *sign, text),
        ColumnType::Decimal { precision, scale, sign } => {
            of_decimal(*precision, *scale, *sign, text)
        }
        ColumnType::Float { sign, .. } | ColumnType::Double { sign, .. } => {
            no_number(text).or_else(|| negative(*sign, text))
        }
        ColumnType::Bit { length } => {
            let digits = text.trim_start_matches('0');
            let is_bits = digits.bytes().all(|byte| matches!(byte, b'0' | b'1'));
            (is_bits && digits.len() > *length as usize)
                .then(|| format!("it has {} bits, and the column {length}", digits.len()))
        }
        ColumnType::Char { length } | ColumnType::Varchar { length } => {
            let count = text.trim_end_matches(is_cut_off).chars().count();
            (count > *length as usize)
                .then(|| format!("it has {count} characters, and the column at most {length}"))
        }
        ColumnType::Date | ColumnType::Datetime { .. } | ColumnType::Timestamp { .. } => {
            of_day(text, matches!(column.ty, ColumnType::Timestamp { .. }), server)
        }
        ColumnType::Time { .. } => no_digit(text, "no time"),
        ColumnType::Year => match text.parse::<u32>() {
            Ok(0 | 1901..=2155) => None,
            Ok(_) => Some("a YEAR is 0 or from 1901 to 2155".to_owned()),
            Err(_) => no_digit(text, "no year"),
        },
        _ => None,
    }
}

/// Why bytes don't fit. Zeros and spaces at the end may be cut off, so they aren't counted.
fn of_bytes(column: &Column, bytes: &[u8]) -> Option<String> {
    let (ColumnType::Binary { length } | ColumnType::Varbinary { length }) = column.ty else {
        return None;
    };
    let count = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
    (count > length as usize)
        .then(|| format!("it has {count} bytes, and the column at most {length}"))
}

/// Whether the server may cut the character off at the end of a text.
fn is_cut_off(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn no_digit(text: &str, what: &str) -> Option<String> {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    (!has_digit && text.is_ascii()).then(|| format!("this is {what}"))
}

fn no_number(text: &str) -> Option<String> {
    no_digit(text, "no number")
}

fn negative(sign: Sign, text: &str) -> Option<String> {
    let is_negative =
        text.starts_with('-') && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    // Other numbers may be as small as 1e-400, which the server takes for 0.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    (sign != Sign::Signed && is_negative && is_plain).then(|| "the column is unsigned".to_owned())
}

fn of_integer(size: IntegerSize, sign: Sign, text: &str) -> Option<String> {
    let Ok(number) = text.parse::<i128>() else {
        let is_long = text.len() > 30 && text.bytes().all(|byte| byte.is_ascii_digit());
        return if is_long { Some("it is out of range".to_owned()) } else { no_number(text) };
    };
    let (least, most) = size.range(sign);
    (!(least..=most).contains(&number)).then(|| format!("the type goes from {least} to {most}"))
}

fn of_decimal(precision: u32, scale: u32, sign: Sign, text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['-', '+']);
    let (whole, after) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = whole.bytes().chain(after.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_plain || digits.is_empty() {
        return no_number(text);
    }
    let count = whole.trim_start_matches('0').len();
    let most = precision.saturating_sub(scale) as usize;
    if count > most {
        return Some(format!("the type has {most} digits before the point"));
    }
    negative(sign, text)
}

/// Why a text isn't a date, or a date and time. Whether zeros are allowed depends on the server's
/// SQL mode, so they aren't reported.
pub(super) fn of_day(text: &str, is_timestamp: bool, server: &Server) -> Option<String> {
    let what = "no date";
    if text.is_empty() {
        return Some(format!("this is {what}"));
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let parts: Vec<&str> = day.split('-').collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let ([year, month, day], [year_text, ..]) = (numbers.as_slice(), parts.as_slice()) else {
        return no_digit(text, what);
    };
    if year_text.len() != 4 || parts.len() != 3 {
        return None;
    }
    if *month > 12 || *day > days_of(*year, *month) {
        return Some(format!("this is {what}"));
    }
    let (time, has_offset) = without_offset(time);
    if has_offset && !server.can(Capability::OffsetsOfTimeZones) {
        return Some(format!("{server} reads no time zone in a literal"));
    }
    if time.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Some("this isn't a time of day".to_owned());
    }
    let clock: Vec<u32> = time
        .split('.')
        .next()
        .unwrap_or_default()
        .split(':')
        .filter_map(|part| part.parse().ok())
        .collect();
    let is_clock = match clock.as_slice() {
        [hour] => *hour < 24,
        [hour, minute] => *hour < 24 && *minute < 60,
        [hour, minute, second] => *hour < 24 && *minute < 60 && *second < 60,
        _ => true,
    };
    if !is_clock {
        return Some("this isn't a time of day".to_owned());
    }
    // One more day on either side is allowed, because the time in UTC depends on the session's time
    // zone.
    let is_outside = *year != 0 && !(1969..=2107).contains(year);
    (is_timestamp && is_outside)
        .then(|| "a TIMESTAMP begins with 1970 and ends with 2106".to_owned())
}

/// The number of days of a month; 31 if there is no such month.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time without its time zone offset, such as `+02:00`, and whether it has one.
fn without_offset(time: &str) -> (&str, bool) {
    let Some((at, _)) = time.char_indices().rev().nth(5) else { return (time, false) };
    let (before, offset) = time.split_at(at);
    let is_offset = match offset.as_bytes() {
        [b'+' | b'-', hours @ .., b':', b, c] => {
            hours.len() == 2 && hours.iter().chain([b, c]).all(u8::is_ascii_digit)
        }
        _ => false,
    };
    if is_offset && before.contains(':') { (before, true) } else { (time, false) }
}
