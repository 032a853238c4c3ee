//! `--verify --scratch URL`: runs a plan in an empty database before it is shown or written.

use anyhow::{Context as _, bail};

use super::arguments::{SourceLookup, Verification};
use super::error::Result;
use super::output::Output;
use super::progress::with_progress;
use crate::compare::Comparison;
use crate::report::{ReportExtras, Statements, comparison_text, count, escape_controls, one_line};
use crate::server::Server;
use crate::source::live::{DatabaseUrl, Scratch};
use crate::verify::{Unverified, Verified, verify};

/// The database in which the plan is tried, if `--scratch` is given. It is refused before anything
/// is read if its URL already shows that it is one of the compared databases.
pub(super) fn scratch(
    args: &Verification,
    compared: &[Option<&DatabaseUrl>],
    lookup: &SourceLookup,
) -> anyhow::Result<Option<DatabaseUrl>> {
    let Some(typed) = args.scratch.as_deref().filter(|_| args.verify) else { return Ok(None) };
    let url: DatabaseUrl = typed.parse().context("the URL of --scratch")?;
    if url.database().is_none() {
        bail!("the URL of --scratch names no database: append it, as in mysql://user@host/scratch");
    }
    for other in compared.iter().copied().flatten().chain(&default_database(lookup)) {
        refuse_same(url.names_same(other), &url)?;
    }
    Ok(Some(url.with_deadline(lookup.deadline)))
}

/// Tries the plan and its reverse, and reports the result. A wrong result is an error.
pub(super) fn run(
    comparison: &Comparison,
    scratch: Option<&DatabaseUrl>,
    compared: &[Option<&DatabaseUrl>],
    lookup: &SourceLookup,
    output: &Output,
) -> Result<()> {
    let Some(url) = scratch else { return Ok(()) };
    if comparison.plan.steps.is_empty() {
        output.say("nothing to verify: there are no statements");
        return Ok(());
    }
    let asked = url.clone();
    let work = || -> Result<(Verified, Server)> {
        let mut scratch = Scratch::open(url)?;
        refuse_compared(&scratch, compared, lookup, output)?;
        refuse_other_vendor(comparison, scratch.server())?;
        let verified = verify(comparison, &mut scratch)?;
        Ok((verified, scratch.server()))
    };
    let doing = format!("verifying in {url}");
    let (verified, server) = with_progress(&doing, move || asked.is_prompting(), work)?;
    for line in words(&verified, comparison, url, server) {
        output.say(&one_line(&line));
    }
    Ok(())
}

/// Stops if the scratch database is one of the compared databases under another address, which only
/// the servers can tell. A database with another name can't be it.
fn refuse_compared(
    scratch: &Scratch,
    compared: &[Option<&DatabaseUrl>],
    lookup: &SourceLookup,
    output: &Output,
) -> Result<()> {
    let same_name = |url: &DatabaseUrl| {
        let lower = |url: &DatabaseUrl| url.database().map(str::to_lowercase);
        lower(url) == lower(scratch.url())
    };
    for url in compared.iter().copied().flatten().filter(|url| same_name(url)) {
        let same = scratch.is_same_as(url)?;
        refuse_same(same, scratch.url())?;
    }
    for url in default_database(lookup).iter().filter(|url| same_name(url)) {
        match scratch.is_same_as(url) {
            Ok(same) => refuse_same(same, scratch.url())?,
            // The default database isn't needed otherwise, so this is only a note. That database
            // may be on any server.
            Err(error) => output.say(&one_line(&format!(
                "note: that {} is another database than the scratch database was not asked: {error}",
                lookup.environment.url_variable()
            ))),
        }
    }
    Ok(())
}

fn refuse_same(same: bool, scratch: &DatabaseUrl) -> anyhow::Result<()> {
    if same {
        bail!(
            "--scratch names {}, which is a database that is compared or the default database; a \
             plan is tried in an empty database of its own",
            scratch.label()
        );
    }
    Ok(())
}

/// A plan for one vendor can't be tried on a server of the other.
fn refuse_other_vendor(comparison: &Comparison, server: Server) -> anyhow::Result<()> {
    if server.vendor != comparison.server.vendor {
        bail!(
            "the plan is for {}, and the scratch database is on {server}; name one on a server of \
             that kind, or say --flavor {}",
            comparison.server,
            server.flavor()
        );
    }
    Ok(())
}

/// The default database. `None` if its variable holds no URL of a MySQL or MariaDB database. It can't
/// be the scratch database then, and the error is reported where the URL is needed.
fn default_database(lookup: &SourceLookup) -> Option<DatabaseUrl> {
    lookup.default_url().ok().flatten()
}

fn words(
    verified: &Verified,
    comparison: &Comparison,
    scratch: &DatabaseUrl,
    server: Server,
) -> Vec<String> {
    let mut lines = Vec::new();
    let release = |server: Server| (server.version.major, server.version.minor);
    if release(server) != release(comparison.server) {
        lines.push(format!(
            "note: the plan is for {}, and was tried on {server}",
            comparison.server
        ));
    }
    if !verified.events.is_empty() {
        lines.push(format!(
            "note: not tried: {} ({}), which the server would run, since its event_scheduler is on",
            count(verified.events.len(), "event", "events"),
            verified.events.join(", ")
        ));
    }
    for element in &verified.uncertain {
        lines
            .push(format!("note: what came of {element} can't be compared with what it should be"));
    }
    let statements = count(verified.statements, "statement leads", "statements lead");
    let back = match &verified.irreversible_reason {
        None => format!("their reverse back to {}", comparison.from.label),
        Some(why) => format!("there is no reverse ({why})"),
    };
    lines.push(format!(
        "verified in {}: {statements} to {}, and {back}",
        scratch.label(),
        comparison.to.label
    ));
    lines
}

/// The message about a plan that failed its trial.
pub(super) fn failure(error: &Unverified) -> String {
    match error {
        Unverified::Elsewhere { found, .. } => {
            let extra = ReportExtras {
                old_noun: "the scratch database",
                statements: Statements::LeftOut,
                ..ReportExtras::default()
            };
            format!("{}\n{}", escape_controls(&error.to_string()), comparison_text(found, &extra))
        }
        other => escape_controls(&other.to_string()),
    }
}
