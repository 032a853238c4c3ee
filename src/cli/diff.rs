//! `driftline diff`: the statements that turn one source into another.

use std::thread;

use anyhow::{Result, anyhow, bail};

use super::Outcome;
use super::arguments::Diff;
use super::comparing::{
    ask_server, compare, print, refuse_asking_of_files, refuse_impossible,
    refuse_self_check_of_files,
};
use super::open::Location;
use super::output::Output;
use super::verify;
use crate::report::Extra;
use crate::server::Server;
use crate::source::Loaded;

pub(super) fn run(args: &Diff, output: &Output) -> Result<Outcome> {
    let flavor = args.desired.flavor.server;
    let lookup = args.desired.lookup();
    let to = match args.to.as_deref() {
        Some(typed) => Location::parse(typed, &lookup)?,
        None => Location::Yaml(args.desired.schema.path()),
    };
    let from = Location::required_database(args.from.as_deref(), &lookup)?;
    if from.is_standard_input() && to.is_standard_input() {
        bail!("standard input can be read once: name another source in addition to `-`");
    }
    let compared = [from.url(), to.url()];
    let scratch = verify::scratch(&args.verification, &compared, &lookup)?;
    if args.ask_server {
        refuse_asking_of_files(&[&from, &to])?;
    }
    if args.self_check {
        refuse_self_check_of_files(&[&from, &to])?;
    }
    let (is, wanted) = open_both(&from, &to, flavor, args.self_check)?;
    let comparison = compare((&from, is), (&to, wanted), flavor, args.self_check)?;
    refuse_impossible(&comparison)?;
    let url = from.url().or(to.url()).filter(|_| args.ask_server);
    let comparison = ask_server(comparison, url)?;
    verify::run(&comparison, scratch.as_ref(), &compared, &lookup, output)?;
    let old_noun = comparison.from.label.clone();
    print(&comparison, &Extra { old_noun: &old_noun, ..Extra::default() }, args.format, output)?;
    Ok(if comparison.is_in_sync() { Outcome::Clean } else { Outcome::Found })
}

/// Reads both sides; two files at the same time. If one is a server, errors in a file are reported
/// before the server is asked anything, and the server is asked about what the file has. Of two
/// servers, the desired side is read first.
fn open_both(
    from: &Location,
    to: &Location,
    flavor: Option<Server>,
    deep: bool,
) -> Result<(Loaded, Loaded)> {
    if from.url().is_some() && to.url().is_some() {
        let wanted = to.open_compared_with_server(flavor, deep)?;
        return Ok((from.open_compared_with_server(flavor, deep)?, wanted));
    }
    let open = |it: &Location| it.open_as_deep(flavor, deep);
    if from.url().is_none() && to.url().is_some() {
        let is = open(from)?;
        let wanted = to.open_compared_with(&is, flavor, deep)?;
        return Ok((is, wanted));
    }
    if from.url().is_some() {
        let wanted = open(to)?;
        return Ok((from.open_compared_with(&wanted, flavor, deep)?, wanted));
    }
    thread::scope(|scope| {
        let opening = scope.spawn(|| open(from));
        let wanted = open(to)?;
        let is = opening.join().map_err(|_| anyhow!("reading the first file failed"))??;
        Ok((is, wanted))
    })
}
