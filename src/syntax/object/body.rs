//! Finds the beginning of the body of a trigger, routine or event.

use super::{read_header, read_kind, routine};
use crate::model::ObjectKind;
use crate::syntax::parser::Parser;

/// What kind of body a CREATE or ALTER statement has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodySyntax {
    /// A body in MariaDB's and MySQL's own syntax. The parser is at its beginning.
    ParsedStatement,
    /// A body in another syntax: Oracle's, or a language in quotes.
    Opaque,
}

/// Reads a statement up to its body. `None` if it has no body, or can't be read.
pub(crate) fn find_body(parser: &mut Parser) -> Option<BodySyntax> {
    // A block outside of a routine is a body itself.
    if BLOCKS.iter().any(|word| parser.is_word(word)) {
        return Some(BodySyntax::ParsedStatement);
    }
    let creates = parser.accept("CREATE");
    if !creates && !parser.accept("ALTER") {
        return None;
    }
    let or_replace = parser.accept_words(&["OR", "REPLACE"]);
    let header = read_header(parser, or_replace).ok()?;
    let kind = read_kind(parser).ok()??;
    parser.accept_words(&["IF", "NOT", "EXISTS"]);
    if kind == ObjectKind::Package {
        return Some(BodySyntax::Opaque);
    }
    let (_, name) = parser.qualified_name("a name").ok()?;
    match kind {
        ObjectKind::Trigger => {
            while !parser.accept_words(&["FOR", "EACH", "ROW"]) {
                skip(parser)?;
            }
            if parser.accept("FOLLOWS") || parser.accept("PRECEDES") {
                parser.name("a trigger").ok()?;
            }
            Some(BodySyntax::ParsedStatement)
        }
        ObjectKind::Event => {
            while !parser.accept("DO") {
                skip(parser)?;
            }
            Some(BodySyntax::ParsedStatement)
        }
        ObjectKind::Procedure | ObjectKind::Function if creates => {
            if routine::is_loadable(parser) {
                return None;
            }
            let head = routine::head(parser, header, kind, &name).ok()?;
            Some(if head.is_ok() { BodySyntax::ParsedStatement } else { BodySyntax::Opaque })
        }
        _ => None,
    }
}

/// The first words of statements that can contain other statements.
const BLOCKS: &[&str] = &["BEGIN", "IF", "CASE", "FOR", "LOOP", "REPEAT", "WHILE"];

/// Skips a token. `None` at the end of the text.
fn skip(parser: &mut Parser) -> Option<()> {
    if parser.at_end() {
        return None;
    }
    parser.next();
    Some(())
}
