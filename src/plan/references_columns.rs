//! Which columns an expression speaks of.

use std::collections::{HashMap, HashSet};

use crate::model::{Column, Expression, Index, KeyPart};
use crate::syntax::lexer::{Dialect, Kind, lex};

/// Whether an expression names one of the columns, given in lower case. A function that is named
/// as a column counts too: doing too much for it does no harm.
pub(super) fn references_columns(expression: &Expression, columns: &HashSet<String>) -> bool {
    names(expression).iter().any(|name| columns.contains(name))
}

/// Whether a column is generated from one of the columns, given in lower case.
pub(super) fn is_generated_from(column: &Column, columns: &HashSet<String>) -> bool {
    column.generated.as_ref().is_some_and(|it| references_columns(&it.expression, columns))
}

/// The names with those of the columns that read them, themselves or through others, all in lower
/// case. `reads` tells whether a column counts as reading any of some names.
pub(super) fn with_readers(
    columns: &[Column],
    mut names: HashSet<String>,
    reads: impl Fn(&Column, &HashSet<String>) -> bool,
) -> HashSet<String> {
    let mut known = 0;
    while names.len() > known {
        known = names.len();
        let reading = columns.iter().filter(|column| reads(column, &names));
        let reading: Vec<String> = reading.map(|column| column.name.to_lowercase()).collect();
        names.extend(reading);
    }
    names
}

/// Whether an index has a part on one of the columns, given in lower case.
pub(super) fn index_references_columns(index: &Index, columns: &HashSet<String>) -> bool {
    index.parts.iter().any(|part| match &part.key {
        KeyPart::Column { name, .. } => columns.contains(&name.to_lowercase()),
        KeyPart::Expression(expression) => references_columns(expression, columns),
    })
}

/// Whether the expression is one column or one literal and computes nothing.
pub(super) fn is_column_or_literal(expression: &Expression) -> bool {
    let text = &expression.text;
    let Ok(mut tokens) = lex(text, Dialect::default()) else { return false };
    tokens.retain(|token| token.kind != Kind::End);
    let mut tokens = tokens.as_slice();
    while let [open, inner @ .., close] = tokens
        && (open.kind, close.kind) == (Kind::Symbol(b'('), Kind::Symbol(b')'))
    {
        tokens = inner;
    }
    match tokens {
        [one] => !matches!(one.kind, Kind::Operator(_) | Kind::Symbol(_)),
        [sign, number] if number.kind == Kind::Number => sign.kind == Kind::Symbol(b'-'),
        // A word before a text may be its character set.
        [word, literal] if literal.kind == Kind::Text => {
            word.kind == Kind::Word
                && text.get(word.start..word.end).is_some_and(|word| word.starts_with('_'))
        }
        _ => false,
    }
}

/// Whether two expressions are word for word the same once the columns of the old one have their new
/// names, given by the old ones in lower case.
pub(super) fn is_same_renamed(
    old: &Expression,
    new: &Expression,
    renames: &HashMap<String, String>,
) -> bool {
    let (Some(old), Some(new)) = (words(old), words(new)) else { return false };
    old.len() == new.len()
        && old.iter().zip(&new).all(|((kind, old), (new_kind, new))| {
            let is_name = matches!(kind, Kind::Word | Kind::Quoted);
            let renamed = renames.get(old).filter(|_| is_name).map(|name| name.to_lowercase());
            kind == new_kind && renamed.as_ref().unwrap_or(old) == new
        })
}

/// The tokens of an expression; words and quoted names in lower case and as plain words.
fn words(expression: &Expression) -> Option<Vec<(Kind, String)>> {
    let text = expression.canonical.as_ref().unwrap_or(&expression.text);
    let tokens = lex(text, Dialect::default()).ok()?;
    let word = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let named = tokens.iter().map(|token| {
        let word = word(token.start, token.end);
        match token.kind {
            Kind::Word => (Kind::Word, word.to_lowercase()),
            Kind::Quoted => {
                let inner = word.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
                (Kind::Word, inner.unwrap_or(word).replace("``", "`").to_lowercase())
            }
            kind => (kind, word.to_owned()),
        }
    });
    Some(named.collect())
}

/// Every word and quoted name of the expression, in lower case.
fn names(expression: &Expression) -> Vec<String> {
    let text = &expression.text;
    let Ok(tokens) = lex(text, Dialect::default()) else { return Vec::new() };
    tokens
        .iter()
        .filter_map(|token| {
            let word = text.get(token.start..token.end)?;
            match token.kind {
                Kind::Word => Some(word.to_lowercase()),
                Kind::Quoted => {
                    let inner = word.strip_prefix('`')?.strip_suffix('`')?;
                    Some(inner.replace("``", "`").to_lowercase())
                }
                _ => None,
            }
        })
        .collect()
}

/// Whether the expression gives another value for every row: a server may refuse to add a
/// column with such a default to rows that are there.
pub(super) fn varies_by_row(expression: &Expression) -> bool {
    const VARYING: [&str; 9] = [
        "uuid",
        "uuid_short",
        "rand",
        "random_bytes",
        "sysdate",
        "user",
        "current_user",
        "session_user",
        "system_user",
    ];
    names(expression).iter().any(|name| VARYING.contains(&name.as_str()))
}

/// Whether the expression may give another value in another session or at another time: by the
/// clock, the time zone, the language, or who is there.
pub(super) fn depends_on_session(expression: &Expression) -> bool {
    const DEPENDING: [&str; 32] = [
        "now",
        "curdate",
        "curtime",
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "utc_date",
        "utc_time",
        "utc_timestamp",
        "unix_timestamp",
        "from_unixtime",
        "dayname",
        "monthname",
        "date_format",
        "to_char",
        "week",
        "time",
        "timestamp",
        "datetime",
        "current_role",
        "connection_id",
        "database",
        "schema",
        "version",
        "sys_guid",
        "aes_encrypt",
        "aes_decrypt",
        "format",
        "time_format",
        "weekofyear",
    ];
    varies_by_row(expression)
        || expression.text.contains('@')
        || names(expression).iter().any(|name| DEPENDING.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_texts_are_not() {
        let columns: HashSet<String> = ["a`b".to_owned(), "c".to_owned()].into();
        assert!(references_columns(&Expression::new("lower(`A``b`)"), &columns));
        assert!(references_columns(&Expression::new("C + 1"), &columns));
        assert!(!references_columns(&Expression::new("d <> 'c'"), &columns));
        assert!(varies_by_row(&Expression::new("uuid_to_bin(UUID())")));
        assert!(!varies_by_row(&Expression::new("concat('rand()', 1)")));
        for plain in ["`a`", "(a)", "-1", "_utf8mb4'x'", "NULL"] {
            assert!(is_column_or_literal(&Expression::new(plain)), "{plain}");
        }
        for computed in ["a / b", "lower(a)", "now()", "-a", "date '2000-13-01'", "binary 'a'"] {
            assert!(!is_column_or_literal(&Expression::new(computed)), "{computed}");
        }
        assert!(depends_on_session(&Expression::new("if(d > Now(), @@version, 0)")));
        assert!(!depends_on_session(&Expression::new("year(`d`) + 1")));
    }
}
