//! `driftline stamp`: notes migrations as carried out, without carrying them out.

use std::time::Duration;

use serde_json::json;

use super::super::Outcome;
use super::super::arguments::StampArguments;
use super::super::error::Result;
use super::super::output::Output;
use super::failures::engine_error;
use super::permission::ask;
use super::project::Project;
use super::result::ResultPrinter;
use super::watching::Lines;
use crate::engine::{self, Note};
use crate::report::{count, one_line};

pub(in crate::cli) fn run(args: &StampArguments, output: &Output) -> Result<Outcome> {
    let opened = Project::of(&args.target)?;
    let files = match args.newest.as_str() {
        "0" => &[],
        typed => {
            let version = opened.known_version(typed)?;
            let all = opened.files();
            let end = all.iter().position(|it| it.version == version).map_or(0, |at| at + 1);
            &all[..end]
        }
    };
    let label = one_line(&opened.url.label());
    let noted = count(files.len(), "migration", "migrations");
    let question = format!("note {noted} as carried out on {label}, and no others?");
    ask(&question, &args.running, opened.is_protected)?;
    let patience = Duration::from_secs(args.running.wait.into());
    let how = Note { tables: &opened.tables, patience };
    let mut lines = Lines::begin(output);
    let unchecked = args.unchecked || args.running.allow.iter().any(|name| name == "drift");
    engine::mark(&opened.url, files, (&opened.compared, unchecked), &how, &mut lines)
        .map_err(engine_error)?;
    let printer = ResultPrinter::new(args.target.format, output);
    printer.text(&format!("{noted} noted as carried out on {label}\n"))?;
    let versions: Vec<&str> = files.iter().map(|it| it.version.as_str()).collect();
    printer.document(json!({ "database": opened.url.label(), "noted": versions }))?;
    Ok(Outcome::Clean)
}
