//! SET statements, and the session in which a dump's statements run.

use std::collections::HashMap;
use std::sync::Arc;

use super::split::Mode;
use crate::syntax::lexer::Dialect;
use crate::syntax::set::{Assignment, NewValue, Variable, read_set};

/// What the objects that a statement makes keep of its session. `None` for what the file doesn't
/// set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StoredSettings {
    /// `sql_mode`
    pub(super) sql_mode: Option<Arc<str>>,
    /// `time_zone`
    pub(super) time_zone: Option<Arc<str>>,
}

/// A system variable's value, if the file sets it.
#[derive(Debug, Clone, Default)]
struct Setting {
    value: Option<Arc<str>>,
    /// Whether it is only there so that the file can be read: what an export sets once, before its
    /// first statement, says nothing about its objects.
    is_of_reading: bool,
}

impl Setting {
    /// What an object that is made now keeps.
    fn kept(&self) -> Option<Arc<str>> {
        self.value.clone().filter(|_| !self.is_of_reading)
    }
}

/// The session at one place in the file, and the values of its variables.
#[derive(Clone, Default)]
pub(super) struct Running {
    settings: HashMap<Variable, Setting>,
    saved: HashMap<(String, Variable), Saved>,
    /// Whether there has been a statement other than SET.
    is_past_head: bool,
}

/// The value saved in a user variable, and the mode for reading text at that time.
type Saved = (Setting, Mode);

impl Running {
    /// Carries out a SET statement; `mode` is how the text after it is split and lexed.
    pub(super) fn set(&mut self, text: &str, dialect: Dialect, mode: &mut Mode) {
        for assignment in read_set(text, dialect).unwrap_or_default() {
            match assignment {
                Assignment::Save(name, variable) => {
                    let value = self.settings.get(&variable).cloned().unwrap_or_default();
                    self.saved.insert((name, variable), (value, *mode));
                }
                Assignment::Set(variable, value) => {
                    let (setting, new_mode) = self.setting(variable, value);
                    self.settings.insert(variable, setting);
                    if variable == Variable::SqlMode {
                        *mode = new_mode;
                    }
                }
            }
        }
    }

    fn setting(&self, variable: Variable, value: NewValue) -> Saved {
        match value {
            NewValue::Text(text) => {
                let mode = Mode::of(&text);
                // Objects keep a mode that changes how text is lexed, because their bodies are
                // written in it.
                let is_of_reading = !self.is_past_head
                    && !self.settings.contains_key(&variable)
                    && mode == Mode::default();
                (Setting { value: Some(Arc::from(text)), is_of_reading }, mode)
            }
            NewValue::Saved(name) => self.saved.get(&(name, variable)).cloned().unwrap_or_default(),
            NewValue::Unknown(words) => (Setting::default(), Mode::of(&words)),
        }
    }

    /// The session of a statement other than SET.
    pub(super) fn of_statement(&mut self) -> StoredSettings {
        self.is_past_head = true;
        let kept = |variable| self.settings.get(&variable).and_then(Setting::kept);
        StoredSettings { sql_mode: kept(Variable::SqlMode), time_zone: kept(Variable::TimeZone) }
    }

    /// The character set of the text.
    pub(super) fn charset(&self) -> Option<&str> {
        self.settings.get(&Variable::ClientCharset)?.value.as_deref()
    }
}

/// Whether a statement is a SET, also in a versioned comment. `SET STATEMENT … FOR …` is the
/// statement after FOR.
pub(super) fn is_set(text: &str) -> bool {
    let text = text.trim_start();
    let versioned = text.strip_prefix("/*!").or_else(|| text.strip_prefix("/*M!"));
    let text = versioned.map_or(text, |text| {
        text.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start()
    });
    let word = text.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("SET"));
    let after = text.get(3..).unwrap_or_default();
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let next = after.trim_start().split(|char| !is_part(char)).next();
    let is_for_one = next.is_some_and(|next| next.eq_ignore_ascii_case("STATEMENT"));
    word && !after.starts_with(is_part) && !is_for_one
}
