//! Which statements are kept, and which are skipped.

/// What a statement's first word says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It may define a schema, so it has to be parsed.
    Keep,
    /// It is about data, rights or the session.
    Pass,
    /// Its effect is only known when it runs.
    Dynamic,
}

pub(super) fn classify(word: &str, byte: Option<u8>) -> Class {
    match word {
        "CALL" | "PREPARE" | "EXECUTE" => Class::Dynamic,
        "" if byte == Some(b'(') => Class::Pass,
        _ if PASSED.contains(&word) => Class::Pass,
        _ => Class::Keep,
    }
}

/// Statements that don't define tables, by their first word.
const PASSED: &[&str] = &[
    "ANALYZE",
    "BEGIN",
    "BINLOG",
    "CACHE",
    "CHANGE",
    "CHECK",
    "CHECKSUM",
    "COMMIT",
    "DEALLOCATE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DO",
    "EXPLAIN",
    "FLUSH",
    "GET",
    "GRANT",
    "HANDLER",
    "HELP",
    "INSERT",
    "INSTALL",
    "KILL",
    "LOAD",
    "LOCK",
    "OPTIMIZE",
    "PURGE",
    "RELEASE",
    "REPAIR",
    "REPLACE",
    "RESET",
    "RESTART",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SHOW",
    "SHUTDOWN",
    "SIGNAL",
    "START",
    "STOP",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "VALUES",
    "WITH",
    "XA",
];
