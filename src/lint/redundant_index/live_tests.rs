//! Checks on real servers that an index which is found to be redundant can be dropped, and that a
//! table which is created without it gets no index that it wasn't given.

use crate::test_client::Conn;
use std::fmt::Write;

use crate::ddl;
use crate::diagnostic::Severity;
use crate::lint::lint;
use crate::lint::tests::of_itself;
use crate::model::{Element, Schema};
use crate::normalize::{Context, normalize};
use crate::source::{ReadOptions, Settings, live};

const DATABASE: &str = "lint_redundant_index";
const ROUNDS: u64 = 60;

#[test]
#[ignore = "needs DRIFTLINE_TEST_SERVERS"]
fn what_is_redundant_can_be_dropped() {
    let servers = std::env::var("DRIFTLINE_TEST_SERVERS").expect("DRIFTLINE_TEST_SERVERS");
    for server in servers.split(',') {
        let url = server.trim_end_matches('/').replacen("mariadb://", "mysql://", 1);
        let mut connection = Conn::to(&url).expect("a connection");
        let url = format!("{url}/{DATABASE}").parse().expect("a URL");
        let (mut made, mut dropped) = (0, 0);
        for round in 0..ROUNDS {
            let statements = tables(&mut Random(round * 7919 + 1));
            if create(&mut connection, &statements).is_ok() {
                made += 1;
                dropped += check(&mut connection, &url, &statements);
            }
        }
        connection.query_drop(format!("DROP DATABASE {DATABASE}")).expect("dropped");
        println!("{server}: {made} schemas, {dropped} indexes dropped");
        assert!(made > ROUNDS / 4 && dropped > made, "{server}: {made} made, {dropped} dropped");
    }
}

/// Drops everything that is redundant, then creates the tables again. Returns the number of dropped
/// indexes.
fn check(connection: &mut Conn, url: &live::DatabaseUrl, made: &[String]) -> u64 {
    let read = |url| {
        let loaded = live::read(url, &ReadOptions::default()).expect("read");
        let server = loaded.server.expect("a server");
        let context = Context::of(server, &loaded.schema, &loaded.schema);
        (normalize(&loaded.schema, &context), server)
    };
    let (schema, server) = read(url);
    let mut dropped = 0;
    for finding in lint(&schema, &of_itself(&schema), &server, &Settings::default()) {
        if let Some(Element::Index { table, index }) = finding.element()
            && finding.code == "redundant-index"
            && finding.severity != Severity::Note
        {
            let sql = ddl::drop_index(table, index);
            connection.query_drop(&sql).unwrap_or_else(|error| {
                panic!("{sql}: {error}\n{}\nin {made:#?}", finding.message)
            });
            dropped += 1;
        }
    }
    let (left, _) = read(url);
    let again: Vec<String> =
        left.tables.values().map(|table| ddl::create_table(table, &server)).collect();
    create(connection, &again).unwrap_or_else(|error| panic!("{error}\nof {again:#?}"));
    assert_eq!(indexes(&read(url).0), indexes(&left), "of {made:#?}");
    dropped
}

fn indexes(schema: &Schema) -> Vec<String> {
    let mut names: Vec<String> = schema
        .tables
        .values()
        .flat_map(|table| table.all_indexes().map(|index| format!("{}.{}", table.name, index.name)))
        .collect();
    names.sort();
    names
}

fn create(connection: &mut Conn, statements: &[String]) -> Result<(), mysql_async::Error> {
    connection.query_drop(format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
    connection.query_drop(format!("CREATE DATABASE {DATABASE}"))?;
    connection.query_drop(format!("USE {DATABASE}"))?;
    statements.iter().try_for_each(|statement| connection.query_drop(statement))
}

/// A pseudo-random sequence of numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// One to three different columns. Some are descending, some texts have a prefix length.
    fn parts(&mut self, options: bool) -> Vec<String> {
        let mut columns = vec!["id", "a", "b", "c", "s"];
        let mut parts = Vec::new();
        for _ in 0..=self.below(3) {
            let column = columns.remove(self.below(columns.len() as u64) as usize);
            let mut part = column.to_owned();
            if options && column == "s" && self.below(2) == 0 {
                write!(part, "({})", 5 + self.below(3)).expect("written");
            }
            if options && self.below(6) == 0 {
                part.push_str(" DESC");
            }
            parts.push(part);
        }
        parts
    }
}

/// Three tables with the same columns. The second references the first, the third the second.
fn tables(random: &mut Random) -> Vec<String> {
    let mut statements = Vec::new();
    for (name, referenced) in [("p", None), ("x", Some("p")), ("y", Some("x"))] {
        let mut text = format!(
            "CREATE TABLE {name} (id int NOT NULL, a int NOT NULL, b int NOT NULL, c int NOT NULL, \
             s varchar(9) NOT NULL, PRIMARY KEY ({})",
            random.pick(&["id", "id", "a, b", "id, a", "b, a, c"])
        );
        for number in 0..3 + random.below(5) {
            let kind = random.pick(&["KEY", "KEY", "KEY", "UNIQUE KEY"]);
            write!(text, ", {kind} k{number} ({})", random.parts(true).join(", "))
                .expect("written");
        }
        // Every server accepts the referenced columns if they are unique, so most of the tables can
        // be created.
        write!(text, ", UNIQUE KEY r (a), UNIQUE KEY rb (b, c)").expect("written");
        for number in 0..if referenced.is_some() { 1 + random.below(2) } else { 0 } {
            let key = random.pick(&["a", "b, c"]);
            let columns = random.parts(false);
            let width = key.split(", ").count();
            if columns.len() == width && !columns.iter().any(|column| column == "s") {
                write!(
                    text,
                    ", CONSTRAINT f{number}_{name} FOREIGN KEY ({}) REFERENCES {} ({key})",
                    columns.join(", "),
                    referenced.unwrap_or_default()
                )
                .expect("written");
            }
        }
        statements.push(text + ")");
    }
    statements
}
