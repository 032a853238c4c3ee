//! Which server a dump came from: its header, or else what only one vendor writes.

use crate::server::{Server, Vendor, Version};
use crate::sql::lexer::{Dialect, Kind, lex};

/// What has been seen that tells the server.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// From `Server version …`.
    server: Option<Server>,
    /// From `MySQL dump … Distrib …`: the program that wrote the dump.
    program: Option<Server>,
    /// From a comment that only one vendor's program writes.
    vendor: Option<Vendor>,
    /// From the collations of the tables.
    collations: Option<Server>,
    /// An integer without a display width, which only MySQL prints.
    has_bare_integer: bool,
}

impl Evidence {
    /// Looks at a comment between statements.
    pub(super) fn comment(&mut self, bytes: &[u8]) {
        if bytes.starts_with(b"/*M!") {
            self.vendor = Some(Vendor::MariaDb);
            return;
        }
        if self.server.is_some() {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches(['-', '#', '/', '*', '!', ' ', '\t']);
        if let Some(rest) = strip_prefix_ignoring_case(text, "server version") {
            self.server = server_in(rest);
        } else if let Some(rest) = text.strip_prefix("Adminer ") {
            // `Adminer 4.8.1 MySQL 8.0.30 dump`
            self.server = rest.split_once(' ').and_then(|(_, server)| server_in(server));
        } else if text.starts_with("Host: ") && text.contains("(MySQL ") {
            // Sequel Ace: `Host: 127.0.0.1 (MySQL 8.0.30)`
            self.server = text.split_once("(MySQL ").and_then(|(_, server)| server_in(server));
        } else if text.starts_with("MySQL dump") || text.starts_with("MariaDB dump") {
            self.program = program_in(text);
        }
    }

    /// Looks at a statement that is kept, unless a comment has told everything.
    pub(super) fn statement(&mut self, text: &str) {
        let is_told = self.collations.is_some() && (self.vendor.is_none() || self.has_bare_integer);
        if self.server.is_some() || self.program.is_some() || is_told {
            return;
        }
        let Ok(tokens) = lex(text, Dialect::default()) else { return };
        let mut before = Kind::End;
        for (at, token) in tokens.iter().enumerate() {
            let word = match token.kind {
                Kind::Word => text.get(token.start..token.end).unwrap_or_default(),
                _ => "",
            };
            if word.contains("uca1400_") {
                self.collations = Some(Server::mariadb(11, 8, Version::NEWEST_PATCH));
            } else if word.contains("_0900_") {
                self.collations = Some(Server::mysql(8, 4, Version::NEWEST_PATCH));
            } else if before == Kind::Quoted && matches!(word, "int" | "bigint" | "smallint") {
                let next = tokens.get(at + 1).map(|token| token.kind);
                self.has_bare_integer |= next != Some(Kind::Symbol(b'('));
            }
            before = token.kind;
        }
    }

    /// The server, as far as the dump tells.
    pub(super) fn verdict(&self) -> Option<Server> {
        if let Some(server) = self.server.or(self.program) {
            return Some(server);
        }
        match (self.vendor, self.collations) {
            // MariaDB's program can dump a MySQL server.
            (Some(_), _) if self.has_bare_integer => Some(Server::ASSUMED),
            // MariaDB knows MySQL's collations since 11.4.
            (Some(_), Some(found)) if found.vendor == Vendor::MySql => {
                Some(Server::mariadb(11, 4, Version::NEWEST_PATCH))
            }
            (_, Some(found)) => Some(found),
            (Some(_), None) => Some(Server::mariadb(10, 11, Version::NEWEST_PATCH)),
            (None, None) => None,
        }
    }
}

/// The server whose version stands in a text like `: 10.4.6-MariaDB - mariadb.org`.
fn server_in(text: &str) -> Option<Server> {
    let start = text.find(|char: char| char.is_ascii_digit())?;
    let server = Server::from_version_string(text.get(start..)?)?;
    (3..100).contains(&server.version.major).then_some(server)
}

/// `MySQL dump 10.13  Distrib 9.7.4, for …`, `MariaDB dump 10.19-11.8.6-MariaDB, for …`
fn program_in(text: &str) -> Option<Server> {
    let (_, version) = match text.split_once("Distrib ") {
        Some(split) => split,
        None => text.split_once("dump ")?.1.split_once('-')?,
    };
    server_in(version.split(',').next()?)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(comments: &[&str], statement: &str) -> Option<String> {
        let mut evidence = Evidence::default();
        for comment in comments {
            evidence.comment(comment.as_bytes());
        }
        evidence.statement(statement);
        evidence.verdict().map(|server| server.to_string())
    }

    #[test]
    fn headers() {
        for (comments, wanted) in [
            (&["-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)"][..], "MySQL 9.7.4"),
            (&["-- Server version\t8.0.36-0ubuntu0.22.04.1"], "MySQL 8.0.36"),
            (
                &["-- MariaDB dump 10.19-11.8.6-MariaDB, for debian-linux-gnu (x86_64)"],
                "MariaDB 11.8.6",
            ),
            (
                &[
                    "-- MySQL dump 10.13  Distrib 8.0.1, for x",
                    "-- Server version\t5.5.5-10.11.19-MariaDB-0+deb12u1",
                ],
                "MariaDB 10.11.19",
            ),
            (&["-- Server version: 10.4.6-MariaDB - mariadb.org"], "MariaDB 10.4.6"),
            (&["-- Adminer 4.8.1 MySQL 8.0.30 dump"], "MySQL 8.0.30"),
            (&["# Host: 127.0.0.1 (MySQL 5.7.20)"], "MySQL 5.7.20"),
            (&["/*M!999999\\- enable the sandbox mode */"], "MariaDB 10.11"),
        ] {
            assert_eq!(verdict(comments, "").as_deref(), Some(wanted));
        }
    }

    #[test]
    fn collations() {
        let mysql = "create table t (a int) collate=utf8mb4_0900_ai_ci";
        assert_eq!(verdict(&[], mysql).as_deref(), Some("MySQL 8.4"));
        let mariadb = "create table t (a text collate utf8mb4_uca1400_ai_ci)";
        assert_eq!(verdict(&[], mariadb).as_deref(), Some("MariaDB 11.8"));
        let sandbox = ["/*M!999999\\- enable the sandbox mode */"];
        let dumped = "create table `t` (`a` int NOT NULL) collate=utf8mb4_0900_ai_ci";
        assert_eq!(verdict(&sandbox, dumped).as_deref(), Some("MySQL 8.4"));
        let dumped = "create table `t` (`a` int(11) NOT NULL) collate=latin1_swedish_ci";
        assert_eq!(verdict(&sandbox, dumped).as_deref(), Some("MariaDB 10.11"));
        assert_eq!(verdict(&["-- x"], "create table t (a int(11))"), None);
        assert_eq!(
            verdict(&["/*M!999999\\- enable the sandbox mode */"], mysql).as_deref(),
            Some("MariaDB 11.4")
        );
    }
}
