//! The validation errors for schema.yaml, in snapshots next to the lists of `tests/validation`.
//! Each server refuses exactly the schemas that have such an error.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use driftline::compare::Comparison;
use driftline::diagnostic::render;
use driftline::server::Server;
use driftline::source::{Loaded, yaml};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use support::pipeline::{planned, read_compared_with};
use support::servers::{TestServer, USUAL_SERVERS, run, servers};

const FLAVORS: &[&str] = &["mysql:9.7", "mariadb:10.11", "mariadb:11.8"];

/// A session that accepts what strict modes refuse.
const LAX: &str = "SET SESSION sql_mode = '', SESSION innodb_strict_mode = 0;\n";

/// One entry of a list: schemas with an error, or nearly one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What it shows.
    why: String,
    /// Texts of schema.yaml. A server stops at the first error, so each has at most one.
    schemas: Vec<String>,
    /// Servers that refuse it without a validation error, by the start of their names.
    #[serde(default)]
    unsaid: Vec<String>,
    /// Whether a session without strict modes accepts it unchanged.
    #[serde(default)]
    lax: bool,
}

fn main() -> ExitCode {
    let servers = servers();
    let mut trials = Vec::new();
    for file in lists() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let list = file.clone();
        trials.push(Trial::test(format!("{name} is said"), move || said(&list)));
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| {
                let title = format!("{name} on {server}");
                Trial::test(title, || Ok(())).with_ignored_flag(true)
            }));
        }
        for server in servers.clone() {
            let list = file.clone();
            let title = format!("{name} on {}", server.name());
            trials.push(Trial::test(title, move || on_server(&list, &server)));
        }
    }
    run(trials)
}

fn lists() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_list = |file: &PathBuf| file.extension().is_some_and(|it| it == "yaml");
    let mut files: Vec<PathBuf> = files.filter(is_list).collect();
    files.sort();
    files
}

fn entries(file: &Path) -> Vec<Entry> {
    serde_saphyr::from_str(&fs::read_to_string(file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn said(file: &Path) -> Result<(), Failed> {
    let mut text = String::new();
    for entry in entries(file) {
        text.push_str(&format!("## {}\n", entry.why.trim()));
        let mut seen: Vec<(Vec<&str>, String)> = Vec::new();
        for flavor in FLAVORS {
            let server: Server = flavor.parse()?;
            let mut said = String::new();
            for schema in &entry.schemas {
                said.push_str(&drawn(schema, &server)?.replace(&server.to_string(), "SERVER"));
            }
            match seen.iter_mut().find(|(_, other)| *other == said) {
                Some((flavors, _)) => flavors.push(flavor),
                None => seen.push((vec![flavor], said)),
            }
        }
        for (flavors, said) in seen {
            text.push_str(&format!("#### {}\n{said}\n", flavors.join(", ")));
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(file.file_stem().unwrap().to_str().unwrap(), text));
    Ok(())
}

/// What a user sees about a schema.
fn drawn(schema: &str, server: &Server) -> Result<String, Failed> {
    let comparison = Comparison::new(nothing(), read(schema)?, Some(*server))?;
    let refused = comparison.refused();
    if refused.is_empty() {
        return Ok("nothing is said\n".to_owned());
    }
    Ok(refused.iter().map(|it| render(it, &comparison.to.files, false)).collect())
}

fn nothing() -> Loaded {
    Loaded { label: "nothing".to_owned(), ..Loaded::default() }
}

fn read(schema: &str) -> Result<Loaded, Failed> {
    yaml::read_text("schema.yaml", &with_long_texts(schema))
        .map_err(|invalid| invalid.to_string().into())
}

/// The text with more than a thousand `x` in place of `LONG1025`.
fn with_long_texts(text: &str) -> String {
    let mut parts = text.split("LONG");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_at(4);
        whole.push_str(&"x".repeat(number.parse().unwrap()));
        whole.push_str(rest);
    }
    whole
}

/// Checks that the server refuses what has a validation error and accepts everything else; and that
/// in a session without strict modes it doesn't keep anything with a validation error unchanged.
fn on_server(file: &Path, server: &TestServer) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for entry in entries(file) {
        for schema in &entry.schemas {
            if let Err(problem) = holds(&entry, schema, server) {
                let problem = problem.message().unwrap_or_default().to_owned();
                wrong.push(format!("{}: {problem}\nof\n{schema}", entry.why.trim()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn holds(entry: &Entry, schema: &str, server: &TestServer) -> Result<(), Failed> {
    let wanted = read(schema)?;
    let plan = planned(&nothing(), &wanted, &server.server)?;
    let said = plan.refused();
    if plan.comparison.validation_errors().len() > 1 {
        return Err(format!("more than one thing is said: {said:?}").into());
    }
    let database = server.database("mistake")?;
    let ran = database.run_as_printed(&plan.script());
    let is_unsaid = entry.unsaid.iter().any(|start| server.name().starts_with(start.as_str()));
    match ran {
        Ok(_) if !said.is_empty() => {
            return Err(format!("the server takes it, and {said:?} is said").into());
        }
        Ok(_) if is_unsaid => return Err("the server takes it, and `unsaid` names it".into()),
        Err(error) if said.is_empty() && !is_unsaid => {
            let error = error.message().unwrap_or_default().to_owned();
            return Err(format!("nothing is said, and the server refuses it: {error}").into());
        }
        Err(_) if is_unsaid && !said.is_empty() => {
            return Err(format!("`unsaid` names the server, and {said:?} is said").into());
        }
        _ => {}
    }
    if said.is_empty() || entry.lax {
        return Ok(());
    }
    let database = server.database("lax")?;
    if database.plain(&format!("{LAX}{}", plan.script())).is_ok() {
        let kept = planned(&read_compared_with(&database, &wanted)?, &wanted, &server.server)?;
        let difference = &kept.comparison.difference;
        if difference.changes.is_empty() && difference.uncertain.is_empty() {
            return Err(
                format!("a session that isn't strict keeps it, and {said:?} is said").into()
            );
        }
    }
    Ok(())
}
