//! What a schema holds beside tables, as rows for `inspect`.

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
pub struct ObjectRow {
    /// What it is: `view`, `trigger`, `procedure`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The table of a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// What sets it apart from others of its kind: when a trigger runs, what a routine takes and
    /// gives, how often an event runs.
    pub notes: String,
    /// How many lines its query or body has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<usize>,
}

/// The objects of a schema, kind by kind, each kind in the schema's order.
pub(super) fn object_rows(schema: &Schema, server: &Server) -> Vec<ObjectRow> {
    let of_kind =
        |kind: ObjectKind| schema.objects.iter().filter(move |(name, _)| name.kind == kind);
    let rows = ObjectKind::MODELLED.into_iter().flat_map(of_kind);
    rows.map(|(name, object)| row(name.kind, &name.name, object, server)).collect()
}

fn row(kind: ObjectKind, name: &str, object: &Object, server: &Server) -> ObjectRow {
    let (table, notes, text) = match object {
        Object::View(view) => {
            let mut notes = Vec::new();
            match view.algorithm {
                ViewAlgorithm::Undefined => {}
                ViewAlgorithm::Merge => notes.push("merge"),
                ViewAlgorithm::Temptable => notes.push("temptable"),
            }
            push_security(&mut notes, view.security);
            match view.check_option {
                None => {}
                Some(CheckOption::Local) => notes.push("local check option"),
                Some(CheckOption::Cascaded) => notes.push("cascaded check option"),
            }
            (None, notes.join(", "), Some(view.select.text.as_str()))
        }
        Object::Trigger(trigger) => {
            let table = Some(trigger.table.clone());
            (table, trigger.when(), Some(trigger.body.as_str()))
        }
        Object::Routine(routine) => {
            (None, routine_notes(routine, server), Some(routine.body.as_str()))
        }
        Object::Event(event) => {
            let mut notes = vec![match &event.schedule {
                Schedule::At(moment) => format!("at {}", moment.text),
                Schedule::Every { interval, unit, .. } => {
                    format!("every {interval} {}", unit.to_ascii_lowercase())
                }
            }];
            match event.status {
                EventStatus::Enabled => {}
                EventStatus::Disabled => notes.push("disabled".to_owned()),
                EventStatus::DisabledOnReplica => notes.push("disabled on replica".to_owned()),
            }
            (None, notes.join(", "), Some(event.body.as_str()))
        }
        Object::Sequence(sequence) => (None, sequence_notes(sequence), None),
    };
    let lines = text.map(|text| text.lines().count());
    ObjectRow { kind: kind.noun(), name: name.to_owned(), table, notes, lines }
}

fn push_security(notes: &mut Vec<&str>, security: Security) {
    if security == Security::Invoker {
        notes.push("security invoker");
    }
}

fn routine_notes(routine: &Routine, server: &Server) -> String {
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
    let mut notes = Vec::new();
    if routine.aggregate {
        notes.push("aggregate");
    }
    if routine.deterministic {
        notes.push("deterministic");
    }
    match routine.data_access {
        DataAccess::ContainsSql => {}
        DataAccess::NoSql => notes.push("no sql"),
        DataAccess::ReadsSqlData => notes.push("reads sql data"),
        DataAccess::ModifiesSqlData => notes.push("modifies sql data"),
    }
    push_security(&mut notes, routine.security);
    notes.iter().fold(text, |text, fact| format!("{text}, {fact}"))
}

fn sequence_notes(sequence: &Sequence) -> String {
    let numbers = [
        ("start", sequence.start),
        ("increment", sequence.increment),
        ("minimum", sequence.minimum),
        ("maximum", sequence.maximum),
    ];
    let mut notes: Vec<String> = numbers
        .iter()
        .filter_map(|(word, number)| Some(format!("{word} {}", (*number)?)))
        .collect();
    if sequence.cycle {
        notes.push("cycle".to_owned());
    }
    notes.join(", ")
}

/// The rows of one of the words that `inspect` takes, as text; a kind of which there is none has
/// no text of its own.
pub(super) fn objects_text(rows: &[ObjectRow], kinds: &[ObjectKind]) -> String {
    let nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
    let rows: Vec<&ObjectRow> = rows.iter().filter(|row| nouns.contains(&row.kind)).collect();
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
        cells.push(row.notes.clone());
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
