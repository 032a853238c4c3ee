//! `driftline diff`: the statements that turn one source into another.

use std::thread;

use anyhow::anyhow;

use super::Outcome;
use super::arguments::{Desired, DiffArguments, Format};
use super::comparing::{
    ask_server, compare, print, refuse_asking_of_files, refuse_impossible,
    refuse_self_check_of_files,
};
use super::error::{Result, bail};
use super::formats::FormatTarget;
use super::open::{Location, read_options};
use super::output::Output;
use super::verify;
use super::waiving::waived;
use crate::report::ReportExtras;
use crate::source::{Detail, Loaded, ReadOptions};

pub(super) fn run(
    args: &DiffArguments,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<Outcome> {
    let flavor = args.desired.flavor.server;
    let lookup = args.desired.lookup();
    let typed = (args.from.as_deref(), args.to.as_deref());
    let (from, to) = two_sources(typed, &args.desired)?;
    let compared = [from.url(), to.url()];
    let scratch = verify::scratch(&args.verification, &compared, &lookup)?;
    if args.ask_server {
        refuse_asking_of_files(&[&from, &to])?;
    }
    if args.self_check {
        refuse_self_check_of_files(&[&from, &to])?;
    }
    let mut options = read_options(flavor, args.self_check);
    if from.url().is_some() && to.url().is_some() && !args.self_check {
        options.detail = Detail::Unreported;
    }
    let (is, wanted) = read_both(&from, &to, &options)?;
    let comparison = compare((&from, is), (&to, wanted), flavor, args.self_check)?;
    refuse_impossible(&comparison)?;
    let url = from.url().or(to.url()).filter(|_| args.ask_server);
    let comparison = ask_server(comparison, url)?;
    verify::run(&comparison, scratch.as_ref(), &compared, &lookup, output)?;
    let old_noun = comparison.from.label.clone();
    let aside = waived(&comparison);
    let extra = ReportExtras { old_noun: &old_noun, aside, ..ReportExtras::default() };
    print("diff", &comparison, &extra, targets, output)?;
    Ok(if comparison.is_in_sync() { Outcome::Clean } else { Outcome::Found })
}

/// The two sources that are typed: by default the database, and the schema file.
pub(super) fn two_sources(
    (from, to): (Option<&str>, Option<&str>),
    desired: &Desired,
) -> Result<(Location, Location)> {
    let lookup = desired.lookup();
    let to = match to {
        Some(typed) => Location::parse(typed, &lookup)?,
        None => Location::Yaml(desired.schema.path()),
    };
    let from = Location::required_database(from, &lookup)?;
    if from.is_standard_input() && to.is_standard_input() {
        bail!("standard input can be read once: name another source in addition to `-`");
    }
    Ok((from, to))
}

/// Reads both sides. Two files are read at the same time. If one side is a server, errors in the
/// file are reported before the server is asked anything, and the file decides what the server is
/// asked. If both sides are servers, the desired side is read first.
pub(super) fn read_both(
    from: &Location,
    to: &Location,
    options: &ReadOptions<'_>,
) -> Result<(Loaded, Loaded)> {
    match (from.url(), to.url()) {
        (Some(_), Some(_)) => {
            let wanted = to.read(options)?;
            Ok((from.read(options)?, wanted))
        }
        (None, Some(_)) => {
            let is = from.read(options)?;
            let wanted = to.read(&compared_with(&is, options))?;
            Ok((is, wanted))
        }
        (Some(_), None) => {
            let wanted = to.read(options)?;
            Ok((from.read(&compared_with(&wanted, options))?, wanted))
        }
        (None, None) => thread::scope(|scope| {
            let reading = scope.spawn(|| from.read(options));
            let wanted = to.read(options)?;
            let is = reading.join().map_err(|_| anyhow!("reading the first file failed"))??;
            Ok((is, wanted))
        }),
    }
}

fn compared_with<'a>(other: &'a Loaded, options: &ReadOptions<'a>) -> ReadOptions<'a> {
    ReadOptions { compared_with: Some(&other.schema), ..*options }
}
