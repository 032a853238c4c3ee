//! The words in each vendor's expressions: keywords and native functions, and where a function
//! can't be called.
//!
//! `words/*.txt` have every word from the binaries of MySQL 9.7, MariaDB 10.11 and 11.8 that could
//! be called without error 1305 (no such function), and the functions that MySQL 8.0 had in
//! addition. Each function was tried in each place. A file has the words of all versions: a word
//! that is newer than a server counts as known to it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Server, Vendor};

/// Where an expression is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpressionPlace {
    /// A CHECK.
    Check,
    /// A VIRTUAL generated column.
    Virtual,
    /// A STORED generated column.
    Stored,
    /// A default.
    Default,
    /// A part of an index.
    IndexPart,
}

/// The letter of each place in the files.
const LETTERS: &[(ExpressionPlace, char)] = &[
    (ExpressionPlace::Check, 'c'),
    (ExpressionPlace::Virtual, 'v'),
    (ExpressionPlace::Stored, 's'),
    (ExpressionPlace::Default, 'd'),
    (ExpressionPlace::IndexPart, 'i'),
];

/// Each word, with a function's properties, which follow a colon in the files.
type Words = HashMap<&'static str, Option<Function>>;

/// A function's properties, which follow its colon: `date_format:s=/2`.
#[derive(Debug, Clone, Copy)]
struct Function {
    /// The letters of the places where it can't be called. A digit after the letter: not with that
    /// number of arguments. A capital letter: not without arguments. A function that is only
    /// refused for the values of some arguments has no letter.
    refused: &'static str,
    /// Whether the server doesn't take its value for a truth value (`=` in the file), so that it
    /// alone can't be a CHECK.
    is_no_truth: bool,
    /// How many arguments it takes: a digit for each possible number after the slash, 9 for 9 and
    /// more. Empty if any number is possible, or if its arguments have a syntax of their own.
    counts: &'static str,
}

static MYSQL: LazyLock<Words> = LazyLock::new(|| read(include_str!("words/mysql.txt")));
static MARIADB: LazyLock<Words> = LazyLock::new(|| read(include_str!("words/mariadb.txt")));

fn read(text: &'static str) -> Words {
    let word = |entry: &'static str| match entry.split_once(':') {
        Some((name, known)) => {
            let (letters, counts) = known.split_once('/').unwrap_or((known, ""));
            let refused = letters.trim_end_matches('=');
            (name, Some(Function { refused, is_no_truth: refused != letters, counts }))
        }
        None => (entry, None),
    };
    text.split_whitespace().map(word).collect()
}

/// Column types to which no server casts.
const NO_CASTS: &[&str] = &[
    "bigint",
    "bit",
    "blob",
    "bool",
    "boolean",
    "enum",
    "fixed",
    "long",
    "longblob",
    "longtext",
    "mediumint",
    "mediumtext",
    "national",
    "number",
    "numeric",
    "nvarchar",
    "serial",
    "set",
    "smallint",
    "text",
    "timestamp",
    "tinyint",
    "tinytext",
    "varbinary",
    "varchar2",
];

/// Types to which only MariaDB casts.
const CASTS_OF_MARIADB: &[&str] = &["inet4", "inet6", "int", "integer", "uuid", "varchar"];

/// Types to which only MySQL casts.
const CASTS_OF_MYSQL: &[&str] = &["json", "real", "year"];

impl Server {
    fn words(&self) -> &'static Words {
        match self.vendor {
            Vendor::MySql => &MYSQL,
            Vendor::MariaDb => &MARIADB,
        }
    }

    fn function(&self, name: &str) -> Option<Function> {
        self.words().get(name).copied().flatten()
    }

    /// How many arguments a native function takes, in words, if `count` isn't possible. `None` on a
    /// server newer than the known ones, which may allow it. The name is in lower case.
    pub fn refuses_count(&self, function: &str, count: usize) -> Option<String> {
        let counts = self.function(function)?.counts;
        let numbers: Vec<usize> =
            counts.bytes().map(|digit| usize::from(digit.wrapping_sub(b'0'))).collect();
        if counts.is_empty() || numbers.contains(&count.min(9)) || self.newer_than_known().is_some()
        {
            return None;
        }
        Some(match numbers.as_slice() {
            [0] => "none".to_owned(),
            [first, .., 9] if first + numbers.len() == 10 => format!("{first} or more"),
            [init @ .., last] if !init.is_empty() && *last < 9 => {
                let init: Vec<String> = init.iter().map(usize::to_string).collect();
                format!("{} or {last}", init.join(", "))
            }
            [only] => only.to_string(),
            _ => "another number of them".to_owned(),
        })
    }

    /// Whether the server doesn't take a native function's value for a truth value. The name is in
    /// lower case.
    pub fn gives_no_truth(&self, function: &str) -> bool {
        self.function(function).is_some_and(|function| function.is_no_truth)
    }

    /// Whether a CHECK has to be a comparison, or another expression whose form is true or false
    /// (MySQL, error 3812).
    pub fn wants_truth_in_checks(&self) -> bool {
        self.vendor == Vendor::MySql
    }

    /// Whether the server has `->` and `->>` for JSON (MySQL 14.17.3 "Functions That Search JSON
    /// Values").
    pub fn has_json_arrows(&self) -> bool {
        self.vendor == Vendor::MySql
    }

    /// Whether CAST to a type is impossible, by the type's first word in lower case (MySQL 14.10
    /// "Cast Functions and Operators", MariaDB "CAST"; each was tried).
    pub fn refuses_cast_to(&self, word: &str) -> bool {
        let own = match self.vendor {
            Vendor::MySql => CASTS_OF_MARIADB,
            Vendor::MariaDb => CASTS_OF_MYSQL,
        };
        NO_CASTS.contains(&word) || own.contains(&word)
    }

    /// Whether a word, in lower case, is a keyword or a native function in any version.
    pub fn knows_word(&self, word: &str) -> bool {
        self.words().contains_key(word)
    }

    /// Every native function of any version.
    pub fn native_functions(&self) -> impl Iterator<Item = &'static str> {
        self.words().iter().filter(|(_, function)| function.is_some()).map(|(name, _)| *name)
    }

    /// Whether a native function can't be called with this many arguments (`None` if unknown) in an
    /// expression at this place. The name is in lower case.
    pub fn refuses_function(
        &self,
        function: &str,
        count: Option<usize>,
        place: ExpressionPlace,
    ) -> bool {
        let Some(Function { refused, .. }) = self.function(function) else { return false };
        let Some((_, letter)) = LETTERS.iter().find(|(other, _)| *other == place) else {
            return false;
        };
        let is_for = |next: Option<char>| match next.and_then(|next| next.to_digit(10)) {
            Some(digit) => count.is_some_and(|count| count == digit as usize),
            None => true,
        };
        let mut letters = refused.chars().peekable();
        let mut is_refused = count == Some(0) && refused.contains(letter.to_ascii_uppercase());
        while let Some(next) = letters.next() {
            is_refused |= next == *letter && is_for(letters.peek().copied());
        }
        is_refused || self.vendor == Vendor::MySql && self.is_of_component(function)
    }

    /// Whether the function belongs to a component of MySQL, so that expressions of tables may not
    /// call it (so for what 9.7 moved out of the server).
    fn is_of_component(&self, function: &str) -> bool {
        let is_new = (self.version.major, self.version.minor) >= (9, 7);
        is_new && matches!(function, "md5" | "sha" | "sha1")
    }

    /// Whether an expression at this place can't read a variable (MySQL 13.6, 15.1.20.6, 15.1.20.8;
    /// MariaDB by trial, error 1901).
    pub fn refuses_variables(&self, place: ExpressionPlace) -> bool {
        self.vendor == Vendor::MySql
            || matches!(place, ExpressionPlace::Check | ExpressionPlace::Stored)
    }

    /// Whether loadable functions may be called in expressions of tables (MariaDB "Generated
    /// Columns", "CONSTRAINT": yes; MySQL 13.6, 15.1.20.6, 15.1.20.8: no).
    pub fn takes_loaded_functions(&self) -> bool {
        self.vendor == Vendor::MariaDb
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_known_with_the_places_that_refuse_them() {
        let mysql = Server::mysql(8, 4, 0);
        let mariadb = Server::mariadb(11, 4, 0);
        for server in [mysql, mariadb] {
            assert!(server.knows_word("lower") && server.knows_word("md5"), "{server}");
            assert!(!server.knows_word("lenght"));
        }
        assert!(mysql.refuses_function("now", Some(0), ExpressionPlace::Check));
        assert!(!mysql.refuses_function("now", Some(0), ExpressionPlace::Default));
        assert!(!mariadb.refuses_function("now", Some(0), ExpressionPlace::Virtual));
        assert!(mysql.refuses_function("sum", Some(1), ExpressionPlace::IndexPart));
        assert!(mariadb.refuses_function("unix_timestamp", Some(0), ExpressionPlace::Check));
        assert!(!mariadb.refuses_function("unix_timestamp", Some(1), ExpressionPlace::Check));
        assert!(mariadb.refuses_function("date_format", Some(2), ExpressionPlace::Stored));
        assert!(!mariadb.refuses_function("date_format", Some(3), ExpressionPlace::Stored));
        assert!(!mariadb.refuses_function("date_format", None, ExpressionPlace::Stored));
        assert_eq!(mysql.refuses_count("round", 0), Some("1 or 2".to_owned()));
        assert_eq!(mysql.refuses_count("concat", 0), Some("1 or more".to_owned()));
        assert_eq!(mariadb.refuses_count("nullif", 1), Some("2".to_owned()));
        assert_eq!(mariadb.refuses_count("json_set", 12), None);
        assert_eq!(mysql.refuses_count("now", 1), None);
        assert!(mysql.gives_no_truth("abs") && !mysql.gives_no_truth("json_valid"));
        assert!(mysql.knows_word("st_area") && !mysql.knows_word("nvl"));
        assert!(mariadb.knows_word("nvl"));
    }
}
