//! What a server does with a statement, given the tables that are there.

use std::collections::BTreeSet;

use super::timeline::Timeline;
use crate::migration::{ScriptStatement, StatementKind};
use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// What a statement is, with the schema before it. Data is in a transaction only if all tables that it
/// names have an engine with transactions.
pub(super) fn kind_on(statement: &ScriptStatement, before: &Timeline) -> StatementKind {
    match statement.kind {
        StatementKind::Data if names_table_without_transactions(&statement.text, before) => {
            StatementKind::Opaque { is_repeatable: false }
        }
        kind => kind,
    }
}

/// Whether a word or quoted name of a statement is that of a table without transactions.
fn names_table_without_transactions(text: &str, before: &Timeline) -> bool {
    let Ok(tokens) = lex(text, Dialect::default()) else { return true };
    let names = tokens.iter().filter_map(|token| match token.kind {
        TokenKind::Word => Some(text[token.start..token.end].to_lowercase()),
        TokenKind::Quoted => {
            let inner = text.get(token.start + 1..token.end - 1)?;
            Some(inner.replace("``", "`").to_lowercase())
        }
        _ => None,
    });
    let names: BTreeSet<String> = names.collect();
    before.tables().any(|table| {
        names.contains(&table.name.to_lowercase())
            && table.options.engine.as_deref().is_some_and(|it| !it.eq_ignore_ascii_case("InnoDB"))
    })
}
