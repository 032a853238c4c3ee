//! The words that each vendor's expressions know: keywords and native functions, and which functions
//! can't be called where.
//!
//! `words/*.txt` hold every word that could be called on MySQL 9.7, MariaDB 10.11 and 11.8 without
//! error 1305 (no such function), of all words in their binaries, and the functions that MySQL 8.0
//! had besides. Each function was tried in each place. A file has the words of all versions: one that
//! is newer than a server counts as known to it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Server, Vendor};

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A CHECK.
    Check,
    /// A column that is computed when it is read.
    Virtual,
    /// A column that is computed when it is written.
    Stored,
    /// A default.
    Default,
    /// A part of an index.
    IndexPart,
}

/// The letter of each place in the files.
const LETTERS: &[(Place, char)] = &[
    (Place::Check, 'c'),
    (Place::Virtual, 'v'),
    (Place::Stored, 's'),
    (Place::Default, 'd'),
    (Place::IndexPart, 'i'),
];

/// Each word, and what is known of it where it is a function, which has a colon in the files.
type Words = HashMap<&'static str, Option<Function>>;

/// What stands behind a function's colon: `date_format:s=/2`.
#[derive(Debug, Clone, Copy)]
struct Function {
    /// The letters of the places where it can't be called, or not with as many arguments as the digit
    /// behind the letter says, or, in capitals, not without arguments. A function that is refused for
    /// some arguments alone has none.
    refused: &'static str,
    /// Whether its value is no truth value to the server, which `=` says: a CHECK can't be it alone.
    is_no_truth: bool,
    /// How many arguments it takes, a digit for each number behind the stroke, 9 for that and more;
    /// empty where it takes any number, or where its arguments have a grammar of their own.
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

/// Types of columns that no server casts to.
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

/// Types that MariaDB alone casts to.
const CASTS_OF_MARIADB: &[&str] = &["inet4", "inet6", "int", "integer", "uuid", "varchar"];

/// Types that MySQL alone casts to.
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

    /// In words, how many arguments a native function, in lower case, takes, where that many are none
    /// of it; a server that is newer than those that are known may take them.
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

    /// Whether a native function, in lower case, gives what is no truth value to the server.
    pub fn gives_no_truth(&self, function: &str) -> bool {
        self.function(function).is_some_and(|function| function.is_no_truth)
    }

    /// Whether a CHECK has to be a comparison, or another expression that is true or false by its form
    /// (MySQL, error 3812).
    pub fn wants_truth_in_checks(&self) -> bool {
        self.vendor == Vendor::MySql
    }

    /// Whether `->` and `->>` take a value out of JSON (MySQL 14.17.3 "Functions That Search JSON
    /// Values").
    pub fn has_json_arrows(&self) -> bool {
        self.vendor == Vendor::MySql
    }

    /// Whether CAST can't give a type, by its first word in lower case (MySQL 14.10 "Cast Functions and
    /// Operators", MariaDB "CAST"; each was tried).
    pub fn refuses_cast_to(&self, word: &str) -> bool {
        let own = match self.vendor {
            Vendor::MySql => CASTS_OF_MARIADB,
            Vendor::MariaDb => CASTS_OF_MYSQL,
        };
        NO_CASTS.contains(&word) || own.contains(&word)
    }

    /// Whether a word, in lower case, is a keyword or a native function on some version.
    pub fn knows_word(&self, word: &str) -> bool {
        self.words().contains_key(word)
    }

    /// Every native function of some version.
    pub fn native_functions(&self) -> impl Iterator<Item = &'static str> {
        self.words().iter().filter(|(_, function)| function.is_some()).map(|(name, _)| *name)
    }

    /// Whether a native function, in lower case, can't be called with so many arguments in an
    /// expression that stands there. How many there are may not be known.
    pub fn refuses_function(&self, function: &str, count: Option<usize>, place: Place) -> bool {
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

    /// Whether MySQL has the function in a component, so that no expression of a table may call it (as
    /// 9.7 does with what it took out of the server).
    fn is_of_component(&self, function: &str) -> bool {
        let is_new = (self.version.major, self.version.minor) >= (9, 7);
        is_new && matches!(function, "md5" | "sha" | "sha1")
    }

    /// Whether an expression that stands there can't read a variable (MySQL 13.6, 15.1.20.6,
    /// 15.1.20.8; MariaDB by trial, error 1901).
    pub fn refuses_variables(&self, place: Place) -> bool {
        self.vendor == Vendor::MySql || matches!(place, Place::Check | Place::Stored)
    }

    /// Whether functions that are loaded into a server may be called in expressions of tables (MariaDB
    /// "Generated Columns", "CONSTRAINT"; MySQL 13.6, 15.1.20.6, 15.1.20.8: no).
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
        assert!(mysql.refuses_function("now", Some(0), Place::Check));
        assert!(!mysql.refuses_function("now", Some(0), Place::Default));
        assert!(!mariadb.refuses_function("now", Some(0), Place::Virtual));
        assert!(mysql.refuses_function("sum", Some(1), Place::IndexPart));
        assert!(mariadb.refuses_function("unix_timestamp", Some(0), Place::Check));
        assert!(!mariadb.refuses_function("unix_timestamp", Some(1), Place::Check));
        assert!(mariadb.refuses_function("date_format", Some(2), Place::Stored));
        assert!(!mariadb.refuses_function("date_format", Some(3), Place::Stored));
        assert!(!mariadb.refuses_function("date_format", None, Place::Stored));
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
