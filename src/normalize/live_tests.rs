//! What is written against what each server then shows of it.

use mysql::prelude::Queryable;

use super::{Context, normalize};
use crate::diff::{Change, diff};
use crate::model::Schema;
use crate::server::Server;
use crate::sql::parse_create_table;

const DATABASE: &str = "normalize_live";

/// The statements of the file, each under a line of its own that begins with `-- `.
fn statements() -> Vec<&'static str> {
    let parts = include_str!("live_tests.sql").split("-- ");
    parts.filter_map(|part| part.split_once('\n')).map(|(_, statement)| statement.trim()).collect()
}

#[test]
#[ignore = "needs DRIFTLINE_TEST_SERVERS"]
fn what_is_written_equals_what_the_server_shows() {
    let urls = std::env::var("DRIFTLINE_TEST_SERVERS").expect("DRIFTLINE_TEST_SERVERS");
    let mut wrong = Vec::new();
    for url in urls.split(',') {
        let url = url.trim().replace("mariadb://", "mysql://");
        let mut connection = mysql::Conn::new(url.as_str()).expect("a connection");
        let version: String = connection.query_first("select version()").unwrap().unwrap();
        let server = Server::from_version_string(&version).unwrap();
        connection
            .query_drop(
                "set names utf8mb4, sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
                 time_zone = '+00:00', foreign_key_checks = 0",
            )
            .unwrap();
        connection.query_drop("drop database if exists normalize_live").unwrap();
        connection.query_drop("create database normalize_live character set utf8mb4").unwrap();
        connection.query_drop("use normalize_live").unwrap();
        let mut compared = 0;
        for written in statements() {
            if let Err(why) = compare(&mut connection, server, written, &mut compared) {
                wrong.push(format!("{server}: {why}"));
            }
        }
        eprintln!("{server}: {compared} tables compared");
        assert!(compared > 0, "{server} took none of the statements");
        connection.query_drop("drop database normalize_live").unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compare(
    connection: &mut mysql::Conn,
    server: Server,
    written: &str,
    compared: &mut usize,
) -> Result<(), String> {
    let refused = |error: &dyn std::fmt::Display| format!("{error}\n{written}");
    if let Err(error) = connection.query_drop(written) {
        if std::env::var("DRIFTLINE_SHOW_REFUSED").is_ok() {
            eprintln!("{server} refuses: {error}");
        }
        return Ok(());
    }
    let parse = |text: &str| parse_create_table(text, &server).map_err(|e| refused(&e.message));
    let table = parse(written)?;
    let row: mysql::Row = connection
        .query_first(format!("show create table `{}`", table.name))
        .map_err(|error| refused(&error))?
        .ok_or_else(|| refused(&"no row"))?;
    let bytes: Vec<u8> = row.get(1).ok_or_else(|| refused(&"no text"))?;
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    let schema_of = |table| {
        let mut schema = Schema { name: Some(DATABASE.to_owned()), ..Schema::default() };
        schema.insert(table);
        schema
    };
    let pair = [schema_of(table), schema_of(parse(&shown)?)];
    *compared += 1;
    let context = Context::of(server, &pair[0], &pair[1]);
    let [one, other] = pair.map(|schema| {
        let once = normalize(&schema, &context);
        assert_eq!(once, normalize(&once, &context), "not idempotent");
        once
    });
    let difference = diff(&other, &one);
    if difference.changes.is_empty() && difference.uncertain.is_empty() {
        return Ok(());
    }
    let changes = difference.changes.iter().map(|change| match change {
        Change::AlterTable { changes, .. } => format!("{changes:?}"),
        other => format!("{other:?}"),
    });
    let changes = changes.collect::<Vec<_>>().join("\n");
    Err(format!("{written}\n{shown}\n{changes}\n{:?}", difference.uncertain))
}
