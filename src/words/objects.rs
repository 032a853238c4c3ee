//! The clauses of views, triggers, routines, events and sequences in words.

use super::{Field, columns_words, comment_words, or_none, type_words};
use crate::ddl;
use crate::model::{
    CheckOption, DataAccess, Event, EventStatus, Expression, Object, ObjectAspect, Parameter,
    ParameterMode, Routine, Schedule, Security, SelectText, Sequence, Trigger, View, ViewAlgorithm,
};
use crate::server::Server;

/// What differs of an object.
pub fn fields(from: &Object, to: &Object, aspects: &[ObjectAspect]) -> Vec<Field> {
    aspects.iter().filter_map(|aspect| object_field(from, to, aspect)).collect()
}

/// One clause of an object with both its values. `None` if its kind has no such clause.
pub(crate) fn object_field(from: &Object, to: &Object, aspect: &ObjectAspect) -> Option<Field> {
    match (from, to) {
        (Object::View(from), Object::View(to)) => view_field(from, to, aspect),
        (Object::Trigger(from), Object::Trigger(to)) => trigger_field(from, to, aspect),
        (Object::Routine(from), Object::Routine(to)) => routine_field(from, to, aspect),
        (Object::Event(from), Object::Event(to)) => event_field(from, to, aspect),
        (Object::Sequence(from), Object::Sequence(to)) => sequence_field(from, to, aspect),
        _ => None,
    }
}

fn view_field(from: &View, to: &View, aspect: &ObjectAspect) -> Option<Field> {
    let both = [from, to];
    Some(match aspect {
        ObjectAspect::Select => {
            let (old, new) = select_words(&from.select, &to.select);
            Field::new("select", old, new)
        }
        ObjectAspect::Columns => Field::of("columns", both, |it| columns(&it.columns)),
        ObjectAspect::Algorithm => Field::of("algorithm", both, |it| algorithm(it).to_owned()),
        ObjectAspect::Security => security_field(from.security, to.security),
        ObjectAspect::CheckOption => {
            Field::of("check_option", both, |it| check_option(it).to_owned())
        }
        ObjectAspect::Definer => Field::of("definer", both, |it| declared(it.definer.as_deref())),
        _ => return None,
    })
}

/// Two queries with different meanings. If both have the same text, because the tables of a `*`
/// differ, their canonical texts are shown.
fn select_words<'a>(from: &'a SelectText, to: &'a SelectText) -> (&'a str, &'a str) {
    match (&from.canonical, &to.canonical) {
        (Some(old), Some(new)) if from.text == to.text => (old, new),
        _ => (&from.text, &to.text),
    }
}

fn trigger_field(from: &Trigger, to: &Trigger, aspect: &ObjectAspect) -> Option<Field> {
    let both = [from, to];
    let place = |before: &Option<String>| match before {
        None => "first".to_owned(),
        Some(before) => format!("after {before}"),
    };
    Some(match aspect {
        ObjectAspect::Table { from: table } => Field::new("table", table, &to.table),
        ObjectAspect::When => Field::of("when", both, Trigger::when),
        ObjectAspect::Order { from, to } => Field::new("order", place(from), place(to)),
        ObjectAspect::Body => Field::new("body", &from.body, &to.body),
        ObjectAspect::SqlMode => Field::of("sql_mode", both, |it| declared(it.sql_mode.as_deref())),
        ObjectAspect::Definer => Field::of("definer", both, |it| declared(it.definer.as_deref())),
        _ => return None,
    })
}

fn routine_field(from: &Routine, to: &Routine, aspect: &ObjectAspect) -> Option<Field> {
    let both = [from, to];
    let flag = |set: bool, word: &str| if set { word.to_owned() } else { format!("not {word}") };
    Some(match aspect {
        ObjectAspect::Parameters => Field::of("parameters", both, parameters),
        ObjectAspect::Returns => Field::of("returns", both, |it| {
            let ty = it.returns.as_ref();
            or_none(ty.map(|ty| ddl::parameter_type(ty, &Server::ASSUMED)).as_deref())
        }),
        ObjectAspect::Aggregate => {
            Field::of("aggregate", both, |it| flag(it.aggregate, "aggregate"))
        }
        ObjectAspect::Deterministic => {
            Field::of("deterministic", both, |it| flag(it.deterministic, "deterministic"))
        }
        ObjectAspect::DataAccess => Field::of("data_access", both, |it| data_access(it).to_owned()),
        ObjectAspect::Security => security_field(from.security, to.security),
        ObjectAspect::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
        ObjectAspect::Body => Field::new("body", &from.body, &to.body),
        ObjectAspect::SqlMode => Field::of("sql_mode", both, |it| declared(it.sql_mode.as_deref())),
        ObjectAspect::Definer => Field::of("definer", both, |it| declared(it.definer.as_deref())),
        _ => return None,
    })
}

fn event_field(from: &Event, to: &Event, aspect: &ObjectAspect) -> Option<Field> {
    let both = [from, to];
    let schedules = [&from.schedule, &to.schedule];
    let completion = |it: &Event| if it.preserve { "preserved" } else { "not preserved" };
    let moment = |moment: Option<&Expression>| or_none(moment.map(|it| it.text.as_str()));
    Some(match aspect {
        ObjectAspect::Every => Field::of("every", schedules, |it| or_none(every(it).as_deref())),
        ObjectAspect::At => Field::of("at", schedules, |it| moment(it.at())),
        ObjectAspect::Starts => Field::of("starts", schedules, |it| moment(it.bounds()[0])),
        ObjectAspect::Ends => Field::of("ends", schedules, |it| moment(it.bounds()[1])),
        ObjectAspect::Preserve => Field::new("preserve", completion(from), completion(to)),
        ObjectAspect::Status => Field::of("status", both, |it| status(it).to_owned()),
        ObjectAspect::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
        ObjectAspect::Body => Field::new("body", &from.body, &to.body),
        ObjectAspect::SqlMode => Field::of("sql_mode", both, |it| declared(it.sql_mode.as_deref())),
        ObjectAspect::TimeZone => {
            Field::of("time_zone", both, |it| declared(it.time_zone.as_deref()))
        }
        ObjectAspect::Definer => Field::of("definer", both, |it| declared(it.definer.as_deref())),
        _ => return None,
    })
}

/// `1 day`
fn every(schedule: &Schedule) -> Option<String> {
    match schedule {
        Schedule::Every { interval, unit, .. } => {
            Some(format!("{interval} {}", unit.to_lowercase()))
        }
        Schedule::At(_) => None,
    }
}

fn sequence_field(from: &Sequence, to: &Sequence, aspect: &ObjectAspect) -> Option<Field> {
    let both = [from, to];
    let number = |value: Option<i128>| or_none(value.map(|it| it.to_string()).as_deref());
    let cycle = |it: &Sequence| if it.cycle { "cycle" } else { "no cycle" };
    Some(match aspect {
        ObjectAspect::Type => {
            Field::of("type", both, |it| or_none(it.ty.as_ref().map(type_words).as_deref()))
        }
        ObjectAspect::Start => Field::of("start", both, |it| number(it.start)),
        ObjectAspect::Minimum => Field::of("minimum", both, |it| number(it.minimum)),
        ObjectAspect::Maximum => Field::of("maximum", both, |it| number(it.maximum)),
        ObjectAspect::Increment => Field::of("increment", both, |it| number(it.increment)),
        ObjectAspect::Cache => Field::of("cache", both, |it| number(it.cache.map(i128::from))),
        ObjectAspect::Cycle => Field::new("cycle", cycle(from), cycle(to)),
        ObjectAspect::Engine => Field::of("engine", both, |it| or_none(it.engine.as_deref())),
        ObjectAspect::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
        _ => return None,
    })
}

fn security_field(from: Security, to: Security) -> Field {
    Field::new("security", security(from), security(to))
}

/// What a side declares as definer, sql_mode or time zone.
fn declared(value: Option<&str>) -> String {
    match value {
        Some("") => "''".to_owned(),
        value => or_none(value),
    }
}

/// `(a, b)`, `none`
fn columns(columns: &[String]) -> String {
    if columns.is_empty() { "none".to_owned() } else { columns_words(columns) }
}

fn algorithm(view: &View) -> &'static str {
    match view.algorithm {
        ViewAlgorithm::Undefined => "undefined",
        ViewAlgorithm::Merge => "merge",
        ViewAlgorithm::Temptable => "temptable",
    }
}

fn security(security: Security) -> &'static str {
    match security {
        Security::Definer => "definer",
        Security::Invoker => "invoker",
    }
}

fn check_option(view: &View) -> &'static str {
    match view.check_option {
        None => "none",
        Some(CheckOption::Local) => "local",
        Some(CheckOption::Cascaded) => "cascaded",
    }
}

/// `(a int, out b varchar(10))`
fn parameters(routine: &Routine) -> String {
    let one = |parameter: &Parameter| {
        let mode = match parameter.mode {
            ParameterMode::In => "",
            ParameterMode::Out => "out ",
            ParameterMode::InOut => "inout ",
        };
        let ty = ddl::parameter_type(&parameter.ty, &Server::ASSUMED);
        format!("{mode}{} {ty}", parameter.name)
    };
    let all: Vec<String> = routine.parameters.iter().map(one).collect();
    format!("({})", all.join(", "))
}

fn data_access(routine: &Routine) -> &'static str {
    match routine.data_access {
        DataAccess::ContainsSql => "contains sql",
        DataAccess::NoSql => "no sql",
        DataAccess::ReadsSqlData => "reads sql data",
        DataAccess::ModifiesSqlData => "modifies sql data",
    }
}

fn status(event: &Event) -> &'static str {
    match event.status {
        EventStatus::Enabled => "enabled",
        EventStatus::Disabled => "disabled",
        EventStatus::DisabledOnReplica => "disabled on replica",
    }
}

/// An object on one line: `trigger reports_ai after insert on reports`, `event purge every 1 day`.
pub(crate) fn object_words(object: &Object) -> String {
    let name = object.name();
    let head = format!("{} {}", name.kind.noun(), name.name);
    match object {
        Object::View(view) if view.columns.is_empty() => head,
        Object::View(view) => format!("{head} {}", columns_words(&view.columns)),
        Object::Trigger(trigger) => format!("{head} {} on {}", trigger.when(), trigger.table),
        Object::Routine(routine) => {
            let returns = routine.returns.as_ref();
            let returns =
                returns.map(|ty| format!(" returns {}", ddl::parameter_type(ty, &Server::ASSUMED)));
            format!("{head} {}{}", parameters(routine), returns.unwrap_or_default())
        }
        Object::Event(event) => match &event.schedule {
            Schedule::At(moment) => format!("{head} at {}", moment.text),
            repeated => format!("{head} every {}", every(repeated).unwrap_or_default()),
        },
        Object::Sequence(_) => head,
    }
}
