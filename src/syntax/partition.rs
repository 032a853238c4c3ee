//! Reads PARTITION BY and the partitions.

use super::SqlError;
use super::lexer::TokenKind;
use super::literal;
use super::parser::Parser;
use crate::model::{
    HashBy, Hashing, Partition, PartitionBounds, PartitionList, PartitionMethod, PartitionOptions,
    PartitionScheme, PartitionValue, Rotation, Subpartition, Subpartitioning, SystemTime,
};

/// The most partitions of a table, including subpartitions (MySQL manual, 26.6).
const MOST_PARTITIONS: u32 = 8192;

/// Reads `PARTITION BY …`. `None` if it doesn't come next.
pub(crate) fn read_partitioning(parser: &mut Parser) -> Result<Option<PartitionScheme>, SqlError> {
    if !parser.accept_words(&["PARTITION", "BY"]) {
        return Ok(None);
    }
    read_scheme(parser).map(Some)
}

/// Reads the part after PARTITION BY.
pub(super) fn read_scheme(parser: &mut Parser) -> Result<PartitionScheme, SqlError> {
    let start = parser.peek(0);
    let method = read_method(parser)?;
    let count = read_count(parser, "PARTITIONS")?;
    let mut subpartitioning = None;
    if parser.accept_words(&["SUBPARTITION", "BY"]) {
        let hashing = read_hashing(parser)?.ok_or_else(|| parser.expected("HASH or KEY"))?;
        let count = read_count(parser, "SUBPARTITIONS")?;
        subpartitioning = Some(Subpartitioning { hashing, count });
    }
    let place = parser.peek(0);
    let listed = match parser.is_symbol(b'(') {
        true => Some(read_partitions(parser, method.width())?),
        false => None,
    };
    if let (Some(count), Some(listed)) = (count, &listed)
        && count as usize != listed.len()
    {
        let message = format!("{count} partitions are announced and {} listed", listed.len());
        return Err(SqlError::new(message, place.start, place.end));
    }
    let partitions = match (listed, count, &method) {
        (Some(listed), _, _) => PartitionList::Listed(listed),
        (None, count, PartitionMethod::Hash(_)) => PartitionList::Count(count.unwrap_or(1)),
        (None, count, PartitionMethod::SystemTime(_)) => PartitionList::Count(count.unwrap_or(2)),
        _ => {
            let message = "the partitions of RANGE and LIST have to be listed";
            return Err(SqlError::new(message, start.start, start.end));
        }
    };
    Ok(PartitionScheme { method, subpartitioning, partitions })
}

fn read_count(parser: &mut Parser, word: &str) -> Result<Option<u32>, SqlError> {
    if !parser.accept(word) {
        return Ok(None);
    }
    let place = parser.peek(0);
    let count = parser.small_number("a number of partitions")?;
    if (1..=MOST_PARTITIONS).contains(&count) {
        return Ok(Some(count));
    }
    let message = format!("a table has from 1 to {MOST_PARTITIONS} partitions");
    Err(SqlError::new(message, place.start, place.end))
}

// --- methods

/// Reads `RANGE COLUMNS (d)`, `LINEAR HASH (id)` and the like.
pub(super) fn read_method(parser: &mut Parser) -> Result<PartitionMethod, SqlError> {
    if let Some(hashing) = read_hashing(parser)? {
        return Ok(PartitionMethod::Hash(hashing));
    }
    if parser.accept("SYSTEM_TIME") {
        return read_system_time(parser).map(PartitionMethod::SystemTime);
    }
    let range = parser.accept("RANGE");
    if !range && !parser.accept("LIST") {
        return Err(parser.expected("RANGE, LIST, HASH, KEY or SYSTEM_TIME"));
    }
    if parser.accept("COLUMNS") {
        let columns = parser.name_list("a column")?;
        return Ok(match range {
            true => PartitionMethod::RangeColumns(columns),
            false => PartitionMethod::ListColumns(columns),
        });
    }
    let expression = parser.parenthesized()?;
    Ok(match range {
        true => PartitionMethod::Range(expression),
        false => PartitionMethod::List(expression),
    })
}

/// Reads `[LINEAR] HASH (…)` and `[LINEAR] KEY [ALGORITHM = n] (…)`.
pub(super) fn read_hashing(parser: &mut Parser) -> Result<Option<Hashing>, SqlError> {
    let linear = parser.accept("LINEAR");
    if parser.accept("HASH") {
        let by = HashBy::Expression(parser.parenthesized()?);
        return Ok(Some(Hashing { linear, by }));
    }
    if !parser.accept("KEY") {
        return if linear { Err(parser.expected("HASH or KEY")) } else { Ok(None) };
    }
    let mut algorithm = None;
    if parser.accept("ALGORITHM") {
        parser.accept_symbol(b'=');
        let place = parser.peek(0);
        let number = parser.small_number("1 or 2")?;
        if !(1..=2).contains(&number) {
            return Err(SqlError::new("ALGORITHM is 1 or 2", place.start, place.end));
        }
        algorithm = Some(number);
    }
    let empty = parser.is_symbol(b'(') && parser.peek(1).kind == TokenKind::Symbol(b')');
    let columns = if empty {
        parser.skip_parentheses()?;
        Vec::new()
    } else {
        parser.name_list("a column")?
    };
    Ok(Some(Hashing { linear, by: HashBy::Columns { algorithm, columns } }))
}

fn read_system_time(parser: &mut Parser) -> Result<SystemTime, SqlError> {
    let rotation = if parser.accept("LIMIT") {
        Rotation::Limit(parser.number("a number of rows")?)
    } else if parser.accept("INTERVAL") {
        read_interval(parser)?
    } else {
        Rotation::Never
    };
    let auto = parser.accept("AUTO");
    Ok(SystemTime { rotation, auto })
}

fn read_interval(parser: &mut Parser) -> Result<Rotation, SqlError> {
    let quantity = if parser.is_text() {
        crate::syntax::quote_string(&parser.string("a number")?)
    } else {
        parser.number("a number")?.to_string()
    };
    let unit = parser.name("a unit of time")?.to_ascii_uppercase();
    let mut starts = None;
    if parser.accept("STARTS") {
        parser.accept("TIMESTAMP");
        starts = Some(match parser.kind() {
            TokenKind::Number => parser.number("a time")?.to_string(),
            _ => parser.string("a date and time in quotes")?,
        });
    }
    Ok(Rotation::Interval { quantity, unit, starts })
}

// --- partitions

/// Reads `(PARTITION p …, …)`. `width` is the number of values in a bound.
pub(crate) fn read_partitions(
    parser: &mut Parser,
    width: usize,
) -> Result<Vec<Partition>, SqlError> {
    parser.expect_symbol(b'(')?;
    let mut partitions = Vec::new();
    loop {
        parser.expect("PARTITION")?;
        let place = parser.peek(0);
        let name = parser.name("a partition")?;
        partitions.push(read_partition(parser, name, width)?);
        if partitions.len() > MOST_PARTITIONS as usize {
            let message = format!("a table has at most {MOST_PARTITIONS} partitions");
            return Err(SqlError::new(message, place.start, place.end));
        }
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')?;
    Ok(partitions)
}

/// Reads the definition after a partition's name.
pub(super) fn read_partition(
    parser: &mut Parser,
    name: String,
    width: usize,
) -> Result<Partition, SqlError> {
    let bounds = read_bounds(parser, width)?;
    let options = read_options(parser)?;
    let mut subpartitions = Vec::new();
    if parser.accept_symbol(b'(') {
        loop {
            parser.expect("SUBPARTITION")?;
            let name = parser.name("a subpartition")?;
            subpartitions.push(Subpartition { name, options: read_options(parser)? });
            if !parser.accept_symbol(b',') {
                break;
            }
        }
        parser.expect_symbol(b')')?;
    }
    Ok(Partition { name, bounds, options, subpartitions })
}

/// Reads `VALUES LESS THAN (…)`, `VALUES IN (…)` and the like. In schema.yaml, VALUES is left out.
pub(super) fn read_bounds(parser: &mut Parser, width: usize) -> Result<PartitionBounds, SqlError> {
    if parser.accept("DEFAULT") {
        return Ok(PartitionBounds::Default);
    }
    if parser.accept("HISTORY") {
        return Ok(PartitionBounds::History);
    }
    if parser.accept("CURRENT") {
        return Ok(PartitionBounds::Current);
    }
    let values = parser.accept("VALUES");
    if parser.accept_words(&["LESS", "THAN"]) {
        if parser.accept("MAXVALUE") {
            return Ok(PartitionBounds::LessThan(vec![PartitionValue::Maxvalue; width]));
        }
        return read_tuple(parser, width).map(PartitionBounds::LessThan);
    }
    if parser.accept("IN") {
        return read_entries(parser, width);
    }
    if values { Err(parser.expected("LESS THAN or IN")) } else { Ok(PartitionBounds::Hashed) }
}

/// Reads `(value, …)`, with one value for each column.
fn read_tuple(parser: &mut Parser, width: usize) -> Result<Vec<PartitionValue>, SqlError> {
    let open = parser.peek(0);
    parser.expect_symbol(b'(')?;
    let mut values = vec![read_value(parser)?];
    while parser.accept_symbol(b',') {
        values.push(read_value(parser)?);
    }
    parser.expect_symbol(b')')?;
    if values.len() == width {
        return Ok(values);
    }
    let message = match width {
        1 => format!("one value is wanted here, not {}", values.len()),
        _ => format!("{width} values are wanted here, one for each column"),
    };
    Err(SqlError::new(message, open.start, open.end))
}

fn read_entries(parser: &mut Parser, width: usize) -> Result<PartitionBounds, SqlError> {
    if parser.peek(1).kind != TokenKind::Symbol(b')') && parser.is_word_at(1, "DEFAULT") {
        parser.skip_parentheses()?;
        return Ok(PartitionBounds::Default);
    }
    parser.expect_symbol(b'(')?;
    let mut entries = Vec::new();
    loop {
        entries.push(match width {
            1 => vec![read_value(parser)?],
            _ => read_tuple(parser, width)?,
        });
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')?;
    Ok(PartitionBounds::In(entries))
}

/// Reads one value, up to the comma or parenthesis after it.
fn read_value(parser: &mut Parser) -> Result<PartitionValue, SqlError> {
    let first = parser.mark();
    loop {
        match parser.kind() {
            TokenKind::Symbol(b',' | b')') => break,
            TokenKind::Symbol(b'(') => parser.skip_parentheses()?,
            TokenKind::End | TokenKind::Symbol(b';') => return Err(parser.expected("a value")),
            _ => {
                parser.next();
            }
        }
    }
    let end = parser.mark();
    if first == end {
        return Err(parser.expected("a value"));
    }
    parser.reset(first);
    if let Some(value) = read_literal(parser)?
        && parser.mark() == end
    {
        return Ok(value);
    }
    parser.reset(end);
    parser.expression(first, end).map(PartitionValue::Expression)
}

/// Reads a literal. `None` if something else comes next.
fn read_literal(parser: &mut Parser) -> Result<Option<PartitionValue>, SqlError> {
    let binary = parser.is_introducer() && parser.is_word("_binary");
    if parser.is_introducer() {
        parser.next();
    }
    let token = parser.peek(0);
    let is_temporal =
        parser.is_one_of(&["DATE", "TIME", "TIMESTAMP"]) && parser.peek(1).kind == TokenKind::Text;
    let value = match token.kind {
        TokenKind::Word if is_temporal => {
            parser.next();
            PartitionValue::Text(parser.string("a date or time")?)
        }
        TokenKind::Word if parser.accept("MAXVALUE") => PartitionValue::Maxvalue,
        TokenKind::Word if parser.accept("NULL") => PartitionValue::Null,
        TokenKind::Text => {
            let text = parser.string("a text")?;
            match binary {
                true => PartitionValue::Bytes(text.into_bytes()),
                false => PartitionValue::Text(text),
            }
        }
        TokenKind::Hex => {
            parser.next();
            PartitionValue::Bytes(literal::hex_bytes(parser.slice(token)))
        }
        TokenKind::Number => {
            parser.next();
            PartitionValue::Number(parser.slice(token).to_owned())
        }
        TokenKind::Symbol(b'-') if parser.peek(1).kind == TokenKind::Number => {
            parser.next();
            let number = parser.next();
            PartitionValue::Number(format!("-{}", parser.slice(number)))
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// Reads the options after the bounds.
fn read_options(parser: &mut Parser) -> Result<PartitionOptions, SqlError> {
    let mut options = PartitionOptions::default();
    loop {
        let mark = parser.mark();
        parser.accept("STORAGE");
        let Some(word) = parser.upper_word() else {
            parser.reset(mark);
            return Ok(options);
        };
        let words = match word.as_str() {
            "DATA" | "INDEX" if parser.is_word_at(1, "DIRECTORY") => 2,
            "ENGINE" | "COMMENT" | "TABLESPACE" | "MAX_ROWS" | "MIN_ROWS" | "NODEGROUP" => 1,
            _ => {
                parser.reset(mark);
                return Ok(options);
            }
        };
        for _ in 0..words {
            parser.next();
        }
        parser.accept_symbol(b'=');
        match word.as_str() {
            "DATA" => options.data_directory = Some(parser.string("a folder in quotes")?),
            "INDEX" => options.index_directory = Some(parser.string("a folder in quotes")?),
            "COMMENT" => options.comment = parser.string("a comment in quotes")?,
            "ENGINE" if parser.is_text() => options.engine = Some(parser.string("an engine")?),
            "ENGINE" => options.engine = Some(parser.name("an engine")?),
            "TABLESPACE" => options.tablespace = Some(parser.name("a tablespace")?),
            "MAX_ROWS" => options.max_rows = Some(parser.number("a number of rows")?),
            "MIN_ROWS" => options.min_rows = Some(parser.number("a number of rows")?),
            _ => {
                // NODEGROUP, which only NDB uses. It isn't kept.
                parser.number("a number")?;
            }
        }
    }
}
