//! Reads CREATE VIEW (MySQL manual, 15.1.23; MariaDB, "CREATE VIEW").

use super::Header;
use crate::model::{CheckOption, SelectText, View};
use crate::syntax::SqlError;
use crate::syntax::parser::Parser;

/// Reads the part after the view's name.
pub(super) fn read(parser: &mut Parser, header: Header, name: &str) -> Result<View, SqlError> {
    let columns = if parser.is_symbol(b'(') { parser.name_list("a column")? } else { Vec::new() };
    parser.expect("AS")?;
    let (select, check_option) = read_select(parser)?;
    Ok(View {
        name: name.to_owned(),
        columns,
        select,
        algorithm: header.algorithm.unwrap_or_default(),
        security: header.security.unwrap_or_default(),
        check_option,
        definer: header.definer,
    })
}

/// Reads a view's query and the CHECK OPTION after it.
pub(crate) fn read_select(
    parser: &mut Parser,
) -> Result<(SelectText, Option<CheckOption>), SqlError> {
    const BEGINNINGS: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE"];
    if !parser.is_one_of(BEGINNINGS) && !parser.is_symbol(b'(') {
        return Err(parser.expected("a query"));
    }
    let first = parser.mark();
    let end = parser.end_of_rest();
    let mut open = Vec::new();
    let mut check = None;
    while parser.mark() < end {
        if parser.is_symbol(b'(') {
            open.push(parser.peek(0));
        } else if parser.is_symbol(b')') {
            if open.pop().is_none() {
                return Err(parser.error("this parenthesis was never opened"));
            }
        } else if parser.is_symbol(b';') {
            return Err(parser.error("a view has one query, and it ends at this `;`"));
        } else if open.is_empty()
            && let Some((option, words)) = check_option(parser)
            && parser.mark() + words == end
        {
            check = Some(option);
            break;
        }
        parser.next();
    }
    if let Some(token) = open.pop() {
        return Err(SqlError::new("this parenthesis is never closed", token.start, token.end));
    }
    let select = query(parser, first, parser.mark());
    parser.rest();
    Ok((select, check))
}

/// The CHECK OPTION that comes next, and its number of words.
fn check_option(parser: &Parser) -> Option<(CheckOption, usize)> {
    if parser.is_words(&["WITH", "CASCADED", "CHECK", "OPTION"]) {
        Some((CheckOption::Cascaded, 4))
    } else if parser.is_words(&["WITH", "LOCAL", "CHECK", "OPTION"]) {
        Some((CheckOption::Local, 4))
    } else {
        parser.is_words(&["WITH", "CHECK", "OPTION"]).then_some((CheckOption::Cascaded, 3))
    }
}

/// The query as it is written. If its `sql_mode` changes what quotes or backslashes mean, it is
/// spelled for the default mode.
fn query(parser: &Parser, first: usize, end: usize) -> SelectText {
    let dialect = parser.dialect;
    match dialect.ansi_quotes || dialect.no_backslash_escapes {
        true => {
            let respelled = parser.expression(first, end);
            SelectText::new(respelled.map_or(String::new(), |query| query.text.clone()))
        }
        false => SelectText::new(parser.verbatim(first, end)),
    }
}
