//! The recorded queries of views on each server on which they were recorded: a view on the server
//! is the same as the query that was written, and as the file that is pulled from it.

mod support;

use std::process::ExitCode;

use driftline::model::{Object, ObjectKind, Schema, View};
use driftline::normalize::expression::Sameness;
use driftline::normalize::{Context, normalize, select};
use driftline::source::{ReadOptions, dump, live, yaml};
use libtest_mimic::Failed;
use support::servers::{TestServer, on_each_server, run};

fn main() -> ExitCode {
    run(on_each_server(&[("views are what was written", test)]))
}

/// The queries that this server accepts; empty if nothing was recorded on its version.
fn queries(server: &TestServer) -> Vec<&'static str> {
    let version = server.server.version;
    let marks: &[&str] = match (server.is_mariadb(), version.major, version.minor) {
        (false, 9, _) => &["M"],
        (true, 10, 11) => &["A", "A10"],
        (true, 11, 8) => &["A", "A11"],
        _ => &[],
    };
    let mut queries = Vec::new();
    let mut written = "";
    for line in include_str!("../src/normalize/select/corpus.txt").lines() {
        match line.split_once('\t') {
            _ if line.starts_with('#') => {}
            Some((mark, _)) if marks.contains(&mark) => queries.push(written),
            Some(_) => {}
            None => written = line,
        }
    }
    queries
}

fn test(server: &TestServer) -> Result<(), Failed> {
    let queries = queries(server);
    let database = server.database("views")?;
    let url = database.url()?;
    let name = live::read(&url, &ReadOptions::default())?.schema.name.unwrap_or_default();
    let mut script = include_str!("../src/normalize/select/schema.sql").to_owned();
    for (place, query) in queries.iter().enumerate() {
        let query =
            query.replace(" db.", &format!(" {name}.")).replace("`db`", &format!("`{name}`"));
        script.push_str(&format!("create view v{place} as {query}\n;\n"));
    }
    database.plain(&script)?;
    let live = live::read(&url, &ReadOptions::default())?.schema;
    let written = dump::read_from(script.as_bytes(), "views.sql", Some(server.server))
        .map_err(|error| error.to_string())?;
    let text = yaml::write(&live, &yaml::WriteOptions::new(server.server));
    let pulled = yaml::read_text("schema.yaml", &text).map_err(|error| error.to_string())?;

    let unknown: Vec<&str> = include_str!("../src/normalize/select/unknown.txt").lines().collect();
    let mut wrong = Vec::new();
    for (path, other) in [("written", &written.schema), ("pulled", &pulled.schema)] {
        let context = Context::of(server.server, &live, other);
        let (live, other) = (normalize(&live, &context), normalize(other, &context));
        for (place, query) in queries.iter().enumerate() {
            let name = format!("v{place}");
            let found = match (view(&live, &name), view(&other, &name)) {
                (Some(live), Some(other)) => Some(select::compare(&live.select, &other.select)),
                _ => None,
            };
            let may_be_unknown = path == "written" && unknown.contains(query);
            let is_right = match found {
                Some(Sameness::Same) => true,
                Some(Sameness::Unknown) => may_be_unknown,
                Some(Sameness::Different) => false,
                // MySQL can't show every view that it has accepted.
                None => live.unsupported.iter().any(|it| it.name == name),
            };
            if !is_right {
                wrong.push(format!("{path} {found:?} {query}"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn view<'s>(schema: &'s Schema, name: &str) -> Option<&'s View> {
    schema.objects.iter().find_map(|(key, object)| match object {
        Object::View(view) if key.kind == ObjectKind::View && key.name == name => Some(view),
        _ => None,
    })
}
