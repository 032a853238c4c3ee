//! Which columns an expression uses.

use std::collections::HashSet;

use crate::model::{Column, Expression, Index, KeyPart};
use crate::syntax::lexer::Dialect;
use crate::syntax::references::References;

/// Whether an expression uses one of the columns, given in lower case, or may use it.
pub(super) fn references_columns(expression: &Expression, columns: &HashSet<String>) -> bool {
    References::of(expression).may_use_column(columns)
}

/// Whether a column is generated from one of the columns, given in lower case.
pub(super) fn is_generated_from(column: &Column, columns: &HashSet<String>) -> bool {
    column.generated.as_ref().is_some_and(|it| references_columns(&it.expression, columns))
}

/// The given names together with the columns that read them, directly or through other columns, all
/// in lower case. `reads` says whether a column reads any of the names.
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

/// Whether the expression gives a different value for every row. A server may refuse to add a
/// column with such a default to a table that has rows.
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
    has_word(expression, &VARYING)
}

/// Whether the expression may give a different value in another session or at another time, because
/// it depends on the clock, the time zone, the language or the user.
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
    varies_by_row(expression) || expression.text.contains('@') || has_word(expression, &DEPENDING)
}

/// Whether the expression contains one of these words, which are names of functions and types.
fn has_word(expression: &Expression, words: &[&str]) -> bool {
    let names = References::in_text(&expression.text, Dialect::default()).words();
    words.iter().any(|word| names.contains(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_and_texts_are_not() {
        assert!(varies_by_row(&Expression::new("uuid_to_bin(UUID())")));
        assert!(!varies_by_row(&Expression::new("concat('rand()', 1)")));
        assert!(depends_on_session(&Expression::new("if(d > Now(), @@version, 0)")));
        assert!(!depends_on_session(&Expression::new("year(`d`) + 1")));
    }
}
