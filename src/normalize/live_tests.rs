//! Compares what is written with what each server then shows.

use super::{Context, normalize};
use crate::diff::{Change, diff};
use crate::model::{Schema, Table};
use crate::server::Server;
use crate::source::{ReadOptions, live};
use crate::syntax::parse_create_table;
use crate::test_client::Conn;

const DATABASE: &str = "normalize_live";

/// The statements of the file. Each has a line before it that begins with `-- `.
fn statements() -> Vec<&'static str> {
    let parts = include_str!("live_tests.sql").split("-- ");
    parts.filter_map(|part| part.split_once('\n')).map(|(_, statement)| statement.trim()).collect()
}

/// Settings without which the statements would mean something else.
const PROLOGUE: &str = "set names utf8mb4, sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', \
                        time_zone = '+00:00', foreign_key_checks = 0";

#[test]
#[ignore = "needs DRIFTLINE_TEST_SERVERS"]
fn what_is_written_equals_what_the_server_shows() {
    let urls = std::env::var("DRIFTLINE_TEST_SERVERS").expect("DRIFTLINE_TEST_SERVERS");
    let mut wrong = Vec::new();
    for url in urls.split(',') {
        let url = url.trim().trim_end_matches('/').replace("mariadb://", "mysql://");
        let mut connection = Conn::to(&url).expect("a connection");
        let version: String = connection.query_first("select version()").unwrap().unwrap();
        let server = Server::from_version_string(&version).unwrap();
        let create = format!("create database {DATABASE} character set utf8mb4");
        let database = format!("drop database if exists {DATABASE}");
        for statement in [PROLOGUE, &database, &create, &format!("use {DATABASE}")] {
            connection.query_drop(statement).unwrap();
        }
        let taken: Vec<&str> = statements()
            .into_iter()
            .filter(|statement| connection.query_drop(statement).is_ok())
            .collect();
        eprintln!("{server}: {} of {} tables", taken.len(), statements().len());
        assert!(taken.len() > 40, "{server} took too few of the statements");

        let parse = |text: &str| parse_create_table(text, &server).unwrap();
        let written = schema(taken.iter().map(|text| parse(text)));
        let shown = schema(written.tables.keys().map(|name| {
            let row: mysql_async::Row =
                connection.query_first(format!("show create table `{name}`")).unwrap().unwrap();
            let bytes: Vec<u8> = row.get(1).unwrap();
            parse(&String::from_utf8_lossy(&bytes))
        }));
        let read =
            live::read(&format!("{url}/{DATABASE}").parse().unwrap(), &ReadOptions::default())
                .unwrap()
                .schema;
        for (source, other) in [("SHOW CREATE TABLE", shown), ("information_schema", read)] {
            for why in differences(server, &other, &written) {
                wrong.push(format!("{server}, {source}: {why}"));
            }
        }
        connection.query_drop(database).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn schema(tables: impl Iterator<Item = Table>) -> Schema {
    let mut schema = Schema { name: Some(DATABASE.to_owned()), ..Schema::default() };
    for table in tables {
        schema.insert(table);
    }
    schema
}

fn differences(server: Server, from: &Schema, to: &Schema) -> Vec<String> {
    let context = Context::of(server, from, to);
    let [from, to] = [from, to].map(|schema| {
        let once = normalize(schema, &context);
        assert_eq!(once, normalize(&once, &context), "not idempotent");
        once
    });
    let difference = diff(&from, &to, &server);
    let changes = difference.changes.iter().map(|change| match change {
        Change::AlterTable { to, changes, .. } => format!("{}: {changes:?}", to.name),
        other => format!("{other:?}"),
    });
    changes.chain(difference.uncertain.iter().map(|one| format!("{one:?}"))).collect()
}
