//! A short text that says what the objects of a statement are, byte for byte, as the server shows
//! them.

use sha2::{Digest as _, Sha256};

use crate::model::ObjectKind;
use crate::source::dump::Effect;
use crate::source::live::{RunError, Worker};
use crate::syntax::lexer::{Dialect, TokenKind, lex};
use crate::syntax::quote_identifier;

/// The fingerprint of the tables and objects that a statement names, as they are now. `None` if it
/// names none, or if the server shows one of them to this account only in part.
///
/// It is taken in the session of the migration's file, so two of them are comparable only if they
/// were taken before or after the same statement.
pub(super) fn fingerprint(
    worker: &mut Worker,
    effect: &Effect,
) -> Result<Option<String>, RunError> {
    if effect.is_empty() {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    for table in &effect.tables {
        let shown = show(worker, "TABLE", table, 1)?;
        hash.update(format!("table {table}\n{}\n", shown.map(without_counter).unwrap_or_default()));
    }
    for object in &effect.objects {
        let Some((word, column)) = show_words(object.kind) else { return Ok(None) };
        let shown = show(worker, word, &object.name, column)?;
        hash.update(format!("{word} {}\n{}\n", object.name, shown.unwrap_or_default()));
    }
    let digest = hash.finalize();
    Ok(Some(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()))
}

/// The word after SHOW CREATE, and the column of the answer that has the statement.
fn show_words(kind: ObjectKind) -> Option<(&'static str, usize)> {
    Some(match kind {
        ObjectKind::View => ("VIEW", 1),
        ObjectKind::Trigger => ("TRIGGER", 2),
        ObjectKind::Procedure => ("PROCEDURE", 2),
        ObjectKind::Function => ("FUNCTION", 2),
        ObjectKind::Event => ("EVENT", 3),
        ObjectKind::Sequence => ("SEQUENCE", 1),
        _ => return None,
    })
}

/// What SHOW CREATE says; `None` if there is no such object.
fn show(
    worker: &mut Worker,
    word: &str,
    name: &str,
    column: usize,
) -> Result<Option<String>, RunError> {
    match worker.rows(&format!("SHOW CREATE {word} {}", quote_identifier(name))) {
        Ok(rows) => Ok(rows.into_iter().next().and_then(|row| row.into_iter().nth(column)?)),
        // ER_NO_SUCH_TABLE, ER_TRG_DOES_NOT_EXIST, ER_SP_DOES_NOT_EXIST, ER_EVENT_DOES_NOT_EXIST,
        // MariaDB's ER_UNKNOWN_SEQUENCES and ER_UNKNOWN_VIEW
        Err(error) if matches!(error.code(), Some(1146 | 1360 | 1305 | 1539 | 4091 | 4092)) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The text without the next value of AUTO_INCREMENT, which rows change.
fn without_counter(text: String) -> String {
    let Ok(tokens) = lex(&text, Dialect::default()) else { return text };
    let counter = tokens.windows(3).find(|part| {
        let is_word = |word: &str| text[part[0].start..part[0].end].eq_ignore_ascii_case(word);
        part[0].kind == TokenKind::Word
            && is_word("AUTO_INCREMENT")
            && part[1].kind == TokenKind::Symbol(b'=')
            && part[2].kind == TokenKind::Number
    });
    match counter {
        Some(part) => format!("{}{}", &text[..part[0].start], &text[part[2].end..]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::without_counter;

    #[test]
    fn the_next_value_of_auto_increment_does_not_count() {
        let of = |text: &str| without_counter(text.to_owned());
        assert_eq!(
            of(
                "CREATE TABLE `t` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=3'\n) ENGINE=InnoDB AUTO_INCREMENT=12 COMMENT='x'"
            ),
            "CREATE TABLE `t` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=3'\n) ENGINE=InnoDB  COMMENT='x'"
        );
        assert_eq!(of("CREATE TABLE `t` (`id` int)"), "CREATE TABLE `t` (`id` int)");
    }
}
