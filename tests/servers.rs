//! The cases of `tests/cases` on real servers: what is printed runs in the plain client, leaves
//! nothing to do, and can be taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::process::ExitCode;

use driftline::source::{Loaded, live};
use libtest_mimic::{Failed, Trial};
use support::case::{Case, cases};
use support::pipeline::planned;
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

fn main() -> ExitCode {
    let servers = servers();
    let mut trials = Vec::new();
    for case in cases() {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|name| ignored(&case, name)));
        }
        for server in servers.iter().filter(|server| case.is_for(&server.server)) {
            let (case, server) = (case.clone(), server.clone());
            let name = format!("{} on {}", case.name, server.name());
            trials.push(Trial::test(name, move || round_trip(&case, &server)));
        }
    }
    run(trials)
}

fn ignored(case: &Case, server: &str) -> Trial {
    Trial::test(format!("{} on {server}", case.name), || Ok(())).with_ignored_flag(true)
}

/// Creates the case's first schema, makes it the second, and goes back.
fn round_trip(case: &Case, server: &TestServer) -> Result<(), Failed> {
    let (before, after) = (case.before()?, case.after()?);
    let database = server.database(case.short_name())?;
    let create = planned(&read(&database)?, &before, &server.server)?;
    let forward = planned(&before, &after, &server.server)?;
    if !create.refused().is_empty() || !forward.refused().is_empty() {
        // A server too old for the case: the commands refuse it before they touch anything.
        return Ok(());
    }
    database.run_as_printed(&create.script())?;
    let found = read(&database)?;
    planned(&found, &before, &server.server)?
        .expect_nothing("what is left after creating `before`")?;

    if let Some(data) = &case.data {
        database.plain(data)?;
    }
    let forward = planned(&found, &after, &server.server)?;
    if case.same {
        forward.expect_nothing("the difference between `before` and `after`")?;
        return Ok(());
    }
    if forward.comparison.plan.steps.is_empty() {
        return Err("there is nothing to do, and the case doesn't say `same: true`".into());
    }
    database.run_as_printed(&forward.script())?;
    planned(&read(&database)?, &after, &server.server)?
        .expect_nothing("the difference after the plan")?;
    if let Some(query) = &case.query {
        let gives = database.plain(query)?;
        let wanted = case.gives.as_deref().unwrap_or_default();
        if gives.trim() != wanted.trim() {
            return Err(format!("{query}\ngives {gives} and not {wanted}").into());
        }
    }
    if forward.irreversible().is_none() {
        database.run_as_printed(&forward.reverse_script())?;
        planned(&read(&database)?, &before, &server.server)?
            .expect_nothing("the difference after the way back")?;
    }
    Ok(())
}

fn read(database: &Database) -> Result<Loaded, Failed> {
    Ok(live::read(&database.url()?).map_err(|error| error.to_string())?)
}
