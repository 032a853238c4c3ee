//! Compares what driftline says about a change of a column's type with what each server does to
//! rows of edge values: whether a value is kept, changed, lost, or stops the statement.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::process::ExitCode;
use support::client::Conn;

use driftline::ddl::Sql;
use driftline::plan::{Reverse, RiskKind, Step};
use driftline::server::{Capability, Server};
use driftline::source::{Loaded, yaml};
use libtest_mimic::Failed;
use support::pipeline::planned;
use support::servers::{TestServer, on_each_server, run};

/// Types, each with edge values in SQL, separated by `|`.
const TYPES: &[(&str, &str)] = &[
    ("tinyint(1)", "0|1|-1|127"),
    ("int", "0|1|2|-1|2147483647|2020|200229|20200229"),
    ("int unsigned", "0|1|4294967295"),
    ("bigint", "0|1|70|2020|-1|9007199254740993|9223372036854775807"),
    ("bit(8)", "0|1|65|255"),
    ("decimal(5,2)", "0|1|1.55|-1.55|999.99"),
    ("decimal(8,3)", "0|1.555|-0.001|99999.999"),
    ("decimal(20,0)", "0|99999999999999999999"),
    ("float", "0|1|16777215|-1.5|0.1|1e30"),
    ("double", "0|1|-1.5|0.1|0.123456789012345|1e300|1234.5"),
    ("year", "0|1901|2020|2155"),
    ("date", "'2020-02-29'|'1000-01-01'|'9999-12-31'"),
    ("time", "'00:00:00'|'12:34:56'|'-838:59:59'|'25:00:00'"),
    ("time(3)", "'00:00:00'|'12:34:56.789'"),
    (
        "datetime",
        "'2020-02-29 00:00:00'|'2020-02-29 12:34:56'|'1000-01-01 00:00:00'|'9999-12-31 23:59:59'",
    ),
    ("datetime(3)", "'2020-02-29 00:00:00'|'2020-02-29 23:59:59.999'"),
    ("timestamp", "'2020-02-29 00:00:00'|'2020-02-29 12:34:56'"),
    ("char(4)", "''|'a'|'1'|'abcd'"),
    (
        "varchar(20)",
        "''|'a'|'b'|'1'|'1.5'|'a '|'a,b'|'2020-02-29'|'12:34:56'|'2020-02-29 12:34:56'|'{}'|'ä'|'99999999999'|' 7'|'1x'|'2020'",
    ),
    ("varchar(4)", "''|'a'|'ab '|'äöüß'|'2020'"),
    ("text", "''|'007'|'2020-2-9'|'{\"a\":1}'|'a'|'a '|repeat('x', 300)"),
    ("tinytext", "''|'a'|repeat('x', 255)"),
    ("varbinary(20)", "''|'a'|'1'|x'ff'|x'6100'|repeat('x', 20)"),
    ("binary(4)", "'1.50'|'a'|x'ff000000'|'abcd'|'2020'"),
    ("blob", "''|'007'|'2020-2-9'|'a'|x'ff'"),
    ("enum('a','b','1')", "'a'|'b'|'1'"),
    ("enum('0','1')", "'0'|'1'"),
    ("enum('b','a')", "'a'|'b'"),
    ("set('a','b')", "''|'a'|'b'|'a,b'"),
    ("set('b','a')", "''|'a'|'a,b'"),
    ("point", "ST_GeomFromText('POINT(1 2)')"),
    ("geometry", "ST_GeomFromText('POINT(1 2)')|ST_GeomFromText('LINESTRING(1 2, 3 4)')"),
    ("vector(1)", "x'0000803f'"),
    ("uuid", "'a7c0b2a8-0d4c-11ee-be56-0242ac120002'"),
    ("inet4", "'10.1.2.3'"),
    ("inet6", "'2001:db8::ff00:42:8329'|'::ffff:10.1.2.3'"),
    ("json", "'1'|'1.5'|'\"a\"'|'{\"b\": 1}'|'null'|'[]'|'true'"),
];

/// The types whose values each trial converts. Several trials, because they run in parallel.
fn main() -> ExitCode {
    run(on_each_server(&[
        ("conversions of whole numbers", |server| conversions(server, &TYPES[..5])),
        ("conversions of other numbers", |server| conversions(server, &TYPES[5..11])),
        ("conversions of dates and times", |server| conversions(server, &TYPES[11..17])),
        ("conversions of texts", |server| conversions(server, &TYPES[17..22])),
        ("conversions of bytes", |server| conversions(server, &TYPES[22..25])),
        ("conversions of members", |server| conversions(server, &TYPES[25..30])),
        ("conversions of other types", |server| conversions(server, &TYPES[30..])),
    ]))
}

/// What happens to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// It reads the same.
    Kept,
    /// It reads differently, and the reverse restores it.
    Changed,
    /// The reverse doesn't restore it.
    Lost,
    /// It stops the statement.
    Refused,
}

fn conversions(server: &TestServer, old: &[(&str, &str)]) -> Result<(), Failed> {
    let database = server.database("conversions")?;
    let mut connection = database.connection()?;
    let mut new = Vec::new();
    for (ty, _) in TYPES.iter().filter(|(ty, _)| is_known(ty, &server.server)) {
        new.push((*ty, schema(ty)?));
    }
    let (mut wrong, mut cautious, mut pairs) = (Vec::new(), 0, 0);
    for (from, values) in old.iter().filter(|(ty, _)| is_known(ty, &server.server)) {
        let before = schema(from)?;
        for (to, after) in new.iter().filter(|(to, _)| to != from) {
            let plan = planned(&before, after, &server.server)?;
            let [step] = plan.comparison.plan.steps.as_slice() else {
                return Err(format!("{from} to {to} is not one step").into());
            };
            for sql in &plan.comparison.plan.session.before {
                connection.query_drop(&sql.text)?;
            }
            // A time zone in which a time written as UTC reads differently.
            connection.query_drop("SET SESSION time_zone = '+02:00'")?;
            let outcomes = outcomes(&mut connection, (from, to), values, step)?;
            let found = wrong_statements(step, &outcomes);
            cautious += usize::from(found.is_cautious);
            wrong.extend(found.wrong.iter().map(|it| format!("{from} to {to}: {it}")));
            pairs += 1;
        }
    }
    println!(
        "{}: {pairs} pairs of types, {cautious} with a warning that no value met",
        server.name()
    );
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} of {pairs} pairs:\n{}", wrong.len(), wrong.join("\n")).into())
}

/// Whether the server has the type.
fn is_known(ty: &str, server: &Server) -> bool {
    match ty {
        "uuid" => server.can(Capability::UuidType),
        "inet4" => server.can(Capability::Inet4Type),
        "inet6" => server.can(Capability::Inet6Type),
        "vector(1)" => server.can(Capability::VectorType),
        _ => true,
    }
}

/// A table with a column of the type.
fn schema(ty: &str) -> Result<Loaded, Failed> {
    let text = format!(
        "tables:\n  t:\n    charset: utf8mb4\n    columns:\n      id: int not null\n      c: {{ type: \
         \"{ty}\" }}\n    primary_key: [id]\n"
    );
    yaml::read_text("schema.yaml", &text).map_err(|invalid| invalid.to_string().into())
}

/// A value as it is read: its text and its bytes.
type Found = (Option<String>, Option<String>);

/// What happens to each value. All rows are converted at once unless one stops the statement.
fn outcomes(
    connection: &mut Conn,
    types: (&str, &str),
    values: &str,
    step: &Step,
) -> Result<BTreeMap<String, Outcome>, Failed> {
    let values: Vec<&str> = values.split('|').collect();
    let mut outcomes = BTreeMap::new();
    let all = converted(connection, types, &values, step)?;
    for (place, value) in values.iter().enumerate() {
        let outcome = match &all {
            Some(all) => all[place],
            None => converted(connection, types, &[value], step)?
                .map_or(Outcome::Refused, |found| found[0]),
        };
        outcomes.insert((*value).to_owned(), outcome);
    }
    Ok(outcomes)
}

/// The values after the conversion and after the reverse. `None` if the statement is refused, or if
/// the reverse is refused for several values. The table is temporary, which is less work for the
/// server.
fn converted(
    connection: &mut Conn,
    types: (&str, &str),
    values: &[&str],
    step: &Step,
) -> Result<Option<Vec<Outcome>>, Failed> {
    let (from, to) = types;
    connection.query_drop("DROP TEMPORARY TABLE IF EXISTS t")?;
    connection.query_drop(format!(
        "CREATE TEMPORARY TABLE t (id int NOT NULL PRIMARY KEY, c {from}) CHARSET=utf8mb4"
    ))?;
    let rows: Vec<String> =
        values.iter().enumerate().map(|(place, value)| format!("({place}, {value})")).collect();
    connection.query_drop(format!("INSERT INTO t VALUES {}", rows.join(", ")))?;
    let before = found(connection, from)?;
    if run_all(connection, step.statements()).is_err() {
        return Ok(None);
    }
    let after = found(connection, to)?;
    let back = match &step.reverse {
        Reverse::Sql(sql) | Reverse::Lossy { sql, .. } => sql.as_slice(),
        Reverse::Irreversible { .. } => &[],
    };
    let returned = match run_all(connection, back.iter()) {
        Ok(()) => Some(found(connection, from)?),
        Err(_) if values.len() > 1 => return Ok(None),
        Err(_) => None,
    };
    let outcome = |place: usize| match &returned {
        Some(returned) if returned[place] == before[place] => {
            match same_text(&before[place], &after[place]) {
                true => Outcome::Kept,
                false => Outcome::Changed,
            }
        }
        _ => Outcome::Lost,
    };
    Ok(Some((0..values.len()).map(outcome).collect()))
}

fn run_all<'a>(
    connection: &mut Conn,
    mut statements: impl Iterator<Item = &'a Sql>,
) -> Result<(), mysql_async::Error> {
    statements.try_for_each(|sql| connection.query_drop(&sql.text))
}

/// The values as they are read: bits as their number, and what has no text as bytes.
fn found(connection: &mut Conn, ty: &str) -> Result<Vec<Found>, Failed> {
    let column = match ty {
        "bit(8)" => "c + 0",
        "point" | "geometry" | "vector(1)" => "HEX(c)",
        _ => "c",
    };
    Ok(connection.query(format!("SELECT CAST({column} AS CHAR), HEX(c) FROM t ORDER BY id"))?)
}

/// Whether a text reads the same, or as the same number or moment: 1.50 as 1.5, a date as its
/// midnight.
fn same_text(before: &Found, after: &Found) -> bool {
    let (Some(old), Some(new)) = (&before.0, &after.0) else { return before.1 == after.1 };
    let plain = |text: &str| match text.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => text.to_owned(),
    };
    let number = |text: &str| text.parse::<f64>().ok();
    plain(old) == plain(new)
        || format!("{old} 00:00:00") == plain(new)
        || number(old).is_some() && number(old) == number(new)
}

/// How the risks and the reverse disagree with what happens.
#[derive(Default)]
struct WrongStatements {
    /// What happens without a risk.
    wrong: Vec<String>,
    /// Whether there is a risk of something that doesn't happen to these values.
    is_cautious: bool,
}

fn wrong_statements(step: &Step, outcomes: &BTreeMap<String, Outcome>) -> WrongStatements {
    let said: Vec<String> =
        step.risks.iter().map(|risk| format!("{}: {}", risk.kind.name(), risk.message)).collect();
    let destroys = step.risks.iter().any(|risk| risk.kind.destroys_data());
    let lossy = matches!(step.reverse, Reverse::Lossy { .. });
    let goes = step.risks.iter().any(|risk| risk.kind == RiskKind::DropColumn);
    let fails = step.risks.iter().any(|risk| risk.message.contains("fail"));
    let changes = destroys || step.risks.iter().any(|risk| risk.kind == RiskKind::ChangeValues);
    let of = |wanted: Outcome| -> Vec<&str> {
        let found = outcomes.iter().filter(|(_, outcome)| **outcome == wanted);
        found.map(|(value, _)| value.as_str()).collect()
    };
    let (changed, lost, refused) = (of(Outcome::Changed), of(Outcome::Lost), of(Outcome::Refused));
    let say =
        |what: &str, values: &[&str]| format!("{what} {values:?}; said is {said:?}, {outcomes:?}");
    let mut found = WrongStatements::default();
    if destroys != lossy {
        found.wrong.push(say("the reverse and the risks disagree", &[]));
    }
    if goes {
        return found;
    }
    if !refused.is_empty() && !fails {
        found.wrong.push(say("nothing says that these stop it:", &refused));
    }
    if !lost.is_empty() && !destroys {
        found.wrong.push(say("nothing says that these are lost:", &lost));
    }
    if !changed.is_empty() && !changes {
        found.wrong.push(say("nothing says that these become others:", &changed));
    }
    found.is_cautious = destroys && lost.is_empty() || fails && refused.is_empty();
    found
}
