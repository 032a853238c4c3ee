//! `driftline inspect`: what a source holds.

use std::path::Path;

use anyhow::{Result, bail};

use super::Outcome;
use super::arguments::{Global, Inspect, ListFormat};
use super::open::{Location, open_with_statements};
use super::output::Output;
use crate::diagnostic::near_name;
use crate::model::ObjectKind;
use crate::normalize::{Context, normalize};
use crate::report::{self, harmless};
use crate::self_check::self_check;
use crate::server::Server;

pub(super) fn run(args: &Inspect, global: &Global, output: &Output) -> Result<Outcome> {
    let (what, source) = what_and_source(args)?;
    if args.self_check {
        return check_itself(what, source, args.format, global, output);
    }
    let location = match Location::database(source, global)? {
        Some(location) => location,
        None => Location::Yaml(global.schema.clone()),
    };
    let loaded = location.open(global.flavor)?;
    let server = global.flavor.or(loaded.server).unwrap_or(Server::ASSUMED);
    let context = Context::of(server, &loaded.schema, &loaded.schema);
    let inventory = report::inventory(&normalize(&loaded.schema, &context), &server);
    if args.format == ListFormat::Json {
        output.exact(&report::inventory_json(&loaded, &server, &inventory)?)?;
        return Ok(Outcome::Clean);
    }
    let mut parts = vec![format!("{} ({server})\n", harmless(&loaded.label))];
    if matches!(what, None | Some("tables")) {
        parts.push(inventory.tables_text());
    }
    if matches!(what, None | Some("indexes")) {
        parts.push(inventory.indexes_text());
    }
    if matches!(what, None | Some("foreign-keys")) {
        parts.push(inventory.foreign_keys_text());
    }
    for (word, kinds) in OBJECTS {
        let any = loaded.schema.objects.keys().any(|name| kinds.contains(&name.kind));
        if what == Some(*word) || what.is_none() && any {
            parts.push(inventory.objects_text(kinds));
        }
    }
    for object in &loaded.schema.not_modelled {
        let reason = match object.reason.as_str() {
            "" => String::new(),
            reason => format!(" ({})", harmless(reason)),
        };
        let (noun, name) = (object.kind.noun(), harmless(&object.name));
        parts.push(format!("not modelled: {noun} {name}{reason}\n"));
    }
    output.text(&parts.join("\n"))?;
    Ok(Outcome::Clean)
}

/// The words for what stands beside tables, and the kinds that each lists.
const OBJECTS: &[(&str, &[ObjectKind])] = &[
    ("views", &[ObjectKind::View]),
    ("triggers", &[ObjectKind::Trigger]),
    ("routines", &[ObjectKind::Procedure, ObjectKind::Function]),
    ("events", &[ObjectKind::Event]),
    ("sequences", &[ObjectKind::Sequence]),
];

/// Whether a word says what to list.
fn is_listing(word: &str) -> bool {
    matches!(word, "tables" | "indexes" | "foreign-keys")
        || OBJECTS.iter().any(|(listed, _)| *listed == word)
}

/// What is read of a server's tables, held against what the server itself shows of them.
fn check_itself(
    what: Option<&str>,
    source: Option<&str>,
    format: ListFormat,
    global: &Global,
    output: &Output,
) -> Result<Outcome> {
    if let Some(what) = what {
        bail!("--self-check looks at whole tables; leave `{}` out", harmless(what));
    }
    let location = Location::required_database(source, global)?;
    let Some(url) = location.url() else {
        bail!("--self-check needs a server to compare with; a file has no SHOW CREATE TABLE");
    };
    let (loaded, statements) = open_with_statements(url)?;
    let check = self_check(&loaded, &statements);
    if format == ListFormat::Json {
        output.exact(&report::self_check_json(&loaded, &check)?)?;
    } else {
        output.text(&report::self_check_text(&loaded, &check))?;
    }
    Ok(if check.counts().different == 0 { Outcome::Clean } else { Outcome::Found })
}

/// The first word is either what to list or, where it is no such word, the source.
fn what_and_source(args: &Inspect) -> Result<(Option<&str>, Option<&str>)> {
    for word in [&args.what, &args.source].into_iter().flatten() {
        refuse_near_listing(word)?;
    }
    Ok(match (args.what.as_deref(), args.source.as_deref()) {
        (Some(what), source) if is_listing(what) => (Some(what), source),
        (Some(source), None) => (None, Some(source)),
        (Some(source), Some(what)) => (Some(what), Some(source)),
        (None, source) => (None, source),
    })
}

/// Stops at a word that is neither what to list nor a source, and nearly what to list.
fn refuse_near_listing(word: &str) -> Result<()> {
    if is_listing(word) || word.contains("://") || Path::new(word).exists() {
        return Ok(());
    }
    let known = ["tables", "indexes", "foreign-keys"].into_iter();
    let known = known.chain(OBJECTS.iter().map(|(listed, _)| *listed));
    match near_name(word, known) {
        Some(near) => bail!("`{}` is nothing to list; did you mean `{near}`?", harmless(word)),
        None => Ok(()),
    }
}
