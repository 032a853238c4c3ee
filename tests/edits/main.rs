//! Differences taken into schema.yaml by a machine: those of every case, and those of files as
//! people write them. Needs no server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod styles;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use driftline::compare::Comparison;
use driftline::model::{Element, Partitioning, Table};
use driftline::normalize::{Context, normalize};
use driftline::server::Server;
use driftline::source::Loaded;
use driftline::source::yaml::{self, WriteOptions};
use driftline::take_in::{NotTaken, TakenIn, differing, take_in};
use support::case::cases;

const NAME: &str = "schema.yaml";

/// What a server would have after the statements for a source, and a file as `pull` writes it.
fn as_database(loaded: &Loaded, server: Server) -> Loaded {
    let context = Context::of(server, &loaded.schema, &loaded.schema);
    let mut schema = normalize(&loaded.schema, &context);
    for table in schema.tables.values_mut() {
        table.renamed_from = None;
        table.columns.iter_mut().for_each(|it| it.renamed_from = None);
        table.indexes.iter_mut().for_each(|it| it.renamed_from = None);
    }
    Loaded { label: "the database".into(), schema, server: Some(server), ..Loaded::default() }
}

fn as_pulled(loaded: &Loaded, server: Server) -> String {
    let stated_server = Some(server.flavor());
    let options = WriteOptions { compact: true, stated_server, ..WriteOptions::new(server) };
    yaml::write(&as_database(loaded, server).schema, &options)
}

/// Takes in what is wanted of a database.
fn taken(
    database: &Loaded,
    text: &str,
    server: Server,
    wanted: &dyn Fn(&Element) -> bool,
) -> Result<TakenIn, String> {
    let read = |texts: &BTreeMap<String, String>| {
        yaml::read_text(NAME, texts.get(NAME).map_or(text, String::as_str))
    };
    let file = read(&BTreeMap::new()).map_err(|invalid| invalid.to_string())?;
    let comparison = Comparison::new(database.clone(), file, Some(server)).unwrap();
    take_in(comparison, Some(server), wanted, &read).map_err(|not| words(&not))
}

fn words(not: &NotTaken) -> String {
    match not {
        NotTaken::Failed(error) => format!("{error:#}"),
        NotTaken::Elements(elements) => {
            let words = elements.iter().map(|it| format!("{}: {}", it.element, it.why));
            words.collect::<Vec<_>>().join("; ")
        }
    }
}

/// Takes all of a case in, and then each element alone. What a machine can't do is in a snapshot.
#[test]
fn every_case_is_taken_in() {
    let mut refused = BTreeSet::new();
    let mut alone: BTreeMap<String, usize> = BTreeMap::new();
    let (mut wholes, mut parts) = (0, 0);
    for case in cases() {
        for (number, (flavor, server)) in case.servers().enumerate() {
            let (before, after) = (case.before().unwrap(), case.after().unwrap());
            let (database, text) = (as_database(&after, server), as_pulled(&before, server));
            let Ok(file) = yaml::read_text(NAME, &text) else { continue };
            // No database says that something else manages its partitions.
            let keeps = |it: &Table| it.partitioning == Some(Partitioning::Keep);
            let compared = Comparison::new(database.clone(), file, Some(server)).unwrap();
            let elements = differing(&compared);
            if elements.is_empty() || database.schema.tables.values().any(keeps) {
                continue;
            }
            match taken(&database, &text, server, &|_| true) {
                Ok(taken) => {
                    let left = &taken.comparison.difference.changes;
                    assert!(left.is_empty(), "{} {flavor}", case.name);
                    wholes += 1;
                }
                Err(why) => {
                    refused.insert(format!("{}: {why}", case.name));
                }
            }
            for element in elements.iter().filter(|_| elements.len() > 1 && number == 0) {
                match taken(&database, &text, server, &|it| it == element) {
                    Ok(taken) => {
                        let left = differing(&taken.comparison);
                        assert!(!left.contains(element), "{} {flavor} {element}", case.name);
                        parts += 1;
                    }
                    Err(why) => *alone.entry(without_names(&why)).or_default() += 1,
                }
            }
        }
    }
    let refused: Vec<String> = refused.into_iter().collect();
    let alone: Vec<String> = alone.iter().map(|(why, count)| format!("{count}: {why}")).collect();
    insta::assert_snapshot!(format!(
        "all of {wholes} databases, but for\n{}\n\n{parts} elements alone, but for\n{}",
        refused.join("\n"),
        alone.join("\n")
    ));
}

/// The first reason, with `…` for the names.
fn without_names(why: &str) -> String {
    let first = why.split("; ").next().unwrap_or_default();
    let reason = first.split_once(": ").map_or(first, |(_, reason)| reason);
    let parts = reason.split('`').enumerate();
    parts.map(|(number, part)| if number % 2 == 0 { part } else { "`…`" }).collect()
}
