//! `driftline status` where Alembic carries the migrations out: which revisions a database has.

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::alembic_layout::named;
use super::super::arguments::{ListFormat, StatusArguments};
use super::super::error::{Result, RunFailure, bail};
use super::super::open::Location;
use super::super::output::Output;
use super::failures::{engine_error, run_error};
use super::result::ResultPrinter;
use crate::alembic::{Revision, RevisionProgress, VERSION_TABLE};
use crate::diagnostic::Diagnostic;
use crate::report::{alembic_words, count, one_line};
use crate::source::live::Worker;

/// Of a long history the last lines say enough.
const SHOWN: usize = 5;

pub(super) fn run(
    args: &StatusArguments,
    revisions: &[Revision],
    output: &Output,
) -> Result<Outcome> {
    let lookup = args.target.lookup();
    let location = Location::required_database(args.target.source.as_deref(), &lookup)?;
    let Location::Live(url) = location else {
        bail!("only a server has a status: name a URL such as mysql://user@host/database");
    };
    let there = Worker::open(&url)?.alembic_revisions();
    let there = there.map_err(|error| engine_error(error.into()))?;
    let found = RevisionProgress::of(revisions, there.as_deref().unwrap_or_default());
    let label = url.label();
    match args.target.format {
        ListFormat::Text => output.text(&text(&label, &found, there.as_deref()))?,
        ListFormat::Json => {
            ResultPrinter::new(args.target.format, output).document(json(
                &label,
                &found,
                there.as_deref(),
            ))?;
        }
    }
    if !found.unknown.is_empty() {
        let diagnostics = match args.target.format {
            ListFormat::Text => found.unknown.iter().map(|id| unknown(id)).collect(),
            // The document has said what is wrong; the exit code follows.
            ListFormat::Json => Vec::new(),
        };
        return Err(run_error(RunFailure::Disagree, diagnostics));
    }
    match found.pending.is_empty() {
        true => Ok(Outcome::Clean),
        false => Ok(Outcome::Found),
    }
}

fn unknown(id: &str) -> Diagnostic {
    let id = one_line(id);
    Diagnostic::without_place(format!("the database has revision {id}, and there is no file of it"))
        .with_help("get the file from version control: the database is ahead of this branch")
}

fn text(label: &str, found: &RevisionProgress<'_>, there: Option<&[String]>) -> String {
    let mut text = format!(
        "{}: {}, {} pending\n",
        one_line(label),
        count(found.applied.len(), "revision applied", "revisions applied"),
        found.pending.len()
    );
    let state = match there {
        Some(revisions) => alembic_words(revisions),
        None => format!("there is no table {VERSION_TABLE} that can be read"),
    };
    let heads: Vec<String> = found.heads.iter().map(|it| one_line(&it.id)).collect();
    let newest = match heads.as_slice() {
        [] => "there is no revision".to_owned(),
        [one] => format!("the head is {one}"),
        several => format!("the heads are {}", several.join(" and ")),
    };
    text.push_str(&format!("{state}; {newest}\n"));
    let hidden = found.applied.len().saturating_sub(SHOWN);
    if hidden > 0 {
        text.push_str(&format!("  applied  {hidden} before these\n"));
    }
    for revision in found.applied.iter().skip(hidden) {
        text.push_str(&format!("  applied  {}\n", named(revision)));
    }
    for revision in &found.pending {
        text.push_str(&format!("  pending  {}\n", named(revision)));
    }
    if !found.pending.is_empty() {
        let heads = if heads.len() > 1 { "heads" } else { "head" };
        text.push_str(&format!("`alembic upgrade {heads}` carries them out\n"));
    }
    text
}

fn json(label: &str, found: &RevisionProgress<'_>, there: Option<&[String]>) -> Value {
    let revision = |it: &&Revision| {
        let file = it.path.file_stem().map(|name| name.to_string_lossy().into_owned());
        json!({ "migration": it.id, "name": file })
    };
    let heads: Vec<&str> = found.heads.iter().map(|it| it.id.as_str()).collect();
    let problems: Vec<Value> =
        found.unknown.iter().map(|id| json!({ "problem": "no-file", "migration": id })).collect();
    json!({
        "database": label,
        "applied": found.applied.iter().map(revision).collect::<Vec<_>>(),
        "unfinished": null,
        "pending": found.pending.iter().map(revision).collect::<Vec<_>>(),
        "problems": problems,
        "written_on": null,
        "alembic": there,
        "heads": heads,
    })
}
