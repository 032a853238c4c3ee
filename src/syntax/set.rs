//! Reads SET statements, as far as they change how later statements are read or what is kept of
//! them.

use super::SqlError;
use super::lexer::{Dialect, TokenKind};
use super::parser::Parser;
use super::types::charset_name;

/// A system variable of the session that affects later statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Variable {
    /// `sql_mode`, which decides how the text is read. A trigger, routine or event keeps it.
    SqlMode,
    /// `time_zone`. An event keeps it.
    TimeZone,
    /// `character_set_client`, the encoding of the text.
    ClientCharset,
}

impl Variable {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SQL_MODE" => Variable::SqlMode,
            "TIME_ZONE" => Variable::TimeZone,
            "CHARACTER_SET_CLIENT" => Variable::ClientCharset,
            _ => return None,
        })
    }
}

/// What a system variable is set to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NewValue {
    /// A text: SQL modes in upper case, a character set in lower case.
    Text(String),
    /// The value of a user variable, whose name is in upper case.
    Saved(String),
    /// A value that only a server knows: DEFAULT, or the value of an expression. The text has the
    /// words of the expression, which say something about the value.
    Unknown(String),
}

/// One assignment of a SET statement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Assignment {
    /// A user variable, whose name is in upper case, gets the current value of a system variable.
    Save(String, Variable),
    /// A system variable gets a new value.
    Set(Variable, NewValue),
}

/// Reads a SET statement.
pub(crate) fn read_set(text: &str, dialect: Dialect) -> Result<Vec<Assignment>, SqlError> {
    let mut parser = Parser::new(text, dialect)?;
    let mut assignments = Vec::new();
    parser.expect("SET")?;
    if parser.accept("NAMES") || parser.accept_words(&["CHARACTER", "SET"]) {
        let charset = NewValue::Text(charset_name(&mut parser, "a character set")?);
        return Ok(vec![Assignment::Set(Variable::ClientCharset, charset)]);
    }
    while !parser.at_end() {
        let is_own = parser.accept_symbol(b'@') && !parser.accept_symbol(b'@');
        let name = parser.upper_word().unwrap_or_default();
        parser.next();
        parser.accept_symbol(b':');
        if !parser.accept_symbol(b'=') {
            continue;
        }
        let value = assigned(&mut parser);
        if is_own {
            assignments.extend(value.system.map(|variable| Assignment::Save(name, variable)));
        } else if let Some(variable) = Variable::named(&name) {
            assignments.push(Assignment::Set(variable, value.into_new(variable)));
        }
    }
    Ok(assignments)
}

/// The value on the right side of an assignment.
#[derive(Default)]
struct Assigned {
    /// Its strings and words, separated by commas.
    words: String,
    /// The user variable in it, with its name in upper case.
    own: Option<String>,
    /// The system variable in it.
    system: Option<Variable>,
    /// Whether it has more than words and strings.
    is_expression: bool,
}

impl Assigned {
    fn into_new(self, variable: Variable) -> NewValue {
        let words = match variable {
            Variable::SqlMode => self.words.to_ascii_uppercase(),
            Variable::ClientCharset => self.words.to_ascii_lowercase(),
            Variable::TimeZone => self.words,
        };
        match self.own {
            Some(own) if !self.is_expression => NewValue::Saved(own),
            None if self.system.is_none()
                && !self.is_expression
                && !words.eq_ignore_ascii_case("DEFAULT") =>
            {
                NewValue::Text(words)
            }
            _ => NewValue::Unknown(words),
        }
    }
}

/// Reads the value of an assignment, up to the next comma.
fn assigned(parser: &mut Parser) -> Assigned {
    let mut value = Assigned::default();
    let mut words = Vec::new();
    let mut depth = 0usize;
    while !parser.at_end() {
        match parser.kind() {
            TokenKind::Symbol(b',') if depth == 0 => break,
            TokenKind::Symbol(b'(') => {
                value.is_expression = true;
                depth += 1;
            }
            TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
            TokenKind::Text => {
                words.push(parser.string("a string").unwrap_or_default());
                continue;
            }
            TokenKind::Symbol(b'@') => {
                parser.next();
                if !parser.accept_symbol(b'@') {
                    value.own = parser.upper_word();
                } else {
                    if parser.is_one_of(&["SESSION", "GLOBAL", "LOCAL"]) {
                        parser.next();
                        parser.accept_symbol(b'.');
                    }
                    let system = parser.upper_word().and_then(|name| Variable::named(&name));
                    value.system = value.system.or(system);
                    value.is_expression |= system.is_none();
                }
            }
            TokenKind::Word => words.push(parser.slice(parser.peek(0)).to_owned()),
            _ => {}
        }
        parser.next();
    }
    value.words = words.join(",");
    value
}
