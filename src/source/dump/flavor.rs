//! Which server a dump came from, by its header or by syntax that only one vendor writes.

use crate::server::{Server, Vendor, Version};
use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// Everything in the file that shows which server it is from.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// From `Server version …`.
    server: Option<Server>,
    /// From `MySQL dump … Distrib …`: the program that wrote the dump.
    program: Option<Server>,
    /// From a comment that only one vendor's program writes, or that names only one vendor.
    vendor: Option<Vendor>,
    /// From the collations of the tables.
    collations: Option<Server>,
    /// An integer without a display width, which only MySQL prints.
    has_bare_integer: bool,
    /// Something that only MariaDB has: a type, an engine, a CHECK that it adds itself.
    has_words_of_mariadb: bool,
    /// Whether a statement has been seen; the header ends before the first.
    is_past_header: bool,
}

impl Evidence {
    /// Looks at a comment between statements.
    pub(super) fn comment(&mut self, bytes: &[u8]) {
        if bytes.starts_with(b"/*M!") {
            self.vendor = Some(Vendor::MariaDb);
            return;
        }
        if self.server.is_some() || self.is_past_header {
            return;
        }
        for line in String::from_utf8_lossy(bytes).lines() {
            self.header_line(line.trim_start_matches(['-', '#', '/', '*', '!', ' ', '\t']));
        }
    }

    fn header_line(&mut self, line: &str) {
        if let Some(server) = named_server(line) {
            self.server = Some(server);
        } else if line.starts_with("MySQL dump") || line.starts_with("MariaDB dump") {
            self.program = program_in(line);
        } else if let Some(vendor) = named_vendor(line) {
            self.vendor.get_or_insert(vendor);
        }
    }

    /// The server that the header names.
    pub(super) fn named(&self) -> Option<Server> {
        self.server.or(self.program)
    }

    /// Whether the header, or a comment that only one vendor's program writes, shows the vendor.
    pub(super) fn names_vendor(&self) -> bool {
        self.named().is_some() || self.vendor.is_some()
    }

    /// Whether a dump program of the vendors wrote the file.
    pub(super) fn is_of_dump_program(&self) -> bool {
        self.program.is_some()
    }

    /// Looks at a kept statement, unless a comment has shown everything already.
    pub(super) fn statement(&mut self, text: &str) {
        self.is_past_header = true;
        let is_evident =
            self.collations.is_some() && (self.vendor.is_none() || self.has_bare_integer);
        if self.server.is_some() || self.program.is_some() || is_evident {
            return;
        }
        let Ok(tokens) = lex(text, Dialect::default()) else { return };
        let word = |at: usize| match tokens.get(at) {
            Some(token) if token.kind == TokenKind::Word => {
                text.get(token.start..token.end).unwrap_or_default()
            }
            _ => "",
        };
        let kind = |at: usize| tokens.get(at).map_or(TokenKind::End, |token| token.kind);
        for at in 0..tokens.len() {
            let here = word(at);
            if here.is_empty() {
                continue;
            }
            if here.contains("uca1400_") {
                self.collations = Some(Server::mariadb(11, 8, Version::NEWEST_PATCH));
            } else if here.contains("_0900_") {
                self.collations = Some(Server::mysql(8, 4, Version::NEWEST_PATCH));
            } else if at > 0 && kind(at - 1) == TokenKind::Quoted && INTEGERS.contains(&here) {
                self.has_bare_integer |= kind(at + 1) != TokenKind::Symbol(b'(');
            }
            self.has_words_of_mariadb |= is_of_mariadb(at, &word, &kind);
        }
    }

    /// The server, as far as it is known.
    pub(super) fn verdict(&self) -> Option<Server> {
        if let Some(server) = self.named() {
            return Some(server);
        }
        let vendor = self.vendor.or(self.has_words_of_mariadb.then_some(Vendor::MariaDb));
        match (vendor, self.collations) {
            // MariaDB's program can dump a MySQL server too.
            (Some(Vendor::MariaDb), _) if self.has_bare_integer && !self.has_words_of_mariadb => {
                Some(Server::ASSUMED)
            }
            // MariaDB has MySQL's collations since 11.4.
            (Some(Vendor::MariaDb), Some(found)) if found.vendor == Vendor::MySql => {
                Some(Server::mariadb(11, 4, Version::NEWEST_PATCH))
            }
            (_, Some(found)) => Some(found),
            (Some(Vendor::MariaDb), None) => Some(Server::mariadb(10, 11, Version::NEWEST_PATCH)),
            (Some(Vendor::MySql), None) => Some(Server::ASSUMED),
            (None, None) => None,
        }
    }
}

const INTEGERS: &[&str] = &["int", "bigint", "smallint"];

/// The words before a name, after which no type follows.
const BEFORE_NAMES: &[&str] =
    &["KEY", "INDEX", "UNIQUE", "FULLTEXT", "SPATIAL", "CONSTRAINT", "ADD", "DROP", "COLUMN"];

/// Whether the text that begins at this token is only possible on MariaDB.
fn is_of_mariadb<'a>(
    at: usize,
    word: &impl Fn(usize) -> &'a str,
    kind: &impl Fn(usize) -> TokenKind,
) -> bool {
    let is = |at: usize, wanted: &str| word(at).eq_ignore_ascii_case(wanted);
    let before = |distance: usize| at.checked_sub(distance);
    let here = word(at).to_ascii_lowercase();
    match here.as_str() {
        "aria" => {
            let value =
                if before(1).is_some_and(|it| kind(it) == TokenKind::Symbol(b'=')) { 2 } else { 1 };
            before(value).is_some_and(|it| is(it, "ENGINE"))
        }
        // The CHECK that MariaDB adds to a JSON column, as it prints it. MySQL prints all CHECKs
        // after the columns, with their names.
        "json_valid" => {
            before(1).is_some_and(|it| kind(it) == TokenKind::Symbol(b'('))
                && before(2).is_some_and(|it| is(it, "CHECK"))
                && before(4).is_some_and(|it| !is(it, "CONSTRAINT"))
                && kind(at + 2) == TokenKind::Quoted
        }
        "uuid" | "inet4" | "inet6" => {
            let follows_name = before(1).is_some_and(|it| match kind(it) {
                TokenKind::Quoted => true,
                TokenKind::Word => !BEFORE_NAMES.iter().any(|wanted| is(it, wanted)),
                _ => false,
            });
            follows_name
                && kind(at + 1) != TokenKind::Symbol(b'(')
                && before(2).is_some_and(|it| {
                    matches!(kind(it), TokenKind::Symbol(b'(' | b','))
                        || is(it, "ADD")
                        || is(it, "COLUMN")
                })
        }
        "versioning" => {
            before(1).is_some_and(|it| is(it, "SYSTEM"))
                && before(2).is_some_and(|it| is(it, "WITH"))
        }
        "sequence" => before(1).is_some_and(|it| is(it, "CREATE") || is(it, "REPLACE")),
        _ => false,
    }
}

/// The server and version that a line of a header names, as many programs write it.
fn named_server(line: &str) -> Option<Server> {
    if let Some(server) = version_of_mariadb(line).filter(|_| !line.starts_with("MariaDB dump")) {
        return Some(server).filter(|_| !line.starts_with("MySQL dump"));
    }
    if let Some(rest) = strip_prefix_ignoring_case(line, "server version") {
        // HeidiSQL, phpMyAdmin, and the vendors' programs.
        return server_in(rest);
    }
    if let Some(rest) = line.strip_prefix("Adminer ") {
        // `Adminer 4.8.1 MySQL 8.0.30 dump`
        return rest.split_once(' ').and_then(|(_, server)| server_in(server));
    }
    if line.starts_with("Host: ") && line.contains("(MySQL ") {
        // Sequel Ace: `Host: 127.0.0.1 (MySQL 8.0.30)`
        return line.split_once("(MySQL ").and_then(|(_, server)| server_in(server));
    }
    let (label, value) = line.split_once(':')?;
    let label = label.trim().to_lowercase();
    if label == "source server version" {
        // Navicat: `Source Server Version : 80036 (8.0.36)`
        return match value.split_once('(') {
            Some((_, server)) => server_in(server),
            None => numbered(value.trim()),
        };
    }
    // The same line in other languages: `Versión del servidor: 8.0.36`.
    let is_of_server =
        label.contains("serv") && label.contains("vers") && !label.starts_with("php");
    if is_of_server { server_in(value) } else { None }
}

/// The server for a version written as one number with two digits for each part except the first:
/// `50726`, `101106`. From 10 on it is MariaDB, because MySQL has no version 10. Older versions of
/// MariaDB are taken for MySQL's.
fn numbered(digits: &str) -> Option<Server> {
    let is_version =
        (5..=6).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    let number: u32 = digits.parse().ok().filter(|_| is_version)?;
    let part = |number: u32| u16::try_from(number).ok();
    let (major, minor, patch) =
        (part(number / 10_000)?, part(number / 100 % 100)?, part(number % 100)?);
    Some(match major {
        0..10 => Server::mysql(major, minor, patch),
        _ => Server::mariadb(major, minor, patch),
    })
}

/// The server for a version like `10.11.6-MariaDB` anywhere in a line.
fn version_of_mariadb(line: &str) -> Option<Server> {
    let end = line.find("-MariaDB")?;
    let before = line.get(..end)?;
    let start = before.rfind(|char: char| !char.is_ascii_digit() && char != '.').map_or(0, |at| {
        at + before.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8)
    });
    server_in(line.get(start..)?)
}

/// The vendor, if a line names exactly one. Names of programs don't count.
fn named_vendor(line: &str) -> Option<Vendor> {
    let line = line.to_lowercase();
    match line.contains("mariadb") {
        true if !line.contains("mysql") => Some(Vendor::MariaDb),
        false if line.starts_with("source server type") && line.ends_with("mysql") => {
            Some(Vendor::MySql)
        }
        _ => None,
    }
}

/// The server for a version in a text like `: 10.4.6-MariaDB - mariadb.org`.
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
            (&["-- Versión del servidor: 10.4.32-MariaDB"], "MariaDB 10.4.32"),
            (&["-- Versión del servidor: 8.0.36"], "MySQL 8.0.36"),
            (
                &["-- Version de PHP: 8.2.12", "-- Servidor: 127.0.0.1", "-- x MariaDB"],
                "MariaDB 10.11",
            ),
            (
                &["-- Server-Version:               10.11.6-MariaDB - mariadb.org binary"],
                "MariaDB 10.11.6",
            ),
            (&["# Host: 127.0.0.1 (MySQL 11.4.2-MariaDB)"], "MariaDB 11.4.2"),
            (&["-- Adminer 4.8.1 MySQL 10.11.6-MariaDB dump"], "MariaDB 10.11.6"),
            (
                &[
                    "/*\n Navicat Premium\n Source Server Type    : MySQL\n Source Server Version : 80036 (8.0.36)\n*/",
                ],
                "MySQL 8.0.36",
            ),
            (
                &["/*\n Navicat MySQL Data Transfer\n Source Server Version : 50726\n*/"],
                "MySQL 5.7.26",
            ),
            (
                &["/*\n Source Server Type    : MariaDB\n Source Server Version : 101106\n*/"],
                "MariaDB 10.11.6",
            ),
            (
                &["/*\n Source Server Type    : MariaDB\n Source Host : localhost:3306\n*/"],
                "MariaDB 10.11",
            ),
            (
                &[
                    "-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for x",
                    "-- Server version\t8.4.3",
                ],
                "MySQL 8.4.3",
            ),
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

    #[test]
    fn words_that_only_one_vendor_has() {
        for (statement, wanted) in [
            ("create table t (a int) engine=Aria", Some("MariaDB 10.11")),
            ("create table t (`j` longtext check (json_valid(`j`)))", Some("MariaDB 10.11")),
            ("create table t (id uuid not null)", Some("MariaDB 10.11")),
            ("create table t (a int, `ip` inet6)", Some("MariaDB 10.11")),
            ("alter table t add column ip inet4", Some("MariaDB 10.11")),
            ("create table t (a int) with system versioning", Some("MariaDB 10.11")),
            ("create sequence s", Some("MariaDB 10.11")),
            ("create table t (uuid char(36), key uuid (uuid), aria int)", None),
            ("create table t (a char(36) default (uuid()), `aria` int, sequence int)", None),
            (
                "create table t (`engine` int, aria int, key (engine), j json check (json_valid(j)))",
                None,
            ),
        ] {
            assert_eq!(verdict(&[], statement).as_deref(), wanted, "{statement}");
        }
    }

    #[test]
    fn a_comment_that_names_both_vendors_shows_neither() {
        assert_eq!(verdict(&["-- for MySQL and MariaDB"], ""), None);
        let mut evidence = Evidence::default();
        evidence.statement("create table t (a int)");
        evidence.comment(b"-- not for MariaDB");
        assert_eq!(evidence.verdict(), None);
    }
}
