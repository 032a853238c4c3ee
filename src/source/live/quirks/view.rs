//! Makes the query in SHOW CREATE VIEW independent of the database's name.

use crate::model::{SelectText, View};
use crate::syntax::lexer::{Dialect, Token, TokenKind, lex};
use crate::syntax::literal::unquote;

/// Removes the database's own name from the query: SHOW CREATE VIEW qualifies every stored function
/// with it, and MariaDB qualifies every name in a view that also reads from another database or
/// from JSON_TABLE. If an alias has the database's name, the text stays as it is.
pub(in super::super) fn leave_out_database(view: &mut View, database: &str) {
    let text = view.select.text.as_str();
    let Ok(tokens) = lex(text, Dialect::default()) else { return };
    let is_name = |token: &Token| {
        let quoted = text.get(token.start..token.end).filter(|_| token.kind == TokenKind::Quoted);
        quoted.is_some_and(|quoted| unquote(quoted, false, Dialect::default()) == database)
    };
    let is_point = |at: usize| tokens.get(at).is_some_and(|it| it.kind == TokenKind::Symbol(b'.'));
    let mut rest = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let is_column = at.checked_sub(1).is_some_and(is_point);
        if !is_name(token) || is_column {
            continue;
        }
        let Some(next) = tokens.get(at + 2).filter(|_| is_point(at + 1)) else { return };
        rest.push_str(text.get(copied..token.start).unwrap_or_default());
        copied = next.start;
    }
    rest.push_str(text.get(copied..).unwrap_or_default());
    view.select = SelectText::new(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Security, ViewAlgorithm};

    fn left(text: &str) -> String {
        let mut view = View {
            name: "v".to_owned(),
            columns: Vec::new(),
            select: SelectText::new(text),
            algorithm: ViewAlgorithm::Undefined,
            security: Security::Definer,
            check_option: None,
            definer: None,
        };
        leave_out_database(&mut view, "d b");
        view.select.text.clone()
    }

    #[test]
    fn the_own_database_is_left_out() {
        for (shown, expected) in [
            ("select `d b`.`f`(`t`.`a`) AS `x` from `t`", "select `f`(`t`.`a`) AS `x` from `t`"),
            (
                "select `d b`.`t`.`a` AS `a` from (`d b`.`t` join `other`.`t`)",
                "select `t`.`a` AS `a` from (`t` join `other`.`t`)",
            ),
            ("select `t`.`d b` AS `a` from `t`", "select `t`.`d b` AS `a` from `t`"),
            ("select 'd b', \"`d b`.`t`\" AS `x`", "select 'd b', \"`d b`.`t`\" AS `x`"),
            (
                "select `d b`.`a` AS `a` from `d b`.`t` `d b`",
                "select `d b`.`a` AS `a` from `d b`.`t` `d b`",
            ),
            ("select `d b`.`t`.`a` AS `d b` from `t`", "select `d b`.`t`.`a` AS `d b` from `t`"),
        ] {
            assert_eq!(left(shown), expected);
        }
    }
}
