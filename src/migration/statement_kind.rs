//! What a server does with a statement, as far as a runner of migrations has to know.

use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// What a server does with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// It changes the schema and commits by itself (MySQL 8.4 Reference Manual, 15.3.3 "Statements
    /// That Cause an Implicit Commit").
    Ddl,
    /// It changes rows within a transaction, if the engine of its tables has any.
    Data,
    /// Neither the schema nor a transaction tells whether it has run.
    Opaque {
        /// Whether it can run again.
        is_repeatable: bool,
    },
}

impl StatementKind {
    /// The word in the history and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            StatementKind::Ddl => "ddl",
            StatementKind::Data => "data",
            StatementKind::Opaque { .. } => "opaque",
        }
    }
}

/// What a statement is to a migration.
pub(super) enum StatementWord {
    /// It only sets up the session.
    Session,
    /// It is carried out.
    Runs(StatementKind),
    /// It can't be a part of a migration.
    Refused {
        /// The statement's words.
        word: String,
        /// Why.
        why: &'static str,
        /// What to do.
        help: &'static str,
    },
}

const OWN_TRANSACTION: &str = "each statement that changes rows runs in a transaction of its own, \
                               together with the record that it has run";
const NO_TRANSACTION: &str = "take it away; what must happen together goes into one statement";
const OTHER_DATABASE: &str = "a migration is about the database that the URL names";
const THIS_DATABASE: &str = "take it away, and name the database in the URL";

/// What the statement is, by its first words.
pub(super) fn kind_of(text: &str) -> StatementWord {
    let words = first_words(text);
    let second = words.get(1).map_or("", String::as_str);
    let refused = |why, help| StatementWord::Refused {
        word: match second {
            "DATABASE" | "SCHEMA" | "TRANSACTION" | "TABLES" => format!("{} {second}", words[0]),
            _ => words.first().cloned().unwrap_or_default(),
        },
        why,
        help,
    };
    let opaque = |is_repeatable| StatementWord::Runs(StatementKind::Opaque { is_repeatable });
    match words.first().map_or("", String::as_str) {
        "SET" if second == "STATEMENT" => after_for(text).map_or_else(|| opaque(false), kind_of),
        "SET" if !matches!(second, "PASSWORD" | "GLOBAL" | "PERSIST" | "PERSIST_ONLY") => {
            StatementWord::Session
        }
        "CREATE" | "DROP" | "ALTER" if matches!(second, "DATABASE" | "SCHEMA") => {
            match words[0].as_str() {
                "ALTER" => StatementWord::Runs(StatementKind::Ddl),
                _ => refused(OTHER_DATABASE, THIS_DATABASE),
            }
        }
        "CREATE" | "DROP" | "ALTER" if matches!(second, "USER" | "ROLE" | "SERVER" | "SPATIAL") => {
            match second {
                "SPATIAL" => StatementWord::Runs(StatementKind::Ddl),
                _ => opaque(false),
            }
        }
        "CREATE" | "ALTER" | "DROP" => StatementWord::Runs(StatementKind::Ddl),
        "RENAME" if second != "USER" => StatementWord::Runs(StatementKind::Ddl),
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" | "LOAD" | "SELECT" | "TABLE"
        | "VALUES" | "" => StatementWord::Runs(StatementKind::Data),
        "ANALYZE" | "CHECK" | "CHECKSUM" | "DO" | "FLUSH" | "GRANT" | "OPTIMIZE" | "SHOW"
        | "EXPLAIN" => opaque(true),
        "USE" => refused(OTHER_DATABASE, THIS_DATABASE),
        "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "XA" => {
            refused(OWN_TRANSACTION, NO_TRANSACTION)
        }
        "BEGIN" if second != "NOT" => refused(OWN_TRANSACTION, NO_TRANSACTION),
        "LOCK" | "UNLOCK" => refused(
            "it would commit, and no other table could be read, not even the record of what has run",
            "take it away; DDL takes its own locks",
        ),
        _ => opaque(false),
    }
}

/// The statement for which `SET STATEMENT … FOR` sets something.
fn after_for(text: &str) -> Option<&str> {
    let tokens = lex(text, Dialect::default()).ok()?;
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Symbol(b'(') => depth += 1,
            TokenKind::Symbol(b')') => depth -= 1,
            TokenKind::Word
                if depth == 0 && text[token.start..token.end].eq_ignore_ascii_case("FOR") =>
            {
                return tokens.get(at + 1).map(|next| &text[next.start..]);
            }
            _ => {}
        }
    }
    None
}

/// The first two words, in upper case; none of a text that doesn't begin with a word.
fn first_words(text: &str) -> Vec<String> {
    let Ok(tokens) = lex(text, Dialect::default()) else {
        let word = text.split(|char: char| !char.is_ascii_alphabetic()).next();
        return word.map(str::to_uppercase).into_iter().collect();
    };
    let words = tokens.iter().take(2).take_while(|token| token.kind == TokenKind::Word);
    words.map(|token| text[token.start..token.end].to_uppercase()).collect()
}
