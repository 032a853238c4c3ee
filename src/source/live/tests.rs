//! Servers that are not at hand, read from recorded answers: the files of `recorded/`, one for each
//! version. Those of MySQL 9.7 and MariaDB 10.11, 11.4 and 11.8 are recordings (`scripts/record`);
//! the others are made from them by what the manuals say, as their first lines explain.

mod recording;
mod views;

use std::collections::BTreeSet;

use recording::Recording;

use super::fetch::{self, CHECK_TABLES, QUERIES};
use super::*;
use crate::compare::Comparison;
use crate::normalize::unsupported;
use crate::source::{dump, yaml};

/// Each recording, and the tables of the vendor's schema.yaml that its version can't have.
const RECORDINGS: &[(&str, &str, &[&str])] = &[
    (
        include_str!("recorded/mysql-8.0.11.txt"),
        MYSQL,
        &[
            "with_check",
            "with_expression_default",
            "with_functional_index",
            "with_invisible_column",
            "with_multi_valued_index",
            "with_new_collation",
        ],
    ),
    (
        include_str!("recorded/mysql-8.0.15.txt"),
        MYSQL,
        &["with_check", "with_invisible_column", "with_multi_valued_index", "with_new_collation"],
    ),
    (include_str!("recorded/mysql-8.0.18.txt"), MYSQL, &["with_invisible_column"]),
    (include_str!("recorded/mysql-8.0.28.txt"), MYSQL, &[]),
    (include_str!("recorded/mysql-8.0.36.txt"), MYSQL, &[]),
    (include_str!("recorded/mysql-8.4.txt"), MYSQL, &[]),
    (include_str!("recorded/mysql-9.7.txt"), MYSQL, &[]),
    (
        include_str!("recorded/mariadb-10.6.txt"),
        MARIADB,
        &["with_inet4", "with_new_collation", "with_uuid", "with_vector"],
    ),
    (include_str!("recorded/mariadb-10.11.txt"), MARIADB, &["with_vector"]),
    (include_str!("recorded/mariadb-11.4.txt"), MARIADB, &["with_vector"]),
    (include_str!("recorded/mariadb-11.8.txt"), MARIADB, &[]),
];

const MYSQL: &str = include_str!("recorded/mysql.yaml");
const MARIADB: &str = include_str!("recorded/mariadb.yaml");

/// The schema that is read from a recording.
fn read(recording: &mut Recording) -> Loaded {
    let url: DatabaseUrl = "mysql://recorded/old_sample".parse().unwrap();
    let server = recording.server;
    let dictionary = fetch::fetch_all(recording, &server).unwrap();
    assert_eq!(mismatch(&dictionary), None);
    let open = show_create::needed(&dictionary, server.vendor);
    complete(recording, dictionary, &server, &url, (Detail::Bulk, open)).unwrap()
}

#[test]
fn every_version_reads_as_the_schema_that_was_made_on_it() {
    for (text, wanted, lacking) in RECORDINGS {
        let mut recording = Recording::parse(text);
        let server = recording.server;
        let found = read(&mut recording);
        let mut wanted = yaml::read_text("schema.yaml", wanted).unwrap();
        // Exactly what the version can't have is refused in a schema.yaml for it.
        let refused: BTreeSet<&str> = lacking.iter().copied().collect();
        let unsupported = unsupported(&wanted.schema, &server);
        let unsupported: BTreeSet<&str> =
            unsupported.iter().filter_map(|(element, _)| element.table_name()).collect();
        assert_eq!(unsupported, refused, "{server}");

        wanted.schema.tables.retain(|name, _| !refused.contains(name.as_str()));
        let comparison = Comparison::new(found, wanted, None).unwrap();
        assert_eq!(comparison.difference.changes, [], "{server}");
        assert_eq!(comparison.difference.uncertain, [], "{server}");
        assert_eq!(comparison.difference.unsupported, [], "{server}");
        assert!(!comparison.old.tables.is_empty());
    }
}

/// SHOW CREATE TABLE of those versions gives the same schema as their dictionaries.
#[test]
fn a_dump_of_a_version_gives_the_same_as_its_dictionary() {
    let pairs = [
        (include_str!("recorded/mysql-8.0.15.txt"), include_str!("recorded/mysql-8.0.15.sql")),
        (include_str!("recorded/mariadb-10.6.txt"), include_str!("recorded/mariadb-10.6.sql")),
    ];
    for (rows, sql) in pairs {
        let mut recording = Recording::parse(rows);
        let server = recording.server;
        let dumped = dump::read_from(sql.as_bytes(), "dump.sql", None).unwrap();
        let answer = dumped.server.unwrap();
        assert_eq!((answer.vendor, answer.version.minor), (server.vendor, server.version.minor));
        let comparison = Comparison::new(read(&mut recording), dumped, Some(server)).unwrap();
        assert_eq!(comparison.difference.changes, [], "{server}");
        assert_eq!(comparison.difference.uncertain, [], "{server}");
        assert_eq!(comparison.difference.unsupported, [], "{server}");
    }
}

/// A query for a column that the dictionary doesn't have is an error, and then nothing of the
/// schema can be read.
#[test]
fn no_version_is_asked_for_what_it_does_not_have() {
    for (text, ..) in RECORDINGS {
        let server = Recording::parse(text).server;
        let asked = QUERIES.iter().filter_map(|query| query.sql(&server));
        let asked = asked.chain((server.vendor == Vendor::MySql).then_some(CHECK_TABLES));
        for sql in asked {
            if server.can(Capability::Checks) || sql != CHECK_TABLES {
                let unknown = views::unknown(sql, &server);
                assert!(unknown.is_empty(), "{server} has no {unknown:?}, asked for by\n{sql}");
            }
        }
    }
}

#[test]
fn what_a_version_does_not_have_is_left_out() {
    let sent = |version: Server| -> String {
        QUERIES.iter().filter_map(|query| query.sql(&version)).collect()
    };
    let oldest = sent(Server::mysql(8, 0, 11));
    assert!(!oldest.contains("EXPRESSION\n") && !oldest.contains("CHECK_CONSTRAINTS"));
    let with_expressions = sent(Server::mysql(8, 0, 13));
    assert!(with_expressions.contains("EXPRESSION\n"));
    assert!(!with_expressions.contains("CHECK_CONSTRAINTS"));
    assert!(sent(Server::mysql(8, 0, 16)).contains("CHECK_CONSTRAINTS"));
}
