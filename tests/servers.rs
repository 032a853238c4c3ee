//! The cases of `tests/cases` on real servers: what is printed runs in the plain client, leaves no
//! difference, and can be reversed. And cases that need more than one database.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::process::{Command, ExitCode};

use driftline::plan::{RiskKind, Step};
use driftline::source::{Loaded, yaml};
use libtest_mimic::{Failed, Trial};
use support::case::{Case, cases};
use support::pipeline::{Planned, planned, read, read_compared_with};
use support::sameness::expect_one_schema;
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

fn main() -> ExitCode {
    let servers = servers();
    let mut trials = Vec::new();
    for case in cases() {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|name| ignored(&case.name, name)));
        }
        for server in servers.iter().filter(|server| case.is_for(&server.server)) {
            let (case, server) = (case.clone(), server.clone());
            let name = format!("{} on {}", case.name, server.name());
            trials.push(Trial::test(name, move || round_trip(&case, &server)));
        }
    }
    const OTHER: &str = "a foreign key into another database";
    if servers.is_empty() {
        trials.extend(USUAL_SERVERS.map(|name| ignored(OTHER, name)));
    }
    for server in &servers {
        let name = format!("{OTHER} on {}", server.name());
        let server = server.clone();
        trials.push(Trial::test(name, move || other_database(&server)));
    }
    run(trials)
}

fn ignored(test: &str, server: &str) -> Trial {
    Trial::test(format!("{test} on {server}"), || Ok(())).with_ignored_flag(true)
}

/// Creates the case's first schema, turns it into the second, and goes back.
fn round_trip(case: &Case, server: &TestServer) -> Result<(), Failed> {
    let (before, after) = (case.before()?, case.after()?);
    let database = server.database(case.short_name())?;
    let create = planned(&read(&database)?, &before, &server.server)?;
    let from_file = planned(&before, &after, &server.server)?;
    if !create.refused().is_empty() || !from_file.refused().is_empty() {
        // If the server is too old for the case, the commands refuse it before they change
        // anything.
        return Ok(());
    }
    database.run_as_printed(&create.script())?;
    let found = read_compared_with(&database, &before)?;
    planned(&found, &before, &server.server)?
        .expect_nothing("what is left after creating `before`")?;
    expect_one_schema(&database, &found, &before)?;

    let objects = database.show_create_objects()?;
    if let Some(data) = &case.data {
        database.plain(data)?;
    }
    let forward = planned(&found, &after, &server.server)?;
    if case.same {
        forward.expect_nothing("the difference between `before` and `after`")?;
        return Ok(());
    }
    if forward.comparison.plan.steps.is_empty() {
        // Between versions they may differ, as the case's snapshot shows.
        if case.topic() == "versions" {
            return forward.expect_nothing("a difference without a plan").map_err(Failed::from);
        }
        return Err("there is nothing to do, and the case doesn't say `same: true`".into());
    }
    let script = forward.script_of_text().ok_or("the report shows no statements")?;
    database.run_as_printed(&script)?;
    let made = read_compared_with(&database, &after)?;
    planned(&made, &after, &server.server)?.expect_nothing("the difference after the plan")?;
    expect_one_schema(&database, &made, &after)?;
    // A broken object can't be created again.
    let breaks = |step: &Step| step.risks.iter().any(|risk| risk.kind == RiskKind::BreaksObject);
    if !forward.comparison.plan.steps.iter().any(breaks) {
        same_as_made_anew(&database, &after, server)?;
    }
    if let Some(query) = &case.query {
        let gives = database.plain(query)?;
        let wanted = case.gives.as_deref().unwrap_or_default();
        if gives.trim() != wanted.trim() {
            return Err(format!("{query}\ngives {gives} and not {wanted}").into());
        }
    }
    if forward.irreversible().is_none() {
        database.run_as_printed(&forward.reverse_script())?;
        planned(&read_compared_with(&database, &before)?, &before, &server.server)?
            .expect_nothing("the difference after the reverse")?;
        same_objects(&objects, &database.show_create_objects()?, "after the reverse")?;
    }
    // A plan that starts from nothing doesn't know the database's character set.
    if case.before.is_none() || from_file.script() == forward.script() {
        return Ok(());
    }
    let anew = server.database(case.short_name())?;
    anew.run_as_printed(&create.script())?;
    from_file_alone(case, &from_file, &anew).map_err(|error| {
        format!("by a plan from the file: {}", error.message().unwrap_or("")).into()
    })
}

/// The plan of `generate`, which doesn't see the database: the same in both directions.
fn from_file_alone(case: &Case, plan: &Planned, database: &Database) -> Result<(), Failed> {
    let (before, after) = (case.before()?, case.after()?);
    if let Some(data) = &case.data {
        database.plain(data)?;
    }
    database.run_as_printed(&plan.script())?;
    planned(&read_compared_with(database, &after)?, &after, &database.server.server)?
        .expect_nothing("the difference after the plan")?;
    if plan.irreversible().is_none() {
        database.run_as_printed(&plan.reverse_script())?;
        planned(&read_compared_with(database, &before)?, &before, &database.server.server)?
            .expect_nothing("the difference after the reverse")?;
    }
    Ok(())
}

/// Checks that the server shows the database's objects like those of a database that was created
/// with the desired schema.
fn same_as_made_anew(database: &Database, to: &Loaded, server: &TestServer) -> Result<(), Failed> {
    if to.schema.objects.is_empty() {
        return same_objects(&[], &database.show_create_objects()?, "after the plan");
    }
    let anew = server.database("anew")?;
    anew.run_as_printed(&planned(&read(&anew)?, to, &server.server)?.script())?;
    same_objects(&anew.show_create_objects()?, &database.show_create_objects()?, "after the plan")
}

fn same_objects(
    wanted: &[(String, String)],
    found: &[(String, String)],
    when: &str,
) -> Result<(), Failed> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("the objects {when} are\n{found:#?}\nand not\n{wanted:#?}").into())
}

/// A foreign key into another database: created, read, pulled, changed and reversed.
fn other_database(server: &TestServer) -> Result<(), Failed> {
    let parent = server.database("parent")?;
    parent.plain("CREATE TABLE parent (id int NOT NULL PRIMARY KEY)")?;
    let child = server.database("child")?;
    let schema = |action: &str| {
        let text = format!(
            "tables:\n  child:\n    columns:\n      id: int not null\n      parent_id: int\n    \
             primary_key: [id]\n    indexes:\n      by_parent: [parent_id]\n    foreign_keys:\n      \
             of_parent:\n        columns: [parent_id]\n        references: \"{}.parent(id)\"\n        \
             on_delete: {action}\n",
            parent.name
        );
        yaml::read_text("schema.yaml", &text).map_err(|invalid| invalid.to_string())
    };
    let (before, after) = (schema("cascade")?, schema("set null")?);
    let empty = read(&child)?;
    let create = planned(&empty, &before, &server.server)?;
    child.run_as_printed(&create.script())?;
    planned(&read(&child)?, &before, &server.server)?.expect_nothing("what is left to create")?;
    pull_and_check(&child, &parent.name)?;

    let change = planned(&read(&child)?, &after, &server.server)?;
    child.run_as_printed(&change.script())?;
    planned(&read(&child)?, &after, &server.server)?.expect_nothing("what is left to change")?;
    child.run_as_printed(&change.reverse_script())?;
    planned(&read(&child)?, &before, &server.server)?.expect_nothing("what the reverse left")?;
    child.run_as_printed(&create.reverse_script())?;
    planned(&read(&child)?, &empty, &server.server)?.expect_nothing("what is left of the child")?;
    Ok(())
}

/// Checks that the commands write a file from the database with this key, and find no difference.
fn pull_and_check(database: &Database, other: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let url = database.url_text();
    for arguments in [&["pull", &url, "--output", "schema.yaml"][..], &["check", "--against", &url]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(arguments)
            .current_dir(folder.path())
            .output()?;
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            return Err(format!("{}: {}", arguments[0], String::from_utf8_lossy(&text)).into());
        }
    }
    let pulled = std::fs::read_to_string(folder.path().join("schema.yaml"))?;
    if !pulled.contains(&format!("{other}.parent(id)")) {
        return Err(format!("the other database is not named:\n{pulled}").into());
    }
    Ok(())
}
