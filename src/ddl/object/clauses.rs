//! The clauses of CREATE and ALTER for events and sequences.

use crate::ddl::column::column_type;
use crate::model::{
    ColumnType, Event, EventStatus, IntegerSize, ObjectAspect, Schedule, Sequence, Sign,
};
use crate::server::{Capability, Server};
use crate::syntax::lexer::Dialect;
use crate::syntax::quote::quote_string;

/// The parts of an event that ON SCHEDULE sets.
pub(super) const SCHEDULE: &[ObjectAspect] = &[
    ObjectAspect::At,
    ObjectAspect::Every,
    ObjectAspect::Starts,
    ObjectAspect::Ends,
    ObjectAspect::TimeZone,
];

/// A clause of CREATE and ALTER.
pub(super) struct ObjectClause {
    /// The parts of the object that it sets.
    pub(super) aspects: &'static [ObjectAspect],
    /// Whether CREATE means the same without it.
    pub(super) goes_without_saying: bool,
    /// The SQL.
    pub(super) text: String,
}

/// The clauses of CREATE EVENT, in their order.
pub(super) fn event_clauses(event: &Event, server: &Server) -> Vec<ObjectClause> {
    let clause =
        |aspects, goes_without_saying, text| ObjectClause { aspects, goes_without_saying, text };
    let completion = if event.preserve { "PRESERVE" } else { "NOT PRESERVE" };
    let status = match event.status {
        EventStatus::Enabled => "ENABLE",
        EventStatus::Disabled => "DISABLE",
        EventStatus::DisabledOnReplica if server.can(Capability::DisableOnReplica) => {
            "DISABLE ON REPLICA"
        }
        EventStatus::DisabledOnReplica => "DISABLE ON SLAVE",
    };
    let comment = quoted(&event.comment, event.sql_mode.as_deref());
    vec![
        clause(SCHEDULE, false, schedule_clause(&event.schedule)),
        clause(&[ObjectAspect::Preserve], !event.preserve, format!("ON COMPLETION {completion}")),
        clause(&[ObjectAspect::Status], event.status == EventStatus::Enabled, status.to_owned()),
        // ALTER EVENT needs a clause besides the definer, so the unchanged comment is written with
        // it.
        clause(
            &[ObjectAspect::Comment, ObjectAspect::Definer],
            event.comment.is_empty(),
            format!("COMMENT {comment}"),
        ),
        clause(&[ObjectAspect::Body, ObjectAspect::SqlMode], false, format!("DO\n{}", event.body)),
    ]
}

/// A string literal, written for the statement's `sql_mode`.
pub(super) fn quoted(text: &str, sql_mode: Option<&str>) -> String {
    if Dialect::under(sql_mode.unwrap_or_default(), None).no_backslash_escapes {
        return format!("'{}'", text.replace('\'', "''"));
    }
    quote_string(text)
}

fn schedule_clause(schedule: &Schedule) -> String {
    match schedule {
        Schedule::At(moment) => format!("ON SCHEDULE AT {}", moment.text),
        Schedule::Every { interval, unit, starts, ends } => {
            let mut text = format!("ON SCHEDULE EVERY {}", interval_text(interval));
            text.push_str(&format!(" {unit}"));
            for (keyword, moment) in [("STARTS", starts), ("ENDS", ends)] {
                if let Some(moment) = moment {
                    text.push_str(&format!(" {keyword} {}", moment.text));
                }
            }
            text
        }
    }
}

/// A number as it is; the text of a compound unit in quotes.
fn interval_text(interval: &str) -> String {
    let is_number = !interval.is_empty() && interval.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { interval.to_owned() } else { quote_string(interval) }
}

/// The clauses of CREATE SEQUENCE, in their order.
pub(super) fn sequence_clauses(sequence: &Sequence, server: &Server) -> Vec<ObjectClause> {
    let mut clauses = Vec::new();
    let mut add = |aspects, goes_without_saying, text| {
        clauses.push(ObjectClause { aspects, goes_without_saying, text });
    };
    if let Some(ty) = sequence.ty.as_ref().filter(|_| server.can(Capability::SequenceTypes)) {
        let is_usual =
            matches!(ty, ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Signed, .. });
        add(&[ObjectAspect::Type] as &[_], is_usual, format!("AS {}", column_type(ty, server)));
    }
    let mut number = |aspect: &'static [ObjectAspect], keyword: &str, value: Option<i128>| {
        if let Some(value) = value {
            add(aspect, false, format!("{keyword} {value}"));
        }
    };
    number(&[ObjectAspect::Start], "START WITH", sequence.start);
    number(&[ObjectAspect::Minimum], "MINVALUE", sequence.minimum);
    number(&[ObjectAspect::Maximum], "MAXVALUE", sequence.maximum);
    number(&[ObjectAspect::Increment], "INCREMENT BY", sequence.increment);
    match sequence.cache {
        Some(0) => add(&[ObjectAspect::Cache], false, "NOCACHE".to_owned()),
        Some(cache) => add(&[ObjectAspect::Cache], false, format!("CACHE {cache}")),
        None => {}
    }
    let cycle = if sequence.cycle { "CYCLE" } else { "NOCYCLE" };
    add(&[ObjectAspect::Cycle], !sequence.cycle, cycle.to_owned());
    clauses
}

pub(super) fn sequence_options(
    sequence: &Sequence,
) -> impl Iterator<Item = (&'static str, String)> + '_ {
    let engine = sequence.engine.iter().map(|engine| ("ENGINE", engine.clone()));
    let comment = (!sequence.comment.is_empty()).then(|| quote_string(&sequence.comment));
    engine.chain(comment.map(|comment| ("COMMENT", comment)))
}
