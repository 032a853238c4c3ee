//! README.md and docs/: every block of commands is run and its output compared, every YAML is read,
//! and the JSON Schema is compared with what the program accepts.
//!
//! `<!-- test: WHERE -->` in a page says where the following blocks are run: `clone` (a copy of
//! what a clone has), `server` (with a database and a client, on each server), `python` (with
//! Alembic), `alembic` (with both). `<!-- not run: WHY -->` skips the next block.
//! `DRIFTLINE_UPDATE_DOCS=1` writes the output into the pages; for servers, that of the first.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../support/mod.rs"]
mod support;

mod page;
mod places;
mod schema;
mod session;

use std::process::ExitCode;

use libtest_mimic::{Failed, Trial};
use page::{Page, Place};
use support::servers::{TestServer, USUAL_SERVERS, run, servers};

fn main() -> ExitCode {
    let servers = servers();
    if std::env::var_os("DRIFTLINE_UPDATE_DOCS").is_some() {
        for page in Page::all() {
            page.update(servers.first()).unwrap();
        }
    }
    let mut trials = schema::trials();
    trials.push(Trial::test("every block of the pages is one that is looked at", known_blocks));
    trials.push(Trial::test("every YAML of the pages is a right file", yaml_blocks));
    for page in Page::all() {
        let name = page.name.clone();
        if page.has(Place::Clone) {
            let page = page.clone();
            trials.push(Trial::test(format!("the commands of {name}"), move || {
                page.run(Place::Clone, None)
            }));
        }
        if page.has(Place::Python) {
            let (page, ready) = (page.clone(), support::python::python().is_some());
            let title = format!("the commands of {name} with Python's packages");
            let trial = Trial::test(title, move || page.run(Place::Python, None));
            trials.push(trial.with_ignored_flag(!ready));
        }
        if page.has(Place::Server) {
            trials.extend(on_servers(&page, Place::Server, &servers));
        }
        if page.has(Place::Alembic) {
            let ready = support::python::python().is_some();
            let each = on_servers(&page, Place::Alembic, &servers).into_iter();
            trials.extend(each.map(|it| if ready { it } else { it.with_ignored_flag(true) }));
        }
    }
    run(trials)
}

fn on_servers(page: &Page, place: Place, servers: &[TestServer]) -> Vec<Trial> {
    let with = if place == Place::Alembic { " with Alembic" } else { "" };
    let title = |server: &str| format!("the commands of {}{with} on {server}", page.name);
    if servers.is_empty() {
        let ignored = |server| Trial::test(title(server), || Ok(())).with_ignored_flag(true);
        return USUAL_SERVERS.map(ignored).into();
    }
    let each = servers.iter().map(|server| {
        let (page, server) = (page.clone(), server.clone());
        Trial::test(title(&server.name()), move || page.run(place, Some(&server)))
    });
    each.collect()
}

/// The possible first words after the backquotes.
const KNOWN: [&str; 8] = ["console", "yaml", "toml", "diff", "python", "sql", "json", "text"];

fn known_blocks() -> Result<(), Failed> {
    let mut commands = 0;
    for page in Page::all() {
        for block in page.blocks() {
            let word = block.info.split(' ').next().unwrap_or_default();
            if !KNOWN.contains(&word) {
                return Err(format!("{}:{}: a block of `{word}`", page.name, block.first).into());
            }
            commands += block.commands().len();
        }
    }
    if commands < 10 { Err("there are hardly any commands".into()) } else { Ok(()) }
}

/// A YAML block that isn't for another file is a schema.yaml.
fn yaml_blocks() -> Result<(), Failed> {
    let mut count = 0;
    for page in Page::all() {
        for block in page.blocks() {
            let is_schema = matches!(block.info.as_str(), "yaml" | "yaml schema.yaml");
            if is_schema {
                count += 1;
                let name = format!("{}:{}", page.name, block.first);
                driftline::source::yaml::read_text(&name, &block.text())
                    .map_err(|invalid| invalid.to_string())?;
            }
        }
    }
    if count == 0 { Err("there is no YAML".into()) } else { Ok(()) }
}
