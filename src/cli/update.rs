//! `driftline pull --update`: takes what differs into schema.yaml.

use std::collections::BTreeMap;
use std::path::Path;

use super::Outcome;
use super::arguments::PullArguments;
use super::comparing::{compare, refuse_impossible, unsaid};
use super::edited::{print_edits, write_edits};
use super::elements::named;
use super::error::{CommandError, Result, bail};
use super::open::{Location, read_options, read_yaml};
use super::output::Output;
use super::waiving::waived;
use crate::compare::Comparison;
use crate::diagnostic::{Diagnostic, Files, Label};
use crate::model::Element;
use crate::report::{self, OpenDrift};
use crate::source::yaml::{self, NotEditable};
use crate::source::{ReadOptions, is_same_file};
use crate::take_in::{NotTaken, differing, take_in};

/// `names` are the elements that are taken in; all that differ if there are none.
pub(super) fn run(args: &PullArguments, names: &[String], output: &Output) -> Result<Outcome> {
    if names.iter().any(|name| name.contains("://")) {
        bail!("after --update are names of elements; write the source before it");
    }
    let (path, flavor) = (args.schema.path(), args.flavor.server);
    let wanted = read_yaml(&path)?;
    let location = Location::required_database(args.source.as_deref(), &args.lookup())?;
    if matches!(&location, Location::Yaml(source) if is_same_file(source, &path)) {
        bail!("{} is the schema file itself; name the database or dump", path.display());
    }
    let options =
        ReadOptions { compared_with: Some(&wanted.schema), ..read_options(flavor, false) };
    let database = location.read(&options)?;
    let wanted = (&Location::Yaml(path.clone()), wanted);
    let comparison = compare((&location, database), wanted, flavor, false)?;
    refuse_impossible(&comparison)?;
    for side in [&comparison.from, &comparison.to] {
        output.diagnostics(&side.notes, &side.files);
    }
    update(comparison, &path, names, args, output)
}

fn update(
    comparison: Comparison,
    path: &Path,
    names: &[String],
    args: &PullArguments,
    output: &Output,
) -> Result<Outcome> {
    let (label, file) = (comparison.from.label.clone(), comparison.to.label.clone());
    // What is accepted stays as it is, unless it is named.
    let aside = waived(&comparison);
    let open = OpenDrift::of(&comparison, &aside).items.into_iter().map(|item| item.element);
    let chosen = match names {
        [] => open.collect(),
        names => chosen(names, &differing(&comparison))?,
    };
    let wanted = |element: &Element| chosen.contains(element);
    let files = comparison.to.files.clone();
    let read = |texts: &BTreeMap<String, String>| yaml::read_with(path, texts);
    let taken = take_in(comparison, args.flavor.server, &wanted, &read)
        .map_err(|not| not_taken(not, &files))?;
    print_edits(&taken.files, output)?;
    if !args.dry_run {
        write_edits(&taken.files)?;
    }
    let left = OpenDrift::of(&taken.comparison, &aside);
    unsaid(&left).iter().for_each(|line| output.say(line));
    output.say(&report::one_line(&match (taken.elements.len(), args.dry_run) {
        (0, _) => format!("{file} has what {label} has"),
        (count, true) => format!(
            "{} of {label} would be taken into {file}; nothing was written",
            report::count(count, "difference", "differences")
        ),
        (count, false) => format!(
            "{} of {label} taken into {file}",
            report::count(count, "difference", "differences")
        ),
    }));
    let is_all = !names.is_empty() || left.is_none();
    Ok(if is_all { Outcome::Clean } else { Outcome::Found })
}

fn not_taken(not: NotTaken, files: &Files) -> CommandError {
    let diagnostic = |it: NotEditable| Diagnostic {
        primary: it.place.map(|span| Label { span, text: String::new() }),
        help: vec![it.by_hand],
        ..Diagnostic::without_place(format!(
            "{} can't be edited by a machine: {}",
            it.element, it.why
        ))
    };
    match not {
        NotTaken::Failed(error) => CommandError::Other(error),
        NotTaken::Elements(elements) => CommandError::Invalid {
            diagnostics: elements.into_iter().map(diagnostic).collect(),
            files: files.clone(),
        },
    }
}

/// The elements that names stand for: those of `elements::named`, or all that differ of a table.
fn chosen(names: &[String], elements: &[Element]) -> Result<Vec<Element>> {
    let mut chosen = Vec::new();
    for name in names {
        let of_table: Vec<Element> =
            elements.iter().filter(|it| is_of_table(it, name)).cloned().collect();
        chosen.extend(match of_table.is_empty() {
            false => of_table,
            true => named(name, elements, "the differences")?,
        });
    }
    Ok(chosen)
}

/// Whether the element is a table of this name, or of it: `reports`, `tables.reports`,
/// `table:reports`.
fn is_of_table(element: &Element, name: &str) -> bool {
    element.table_name().is_some_and(|table| {
        let bare = name.strip_prefix("table:").or_else(|| name.strip_prefix("tables."));
        name == table || bare == Some(table)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObjectKind;

    #[test]
    fn an_element_has_several_names() {
        let elements = [
            Element::column("reports", "location"),
            Element::index("reports", "by_location"),
            Element::index("reports", "location"),
            Element::option("users", "comment"),
            Element::Object { kind: ObjectKind::View, name: "recent".to_owned() },
        ];
        let found = |name: &str| -> Vec<String> {
            let chosen = chosen(&[name.to_owned()], &elements).ok();
            chosen.into_iter().flatten().map(|it| it.to_string()).collect()
        };
        assert_eq!(found("tables.reports.columns.location"), ["tables.reports.columns.location"]);
        assert_eq!(found("reports.by_location"), ["tables.reports.indexes.by_location"]);
        for name in ["reports", "tables.reports", "table:reports"] {
            assert_eq!(found(name).len(), 3, "{name}");
        }
        assert_eq!(found("users"), ["tables.users.comment"]);
        for name in ["recent", "view:recent", "views.recent"] {
            assert_eq!(found(name), ["views.recent"]);
        }
        assert_eq!(
            found("reports.location"),
            ["tables.reports.columns.location", "tables.reports.indexes.location"]
        );
        for name in ["trigger:recent", "nothing"] {
            assert!(found(name).is_empty(), "{name}");
        }
    }
}
