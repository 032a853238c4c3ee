//! Lists of partitions and the statements between them.

use crate::ddl::{Statement, statement};
use crate::model::{Schema, Table, TableOptions};
use crate::normalize::{Context, normalize};
use crate::plan::partitions::operations;
use crate::server::Server;
use crate::syntax::parse_create_table;

fn table(partitions: &str) -> Table {
    let text =
        format!("create table t (id int not null, d date not null) partition by {partitions}");
    let server = Server::mariadb(11, 8, 0);
    let mut schema = Schema::default();
    schema.insert(parse_create_table(&text, &server).unwrap());
    let context = Context::of(server, &schema, &schema);
    normalize(&schema, &context).tables["t"].clone()
}

/// The statements that turn one list into another, one per line and without their common beginning.
/// If a statement destroys rows, the names of the partitions follow in brackets.
fn between(method: &str, old: &str, new: &str) -> String {
    let list = |partitions: &str| {
        let partitions: Vec<String> =
            partitions.split("; ").map(|one| format!("partition {one}")).collect();
        table(&format!("{method} ({})", partitions.join(", ")))
    };
    let (from, to) = (list(old), list(new));
    let schemes = (from.partition_scheme().unwrap(), to.partition_scheme().unwrap());
    let Some(operations) = operations(schemes.0, schemes.1, &from, &to) else {
        return "anew".to_owned();
    };
    let mut lines = Vec::new();
    for operation in &operations {
        let alter = Statement::AlterTable {
            table: "t".to_owned(),
            clauses: vec![operation.clause.clone()],
            options: TableOptions::default(),
            rewrites_history: false,
        };
        let sql = statement(&alter, &Server::ASSUMED).to_string();
        let sql = sql.replace("ALTER TABLE `t` ", "").replace(['\n', '`'], " ");
        let words: Vec<&str> = sql.split_whitespace().collect();
        let words = words.join(" ").replace(" )", ")").replace(" ,", ",");
        let lost: Vec<&str> =
            operation.destroyed.iter().map(|destroyed| destroyed.partition.as_str()).collect();
        let lost = if lost.is_empty() { String::new() } else { format!(" [{}]", lost.join(" ")) };
        lines.push(format!("{}{lost}", words.replace("VALUES ", "")));
    }
    lines.join("\n")
}

fn range(old: &str, new: &str) -> String {
    let list = |text: &str| {
        let bound = |one: &str| match one.split_once(' ') {
            Some((name, "max")) => format!("{name} values less than maxvalue"),
            Some((name, bound)) => format!("{name} values less than ({bound})"),
            None => one.to_owned(),
        };
        text.split(", ").map(bound).collect::<Vec<_>>().join("; ")
    };
    between("range (id)", &list(old), &list(new))
}

fn list(old: &str, new: &str) -> String {
    let list = |text: &str| {
        let values = |one: &str| match one.split_once(' ') {
            Some((name, "rest")) => format!("{name} default"),
            Some((name, values)) => format!("{name} values in ({})", values.replace(' ', ",")),
            None => one.to_owned(),
        };
        text.split(", ").map(values).collect::<Vec<_>>().join("; ")
    };
    between("list (id)", &list(old), &list(new))
}

#[test]
fn ranges_keep_the_rows_that_have_a_place() {
    for (old, new, statements) in [
        ("a 10, b 20", "a 10, b 20", ""),
        ("a 10", "a 10, b 20", "ADD PARTITION (PARTITION b LESS THAN (20))"),
        ("a 10, b 20", "a 10", "DROP PARTITION b [b]"),
        ("a 10, b 20", "b 20", "REORGANIZE PARTITION a, b INTO (PARTITION b LESS THAN (20))"),
        (
            "a 10, m max",
            "a 10, b 20, m max",
            "REORGANIZE PARTITION m INTO (PARTITION b LESS THAN (20), PARTITION m LESS THAN MAXVALUE)",
        ),
        ("a 10, b 20", "a 10, b 30", "REORGANIZE PARTITION b INTO (PARTITION b LESS THAN (30))"),
        (
            "a 10, b 20, c 30, d 40",
            "a 10, b 25",
            "REORGANIZE PARTITION b, c INTO (PARTITION b LESS THAN (25), PARTITION beyond LESS THAN \
             (30))\nDROP PARTITION beyond, d [c d]",
        ),
        (
            "a 10, beyond 30",
            "a 20",
            "REORGANIZE PARTITION a, beyond INTO (PARTITION a LESS THAN (20), PARTITION beyond_1 LESS \
             THAN (30))\nDROP PARTITION beyond_1 [beyond]",
        ),
        // Names that move from one partition to another.
        (
            "a 10, b 20",
            "b 10, a 20",
            "REORGANIZE PARTITION a, b INTO (PARTITION b LESS THAN (10), PARTITION a LESS THAN (20))",
        ),
        (
            "a 10, b 20, c 30",
            "c 10, b 20",
            "DROP PARTITION c [c]\nREORGANIZE PARTITION a INTO (PARTITION c LESS THAN (10))",
        ),
    ] {
        assert_eq!(range(old, new), statements, "{old} -> {new}");
    }
}

#[test]
fn where_a_range_of_texts_ends_only_the_server_knows() {
    let columns = "range columns (d)";
    let bound = |text: &str| format!("a values less than ('{text}')");
    let dates = between(columns, &bound("2020-01-01"), &bound("2019-01-01"));
    assert!(dates.contains("beyond"), "{dates}");
    assert_eq!(
        between("range columns (id)", "a values less than (crc32(1))", "a values less than (5)"),
        "anew"
    );
}

#[test]
fn lists_keep_the_rows_that_have_a_place() {
    for (old, new, statements) in [
        ("a 1 2, b 3", "a 2 1, b 3", ""),
        ("a 1 2", "a 1 2, b 3", "ADD PARTITION (PARTITION b IN (3))"),
        ("a 1 2, b 3", "a 1 2", "DROP PARTITION b [b]"),
        ("a 1 2, b 3", "a 1 2 3", "REORGANIZE PARTITION a, b INTO (PARTITION a IN (1, 2, 3))"),
        ("a 1 2", "a 1", "REORGANIZE PARTITION a INTO (PARTITION a IN (1)) [a]"),
        // The partition between two others is reorganized with them.
        (
            "a 1, b 2, c 3",
            "b 2, c 1 3",
            "REORGANIZE PARTITION a, b, c INTO (PARTITION b IN (2), PARTITION c IN (1, 3))",
        ),
        // The last partition can't be dropped.
        ("a 1", "b 2", "REORGANIZE PARTITION a INTO (PARTITION b IN (2)) [a]"),
        (
            "a 1, b 2",
            "b 1, a 2",
            "REORGANIZE PARTITION a, b INTO (PARTITION b IN (1), PARTITION a IN (2))",
        ),
        // Rows that move into or out of DEFAULT.
        ("a 1, d rest", "a 1, b 2, d rest", "anew"),
        ("a 1, b 2, d rest", "a 1, d rest", "anew"),
        ("a 1", "a 1, d rest", "ADD PARTITION (PARTITION d DEFAULT)"),
        ("a 1, d rest", "a 1", "DROP PARTITION d [d]"),
    ] {
        assert_eq!(list(old, new), statements, "{old} -> {new}");
    }
}

#[test]
fn hashed_partitions_are_counted() {
    let hash = |old: &str, new: &str| between("hash (id)", old, new);
    assert_eq!(hash("p0; p1", "p0; p1; p2"), "ADD PARTITION PARTITIONS 1");
    assert_eq!(hash("a; b", "a; b; c"), "ADD PARTITION (PARTITION c)");
    assert_eq!(hash("a; b; c", "a"), "COALESCE PARTITION 2");
    assert_eq!(
        hash("a; b; c", "x; b; a"),
        "REORGANIZE PARTITION a, b, c INTO (PARTITION x, PARTITION b, PARTITION a)"
    );
    assert_eq!(
        hash("a; b; c", "b"),
        "COALESCE PARTITION 2\nREORGANIZE PARTITION a INTO (PARTITION b)"
    );
}

#[test]
fn history_that_goes_is_divided_anew() {
    let history = |old: &str, new: &str| {
        let list = |text: &str| format!("{text}; n current");
        between("system_time limit 9", &list(old), &list(new))
    };
    assert_eq!(history("a history", "a history; b history"), "ADD PARTITION (PARTITION b HISTORY)");
    assert_eq!(history("a history; b history", "b history"), "anew");
    assert_eq!(history("a history; b history", "b history; a history"), "anew");
    assert_eq!(
        history("a history", "a history comment 'x'"),
        "REORGANIZE PARTITION a INTO (PARTITION a HISTORY COMMENT = 'x')"
    );
}
