//! `driftline graph`: draws tables and their foreign keys.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Outcome;
use super::arguments::{GraphArguments, GraphColumns, GraphFormat};
use super::comparing::compare;
use super::error::{Result, bail};
use super::open::{Location, read_alone, read_options};
use super::output::Output;
use crate::compare::Comparison;
use crate::diagnostic::{list, near_name};
use crate::report::{self, Diagram, DiagramColumns, DiagramOptions, DiagramStart, one_line};

pub(super) fn run(args: &GraphArguments, output: &Output) -> Result<Outcome> {
    let comparison = comparison(args)?;
    output.diagnostics(&comparison.to.notes, &comparison.to.files);
    let options = options(args, &comparison)?;
    let diagram = report::diagram(&comparison, &options);
    if let Some(tables) = diagram.grouped {
        output.say(&format!(
            "note: {tables} tables are drawn as {} groups; --focus TABLE, --only GLOB or --view \
             NAME draws some of them, --all each",
            diagram.nodes.len()
        ));
    }
    output.exact(&written(&diagram, args.format))?;
    Ok(Outcome::Clean)
}

fn written(diagram: &Diagram, format: GraphFormat) -> String {
    match format {
        GraphFormat::Svg => report::diagram_svg(diagram),
        GraphFormat::Mermaid => report::diagram_mermaid(diagram),
        GraphFormat::Dot => report::diagram_dot(diagram),
    }
}

/// The source compared with the one of `--diff` or, because a comparison applies `ignore` and
/// normalizes, with itself.
fn comparison(args: &GraphArguments) -> Result<Comparison> {
    let flavor = args.desired.flavor.server;
    let lookup = args.desired.lookup();
    let location = match args.source.as_deref() {
        Some(typed) => Location::parse(typed, &lookup)?,
        None => Location::Yaml(args.desired.schema.path()),
    };
    let Some(old) = &args.diff else {
        let loaded = location.read(&read_alone(flavor))?;
        return Ok(Comparison::new(loaded.clone(), loaded, flavor)?);
    };
    let old = Location::parse(old, &lookup)?;
    if old.is_standard_input() && location.is_standard_input() {
        bail!("standard input can be read once: name another source in addition to `-`");
    }
    let options = read_options(flavor, false);
    let (is, wanted) = (old.read(&options)?, location.read(&options)?);
    let comparison = compare((&old, is), (&location, wanted), flavor, false)?;
    Ok(match (old.url(), location.url()) {
        (None, None) => comparison.with_texts_as_meaning(),
        _ => comparison,
    })
}

fn options(args: &GraphArguments, comparison: &Comparison) -> Result<DiagramOptions> {
    let known: BTreeSet<&str> = [&comparison.new, &comparison.old]
        .into_iter()
        .flat_map(|schema| schema.tables.keys().map(String::as_str))
        .collect();
    let mut named = Vec::new();
    for focus in &args.focus {
        named.push(table(focus, &known)?);
    }
    let is_named = !args.focus.is_empty() || !args.only.is_empty() || args.view.is_some();
    let globs = args.only.iter().chain(view(args)?);
    let matching = matching(globs, &known)?;
    named.extend(matching);
    let start = match (is_named, &args.diff) {
        (true, _) => DiagramStart::Tables(named),
        (false, Some(_)) if !args.all => DiagramStart::Changed,
        (false, _) => DiagramStart::Everything,
    };
    let by_default = match start {
        DiagramStart::Changed => 1,
        _ => usize::from(!args.focus.is_empty()),
    };
    Ok(DiagramOptions {
        start,
        depth: args.depth.map_or(by_default, usize::from),
        columns: match args.columns {
            GraphColumns::Keys => DiagramColumns::Keys,
            GraphColumns::All => DiagramColumns::All,
            GraphColumns::Changed => DiagramColumns::Changed,
        },
        each: args.all,
    })
}

/// The globs of the view that was named.
fn view(args: &GraphArguments) -> Result<&[String]> {
    let Some(name) = &args.view else { return Ok(&[]) };
    if let Some(view) = args.views.iter().find(|view| view.name == *name) {
        return Ok(&view.tables);
    }
    let names: Vec<&str> = args.views.iter().map(|view| view.name.as_str()).collect();
    if names.is_empty() {
        bail!(
            "driftline.toml has no views: write `[graph.views]`, and `{} = [\"GLOB\"]`",
            one_line(name)
        );
    }
    bail!("there is no view `{}` in driftline.toml (it has {})", one_line(name), list(&names));
}

/// The table of this name. The case is regarded only if two tables differ in nothing else.
fn table(name: &str, known: &BTreeSet<&str>) -> Result<String> {
    let folded = name.to_lowercase();
    let mut same = known.iter().filter(|known| known.to_lowercase() == folded);
    let found = known.get(name).or_else(|| same.next());
    if let Some(found) = found {
        return Ok((*found).to_owned());
    }
    let near = near_name(name, known.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    bail!("there is no table `{}`{}", one_line(name), one_line(&near));
}

/// The tables that match a glob. It is an error if one matches none.
fn matching<'g>(
    globs: impl Iterator<Item = &'g String>,
    known: &BTreeSet<&str>,
) -> Result<Vec<String>> {
    let mut matching = BTreeSet::new();
    for glob in globs {
        let set = set_of(glob)?;
        let before = matching.len();
        matching.extend(known.iter().filter(|name| set.is_match(name)));
        if matching.len() == before && !known.iter().any(|name| set.is_match(name)) {
            bail!("no table is named like `{}`", one_line(glob));
        }
    }
    Ok(matching.into_iter().map(str::to_owned).collect())
}

fn set_of(glob: &str) -> anyhow::Result<GlobSet> {
    let parsed = GlobBuilder::new(glob).case_insensitive(true).build()?;
    Ok(GlobSetBuilder::new().add(parsed).build()?)
}
