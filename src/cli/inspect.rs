//! `driftline inspect`: shows what a source holds, or one element of it.

use std::path::Path;

use super::arguments::{InspectArguments, ListFormat};
use super::error::{Result, bail};
use super::open::{Location, read_alone};
use super::output::Output;
use super::reading::ReadingRules;
use super::wanted::{List, Wanted};
use super::{Outcome, without_accounts};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectKind, Schema};
use crate::normalize::{Context, normalize};
use crate::report::{self, Inventory, escape_controls, one_line};
use crate::self_check::self_check;
use crate::server::Server;
use crate::source::{Detail, Loaded, ReadOptions, yaml};

pub(super) fn run(args: &InspectArguments, output: &Output) -> Result<Outcome> {
    let (what, source) = what_and_source(args)?;
    if args.self_check {
        return check_itself(&what, source, args, output);
    }
    let loaded = location(args, source)?.read(&read_alone(args.desired.flavor.server));
    let mut loaded = match what.near_list() {
        Some(near) => {
            loaded.map_err(|error| error.context(|| format!("did you mean `{near}`?")))?
        }
        None => loaded?,
    };
    loaded.notes.extend(loaded.notes_of_broken_views(|_| false));
    output.diagnostics(&loaded.notes, &loaded.files);
    let rules = ReadingRules::of(&loaded, args.desired.flavor.server);
    let server = rules.server;
    let context = Context::of(server, &loaded.schema, &loaded.schema);
    let schema = normalize(&loaded.schema, &context);
    let inventory = report::inventory(&schema, &server);
    let (found, inventory) = match &what {
        Wanted::Named(named) => {
            let found = named.find(&loaded)?;
            let rows = found.rows(inventory);
            (Some(found), rows)
        }
        Wanted::Lists(_) => (None, inventory),
    };
    let note = rules.note(&loaded);
    if args.format == ListFormat::Json {
        loaded.notes.extend(note.map(Diagnostic::note));
        output.exact(&report::inventory_json(&loaded, &server, &inventory)?)?;
        return Ok(Outcome::Clean);
    }
    let mut heading = format!("{} ({})\n", one_line(&loaded.label), rules.words());
    if let Some(note) = note {
        heading.push_str(&format!("{note}\n"));
    }
    let mut parts = vec![heading];
    match (found, what) {
        (Some(found), _) => {
            parts.push(escape_controls(&definition(&found.of(&schema), server)));
            if found.table.is_some() {
                parts.push(inventory.indexes_text());
            }
        }
        (None, Wanted::Lists(list)) => parts.extend(texts(list, &loaded, &inventory)),
        (None, Wanted::Named(_)) => {}
    }
    output.text(&parts.join("\n"))?;
    Ok(Outcome::Clean)
}

/// The source that is named. If none is, the database; if there is no database, the schema file.
fn location(args: &InspectArguments, source: Option<&str>) -> Result<Location> {
    let schema = &args.desired.schema;
    match (source, &schema.typed) {
        (Some(source), Some(_)) => {
            bail!("--schema and `{}` are two sources; name one", one_line(source))
        }
        (None, Some(path)) => Ok(Location::Yaml(path.clone())),
        (source, None) => {
            let database = Location::database(source, &args.desired.lookup())?;
            Ok(database.unwrap_or_else(|| Location::Yaml(schema.path())))
        }
    }
}

/// A part of a schema, written as in schema.yaml.
fn definition(part: &Schema, server: Server) -> String {
    let mut part = part.clone();
    for object in part.objects.values_mut() {
        *object = server.without_default_session(object);
    }
    let options = yaml::WriteOptions { compact: true, ..yaml::WriteOptions::new(server) };
    yaml::write_elements(&part, &options)
}

fn texts(wanted: Option<List>, loaded: &Loaded, inventory: &Inventory) -> Vec<String> {
    let mut parts = Vec::new();
    for list in List::ALL {
        let holds = |kinds: &[ObjectKind]| {
            loaded.schema.objects.keys().any(|name| kinds.contains(&name.kind))
        };
        let shown = match wanted {
            Some(wanted) => wanted == list,
            None => list.kinds().is_empty() || holds(list.kinds()),
        };
        if shown {
            parts.push(match list {
                List::Tables => inventory.tables_text(),
                List::Indexes => inventory.indexes_text(),
                List::ForeignKeys => inventory.foreign_keys_text(),
                _ => inventory.objects_text(list.kinds()),
            });
        }
    }
    for object in &loaded.schema.unsupported {
        let reason = match object.reason.as_str() {
            "" => String::new(),
            reason => format!(" ({})", one_line(reason)),
        };
        let (noun, name) = (object.kind.noun(), one_line(&object.name));
        parts.push(format!("unsupported: {noun} {name}{reason}\n"));
    }
    parts
}

/// Compares each table as it was read with the server's SHOW CREATE TABLE.
fn check_itself(
    what: &Wanted,
    source: Option<&str>,
    args: &InspectArguments,
    output: &Output,
) -> Result<Outcome> {
    if *what != Wanted::Lists(None) {
        bail!("--self-check looks at all tables; name none, and no list");
    }
    let location = Location::required_database(source, &args.desired.lookup())?;
    if location.url().is_none() {
        bail!("--self-check needs a server to compare with; a file has no SHOW CREATE TABLE");
    }
    let loaded = location.read(&ReadOptions {
        detail: Detail::BulkWithStatements,
        ..read_alone(args.desired.flavor.server)
    })?;
    let check = self_check(&loaded);
    if args.format == ListFormat::Json {
        output.exact(&report::self_check_json(&loaded, &check)?)?;
    } else {
        output.text(&report::self_check_text(&loaded, &check))?;
    }
    Ok(if check.counts().different == 0 { Outcome::Clean } else { Outcome::Found })
}

/// Tells the element from the source: the two words may come in either order. A single word is a
/// source if a file or folder of this name exists, unless the word is the name of a list or has a
/// kind before it.
fn what_and_source(args: &InspectArguments) -> Result<(Wanted, Option<&str>)> {
    let (first, second) = match (args.what.as_deref(), args.source.as_deref()) {
        (None, source) => return Ok((Wanted::Lists(None), source)),
        (Some(word), None) => {
            let what =
                Wanted::parse(word)?.filter(|it| it.is_certain() || !Path::new(word).exists());
            return Ok(match what {
                Some(what) => (what, None),
                None => (Wanted::Lists(None), Some(word)),
            });
        }
        (Some(first), Some(second)) => (first, second),
    };
    match (Wanted::parse(first)?, Wanted::parse(second)?) {
        (Some(what), None) => Ok((what, Some(second))),
        (None, Some(what)) => Ok((what, Some(first))),
        (Some(name), Some(what)) if !name.is_certain() && what.is_certain() => {
            Ok((what, Some(first)))
        }
        (Some(what), Some(_)) => Ok((what, Some(second))),
        (None, None) => {
            bail!("`{}` is a second source; name one", one_line(&without_accounts(second)))
        }
    }
}
