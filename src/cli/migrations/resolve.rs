//! `driftline resolve`: a person says whether a statement is in.

use std::time::Duration;

use serde_json::json;

use super::super::Outcome;
use super::super::arguments::ResolveArguments;
use super::super::error::{Result, bail};
use super::super::output::Output;
use super::failures::engine_error;
use super::permission::ask;
use super::project::Project;
use super::result::ResultPrinter;
use super::watching::Lines;
use crate::engine::{self, Note};
use crate::report::one_line;

pub(in crate::cli) fn run(args: &ResolveArguments, output: &Output) -> Result<Outcome> {
    let typed = args.statement.split_once(':');
    let typed = typed.and_then(|(version, number)| Some((version, number.parse::<u32>().ok()?)));
    let Some((version, position)) = typed else {
        bail!("`{}` isn't a statement: write VERSION:N", one_line(&args.statement));
    };
    let opened = Project::of(&args.target)?;
    let version = opened.known_version(version)?;
    let history = opened.history()?;
    let Some(direction) = engine::open_statement(&history, &version, position) else {
        bail!(
            "there is no doubt about statement {position} of {version}; `driftline status` lists the \
             statements that may be in"
        );
    };
    let is_in = if args.done { "is in" } else { "isn't in" };
    let label = one_line(&opened.url.label());
    let question = format!("note that statement {position} of {version} {is_in} on {label}?");
    ask(&question, &args.running, opened.is_protected)?;
    let patience = Duration::from_secs(args.running.wait.into());
    let how = Note { tables: &opened.tables, patience };
    let mut lines = Lines::begin(output);
    engine::resolve(&opened.url, (&version, direction, position), args.done, &how, &mut lines)
        .map_err(engine_error)?;
    let printer = ResultPrinter::new(args.target.format, output);
    printer.text(&format!("noted that statement {position} of {version} {is_in} on {label}\n"))?;
    printer.document(json!({
        "database": opened.url.label(),
        "migration": version,
        "direction": direction.word(),
        "position": position,
        "is_in": args.done,
    }))?;
    Ok(Outcome::Clean)
}
