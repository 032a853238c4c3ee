//! Expressions of a table that can't be read or that contain something forbidden: queries,
//! variables, and functions whose value depends on more than the row (MySQL 13.6, 15.1.20.6,
//! 15.1.20.8; MariaDB "Generated Columns", "CONSTRAINT").

use super::defaults::of_day;
use super::expressions::{Expressed, Use};
use super::syntax;
use super::{Subject, ValidationError, Word};
use crate::diagnostic::near_name;
use crate::model::{GeneratedStorage, KeyPart, ObjectKind, Table, same_name};
use crate::normalize::expression::{Outermost, outermost};
use crate::server::{Capability, ExpressionPlace, collation_name};
use crate::syntax::expression::WITHOUT_PARENTHESES;
use crate::syntax::lexer::{Token, TokenKind};

/// Words that separate the arguments of some functions.
const BETWEEN_ARGUMENTS: &[&str] =
    &["as", "distinct", "for", "from", "in", "order", "returning", "separator", "using"];

/// The type to write in CAST instead of a type of columns.
fn near_cast(word: &str) -> Option<&'static str> {
    match word {
        "bigint" | "bool" | "boolean" | "int" | "integer" | "mediumint" | "smallint"
        | "tinyint" => Some("signed"),
        "longtext" | "mediumtext" | "nvarchar" | "text" | "tinytext" | "varchar" | "varchar2" => {
            Some("char")
        }
        "blob" | "longblob" | "varbinary" => Some("binary"),
        "fixed" | "number" | "numeric" => Some("decimal"),
        "timestamp" => Some("datetime"),
        _ => None,
    }
}

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let has_indexes = subject.server.can(Capability::FunctionalIndexes);
    for expressed in subject.expressions {
        // If the server has no expressions in indexes, that is reported already.
        if expressed.what == Use::IndexPart && !has_indexes {
            continue;
        }
        let error = what_is_refused(subject, expressed)
            .or_else(|| unreadable(subject, expressed))
            .or_else(|| is_no_condition(subject, expressed))
            .or_else(|| is_column_alone(expressed));
        found.extend(error);
    }
}

/// The words in messages for what the expression is used for.
fn words_for(what: Use) -> &'static str {
    match what {
        Use::Check => "a CHECK",
        Use::Generated(..) => "a generated column",
        Use::Default(_) => "a default",
        Use::IndexPart => "an index",
        Use::Partitions => "partitions",
    }
}

fn unreadable(subject: &Subject<'_>, expressed: &Expressed<'_>) -> Option<ValidationError> {
    let problem = syntax::problem(&expressed.expression.text, &expressed.tokens, subject.server)?;
    let title = format!("syntax error in {}: {}", words_for(expressed.what), problem.title);
    let word = word_at(&expressed.expression.text, problem.word, problem.start);
    Some(
        ValidationError::new(expressed.element.clone(), title)
            .labelled(problem.label)
            .at_word(word),
    )
}

/// The word of an expression, with the number of times that it occurs before its start.
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

/// The place of the expression, which decides what functions it can call. `None` for partitions,
/// which have rules of their own.
fn place_of(what: Use, table: &Table) -> Option<ExpressionPlace> {
    Some(match what {
        Use::Check => ExpressionPlace::Check,
        Use::Default(_) => ExpressionPlace::Default,
        Use::IndexPart => ExpressionPlace::IndexPart,
        Use::Generated(_, GeneratedStorage::Stored) => ExpressionPlace::Stored,
        Use::Generated(at, GeneratedStorage::Virtual) => {
            let name = &table.columns.get(at)?.name;
            // A virtual column in an index is stored there, so the rules for stored columns apply.
            let in_index = table.all_indexes().flat_map(|index| &index.parts).any(|part| {
                matches!(&part.key, KeyPart::Column { name: other, .. } if same_name(other, name))
            });
            if in_index { ExpressionPlace::Stored } else { ExpressionPlace::Virtual }
        }
        Use::Partitions => return None,
    })
}

fn what_is_refused(subject: &Subject<'_>, expressed: &Expressed<'_>) -> Option<ValidationError> {
    let text = expressed.expression.text.as_str();
    let tokens = expressed.tokens.as_slice();
    let place = place_of(expressed.what, subject.table)?;
    let what = words_for(expressed.what);
    let reader = Reader { subject, text, tokens, place, what };
    let (title, label, token) = (0..tokens.len()).find_map(|at| reader.refused(at))?;
    let word = reader.slice(token).to_owned();
    let start = tokens.get(token).map_or(0, |token| token.start);
    let error = ValidationError::new(expressed.element.clone(), title).labelled(label);
    Some(error.at_word(word_at(text, word, start)))
}

/// Reports a CHECK that is a number, a text, or a date and time, if the server requires a
/// condition.
fn is_no_condition(subject: &Subject<'_>, expressed: &Expressed<'_>) -> Option<ValidationError> {
    let server = subject.server;
    if expressed.what != Use::Check || !server.wants_truth_in_checks() {
        return None;
    }
    let is_value = match outermost(expressed.expression)? {
        Outermost::Column | Outermost::Value => true,
        Outermost::Call(function) => server.gives_no_truth(&function),
    };
    is_value.then(|| {
        let title = "a CHECK must be a condition, and this is a value to the server";
        ValidationError::new(expressed.element.clone(), title)
            .labelled("compare it, as in `(…) <> 0` or `(…) = true`")
    })
}

/// Reports an index part that is a column but is written as an expression (MySQL 15.1.15
/// "Functional Key Parts").
fn is_column_alone(expressed: &Expressed<'_>) -> Option<ValidationError> {
    let is_part = expressed.what == Use::IndexPart;
    (is_part && outermost(expressed.expression)? == Outermost::Column).then(|| {
        let title = "write a column of an index without parentheses";
        ValidationError::new(expressed.element.clone(), title)
            .at(expressed.expression.text.as_str())
    })
}

struct Reader<'a> {
    subject: &'a Subject<'a>,
    text: &'a str,
    tokens: &'a [Token],
    place: ExpressionPlace,
    what: &'static str,
}

/// A title, a label, and the number of the token that is refused.
type Refused = (String, String, usize);

impl Reader<'_> {
    fn slice(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|it| self.text.get(it.start..it.end)).unwrap_or_default()
    }

    fn is_symbol(&self, at: Option<usize>, symbol: u8) -> bool {
        at.and_then(|at| self.tokens.get(at)).is_some_and(|it| it.kind == TokenKind::Symbol(symbol))
    }

    /// What is refused at this token, if anything is.
    fn refused(&self, at: usize) -> Option<Refused> {
        let what = self.what;
        let server = self.subject.server;
        let before = at.checked_sub(1);
        match self.tokens.get(at)?.kind {
            TokenKind::Symbol(b'@') if server.refuses_variables(self.place) => {
                Some((format!("{what} can't read a variable"), String::new(), at))
            }
            TokenKind::Operator(arrow @ ("->" | "->>")) if !server.has_json_arrows() => {
                let title = format!("{what} can't use `{arrow}`: {server} has no such operator");
                let instead = match arrow {
                    "->" => "json_extract(…)",
                    _ => "json_unquote(json_extract(…))",
                };
                Some((title, format!("write `{instead}`"), at))
            }
            TokenKind::Word => {
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
                if word == "over" && self.is_symbol(before, b')') {
                    return Some((
                        format!("{what} can't call a window function"),
                        String::new(),
                        at,
                    ));
                }
                if word == "against" && is_called {
                    return Some((format!("{what} can't search with MATCH"), String::new(), at));
                }
                match word.as_str() {
                    "cast" if is_called => return self.cast(at),
                    "collate" => return self.collation(at + 1),
                    "date" => return self.date(at + 1),
                    _ => {}
                }
                if is_called || WITHOUT_PARENTHESES.contains(&word.as_str()) {
                    return self.call(at, &word);
                }
                None
            }
            _ => None,
        }
    }

    /// The number of arguments in parentheses. `opener` is the opening parenthesis. `None` if they
    /// aren't closed, or if words separate some of the arguments.
    fn arguments(&self, opener: usize) -> Option<usize> {
        let (mut depth, mut commas) = (1_usize, 0);
        for at in opener + 1..self.tokens.len() {
            match self.tokens.get(at)?.kind {
                TokenKind::Symbol(b'(') => depth += 1,
                TokenKind::Symbol(b')') => depth -= 1,
                TokenKind::Symbol(b',') if depth == 1 => commas += 1,
                TokenKind::Word if depth == 1 => {
                    let is_name = self.is_symbol(Some(at - 1), b'.');
                    let word = self.slice(at).to_lowercase();
                    if !is_name && BETWEEN_ARGUMENTS.contains(&word.as_str()) {
                        return None;
                    }
                }
                _ => {}
            }
            if depth == 0 {
                return Some(if at == opener + 1 { 0 } else { commas + 1 });
            }
        }
        None
    }

    /// Refuses a CAST to a type to which the server can't cast.
    fn cast(&self, at: usize) -> Option<Refused> {
        let mut depth = 0_usize;
        for at in at + 1..self.tokens.len() {
            match self.tokens.get(at)?.kind {
                TokenKind::Symbol(b'(') => depth += 1,
                TokenKind::Symbol(b')') if depth == 1 => return None,
                TokenKind::Symbol(b')') => depth -= 1,
                TokenKind::Word if depth == 1 && self.slice(at).eq_ignore_ascii_case("as") => {
                    let server = self.subject.server;
                    let word = self.slice(at + 1).to_lowercase();
                    if !server.refuses_cast_to(&word) {
                        return None;
                    }
                    let title = format!("{} can't cast to `{word}` on {server}", self.what);
                    let near = near_cast(&word).map(|near| format!("write `{near}`"));
                    return Some((title, near.unwrap_or_default(), at + 1));
                }
                _ => {}
            }
        }
        None
    }

    /// Refuses a collation that the server doesn't have.
    fn collation(&self, at: usize) -> Option<Refused> {
        let server = self.subject.server;
        let (name, charset) = collation_name(self.slice(at).trim_matches(['`', '\'', '"']));
        let is_of_newer = name.contains("_0900_") && !server.can(Capability::Uca900Collations)
            || name.contains("uca1400") && !server.can(Capability::Uca1400Collations);
        if !is_of_newer && (charset.is_none() || !server.lacks_collation(&name)) {
            return None;
        }
        let all = charset.map(|charset| server.collations_of(&charset)).unwrap_or_default();
        let near = near_name(&name, all.iter().map(String::as_str));
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        Some((format!("{server} has no collation `{name}`"), label, at))
    }

    /// Refuses a date that doesn't exist, as in `DATE '2024-02-30'`.
    fn date(&self, at: usize) -> Option<Refused> {
        let token = self.tokens.get(at).filter(|token| token.kind == TokenKind::Text)?;
        let text = self.text.get(token.start + 1..token.end.checked_sub(1)?)?;
        let why = of_day(text, false, self.subject.server)?;
        Some((format!("{} can't have the date `{text}`: {why}", self.what), String::new(), at))
    }

    /// Refuses `db.f(…)`, which is a stored function.
    fn of_database(&self, at: usize) -> Option<Refused> {
        let title = format!("{} can't call a stored function", self.what);
        Some((title, String::new(), at))
    }

    fn call(&self, at: usize, word: &str) -> Option<Refused> {
        let (what, server) = (self.what, self.subject.server);
        let is_called = self.is_symbol(Some(at + 1), b'(');
        let count = if is_called { self.arguments(at + 1) } else { Some(0) };
        if server.refuses_function(word, count, self.place) {
            return Some((format!("{what} can't call `{word}`"), String::new(), at));
        }
        if server.knows_word(word) {
            let count =
                if self.is_symbol(Some(at + 1), b'(') { self.arguments(at + 1)? } else { 0 };
            let takes = server.refuses_count(word, count)?;
            let noun = if count == 1 { "argument" } else { "arguments" };
            let title = format!("`{word}` in {what} has {count} {noun}, and takes {takes}");
            return Some((title, String::new(), at));
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

/// Whether a name is most likely a misspelling of another one, and not the name of somebody's own
/// function. If digits differ, it may be another function of the same family.
fn is_slip(word: &str, near: &str) -> bool {
    let is_long = near.len() > 3;
    let has_letters = |text: &str| text.bytes().all(|byte| !byte.is_ascii_digit());
    is_long
        && has_letters(word)
        && has_letters(near)
        && strsim::damerau_levenshtein(word, near) == 1
}
