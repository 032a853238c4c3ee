//! Indexes: their parts and options.

use super::SqlError;
use super::lexer::Kind;
use super::parser::Parser;
use crate::model::{Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, VectorDistance};

/// An index as read; its name may be left to the server.
#[derive(Debug)]
pub(crate) struct IndexDefinition {
    /// The index; its name is empty where none was written.
    pub(crate) index: Index,
    /// Clauses that the model does not hold.
    pub(crate) not_modelled: Vec<String>,
}

/// One part of a key: `title(40)`, `timestamp desc`, `(lower(title))`.
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

/// What stands after `KEY`, `UNIQUE KEY` and the like: name, USING, parts, options.
pub(crate) fn read_index(
    parser: &mut Parser,
    kind: IndexKind,
) -> Result<IndexDefinition, SqlError> {
    let mut definition = IndexDefinition {
        index: Index::new(String::new(), kind, Vec::new()),
        not_modelled: Vec::new(),
    };
    let starts_using =
        parser.is_one_of(&["USING", "TYPE"]) && parser.is_one_of_at(1, &["BTREE", "HASH", "RTREE"]);
    if parser.is_name() && !starts_using {
        definition.index.name = parser.name("an index")?;
    }
    while read_algorithm(parser, &mut definition.index)? {}
    read_parts(parser, &mut definition)?;
    while read_option(parser, &mut definition)? {}
    Ok(definition)
}

/// `(part, part, …)`
fn read_parts(parser: &mut Parser, definition: &mut IndexDefinition) -> Result<(), SqlError> {
    parser.expect_symbol(b'(')?;
    loop {
        let place = parser.peek(0);
        let part = read_part(parser)?;
        if parser.accept_words(&["WITHOUT", "OVERLAPS"]) {
            let KeyPart::Column { name, prefix_length: None } = part.key else {
                return Err(SqlError::new("expected a period", place.start, place.end));
            };
            definition.index.without_overlaps = Some(name);
            break;
        }
        definition.index.parts.push(part);
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')
}

/// `USING BTREE`, where it stands before `ON` in CREATE INDEX.
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

/// One option after the parts; `false` where none comes next.
fn read_option(parser: &mut Parser, definition: &mut IndexDefinition) -> Result<bool, SqlError> {
    let Some(word) = parser.upper_word() else { return engine_option(parser, definition) };
    match word.as_str() {
        "USING" | "TYPE" => return read_algorithm(parser, &mut definition.index),
        "COMMENT" => {
            parser.next();
            parser.accept_symbol(b'=');
            definition.index.comment = parser.string("a comment in quotes")?;
        }
        "KEY_BLOCK_SIZE" => {
            parser.next();
            parser.accept_symbol(b'=');
            let size = parser.number("a block size")?;
            definition.index.key_block_size = (size > 0).then_some(size);
        }
        "WITH" if parser.is_word_at(1, "PARSER") => {
            parser.next();
            parser.next();
            definition.index.parser = Some(parser.name("a parser")?);
        }
        "INVISIBLE" | "IGNORED" => {
            parser.next();
            definition.index.invisible = true;
        }
        "VISIBLE" => {
            parser.next();
            definition.index.invisible = false;
        }
        "NOT" if parser.is_word_at(1, "IGNORED") => {
            parser.next();
            parser.next();
            definition.index.invisible = false;
        }
        "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => {
            parser.next();
            parser.accept_symbol(b'=');
            parser.string("JSON in quotes")?;
            definition.not_modelled.push(word);
        }
        "M" | "DISTANCE" if definition.index.kind == IndexKind::Vector => {
            parser.next();
            vector_option(parser, &mut definition.index, &word)?;
        }
        _ => return engine_option(parser, definition),
    }
    Ok(true)
}

/// What stands after `M` and `DISTANCE`: `= 8`, `= cosine`.
fn vector_option(parser: &mut Parser, index: &mut Index, word: &str) -> Result<(), SqlError> {
    parser.accept_symbol(b'=');
    if parser.accept("DEFAULT") {
        return Ok(());
    }
    if word == "M" {
        index.vector.m = Some(parser.small_number("a number")?);
        return Ok(());
    }
    let place = parser.peek(0);
    let name =
        if parser.is_text() { parser.string("a distance")? } else { parser.name("a distance")? };
    let known = [VectorDistance::Euclidean, VectorDistance::Cosine];
    index.vector.distance = known.into_iter().find(|it| it.word().eq_ignore_ascii_case(&name));
    match index.vector.distance {
        Some(_) => Ok(()),
        None => Err(SqlError::new("expected euclidean or cosine", place.start, place.end)),
    }
}

/// `name = value`, an option of a storage engine of MariaDB.
fn engine_option(parser: &mut Parser, definition: &mut IndexDefinition) -> Result<bool, SqlError> {
    if !parser.is_name() || parser.peek(1).kind != Kind::Symbol(b'=') {
        return Ok(false);
    }
    let name = parser.name("an option")?;
    let upper = name.to_ascii_uppercase();
    if definition.index.kind == IndexKind::Vector && matches!(upper.as_str(), "M" | "DISTANCE") {
        vector_option(parser, &mut definition.index, &upper)?;
        return Ok(true);
    }
    definition.not_modelled.push(name);
    parser.next();
    parser.next();
    Ok(true)
}
