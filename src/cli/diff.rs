//! `driftline diff`: what takes one source to another.

use std::collections::HashSet;
use std::thread;

use anyhow::{Result, anyhow};

use super::Outcome;
use super::arguments::{Diff, Global};
use super::check::print;
use super::open::{Location, SourceError};
use super::output::Output;
use super::progress::with_progress;
use crate::compare::Comparison;
use crate::model::{Element, Schema, Table};
use crate::normalize::expression::settled;
use crate::report::Extra;
use crate::server::Server;
use crate::source::Loaded;
use crate::source::live::{self, DatabaseUrl};

pub(super) fn run(args: &Diff, global: &Global, output: &Output) -> Result<Outcome> {
    let to = match args.to.as_deref() {
        Some(typed) => Location::parse(typed)?,
        None => Location::Yaml(global.schema.clone()),
    };
    let from = Location::required_database(args.from.as_deref())?;
    let (is, wanted) = open_both(&from, &to, global.flavor)?;
    let comparison = Comparison::new(is, wanted, global.flavor)?;
    refuse_unsupported(&comparison)?;
    let url = from.url().or(to.url()).filter(|_| args.ask_server);
    let comparison = ask_server(comparison, url)?;
    let old_noun = comparison.from.label.clone();
    print(&comparison, &Extra { old_noun: &old_noun, ..Extra::default() }, args.format, output)?;
    Ok(if comparison.is_in_sync() { Outcome::Clean } else { Outcome::Found })
}

/// Opens both sides; two files at the same time. Where there is a server, what should be comes
/// first: what is wrong with a file is said before a server is asked anything.
fn open_both(from: &Location, to: &Location, flavor: Option<Server>) -> Result<(Loaded, Loaded)> {
    if from.url().is_some() || to.url().is_some() {
        let wanted = to.open(flavor)?;
        return Ok((from.open(flavor)?, wanted));
    }
    thread::scope(|scope| {
        let opening = scope.spawn(|| from.open(flavor));
        let wanted = to.open(flavor)?;
        let is = opening.join().map_err(|_| anyhow!("reading the first file failed"))??;
        Ok((is, wanted))
    })
}

/// Stops where the desired schema uses what the server has not.
pub(super) fn refuse_unsupported(comparison: &Comparison) -> Result<()> {
    let unsupported = comparison.unsupported();
    if unsupported.is_empty() {
        return Ok(());
    }
    Err(SourceError::Invalid(unsupported, comparison.to.files.clone()).into())
}

/// Lets the server spell the expressions that can't be compared, and compares again.
pub(super) fn ask_server(comparison: Comparison, url: Option<&DatabaseUrl>) -> Result<Comparison> {
    let Some(url) = url.filter(|_| !comparison.difference.uncertain.is_empty()) else {
        return Ok(comparison);
    };
    let mut names: Vec<&str> =
        comparison.difference.uncertain.iter().filter_map(|it| it.element.table_name()).collect();
    names.dedup();
    let tables: Vec<Table> =
        names.iter().filter_map(|name| comparison.new.table(name)).cloned().collect();
    let doing = format!("asking {url}");
    let asked = url.clone();
    let spelled = with_progress(&doing, move || asked.is_prompting(), || live::ask(url, &tables))
        .map_err(SourceError::Live)?;
    let (mut old, mut new) = (comparison.old.clone(), comparison.new.clone());
    let asked: HashSet<&Element> =
        comparison.difference.uncertain.iter().map(|it| &it.element).collect();
    for mut answer in spelled {
        take_texts(&mut new, &mut answer, &asked);
        take_own_texts(&mut old, &answer.name, &asked);
    }
    Ok(comparison.again(old, new))
}

/// Takes the server's spelling of the expressions that could not be compared for what they mean,
/// where that can't be understood any further.
fn take_texts(schema: &mut Schema, answer: &mut Table, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(&answer.name) else { return };
    for ((element, expression), (_, spelled)) in
        table.expressions_mut().zip(answer.expressions_mut())
    {
        if asked.contains(&element) {
            expression.canonical = settled(spelled).canonical;
        }
    }
}

/// The old side's texts are the server's spelling already.
fn take_own_texts(schema: &mut Schema, name: &str, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(name) else { return };
    for (element, expression) in table.expressions_mut() {
        if asked.contains(&element) {
            *expression = settled(expression);
        }
    }
}
