//! Checksums of scripts of SQL.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// The checksum of a script: the number of the algorithm, a colon, and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum(String);

impl Sum {
    /// A checksum as it was written.
    pub fn written(text: &str) -> Sum {
        Sum(text.to_owned())
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of the algorithm. Another number is needed if a change here gives any script
/// another checksum: the old ones stand in lock files and databases.
const ALGORITHM: u32 = 1;

/// The checksum of statements in order. Comments, white space, line ends and delimiters don't count,
/// because they don't change what is executed; versioned comments do. A statement counts by its
/// tokens, or by its bytes if it can't be divided into tokens.
pub(super) fn of_statements<'a>(statements: impl Iterator<Item = &'a str>) -> Sum {
    let mut whole = Sha256::new();
    for statement in statements {
        whole.update(of_statement(statement));
    }
    Sum(format!("{ALGORITHM}:{}", hex(&whole.finalize())))
}

fn of_statement(statement: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    match lex(statement, Dialect::default()) {
        Ok(tokens) => {
            for token in tokens.iter().filter(|token| token.kind != TokenKind::End) {
                let text = &statement[token.start..token.end];
                // The length keeps `a b` and `ab` apart.
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
        }
        Err(_) => hash.update(statement.as_bytes()),
    }
    hash.finalize().into()
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Sum;
    use crate::migration::MigrationScript;

    fn sum(script: &str) -> Sum {
        MigrationScript::read(script).unwrap().sum
    }

    #[test]
    fn what_is_executed_counts_and_nothing_else() {
        let script = "CREATE TABLE t (a int);\nUPDATE t SET a = 'x  y';\n";
        let same = [
            "-- first\r\nCREATE  TABLE t\r\n(a int) ;\r\n\r\nUPDATE t SET a='x  y'",
            "DELIMITER //\nCREATE TABLE t (a int)//\nDELIMITER ;\nUPDATE t SET a = 'x  y'; # end",
        ];
        for other in same {
            assert_eq!(sum(script), sum(other), "{other}");
        }
        let different = [
            "CREATE TABLE t (a int);\nUPDATE t SET a = 'x y';\n",
            "CREATE TABLE t (aint);\nUPDATE t SET a = 'x  y';\n",
            "CREATE TABLE t (a int);\nUPDATE t SET b = 'x  y';\n",
            "UPDATE t SET a = 'x  y';\nCREATE TABLE t (a int);\n",
            "CREATE TABLE t (a int);\nUPDATE t SET a = 'x  y';\nDELETE FROM t;\n",
            "CREATE TABLE t (a int);\nUPDATE t SET a = 'x  y' /*! LIMIT 1 */;\n",
            "CREATE TABLE t (a int);",
            "",
        ];
        for other in different {
            assert_ne!(sum(script), sum(other), "{other}");
        }
    }

    /// The checksums are in lock files and databases, so they never change.
    #[test]
    fn a_checksum_stays_as_it_is() {
        let script = "CREATE TABLE `t` (a int);\nINSERT INTO t VALUES (1, 'x');\n";
        insta::assert_snapshot!(sum(script), @"1:ba005d03a8b736da10144f2baac819ff5ff2c13b03b40e5235b97a1837a04bd1");
    }
}
