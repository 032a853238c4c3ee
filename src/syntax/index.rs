//! Reads indexes: their parts and options.

use super::SqlError;
use super::lexer::TokenKind;
use super::options::read_engine_option;
use super::parser::Parser;
use crate::model::{
    EngineAttributes, Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, VectorDistance,
};

/// Reads one index part: `title(40)`, `timestamp desc`, `(lower(title))`.
pub(crate) fn read_part(parser: &mut Parser) -> Result<IndexPart, SqlError> {
    let key = if parser.is_symbol(b'(') {
        KeyPart::Expression(parser.parenthesized()?)
    } else {
        let name = parser.name("a column")?;
        let prefix_length = if parser.accept_symbol(b'(') {
            let length = parser.small_number("a prefix length")?;
            parser.expect_symbol(b')')?;
            Some(length)
        } else {
            None
        };
        KeyPart::Column { name, prefix_length }
    };
    let descending = parser.accept("DESC");
    if !descending {
        parser.accept("ASC");
    }
    Ok(IndexPart { key, descending })
}

/// Reads the part after `KEY`, `UNIQUE KEY` and the like: name, USING, parts, options. If no name
/// is written, it is empty.
pub(crate) fn read_index(parser: &mut Parser, kind: IndexKind) -> Result<Index, SqlError> {
    let mut index = Index::new(String::new(), kind, Vec::new());
    let starts_using =
        parser.is_one_of(&["USING", "TYPE"]) && parser.is_one_of_at(1, &["BTREE", "HASH", "RTREE"]);
    if parser.is_name() && !starts_using {
        index.name = parser.name("an index")?;
    }
    while read_algorithm(parser, &mut index)? {}
    read_parts(parser, &mut index)?;
    while read_option(parser, &mut index)? {}
    index.attributes = index.attributes.take().filter(|it| **it != EngineAttributes::default());
    Ok(index)
}

/// Reads `(part, part, …)`.
fn read_parts(parser: &mut Parser, index: &mut Index) -> Result<(), SqlError> {
    parser.expect_symbol(b'(')?;
    loop {
        let place = parser.peek(0);
        let part = read_part(parser)?;
        if parser.accept_words(&["WITHOUT", "OVERLAPS"]) {
            let KeyPart::Column { name, prefix_length: None } = part.key else {
                return Err(SqlError::new("expected a period", place.start, place.end));
            };
            index.without_overlaps = Some(name);
            break;
        }
        index.parts.push(part);
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')
}

/// Reads `USING BTREE` before `ON` in CREATE INDEX.
pub(crate) fn read_using(parser: &mut Parser) -> Result<Option<IndexAlgorithm>, SqlError> {
    let mut index = Index::new("", IndexKind::Plain, Vec::new());
    read_algorithm(parser, &mut index)?;
    Ok(index.algorithm)
}

fn read_algorithm(parser: &mut Parser, index: &mut Index) -> Result<bool, SqlError> {
    if !parser.accept("USING") && !parser.accept("TYPE") {
        return Ok(false);
    }
    index.algorithm = if parser.accept("BTREE") {
        Some(IndexAlgorithm::Btree)
    } else if parser.accept("HASH") {
        Some(IndexAlgorithm::Hash)
    } else if parser.accept("RTREE") {
        None
    } else {
        return Err(parser.expected("BTREE or HASH"));
    };
    Ok(true)
}

/// Reads one option after the parts. Returns `false` if the next token isn't one.
fn read_option(parser: &mut Parser, index: &mut Index) -> Result<bool, SqlError> {
    let Some(word) = parser.upper_word() else { return engine_option(parser, index) };
    match word.as_str() {
        "USING" | "TYPE" => return read_algorithm(parser, index),
        "COMMENT" => {
            parser.next();
            parser.accept_symbol(b'=');
            index.comment = parser.string("a comment in quotes")?;
        }
        "KEY_BLOCK_SIZE" => {
            parser.next();
            parser.accept_symbol(b'=');
            let size = parser.option_number("a block size")?;
            index.key_block_size = (size > 0).then_some(size);
        }
        "WITH" if parser.is_word_at(1, "PARSER") => {
            parser.next();
            parser.next();
            index.parser = Some(parser.name("a parser")?);
        }
        "INVISIBLE" | "IGNORED" => {
            parser.next();
            index.invisible = true;
        }
        "VISIBLE" => {
            parser.next();
            index.invisible = false;
        }
        "NOT" if parser.is_word_at(1, "IGNORED") => {
            parser.next();
            parser.next();
            index.invisible = false;
        }
        "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => {
            parser.next();
            parser.accept_symbol(b'=');
            let value = Some(parser.string("JSON in quotes")?).filter(|it| !it.is_empty());
            let attributes = index.attributes_mut();
            match word.as_str() {
                "ENGINE_ATTRIBUTE" => attributes.engine_attribute = value,
                _ => attributes.secondary_engine_attribute = value,
            }
        }
        "M" | "DISTANCE" if index.kind == IndexKind::Vector => {
            parser.next();
            vector_option(parser, index, &word)?;
        }
        _ => return engine_option(parser, index),
    }
    Ok(true)
}

/// Reads the value of `M` or `DISTANCE`: `= 8`, `= cosine`.
fn vector_option(parser: &mut Parser, index: &mut Index, word: &str) -> Result<(), SqlError> {
    parser.accept_symbol(b'=');
    if parser.accept("DEFAULT") {
        return Ok(());
    }
    let place = parser.peek(0);
    if word == "M" {
        let m = parser.option_number("a number")?;
        let too_large = || SqlError::new(format!("{m} is too large"), place.start, place.end);
        index.vector.m = Some(u32::try_from(m).map_err(|_| too_large())?);
        return Ok(());
    }
    let name =
        if parser.is_text() { parser.string("a distance")? } else { parser.name("a distance")? };
    let known = [VectorDistance::Euclidean, VectorDistance::Cosine];
    index.vector.distance = known.into_iter().find(|it| it.word().eq_ignore_ascii_case(&name));
    match index.vector.distance {
        Some(_) => Ok(()),
        None => Err(SqlError::new("expected euclidean or cosine", place.start, place.end)),
    }
}

/// Reads `name = value`, an option that only the storage engine knows.
fn engine_option(parser: &mut Parser, index: &mut Index) -> Result<bool, SqlError> {
    if index.kind == IndexKind::Vector
        && parser.kind() == TokenKind::Quoted
        && parser.peek(1).kind == TokenKind::Symbol(b'=')
    {
        let mark = parser.mark();
        let upper = parser.name("an option")?.to_ascii_uppercase();
        if matches!(upper.as_str(), "M" | "DISTANCE") {
            vector_option(parser, index, &upper)?;
            return Ok(true);
        }
        parser.reset(mark);
    }
    read_engine_option(parser, &mut index.attributes_mut().engine_options)
}
