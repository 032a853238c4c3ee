//! Reserved words, which SQL takes as names only in quotes.
//!
//! `words/reserved_*.txt` have every word that can't be the name of a column without quotes (found
//! by trial on MySQL 9.7, MariaDB 10.11 and 11.8). A version after a colon is the first in which it
//! was reserved (MySQL 11.3 "Keywords and Reserved Words", MariaDB "Reserved Words"); the others are
//! reserved in every supported version.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Server, Vendor, Version};

/// Since when a word is reserved, for a certain server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// It is reserved on that server.
    Now,
    /// A later version reserves it.
    Later(Server),
}

type Words = HashMap<&'static str, Option<Version>>;

static MYSQL: LazyLock<Words> = LazyLock::new(|| read(include_str!("words/reserved_mysql.txt")));
static MARIADB: LazyLock<Words> =
    LazyLock::new(|| read(include_str!("words/reserved_mariadb.txt")));

fn read(text: &'static str) -> Words {
    let word = |entry: &'static str| match entry.split_once(':') {
        Some((word, version)) => (word, Version::exactly(version)),
        None => (entry, None),
    };
    text.split_whitespace().map(word).collect()
}

/// No reserved word is longer.
const LONGEST: usize = 24;

impl Server {
    /// Whether a name is a reserved word, in whatever case. `None` if no known version of the
    /// vendor's server reserves it.
    pub fn reserves(&self, name: &str) -> Option<Reserved> {
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        let words = match self.vendor {
            Vendor::MySql => &MYSQL,
            Vendor::MariaDb => &MARIADB,
        };
        let since = *words.get(std::str::from_utf8(lower).ok()?)?;
        Some(match since {
            Some(version) if first(version) > self.version => {
                Reserved::Later(Server { vendor: self.vendor, version })
            }
            _ => Reserved::Now,
        })
    }
}

/// The first patch of a version that names none.
fn first(version: Version) -> Version {
    match version.patch {
        Version::NEWEST_PATCH => Version { patch: 0, ..version },
        _ => version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_whatever_case() {
        let mysql = Server::mysql(8, 4, 3);
        assert_eq!(mysql.reserves("Order"), Some(Reserved::Now));
        assert_eq!(mysql.reserves("qualify"), Some(Reserved::Now));
        assert_eq!(mysql.reserves("order_id"), None);
        assert_eq!(mysql.reserves("offset"), None);
        assert_eq!(Server::mariadb(11, 4, 2).reserves("offset"), Some(Reserved::Now));
        assert_eq!(mysql.reserves("a_name_that_is_longer_than_any_word"), None);
        assert!(MYSQL.keys().chain(MARIADB.keys()).all(|word| word.len() <= LONGEST));
    }

    #[test]
    fn a_later_version_is_named() {
        let later = Server::mysql(8, 0, 40).reserves("library");
        let version = Version { major: 9, minor: 4, patch: Version::NEWEST_PATCH };
        let since = Server { vendor: Vendor::MySql, version };
        assert_eq!(later, Some(Reserved::Later(since)));
        assert_eq!(Server::mysql(9, 4, 0).reserves("library"), Some(Reserved::Now));
        assert_eq!(Server::mariadb(10, 11, 6).reserves("row_number"), Some(Reserved::Now));
    }
}
