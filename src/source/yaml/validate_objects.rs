//! Errors that only show when views, triggers and the like are looked at together with everything
//! else: triggers on missing tables, and duplicate names.

use std::collections::HashMap;

use super::object::ReadObject;
use super::reading::Report;
use super::table::ReadTable;
use super::validate::{UniqueNames, globs};
use crate::diagnostic::{Span, near_name};
use crate::model::{Object, ObjectKind};
use crate::source::Settings;

/// Reports all contradictions.
pub(super) fn validate(
    objects: &[ReadObject],
    tables: &[ReadTable],
    settings: &Settings,
    report: &mut Report,
) {
    if objects.is_empty() {
        return;
    }
    own_names(objects, report);
    table_names(objects, tables, report);
    let ignored = globs(&settings.ignore_tables);
    for read in objects {
        if let (Object::Trigger(trigger), Some(span)) = (&read.object, read.table) {
            let known = || tables.iter().map(|read| read.table.name.as_str());
            if known().any(|name| name == trigger.table) || ignored.is_match(&trigger.table) {
                continue;
            }
            let is_view = objects.iter().any(|other| match &other.object {
                Object::View(view) => view.name == trigger.table,
                _ => false,
            });
            let title = match is_view {
                true => format!("`{}` is a view, which has no triggers", trigger.table),
                false => format!("there is no table `{}`", trigger.table),
            };
            let near = near_name(&trigger.table, known());
            let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
            report.error(title, span, label);
        }
    }
}

/// Duplicate names among objects of one kind. The servers ignore the case of a routine's or an
/// event's name.
fn own_names(objects: &[ReadObject], report: &mut Report) {
    for kind in ObjectKind::MODELLED {
        let mut any_case = UniqueNames::default();
        let mut exact: HashMap<String, Span> = HashMap::new();
        for read in objects {
            let name = read.object.name();
            if name.kind != kind {
                continue;
            }
            let title =
                |name: &str, why: &str| format!("the {} `{name}` is there twice{why}", kind.noun());
            match exact.get(&name.name) {
                // The same name in one map was reported as a duplicate key.
                Some(first) => {
                    report
                        .error(title(&name.name, ""), read.key, "again")
                        .also(*first, "first here");
                    continue;
                }
                None => {
                    exact.insert(name.name.clone(), read.key);
                }
            }
            let any =
                matches!(kind, ObjectKind::Procedure | ObjectKind::Function | ObjectKind::Event);
            if any {
                let why = ": names are compared without case";
                any_case.add(own_name(&read.object), read.key, || title(&name.name, why), report);
            }
        }
    }
}

fn own_name(object: &Object) -> &str {
    match object {
        Object::View(view) => &view.name,
        Object::Trigger(trigger) => &trigger.name,
        Object::Routine(routine) => &routine.name,
        Object::Event(event) => &event.name,
        Object::Sequence(sequence) => &sequence.name,
    }
}

/// Tables, views and sequences share one namespace.
fn table_names(objects: &[ReadObject], tables: &[ReadTable], report: &mut Report) {
    let mut names: HashMap<&str, (&str, Span)> =
        tables.iter().map(|read| (read.table.name.as_str(), ("table", read.key))).collect();
    for read in objects {
        let kind = read.object.name().kind;
        if !matches!(kind, ObjectKind::View | ObjectKind::Sequence) {
            continue;
        }
        let name = own_name(&read.object);
        match names.get(name) {
            Some((other, first)) if *other != kind.noun() => {
                let title = format!("`{name}` is a {other} and a {}", kind.noun());
                report.error(title, read.key, "again").also(*first, "first here");
            }
            Some(_) => {}
            None => {
                names.insert(name, (kind.noun(), read.key));
            }
        }
    }
}
