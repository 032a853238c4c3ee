//! The objects of a schema other than tables, as rows for `inspect`.

use serde::Serialize;

use super::count;
use super::listing::grid;
use crate::model::{
    CheckOption, DataAccess, EventStatus, Object, ObjectKind, ParameterMode, Routine, RoutineKind,
    Schedule, Schema, Security, Sequence, ViewAlgorithm,
};
use crate::server::Server;

/// A view, trigger, routine, event or sequence.
#[derive(Debug, Serialize)]
pub struct ListedObject {
    /// Its kind: `view`, `trigger`, `procedure`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The table of a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Details that depend on the kind: when a trigger runs, the parameters and result of a
    /// routine, how often an event runs.
    pub details: String,
    /// The number of lines of its query or body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<usize>,
}

/// The objects of a schema by kind. Within a kind, they have the schema's order.
pub(super) fn object_rows(schema: &Schema, server: &Server) -> Vec<ListedObject> {
    let of_kind =
        |kind: ObjectKind| schema.objects.iter().filter(move |(name, _)| name.kind == kind);
    let rows = ObjectKind::MODELLED.into_iter().flat_map(of_kind);
    rows.map(|(name, object)| row(name.kind, &name.name, object, server)).collect()
}

fn row(kind: ObjectKind, name: &str, object: &Object, server: &Server) -> ListedObject {
    let (table, details, text) = match object {
        Object::View(view) => {
            let mut details = Vec::new();
            match view.algorithm {
                ViewAlgorithm::Undefined => {}
                ViewAlgorithm::Merge => details.push("merge"),
                ViewAlgorithm::Temptable => details.push("temptable"),
            }
            push_security(&mut details, view.security);
            match view.check_option {
                None => {}
                Some(CheckOption::Local) => details.push("local check option"),
                Some(CheckOption::Cascaded) => details.push("cascaded check option"),
            }
            (None, details.join(", "), Some(view.select.text.as_str()))
        }
        Object::Trigger(trigger) => {
            let table = Some(trigger.table.clone());
            (table, trigger.when(), Some(trigger.body.as_str()))
        }
        Object::Routine(routine) => {
            (None, routine_details(routine, server), Some(routine.body.as_str()))
        }
        Object::Event(event) => {
            let mut details = vec![match &event.schedule {
                Schedule::At(moment) => format!("at {}", moment.text),
                Schedule::Every { interval, unit, .. } => {
                    format!("every {interval} {}", unit.to_ascii_lowercase())
                }
            }];
            match event.status {
                EventStatus::Enabled => {}
                EventStatus::Disabled => details.push("disabled".to_owned()),
                EventStatus::DisabledOnReplica => details.push("disabled on replica".to_owned()),
            }
            (None, details.join(", "), Some(event.body.as_str()))
        }
        Object::Sequence(sequence) => (None, sequence_details(sequence), None),
    };
    let lines = text.map(|text| text.lines().count());
    ListedObject { kind: kind.noun(), name: name.to_owned(), table, details, lines }
}

fn push_security(details: &mut Vec<&str>, security: Security) {
    if security == Security::Invoker {
        details.push("security invoker");
    }
}

fn routine_details(routine: &Routine, server: &Server) -> String {
    let parameters: Vec<String> = routine
        .parameters
        .iter()
        .map(|parameter| {
            let mode = match parameter.mode {
                ParameterMode::In => "",
                ParameterMode::Out => "out ",
                ParameterMode::InOut => "inout ",
            };
            let ty = crate::ddl::column_type(&parameter.ty.ty, server);
            format!("{mode}{} {ty}", parameter.name)
        })
        .collect();
    let mut text = format!("({})", parameters.join(", "));
    if let (RoutineKind::Function, Some(returns)) = (routine.kind, &routine.returns) {
        text.push_str(&format!(" {}", crate::ddl::column_type(&returns.ty, server)));
    }
    let mut details = Vec::new();
    if routine.aggregate {
        details.push("aggregate");
    }
    if routine.deterministic {
        details.push("deterministic");
    }
    match routine.data_access {
        DataAccess::ContainsSql => {}
        DataAccess::NoSql => details.push("no sql"),
        DataAccess::ReadsSqlData => details.push("reads sql data"),
        DataAccess::ModifiesSqlData => details.push("modifies sql data"),
    }
    push_security(&mut details, routine.security);
    details.iter().fold(text, |text, detail| format!("{text}, {detail}"))
}

fn sequence_details(sequence: &Sequence) -> String {
    let numbers = [
        ("start", sequence.start),
        ("increment", sequence.increment),
        ("minimum", sequence.minimum),
        ("maximum", sequence.maximum),
    ];
    let mut details: Vec<String> = numbers
        .iter()
        .filter_map(|(word, number)| Some(format!("{word} {}", (*number)?)))
        .collect();
    if sequence.cycle {
        details.push("cycle".to_owned());
    }
    details.join(", ")
}

/// The rows of these kinds as a table of text, with the number of each kind at the end.
pub(super) fn objects_text(rows: &[ListedObject], kinds: &[ObjectKind]) -> String {
    let nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
    let rows: Vec<&ListedObject> = rows.iter().filter(|row| nouns.contains(&row.kind)).collect();
    let has_table = kinds.contains(&ObjectKind::Trigger);
    let has_lines = !kinds.contains(&ObjectKind::Sequence);
    let several = nouns.len() > 1;
    let cells = rows.iter().map(|row| {
        let mut cells = Vec::new();
        if has_table {
            cells.push(row.table.clone().unwrap_or_default());
        }
        if several {
            cells.push(row.kind.to_owned());
        }
        cells.push(row.name.clone());
        cells.push(row.details.clone());
        if has_lines {
            cells.push(row.lines.map(|lines| lines.to_string()).unwrap_or_default());
        }
        cells
    });
    let mut head = Vec::new();
    if has_table {
        head.push("table");
    }
    if several {
        head.extend(["kind", "routine"]);
    } else {
        head.push(nouns.first().copied().unwrap_or("object"));
    }
    head.push("facts");
    if has_lines {
        head.push("lines");
    }
    let counted: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let number = rows.iter().filter(|row| row.kind == kind.noun()).count();
            count(number, kind.noun(), kind.section())
        })
        .collect();
    grid(&head, cells) + &format!("{}\n", counted.join(", "))
}
