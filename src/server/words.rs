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

/// Each word; a function, which has a colon in the files, with the letters of the places where it
/// can't be called, or, in capitals, not without arguments. A function that is refused for some
/// arguments alone has no letters.
type Words = HashMap<&'static str, Option<&'static str>>;

static MYSQL: LazyLock<Words> = LazyLock::new(|| read(include_str!("words/mysql.txt")));
static MARIADB: LazyLock<Words> = LazyLock::new(|| read(include_str!("words/mariadb.txt")));

fn read(text: &'static str) -> Words {
    let word = |entry: &'static str| match entry.split_once(':') {
        Some((function, letters)) => (function, Some(letters)),
        None => (entry, None),
    };
    text.split_whitespace().map(word).collect()
}

impl Server {
    fn words(&self) -> &'static Words {
        match self.vendor {
            Vendor::MySql => &MYSQL,
            Vendor::MariaDb => &MARIADB,
        }
    }

    /// Whether a word, in lower case, is a keyword or a native function on some version.
    pub fn knows_word(&self, word: &str) -> bool {
        self.words().contains_key(word)
    }

    /// Every native function of some version.
    pub fn native_functions(&self) -> impl Iterator<Item = &'static str> {
        self.words().iter().filter(|(_, letters)| letters.is_some()).map(|(name, _)| *name)
    }

    /// Whether a native function, in lower case, can't be called in an expression that stands there.
    pub fn refuses_function(&self, function: &str, has_arguments: bool, place: Place) -> bool {
        let letter = LETTERS.iter().find(|(other, _)| *other == place).map(|(_, letter)| *letter);
        let refused = self.words().get(function).copied().flatten().unwrap_or_default();
        letter.is_some_and(|letter| {
            refused.contains(letter)
                || !has_arguments && refused.contains(letter.to_ascii_uppercase())
        })
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
        assert!(mysql.refuses_function("now", false, Place::Check));
        assert!(!mysql.refuses_function("now", false, Place::Default));
        assert!(!mariadb.refuses_function("now", false, Place::Virtual));
        assert!(mysql.refuses_function("sum", true, Place::IndexPart));
        assert!(mariadb.refuses_function("unix_timestamp", false, Place::Check));
        assert!(!mariadb.refuses_function("unix_timestamp", true, Place::Check));
        assert!(mysql.knows_word("st_area") && !mysql.knows_word("nvl"));
        assert!(mariadb.knows_word("nvl"));
    }
}
