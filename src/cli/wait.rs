//! `driftline wait`: until a server can be used.

use std::time::Instant;

use serde_json::json;

use super::Outcome;
use super::arguments::WaitArguments;
use super::error::Result;
use super::migrations::ResultPrinter;
use super::open::server_url;
use super::output::Output;
use super::progress::with_progress;
use crate::report::one_line;
use crate::source::live::{self, Deadline};

/// How many seconds it takes at most if `--timeout` doesn't say.
const DEFAULT_LIMIT: u32 = 60;

pub(super) fn run(args: &WaitArguments, output: &Output) -> Result<Outcome> {
    let started = Instant::now();
    let lookup = args.database.lookup(args.schema.path());
    let url = server_url(args.source.as_deref(), &lookup)?;
    let deadline = lookup.deadline.unwrap_or_else(|| Deadline::after(DEFAULT_LIMIT));
    let doing = format!("waiting until {} can log in to {}", url.user(), url.label());
    let (asked, label) = (url.clone(), url.label());
    let ready = with_progress(
        &one_line(&doing),
        move || asked.is_prompting(),
        || live::wait(&url, deadline),
    )?;
    if ready.skips_network {
        output.say(
            "note: the server takes no connections over a network (skip_networking): an image's \
             server does so while it initializes, and is stopped then",
        );
    }
    let seconds = started.elapsed().as_secs_f64();
    let printer = ResultPrinter::new(args.format, output);
    printer.text(&format!(
        "{} ({}) is ready in {seconds:.1} s\n",
        one_line(&label),
        ready.server
    ))?;
    printer.document(json!({
        "database": label,
        "server": { "flavor": ready.server.flavor(), "version": ready.server.version.to_string() },
        "seconds": (seconds * 10.0).round() / 10.0,
        "skips_network": ready.skips_network,
    }))?;
    Ok(Outcome::Clean)
}
