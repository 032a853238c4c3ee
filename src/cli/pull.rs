//! `driftline pull`: schema.yaml from what is there.

use std::fs;

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::arguments::{Global, Pull};
use super::open::Location;
use super::output::Output;
use crate::compare::forget_in;
use crate::diff::implied_under_other_names;
use crate::normalize::{Context as Normal, leave_out_generated_keys, normalize};
use crate::report;
use crate::server::Server;
use crate::source::yaml;

pub(super) fn run(args: &Pull, global: &Global, output: &Output) -> Result<Outcome> {
    if let Some(path) = args.output.as_deref().filter(|path| path.exists() && !args.force) {
        bail!("{} is there already; --force replaces it", path.display());
    }
    let location = Location::required_database(args.source.as_deref(), global)?;
    let loaded = location.open_thoroughly(global.flavor)?;
    output.diagnostics(&loaded.notes, &loaded.files);
    let server = global.flavor.or(loaded.server).unwrap_or(Server::ASSUMED);
    let context = Normal::of(server, &loaded.schema, &loaded.schema);
    let mut schema = normalize(&loaded.schema, &context);
    if !loaded.is_declared {
        forget_in(&mut schema, &server);
    }
    for table in schema.tables.values_mut() {
        let implicit = implied_under_other_names(table, &server);
        table.indexes.extend(implicit);
    }
    for object in schema.objects.values_mut() {
        *object = server.without_default_session(object);
    }
    if loaded.server.is_some() {
        leave_out_generated_keys(&mut schema, &server);
    }
    for table in schema.tables.values().filter(|table| !table.not_modelled.is_empty()) {
        output.say(&format!(
            "warning: table {} is left out and ignored: {} is not modelled",
            report::harmless(&table.name),
            table.not_modelled.join(", ")
        ));
    }
    for object in &schema.not_modelled {
        let name = report::harmless(&object.name);
        let noun = object.kind.noun();
        match object.reason.as_str() {
            "" => output.say(&format!("note: {noun} {name} is not modelled")),
            reason => output
                .say(&format!("note: {noun} {name} is left out: {}", report::harmless(reason))),
        }
    }
    let options = yaml::WriteOptions {
        name_server: true,
        settings: loaded.settings.clone(),
        compact: true,
        ..yaml::WriteOptions::new(server)
    };
    let text = yaml::write(&schema, &options);
    match &args.output {
        Some(path) => {
            fs::write(path, text).with_context(|| format!("can't write {}", path.display()))?;
            output.say(&format!("{}: {}", path.display(), report::contents(&schema.counts())));
        }
        None => output.exact(&text)?,
    }
    Ok(Outcome::Clean)
}
