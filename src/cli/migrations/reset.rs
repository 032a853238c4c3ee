//! `driftline reset`: drops everything that is in a database, for development.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::super::Outcome;
use super::super::arguments::ResetArguments;
use super::super::error::{Result, RunFailure, bail};
use super::super::open::Location;
use super::super::output::Output;
use super::failures::{engine_error, run_error};
use super::permission::ask;
use super::result::ResultPrinter;
use super::watching::Lines;
use crate::diagnostic::Diagnostic;
use crate::engine;
use crate::report::one_line;
use crate::source::live::Content;

pub(in crate::cli) fn run(args: &ResetArguments, output: &Output) -> Result<Outcome> {
    let lookup = args.target.lookup();
    let location = Location::required_database(args.target.source.as_deref(), &lookup)?;
    let Location::Live(url) = location else {
        bail!(
            "only a database on a server is reset: name a URL such as mysql://user@host/database"
        );
    };
    let label = one_line(&url.label());
    if url.database() != Some(args.name.as_str()) {
        bail!("`{}` isn't the database of the URL: {label}", one_line(&args.name));
    }
    let refused = |why: &str| {
        let title = format!("{label} is protected: nothing was dropped");
        let diagnostic = Diagnostic::without_place(title).with_help(why);
        run_error(RunFailure::NotPermitted, vec![diagnostic])
    };
    if lookup.is_protected(&url) {
        return Err(refused("driftline.toml says so of an environment that has this database"));
    }
    let (contents, is_protected) = engine::contents(&url, &lookup.history).map_err(engine_error)?;
    if is_protected {
        return Err(refused(
            "its history says so since a run in an environment with `protected = true`",
        ));
    }
    let printer = ResultPrinter::new(args.target.format, output);
    let dropped = |contents: &[Content]| {
        let dropped: Vec<_> =
            contents.iter().map(|it| json!({ "kind": noun(it), "name": it.name })).collect();
        json!({ "database": url.label(), "dropped": dropped })
    };
    if contents.is_empty() {
        printer.text(&format!("{label} is empty\n"))?;
        printer.document(dropped(&[]))?;
        return Ok(Outcome::Clean);
    }
    let question = format!("drop everything in {label} ({})?", kinds(&contents));
    ask(&question, &args.running, true)?;
    let patience = Duration::from_secs(args.running.wait.into());
    let mut lines = Lines::begin(output);
    engine::reset(&url, &lookup.history, patience, &mut lines).map_err(engine_error)?;
    printer.text(&format!("{label} is empty: {} dropped\n", kinds(&contents)))?;
    printer.document(dropped(&contents))?;
    Ok(Outcome::Clean)
}

/// `table`, `view`
fn noun(content: &Content) -> String {
    match content.kind.as_str() {
        "BASE TABLE" | "SYSTEM VERSIONED" => "table".to_owned(),
        other => other.to_lowercase(),
    }
}

/// `4 tables, 1 view`
fn kinds(contents: &[Content]) -> String {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for content in contents {
        *kinds.entry(noun(content)).or_default() += 1;
    }
    let words = kinds.iter().map(|(noun, count)| match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    });
    words.collect::<Vec<_>>().join(", ")
}
