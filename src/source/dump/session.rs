//! What SET says of the session that a dump's statements run in.

use std::collections::HashMap;
use std::rc::Rc;

use super::split::Mode;
use crate::sql::lexer::Dialect;
use crate::sql::set::{Assignment, NewValue, Variable, read_set};

/// What the objects that a statement makes keep of its session, as far as the file says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Session {
    /// `sql_mode`
    pub(super) sql_mode: Option<Rc<str>>,
    /// `time_zone`
    pub(super) time_zone: Option<Rc<str>>,
    /// `character_set_client`
    pub(super) charset: Option<Rc<str>>,
}

impl Session {
    fn variable(&mut self, variable: Variable) -> &mut Option<Rc<str>> {
        match variable {
            Variable::SqlMode => &mut self.sql_mode,
            Variable::TimeZone => &mut self.time_zone,
            Variable::ClientCharset => &mut self.charset,
        }
    }
}

/// The session at one place of the file, and what its variables hold.
#[derive(Default)]
pub(super) struct Running {
    pub(super) session: Session,
    saved: HashMap<(String, Variable), Saved>,
}

/// The value that a user's variable keeps, and how a text was read under it.
type Saved = (Option<Rc<str>>, Mode);

impl Running {
    /// Carries out a SET statement; `mode` is how the text after it is divided and read.
    pub(super) fn set(&mut self, text: &str, dialect: Dialect, mode: &mut Mode) {
        for assignment in read_set(text, dialect).unwrap_or_default() {
            match assignment {
                Assignment::Save(name, variable) => {
                    let value = self.session.variable(variable).clone();
                    self.saved.insert((name, variable), (value, *mode));
                }
                Assignment::Set(variable, value) => {
                    let (value, new_mode) = match value {
                        NewValue::Text(text) => {
                            let mode = Mode::of(&text);
                            (Some(Rc::from(text)), mode)
                        }
                        NewValue::Saved(name) => {
                            self.saved.get(&(name, variable)).cloned().unwrap_or_default()
                        }
                        NewValue::Unknown(words) => (None, Mode::of(&words)),
                    };
                    *self.session.variable(variable) = value;
                    if variable == Variable::SqlMode {
                        *mode = new_mode;
                    }
                }
            }
        }
    }
}

/// Whether a statement is a SET.
pub(super) fn is_set(text: &str) -> bool {
    let Some(at) = text.find(|char: char| char.is_ascii_alphabetic()) else { return false };
    let frame = |char: char| {
        char.is_ascii_whitespace() || char.is_ascii_digit() || matches!(char, '/' | '*' | '!')
    };
    let begins = text.get(..at).is_some_and(|before| before.trim_start_matches(frame).is_empty());
    let word = text.get(at..at + 3).is_some_and(|word| word.eq_ignore_ascii_case("SET"));
    let after = text.get(at + 3..).and_then(|after| after.chars().next());
    begins && word && after.is_none_or(|char| !char.is_ascii_alphanumeric())
}
