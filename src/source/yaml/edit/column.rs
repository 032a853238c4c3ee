//! A column's new definition in the spelling of its old one: only the clauses that differ change.

use super::written::WrittenText;
use crate::model::{Column, ColumnVersioning, DefaultValue, GeneratedStorage};
use crate::source::yaml::node::{self, Value};
use crate::syntax::lexer::{Dialect, Token, TokenKind, lex};
use crate::syntax::{ClausePlace, ColumnClause, column_clauses, parse_column};

/// Clauses that have a key in a column's map, with the key.
const KEYS: &[(ColumnClause, &str)] = &[
    (ColumnClause::Null, "nullable"),
    (ColumnClause::Default, "default"),
    (ColumnClause::OnUpdate, "on_update"),
    (ColumnClause::AutoIncrement, "auto_increment"),
    (ColumnClause::Generated, "generated"),
    (ColumnClause::Charset, "charset"),
    (ColumnClause::Collation, "collation"),
    (ColumnClause::Comment, "comment"),
    (ColumnClause::Invisible, "invisible"),
    (ColumnClause::Check, "check"),
    (ColumnClause::Versioning, "system_versioning"),
    (ColumnClause::PrimaryKey, "primary_key"),
    (ColumnClause::Unique, "unique"),
];

/// What a column's map has to say instead.
pub(super) enum KeyChange {
    Set(&'static str, WrittenText),
    Remove(&'static str),
}

/// The text of each clause of a definition.
struct Clauses<'t> {
    text: &'t str,
    places: Vec<ClausePlace>,
}

impl<'t> Clauses<'t> {
    fn of(text: &'t str) -> Option<Self> {
        Some(Clauses { text, places: column_clauses(text).ok()? })
    }

    fn slice(&self, place: &ClausePlace) -> &'t str {
        self.text.get(place.range.clone()).unwrap_or_default()
    }

    fn texts(&self, clause: ColumnClause) -> Vec<&'t str> {
        let own = self.places.iter().filter(|place| place.clause == clause);
        own.map(|place| self.slice(place)).collect()
    }

    /// The clauses in their order, each once.
    fn kinds(&self) -> Vec<ColumnClause> {
        let mut kinds = Vec::new();
        for place in &self.places {
            if !kinds.contains(&place.clause) {
                kinds.push(place.clause);
            }
        }
        kinds
    }
}

/// The clauses in which two definitions differ.
fn differing(base: &Clauses<'_>, target: &Clauses<'_>) -> Vec<ColumnClause> {
    let mut kinds = target.kinds();
    kinds.extend(base.kinds().into_iter().filter(|it| !target.kinds().contains(it)));
    kinds.retain(|clause| base.texts(*clause) != target.texts(*clause));
    kinds
}

/// `existing` with the clauses of `target` in which that differs from `base`. The definitions are
/// those of one column; the last two are written by `pull`. `None` if one of them can't be read.
pub(super) fn merged(existing: &str, base: &str, target: &str) -> Option<String> {
    let (base, target) = (Clauses::of(base)?, Clauses::of(target)?);
    merge(existing, &base, &target, &differing(&base, &target))
}

fn merge(
    existing: &str,
    base: &Clauses<'_>,
    target: &Clauses<'_>,
    kinds: &[ColumnClause],
) -> Option<String> {
    let mut text = existing.to_owned();
    for kind in kinds {
        let wanted = target.texts(*kind).join(" ");
        let own = Clauses::of(&text)?;
        let places: Vec<ClausePlace> =
            own.places.iter().filter(|place| place.clause == *kind).cloned().collect();
        let mut with = text.clone();
        match (places.split_first(), wanted.is_empty()) {
            (None, true) => {}
            (None, false) => {
                let order = target.kinds();
                let before = order.iter().take_while(|it| *it != kind).collect::<Vec<_>>();
                let places = own.places.iter().filter(|it| before.contains(&&it.clause));
                let end = places.map(|it| it.range.end).max().unwrap_or(text.len());
                with.insert_str(end, &format!(" {wanted}"));
            }
            (Some((first, rest)), is_gone) => {
                for place in rest.iter().rev() {
                    take_out(&mut with, place);
                }
                match is_gone {
                    true => take_out(&mut with, first),
                    false => {
                        let old = own.slice(first);
                        let base = base.texts(*kind).join(" ");
                        let new = in_its_words(old, &base, &wanted).unwrap_or(wanted);
                        with.replace_range(first.range.clone(), &new);
                    }
                }
            }
        }
        text = with;
    }
    Some(text)
}

/// Takes a clause out, with the space before it.
fn take_out(text: &mut String, place: &ClausePlace) {
    let before = text.get(..place.range.start).unwrap_or_default();
    let start = before.trim_end().len();
    text.replace_range(start..place.range.end, "");
}

/// `target` with the words of `old` where `old` and `base` have the same.
fn in_its_words(old: &str, base: &str, target: &str) -> Option<String> {
    let tokens = |text: &str| {
        let mut tokens = lex(text, Dialect::default()).ok()?;
        tokens.retain(|token| token.kind != TokenKind::End);
        Some(tokens)
    };
    let (of_old, of_base, of_target) = (tokens(old)?, tokens(base)?, tokens(target)?);
    let same = |(one, a): (&str, &Token), (other, b): (&str, &Token)| {
        let (a, b) = (one.get(a.start..a.end), other.get(b.start..b.end));
        a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    let as_base = of_old.len() == of_base.len()
        && of_old.iter().zip(&of_base).all(|(a, b)| same((old, a), (base, b)));
    if !as_base {
        return None;
    }
    let shortest = of_old.len().min(of_target.len());
    let first = of_old.iter().zip(&of_target).take_while(|(a, b)| same((old, a), (target, b)));
    let first = first.count();
    let last = of_old.iter().rev().zip(of_target.iter().rev());
    let last = last.take_while(|(a, b)| same((old, a), (target, b))).count().min(shortest - first);
    // From the end of the last common token before the difference to the beginning of the first
    // one after it.
    let between = |text: &str, tokens: &[Token]| {
        let start = first.checked_sub(1).and_then(|at| tokens.get(at)).map_or(0, |it| it.end);
        let end = tokens.get(tokens.len() - last).map_or(text.len(), |it| it.start);
        start..end.max(start)
    };
    let (cut, put) = (between(old, &of_old), between(target, &of_target));
    let mut new = old.to_owned();
    new.replace_range(cut, target.get(put)?);
    Some(new)
}

/// The definition without one of its own keys and constraints. `None` if it doesn't have it.
pub(super) fn without(existing: &str, clause: ColumnClause, number: usize) -> Option<String> {
    let own = Clauses::of(existing)?;
    let place = own.places.iter().filter(|place| place.clause == clause).nth(number)?;
    let mut text = existing.to_owned();
    take_out(&mut text, place);
    Some(text)
}

/// What has to change in a column's map with these keys: the text of its type, and its other keys.
pub(super) fn merged_map(
    keys: &[String],
    ty: &str,
    base: &str,
    target: &str,
) -> Option<(String, Vec<KeyChange>)> {
    let column = parse_column("", target).ok()?.column;
    let (base, target) = (Clauses::of(base)?, Clauses::of(target)?);
    let (mut changes, mut in_text) = (Vec::new(), Vec::new());
    // Where the text is the type alone, everything else has its key.
    let is_type_alone = column_clauses(ty).ok()?.len() == 1;
    for clause in differing(&base, &target) {
        let is_key = |key: &str| {
            keys.iter().any(|it| it == key) || is_type_alone && value(&column, clause).is_some()
        };
        let key = KEYS.iter().find(|(it, key)| *it == clause && is_key(key));
        match key {
            Some((_, key)) => changes.push(match value(&column, clause) {
                Some(value) => KeyChange::Set(key, value),
                None => KeyChange::Remove(key),
            }),
            None => in_text.push(clause),
        }
    }
    Some((merge(ty, &base, &target, &in_text)?, changes))
}

/// The value of a clause's key. `None` if the column doesn't have the clause.
fn value(column: &Column, clause: ColumnClause) -> Option<WrittenText> {
    let word = |word: bool| WrittenText::Word(word.to_string());
    match clause {
        ColumnClause::Null => (!column.nullable).then(|| word(false)),
        ColumnClause::Default => column.default.as_ref().map(default),
        ColumnClause::OnUpdate => {
            column.on_update_now.then(|| WrittenText::Text("current_timestamp".to_owned()))
        }
        ColumnClause::AutoIncrement => column.auto_increment.then(|| word(true)),
        ColumnClause::Charset => column.charset.clone().map(WrittenText::Text),
        ColumnClause::Collation => column.collation.clone().map(WrittenText::Text),
        ColumnClause::Comment => {
            (!column.comment.is_empty()).then(|| WrittenText::Text(column.comment.clone()))
        }
        ColumnClause::Invisible => column.invisible.then(|| word(true)),
        ColumnClause::Check => column.check.as_ref().map(|it| WrittenText::Text(it.text.clone())),
        ColumnClause::Versioning => {
            (column.versioning == ColumnVersioning::Without).then(|| word(false))
        }
        ColumnClause::Generated => column.generated.as_ref().map(|it| {
            let mut entries =
                vec![("as".to_owned(), WrittenText::Text(it.expression.text.clone()))];
            if it.storage == GeneratedStorage::Stored {
                entries.push(("stored".to_owned(), word(true)));
            }
            WrittenText::Map { entries, is_flow: true }
        }),
        _ => None,
    }
}

fn default(default: &DefaultValue) -> WrittenText {
    let sql = |text: &str| WrittenText::Map {
        entries: vec![("sql".to_owned(), WrittenText::Text(text.to_owned()))],
        is_flow: true,
    };
    match default {
        DefaultValue::Null => WrittenText::Word("null".to_owned()),
        DefaultValue::Literal(text) => match node::parse(text).map(|it| it.value) {
            Ok(Value::Number) => WrittenText::Word(text.clone()),
            _ => WrittenText::Text(text.clone()),
        },
        DefaultValue::Bytes(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            sql(&format!("0x{digits}"))
        }
        DefaultValue::CurrentTimestamp => sql("current_timestamp"),
        DefaultValue::Expression(expression) => sql(&expression.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_clauses_that_differ_change() {
        for (existing, base, target, wanted) in [
            (
                "INT(3) NOT NULL primary key",
                "int(3) not null",
                "int not null",
                "INT NOT NULL primary key",
            ),
            ("varchar(20)", "varchar(20)", "varchar(40) not null", "varchar(40) not null"),
            (
                "VARCHAR(20)  default 'x' unique",
                "varchar(20) default 'x'",
                "varchar(20) not null default 'y' comment 'c'",
                "VARCHAR(20) not null  default 'y' comment 'c' unique",
            ),
            ("enum('a', 'b')", "enum('a','b')", "enum('a','b','c')", "enum('a', 'b','c')"),
            ("int comment 'a' default 5", "int default 5 comment 'a'", "int", "int"),
            ("integer", "int", "bigint", "bigint"),
        ] {
            assert_eq!(merged(existing, base, target).as_deref(), Some(wanted), "{existing}");
        }
    }

    #[test]
    fn a_key_of_its_own_is_taken_out() {
        let text = "int primary key check (a > 1) check (b)";
        assert_eq!(
            without(text, ColumnClause::PrimaryKey, 0).as_deref(),
            Some("int check (a > 1) check (b)")
        );
        assert_eq!(
            without(text, ColumnClause::Check, 1).as_deref(),
            Some("int primary key check (a > 1)")
        );
        assert_eq!(without(text, ColumnClause::Unique, 0), None);
    }
}
