//! Random schemas and random edits of them: what is printed runs in the plain client, leaves no
//! difference, and can be reversed; and a schema is the same in every form in which it is written.
//!
//! `DRIFTLINE_RANDOM_PAIRS` is the number of pairs for each server, `DRIFTLINE_RANDOM_SEED` selects
//! them; `DRIFTLINE_RANDOM_WHY` shows in full what a server refuses. A pair that fails is made as
//! small as possible, and printed as a file of `tests/cases`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[allow(unreachable_pub)]
mod generator;
mod support;

use std::cell::Cell;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use driftline::ddl;
use driftline::model::Schema;
use driftline::server::Server;
use driftline::source::yaml::{self, WriteOptions};
use driftline::source::{Loaded, dump};
use generator::schemas;
use generator::seed::{Pair, pairs};
use libtest_mimic::{Failed, Trial};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use support::pipeline::{planned, read, read_compared_with};
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

/// The number of pairs for each server.
const PAIRS: &str = "DRIFTLINE_RANDOM_PAIRS";

/// The seed of the random numbers.
const SEED: &str = "DRIFTLINE_RANDOM_SEED";

/// Set to see the whole statement that a server refuses, not only the error.
const WHY: &str = "DRIFTLINE_RANDOM_WHY";

/// The number of pairs in one test.
const AT_ONCE: usize = 8;

/// One of this many tests also fills the tables.
const WITH_ROWS: usize = 3;

/// The number of rows in each.
const ROWS: u64 = 20;

/// The servers for the checks that need no server.
const FLAVORS: [&str; 3] = ["mysql:9.7", "mariadb:10.11", "mariadb:11.8"];

/// What happened to the pairs of a server.
#[derive(Debug, Default)]
struct Count {
    clean: AtomicUsize,
    refused: AtomicUsize,
}

/// The outcome of a pair that didn't fail.
enum Outcome {
    Clean,
    /// The server refuses one of the schemas.
    Refused(String),
}

fn main() -> ExitCode {
    let (count, seed) = (number(PAIRS, 96), number(SEED, 2));
    let servers = servers();
    let mut trials = Vec::new();
    let mut counts = Vec::new();
    for chunk in 0..count.div_ceil(AT_ONCE) {
        let range = format!("pairs {} of seed {seed}", chunk * AT_ONCE + 1);
        for flavor in FLAVORS {
            let server: Server = flavor.parse().unwrap();
            trials.push(Trial::test(format!("{range} as texts of {flavor}"), move || {
                each(seed, chunk, &server, 2000, |before, after| {
                    texts(before, &server)?;
                    texts(after, &server)?;
                    Ok(Outcome::Clean)
                })
            }));
        }
        if servers.is_empty() {
            let ignored = USUAL_SERVERS.map(|name| {
                Trial::test(format!("{range} on {name}"), || Ok(())).with_ignored_flag(true)
            });
            trials.extend(ignored);
        }
        for (at, server) in servers.iter().enumerate() {
            if counts.len() <= at {
                counts.push((server.name(), Arc::new(Count::default())));
            }
            let (server, tally) = (server.clone(), Arc::clone(&counts[at].1));
            trials.push(Trial::test(format!("{range} on {}", server.name()), move || {
                let still_counts = Cell::new(true);
                each(seed, chunk, &server.server, 150, |before, after| {
                    let outcome = round_trip(before, after, &server, chunk % WITH_ROWS == 0);
                    if still_counts.get() {
                        match &outcome {
                            Ok(Outcome::Clean) => tally.clean.fetch_add(1, Ordering::Relaxed),
                            Ok(Outcome::Refused(why)) => {
                                if std::env::var_os(WHY).is_some() {
                                    println!("{why}");
                                }
                                let line = why.lines().find(|it| it.contains("ERROR"));
                                println!("{}: {}", server.name(), line.unwrap_or(why));
                                tally.refused.fetch_add(1, Ordering::Relaxed)
                            }
                            Err(_) => {
                                still_counts.set(false);
                                0
                            }
                        };
                    }
                    outcome
                })
            }));
        }
    }
    let code = run(trials);
    for (name, count) in counts {
        let Count { clean, refused } = &*count;
        println!("{name}: {clean:?} pairs clean, {refused:?} with a schema that it doesn't take");
    }
    code
}

fn number(variable: &str, otherwise: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable}: {text} is no number")),
        Err(_) => otherwise,
    }
}

/// Tries the pairs of one test, and makes the first that fails smaller.
fn each(
    seed: usize,
    chunk: usize,
    server: &Server,
    shrinking: u32,
    check: impl Fn(&Schema, &Schema) -> Result<Outcome, Failed>,
) -> Result<(), Failed> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(seed as u64).to_le_bytes());
    bytes[8..16].copy_from_slice(&(chunk as u64).to_le_bytes());
    let config = Config {
        cases: AT_ONCE as u32,
        failure_persistence: None,
        max_shrink_iters: shrinking,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let tried = runner.run(&pairs(), |pair: Pair| {
        let (before, after) = schemas(&pair, server);
        match check(&before, &after) {
            Ok(_) => Ok(()),
            Err(failed) => Err(TestCaseError::fail(failed.message().unwrap_or("").to_owned())),
        }
    });
    match tried {
        Ok(()) => Ok(()),
        Err(TestError::Abort(why)) => Err(why.to_string().into()),
        Err(TestError::Fail(why, pair)) => {
            let (before, after) = schemas(&pair, server);
            Err(format!("{why}\n\nas a case:\n{}", case(&before, &after, server)).into())
        }
    }
}

/// The pair as a file of `tests/cases`.
fn case(before: &Schema, after: &Schema, server: &Server) -> String {
    let mut text = String::from("why: \n");
    for (key, schema) in [("before", before), ("after", after)] {
        let _ = writeln!(text, "{key}: |");
        for line in yaml::write(schema, &WriteOptions::new(*server)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// The schema as it is in a file.
fn written(name: &str, schema: &Schema, server: &Server) -> Result<Loaded, Failed> {
    let text = yaml::write(schema, &WriteOptions::new(*server));
    yaml::read_text(name, &text).map_err(|invalid| format!("{text}\n{invalid}").into())
}

/// Checks that a schema is the same in every form in which it is written.
fn texts(schema: &Schema, server: &Server) -> Result<(), Failed> {
    let options = WriteOptions::new(*server);
    let text = yaml::write(schema, &options);
    let read = written("schema.yaml", schema, server)?;
    if read.schema != *schema {
        let again = yaml::write(&read.schema, &options);
        return Err(format!(
            "{text}\nis read as another schema:\n{again}\n{:#?}\n{schema:#?}",
            read.schema
        )
        .into());
    }
    let once = yaml::format("schema.yaml", &text).map_err(|invalid| invalid.to_string())?;
    let twice = yaml::format("schema.yaml", &once).map_err(|invalid| invalid.to_string())?;
    if once != twice {
        return Err(format!("formatted once\n{once}\nand twice\n{twice}").into());
    }
    let formatted = yaml::read_text("schema.yaml", &once).map_err(|it| it.to_string())?;
    if formatted.schema != *schema {
        return Err(format!("formatting changes\n{text}\nto\n{once}").into());
    }
    planned(&read, &read, server)?.expect_nothing("the difference to itself")?;
    let mut sql = String::new();
    for table in schema.tables.values() {
        let _ = writeln!(sql, "{};", ddl::create_table(table, server));
    }
    let dumped = dump::read_from(sql.as_bytes(), "dump.sql", Some(*server))
        .map_err(|error| format!("{sql}\n{error}"))?;
    if schema.objects.is_empty() {
        planned(&dumped, &read, server)?
            .expect_nothing(&format!("the difference between the schema and\n{sql}\n"))?;
    }
    let script = planned(&Loaded::default(), &read, server)?.script();
    let dumped = dump::read_from(script.as_bytes(), "dump.sql", Some(*server))
        .map_err(|error| format!("{script}\n{error}"))?;
    planned(&dumped, &read, server)?
        .expect_nothing(&format!("the difference between the schema and\n{script}\n"))?;
    Ok(())
}

/// Creates the first schema, turns it into the second, and goes back; then the same with rows in
/// the tables, of which all have to stay that no risk says are lost.
fn round_trip(
    before: &Schema,
    after: &Schema,
    server: &TestServer,
    with_rows: bool,
) -> Result<Outcome, Failed> {
    let kind = &server.server;
    let (before, after) = (written("before", before, kind)?, written("after", after, kind)?);
    let database = server.database("random")?;
    if let Err(why) = create(&database, &before)? {
        return Ok(Outcome::Refused(why));
    }
    let found = read_compared_with(&database, &before)?;
    planned(&found, &before, kind)?.expect_nothing("what is left after creating `before`")?;
    let forward = planned(&found, &after, kind)?;
    if let Err(failed) = database.run_as_printed(&forward.script()) {
        if let Err(why) = create(&server.database("after")?, &after)? {
            return Ok(Outcome::Refused(why));
        }
        return Err(failed);
    }
    // What a server may parse and keep differently is in `unsupported`.
    let errors = forward.comparison.validation_errors();
    if let Some(first) = errors.first() {
        return Err(format!("the server takes it, and this is said: {}", first.title).into());
    }
    planned(&read_compared_with(&database, &after)?, &after, kind)?
        .expect_nothing(&format!("the difference after the plan\n{}\n", forward.script()))?;
    if forward.irreversible().is_none() {
        database.run_as_printed(&forward.reverse_script())?;
        planned(&read_compared_with(&database, &before)?, &before, kind)?.expect_nothing(
            &format!("the difference after the reverse\n{}\n", forward.reverse_script()),
        )?;
        if with_rows {
            let rows = forward.with_rows(&database, ROWS);
            rows.map_err(|failed| {
                let why = failed.message().unwrap_or("");
                format!("with rows: {why}\n{}", forward.script())
            })?;
        }
    }
    Ok(Outcome::Clean)
}

/// Creates a schema in an empty database. The inner error is the server's refusal.
fn create(database: &Database, schema: &Loaded) -> Result<Result<(), String>, Failed> {
    let plan = planned(&read(database)?, schema, &database.server.server)?;
    let unsupported = plan.comparison.unsupported();
    if let Some(first) = unsupported.first() {
        return Ok(Err(first.title.clone()));
    }
    let ran = database.run_as_printed(&plan.script());
    if let (Ok(_), Some(first)) = (&ran, plan.comparison.validation_errors().first()) {
        return Err(format!("the server takes it, and this is said: {}", first.title).into());
    }
    Ok(ran.map(drop).map_err(|failed| failed.message().unwrap_or("").to_owned()))
}
