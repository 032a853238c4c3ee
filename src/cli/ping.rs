//! `driftline ping`: whether a server can be reached, and what the account may do there.

use super::Outcome;
use super::arguments::{ListFormat, PingArguments};
use super::error::Result;
use super::open::server_url;
use super::output::Output;
use super::progress::with_progress;
use crate::report::{PingReport, one_line, ping_json, ping_text};
use crate::source::live::{self, RightsTask};

pub(super) fn run(args: &PingArguments, output: &Output) -> Result<Outcome> {
    let lookup = args.database.lookup(args.schema.path());
    let url = server_url(args.source.as_deref(), &lookup)?;
    let asked = url.clone();
    let doing = one_line(&format!("asking {url}"));
    let reached = with_progress(&doing, move || asked.is_prompting(), || live::ping(&url))?;
    let report = PingReport {
        url: &url,
        environment: lookup.environment.name(),
        is_protected: lookup.is_protected(&url),
        reached: &reached,
    };
    match args.format {
        ListFormat::Text => output.text(&ping_text(&report))?,
        ListFormat::Json => output.exact(&ping_json(&report)?)?,
    }
    // Nothing is missing that can't be told.
    Ok(match reached.rights.may(RightsTask::Read) {
        Some(false) => Outcome::Found,
        _ => Outcome::Clean,
    })
}
