//! Expressions of a table that can't be read, and what can't stand in one: queries, variables, and
//! functions whose value depends on more than the row (MySQL 13.6, 15.1.20.6, 15.1.20.8; MariaDB
//! "Generated Columns", "CONSTRAINT").

use super::expressions::{Expressed, Use};
use super::syntax;
use super::{Mistake, Subject, Word};
use crate::diagnostic::near_name;
use crate::model::{GeneratedStorage, KeyPart, ObjectKind, Table, same_name};
use crate::normalize::expression::WITHOUT_PARENTHESES;
use crate::server::Place;
use crate::sql::lexer::{Dialect, Kind, Token, lex};

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<Mistake>) {
    for expressed in subject.expressions {
        let mistake =
            what_is_refused(subject, expressed).or_else(|| unreadable(subject, expressed));
        found.extend(mistake);
    }
}

/// Words for what the expression is for.
fn words_for(what: Use) -> &'static str {
    match what {
        Use::Check => "a CHECK",
        Use::Generated(..) => "a generated column",
        Use::Default(_) => "a default",
        Use::IndexPart => "an index",
        Use::Partitions => "partitions",
    }
}

fn unreadable(subject: &Subject<'_>, expressed: &Expressed<'_>) -> Option<Mistake> {
    let problem = syntax::problem(expressed.text, subject.server)?;
    let title = format!("syntax error in {}: {}", words_for(expressed.what), problem.title);
    let word = word_at(expressed.text, problem.word, problem.start);
    Some(Mistake::new(expressed.element.clone(), title).labelled(problem.label).at_word(word))
}

/// A word of an expression, as it is found in the text of an element.
fn word_at(text: &str, word: String, start: usize) -> Word {
    let earlier = text.get(..start).unwrap_or_default().to_lowercase();
    let is_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let lower = word.to_lowercase();
    let before = match is_name(lower.chars().next()) {
        true => earlier.split(|c: char| !is_name(Some(c))).filter(|other| *other == lower).count(),
        false => earlier.matches(&lower).count(),
    };
    Word { text: word, before }
}

/// Where the expression stands, for the server's rules on functions; partitions have rules of their
/// own.
fn place_of(what: Use, table: &Table) -> Option<Place> {
    Some(match what {
        Use::Check => Place::Check,
        Use::Default(_) => Place::Default,
        Use::IndexPart => Place::IndexPart,
        Use::Generated(_, GeneratedStorage::Stored) => Place::Stored,
        Use::Generated(at, GeneratedStorage::Virtual) => {
            let name = &table.columns.get(at)?.name;
            // What is in an index is written too.
            let in_index = table.all_indexes().flat_map(|index| &index.parts).any(|part| {
                matches!(&part.key, KeyPart::Column { name: other, .. } if same_name(other, name))
            });
            if in_index { Place::Stored } else { Place::Virtual }
        }
        Use::Partitions => return None,
    })
}

fn what_is_refused(subject: &Subject<'_>, expressed: &Expressed<'_>) -> Option<Mistake> {
    let text = expressed.text;
    let dialect = Dialect { server: Some(*subject.server), ..Dialect::default() };
    let tokens = lex(text, dialect).ok()?;
    let place = place_of(expressed.what, subject.table)?;
    let what = words_for(expressed.what);
    let reader = Reader { subject, text, tokens: &tokens, place, what };
    let (title, label, token) = (0..tokens.len()).find_map(|at| reader.refused(at))?;
    let word = reader.slice(token).to_owned();
    let start = tokens.get(token).map_or(0, |token| token.start);
    let mistake = Mistake::new(expressed.element.clone(), title).labelled(label);
    Some(mistake.at_word(word_at(text, word, start)))
}

struct Reader<'a> {
    subject: &'a Subject<'a>,
    text: &'a str,
    tokens: &'a [Token],
    place: Place,
    what: &'static str,
}

/// A title, words under the place, and the token that is meant.
type Refused = (String, String, usize);

impl Reader<'_> {
    fn slice(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|it| self.text.get(it.start..it.end)).unwrap_or_default()
    }

    fn is_symbol(&self, at: Option<usize>, symbol: u8) -> bool {
        at.and_then(|at| self.tokens.get(at)).is_some_and(|it| it.kind == Kind::Symbol(symbol))
    }

    /// What can't stand there and begins with that token.
    fn refused(&self, at: usize) -> Option<Refused> {
        let what = self.what;
        let server = self.subject.server;
        let before = at.checked_sub(1);
        match self.tokens.get(at)?.kind {
            Kind::Symbol(b'@') if server.refuses_variables(self.place) => {
                Some((format!("{what} can't read a variable"), String::new(), at))
            }
            Kind::Word => {
                let is_called = self.is_symbol(Some(at + 1), b'(');
                if self.is_symbol(before, b'.') {
                    return self.of_database(at).filter(|_| is_called);
                }
                if self.is_symbol(before, b'@') {
                    return None;
                }
                let word = self.slice(at).to_lowercase();
                if word == "select" {
                    return Some((format!("{what} can't contain a query"), String::new(), at));
                }
                if is_called || WITHOUT_PARENTHESES.contains(&word.as_str()) {
                    return self.call(at, &word);
                }
                None
            }
            _ => None,
        }
    }

    /// `db.f(…)` is a stored function.
    fn of_database(&self, at: usize) -> Option<Refused> {
        let title = format!("{} can't call a stored function", self.what);
        Some((title, String::new(), at))
    }

    fn call(&self, at: usize, word: &str) -> Option<Refused> {
        let (what, server) = (self.what, self.subject.server);
        let has_arguments =
            self.is_symbol(Some(at + 1), b'(') && !self.is_symbol(Some(at + 2), b')');
        if server.refuses_function(word, has_arguments, self.place) {
            return Some((format!("{what} can't call `{word}`"), String::new(), at));
        }
        if server.knows_word(word) {
            return None;
        }
        let mut objects = self.subject.schema.objects.keys();
        if objects.any(|it| it.kind == ObjectKind::Function && same_name(&it.name, word)) {
            let title = format!("{what} can't call `{word}`, which is a stored function");
            return Some((title, String::new(), at));
        }
        let near = near_name(word, server.native_functions());
        if server.takes_loaded_functions() && !near.is_some_and(|near| is_slip(word, near)) {
            return None;
        }
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let why = format!("{server} has no such function of its own");
        Some((format!("{what} can't call `{word}`: {why}"), label, at))
    }
}

/// Whether a name is nothing but a slip of the hand for another: nobody calls a function of their own
/// so. What differs in a digit may be a function of the same family.
fn is_slip(word: &str, near: &str) -> bool {
    let is_long = near.len() > 3;
    let has_letters = |text: &str| text.bytes().all(|byte| !byte.is_ascii_digit());
    is_long
        && has_letters(word)
        && has_letters(near)
        && strsim::damerau_levenshtein(word, near) == 1
}
