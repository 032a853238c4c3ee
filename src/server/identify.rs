//! Which server answers, and whether it can be read.

use super::{Server, Vendor, Version};

/// Why a server that speaks the protocol is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsupportedServer {
    /// Another product that only speaks the protocol; its name.
    Relative(&'static str),
    /// Older than the oldest supported version.
    TooOld,
    /// It states no version.
    NoVersion,
}

/// Products that speak the protocol and describe their schemas differently: a text that is in their
/// `VERSION()` or `@@version_comment`, case-insensitively, and the product's name.
///
/// TiDB "VERSION()", `8.0.11-TiDB-v7.5.0`; Vitess `mysql_server_version`, `8.0.30-Vitess`;
/// OceanBase "VERSION", `5.7.25-OceanBase-v4.3.1.0`; PolarDB-X `5.7.25-TDDL-5.4.12`,
/// `8.0.3-PolarDB-X`; SingleStore "version_comment", `SingleStoreDB source distribution`; Dolt's is
/// `Dolt`; StarRocks and Doris `5.1.0`, `5.7.99` with the name in the comment.
const RELATIVES: &[(&str, &str)] = &[
    ("tidb", "TiDB"),
    ("vitess", "Vitess"),
    ("planetscale", "Vitess (PlanetScale)"),
    ("oceanbase", "OceanBase"),
    ("polardb-x", "PolarDB-X"),
    ("tddl", "PolarDB-X"),
    ("singlestore", "SingleStore"),
    ("memsql", "SingleStore"),
    ("xpand", "MariaDB Xpand"),
    ("clustrix", "ClustrixDB"),
    ("dolt", "Dolt"),
    ("starrocks", "StarRocks"),
    ("doris", "Apache Doris"),
    ("clickhouse", "ClickHouse"),
    ("databend", "Databend"),
    ("greptime", "GreptimeDB"),
    ("matrixone", "MatrixOne"),
    ("readyset", "Readyset"),
];

impl Server {
    /// The oldest supported version of each vendor: the first general release of MySQL 8.0, and the
    /// oldest MariaDB that distributions still maintain.
    pub const OLDEST: [Server; 2] = [Server::mysql(8, 0, 11), Server::mariadb(10, 6, 0)];

    /// The newest known version of each vendor. Newer ones follow its rules.
    pub const NEWEST: [Server; 2] =
        [Server::mysql(9, 7, Version::NEWEST_PATCH), Server::mariadb(11, 8, Version::NEWEST_PATCH)];

    /// The note about a version newer than the newest known one. `None` for others.
    pub fn newer_than_known(&self) -> Option<String> {
        let newest = Server::NEWEST.into_iter().find(|newest| newest.vendor == self.vendor)?;
        (self.version > newest.version).then(|| {
            format!(
                "{self} is newer than {newest}, the newest that driftline knows, and is read by its rules"
            )
        })
    }

    /// The server that answers `SELECT VERSION(), @@version_comment` like this, or an error if it
    /// can't be read. The comment is empty if the server has none.
    pub fn identify(version: &str, comment: &str) -> Result<Server, UnsupportedServer> {
        let words = format!("{version} {comment}").to_ascii_lowercase();
        if let Some((_, name)) = RELATIVES.iter().find(|(word, _)| words.contains(word)) {
            return Err(UnsupportedServer::Relative(name));
        }
        let server = Server::from_version_string(version).ok_or(UnsupportedServer::NoVersion)?;
        if server.is_supported() { Ok(server) } else { Err(UnsupportedServer::TooOld) }
    }

    /// The server for the text of `SELECT VERSION()` or of a dump's header: `9.7.4-2`,
    /// `5.5.5-10.11.19-MariaDB-…`. `None` if the text has no version.
    pub fn from_version_string(text: &str) -> Option<Server> {
        // MariaDB 10 puts this first, for clients that take a major version of two digits for an
        // old one.
        let (digits, is_disguised) = match text.strip_prefix("5.5.5-") {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => (rest, true),
            _ => (text, false),
        };
        let is_mariadb = is_disguised || text.to_ascii_lowercase().contains("mariadb");
        let vendor = if is_mariadb { Vendor::MariaDb } else { Vendor::MySql };
        let version = aurora(text).or_else(|| Version::leading(digits))?;
        Some(Server { vendor, version })
    }

    /// The server itself, or the oldest supported version of its vendor if it is older.
    pub fn or_oldest(self) -> Server {
        let is_same = |oldest: &&Server| oldest.vendor == self.vendor;
        match Server::OLDEST.iter().find(is_same) {
            Some(oldest) if !self.is_supported() => Server {
                version: Version { patch: Version::NEWEST_PATCH, ..oldest.version },
                ..*oldest
            },
            _ => self,
        }
    }

    /// Whether the version is supported.
    pub(crate) fn is_supported(&self) -> bool {
        Server::OLDEST
            .iter()
            .any(|oldest| self.vendor == oldest.vendor && self.version >= oldest.version)
    }
}

/// The MySQL version that an Aurora MySQL 3 version is compatible with. AWS names Aurora's in its
/// API as `8.0.mysql_aurora.3.05.2` (Aurora MySQL release notes); the server's own `VERSION()`
/// already is MySQL's.
pub(super) fn aurora(text: &str) -> Option<Version> {
    let minor = text.strip_prefix("8.0.mysql_aurora.3.")?.split('.').next()?.parse::<u16>().ok()?;
    let patch = match minor {
        0..=3 => 23,
        4 => 28,
        5..=8 => 32,
        9 => 40,
        _ => 42,
    };
    Some(Version { major: 8, minor: 0, patch })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_servers_write_them() {
        let server = |text: &str| Server::from_version_string(text);
        assert_eq!(server("8.0.28"), Some(Server::mysql(8, 0, 28)));
        assert_eq!(server("8.0.35-rds"), Some(Server::mysql(8, 0, 35)));
        assert_eq!(server("8.0.36-28"), Some(Server::mysql(8, 0, 36)));
        assert_eq!(server("8.0.11"), Some(Server::mysql(8, 0, 11)));
        assert_eq!(server("8.0.31-google"), Some(Server::mysql(8, 0, 31)));
        assert_eq!(server("9.7.4-2"), Some(Server::mysql(9, 7, 4)));
        assert_eq!(server("8.4.3-0ubuntu0.24.04.1"), Some(Server::mysql(8, 4, 3)));
        assert_eq!(server("10.6.14-MariaDB-log"), Some(Server::mariadb(10, 6, 14)));
        assert_eq!(server("5.5.5-10.11.19-MariaDB-0+deb12u1"), Some(Server::mariadb(10, 11, 19)));
        assert_eq!(server("5.5.5-10.6.12"), Some(Server::mariadb(10, 6, 12)));
        assert_eq!(server("11.4.5-3-MariaDB-enterprise-log"), Some(Server::mariadb(11, 4, 5)));
        assert_eq!(server("5.5.5-log"), Some(Server::mysql(5, 5, 5)));
        for (aurora, patch) in [("3.01.0", 23), ("3.04.0", 28), ("3.05.2", 32), ("3.11.0", 42)] {
            let text = format!("8.0.mysql_aurora.{aurora}");
            assert_eq!(server(&text), Some(Server::mysql(8, 0, patch)), "{text}");
        }
        for garbage in ["", "what", "-", "MariaDB", "99999999999.1", "v8.0.36", "\u{0663}.1"] {
            assert_eq!(server(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn versions_as_people_write_them() {
        let read = |text: &str| text.parse::<Server>();
        let newest = Version::NEWEST_PATCH;
        assert_eq!(read("mysql:8.4"), Ok(Server::mysql(8, 4, newest)));
        assert_eq!(read("MariaDB:10.6.14"), Ok(Server::mariadb(10, 6, 14)));
        assert_eq!(read("mysql:9"), Ok(Server::mysql(9, 0, newest)));
        assert_eq!(read("mysql:8.0.mysql_aurora.3.04.0"), Ok(Server::mysql(8, 0, 28)));
        for (text, wanted) in [
            (
                "mysql:5.7",
                "MySQL 5.7 is too old; the oldest supported are MySQL 8.0.11 and MariaDB 10.6.0",
            ),
            ("mysql:5.5", "MySQL 5.5 is too old"),
            ("mysql:8.0.4", "MySQL 8.0.4 is too old"),
            ("mariadb:10.4", "MariaDB 10.4 is too old"),
            ("mariadb:latest", "`latest` isn't a version; write mysql:9.7 or mariadb:11.8"),
            ("mysql:8.4-lts", "`8.4-lts` isn't a version"),
            ("mysql:8.4.1.2", "isn't a version"),
            ("mysql:+8.4", "isn't a version"),
            ("oracle:12", "`oracle:12` isn't a server"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
        let note = |text: &str| read(text).unwrap().newer_than_known();
        assert_eq!(note("mysql:9.7"), None);
        assert_eq!(note("mariadb:11.8.99"), None);
        assert_eq!(
            note("mysql:99").as_deref(),
            Some(
                "MySQL 99.0 is newer than MySQL 9.7, the newest that driftline knows, and is read by its rules"
            )
        );
    }

    #[test]
    fn servers_that_cannot_be_read_are_named() {
        let relative = |version, comment| match Server::identify(version, comment) {
            Err(UnsupportedServer::Relative(name)) => name,
            other => panic!("{version}: {other:?}"),
        };
        assert_eq!(relative("8.0.11-TiDB-v7.5.0", ""), "TiDB");
        assert_eq!(relative("8.0.30-Vitess", ""), "Vitess");
        assert_eq!(relative("5.7.9-vitess-10.0.0-SNAPSHOT", ""), "Vitess");
        assert_eq!(relative("5.7.25-OceanBase-v4.3.1.0", ""), "OceanBase");
        assert_eq!(relative("5.7.25-TDDL-5.4.12-16327949", ""), "PolarDB-X");
        assert_eq!(relative("5.7.32", "SingleStoreDB source distribution"), "SingleStore");
        assert_eq!(relative("8.0.33", "Dolt"), "Dolt");
        assert_eq!(relative("8.0.33", "StarRocks version 3.3.0"), "StarRocks");
        assert_eq!(relative("5.0.45-Xpand-6.1", ""), "MariaDB Xpand");
    }

    #[test]
    fn servers_that_are_too_old_are_not_read() {
        let read = |version| Server::identify(version, "MySQL Community Server - GPL");
        assert_eq!(read("8.0.11"), Ok(Server::mysql(8, 0, 11)));
        assert_eq!(read("5.7.44-log"), Err(UnsupportedServer::TooOld));
        assert_eq!(read("8.0.4-rc"), Err(UnsupportedServer::TooOld));
        assert_eq!(read("10.6.0-MariaDB"), Ok(Server::mariadb(10, 6, 0)));
        assert_eq!(read("5.5.5-10.5.28-MariaDB"), Err(UnsupportedServer::TooOld));
        assert_eq!(read("what"), Err(UnsupportedServer::NoVersion));
        let newest = Version::NEWEST_PATCH;
        assert_eq!(Server::mysql(5, 7, 44).or_oldest(), Server::mysql(8, 0, newest));
        assert_eq!(Server::mariadb(10, 4, 1).or_oldest(), Server::mariadb(10, 6, newest));
        assert_eq!(Server::mysql(8, 0, 11).or_oldest(), Server::mysql(8, 0, 11));
    }
}
