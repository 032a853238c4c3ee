//! Writes views, triggers, routines, events and sequences as in schema.yaml.

use super::WriteOptions;
use super::layout::{Layout, WrittenValue};
use crate::ddl::column_type;
use crate::model::{
    CheckOption, DataAccess, Event, EventStatus, Object, ObjectKind, Parameter, ParameterMode,
    ParameterType, Routine, RoutineKind, Schedule, Schema, Security, Sequence, Trigger, View,
    ViewAlgorithm,
};
use crate::server::names_charset;
use crate::syntax::quote_string;

/// Writes a section for each kind of object that exists.
pub(super) fn write(layout: &mut Layout, schema: &Schema, options: &WriteOptions) {
    for kind in ObjectKind::MODELLED {
        let mut any = false;
        for (name, object) in schema.objects.iter().filter(|(name, _)| name.kind == kind) {
            layout.gap();
            if !any {
                layout.line(0, &format!("{}:", kind.section()));
                any = true;
            }
            let (name, item) = (name.name.as_str(), item(object, options));
            match item {
                WrittenValue::Map(entries) if kind != ObjectKind::Sequence => {
                    layout.open(1, name);
                    for (key, value) in &entries {
                        layout.entry(2, key, value);
                    }
                }
                item => layout.entry(1, name, &item),
            }
        }
    }
}

/// Keys with their values.
type Entries = Vec<(&'static str, WrittenValue)>;

fn item(object: &Object, options: &WriteOptions) -> WrittenValue {
    let mut entries = Entries::new();
    match object {
        Object::View(view) => return view_item(view, options),
        Object::Trigger(trigger) => trigger_entries(&mut entries, trigger, options),
        Object::Routine(routine) => routine_entries(&mut entries, routine, options),
        Object::Event(event) => event_entries(&mut entries, event, options),
        Object::Sequence(sequence) => sequence_entries(&mut entries, sequence, options),
    }
    WrittenValue::Map(entries)
}

fn view_item(view: &View, options: &WriteOptions) -> WrittenValue {
    let mut entries = Entries::new();
    if !view.columns.is_empty() {
        entries.push((
            "columns",
            WrittenValue::List(view.columns.iter().map(WrittenValue::text).collect()),
        ));
    }
    match view.algorithm {
        ViewAlgorithm::Undefined => {}
        ViewAlgorithm::Merge => entries.push(("algorithm", WrittenValue::text("merge"))),
        ViewAlgorithm::Temptable => entries.push(("algorithm", WrittenValue::text("temptable"))),
    }
    push_security(&mut entries, view.security);
    match view.check_option {
        None => {}
        Some(CheckOption::Local) => entries.push(("check_option", WrittenValue::text("local"))),
        Some(CheckOption::Cascaded) => {
            entries.push(("check_option", WrittenValue::text("cascaded")))
        }
    }
    push_definer(&mut entries, view.definer.as_ref(), options);
    let select = WrittenValue::Sql(view.select.text.clone());
    if entries.is_empty() {
        return select;
    }
    entries.push(("select", select));
    WrittenValue::Map(entries)
}

fn trigger_entries(entries: &mut Entries, trigger: &Trigger, options: &WriteOptions) {
    entries.push(("table", WrittenValue::text(&trigger.table)));
    entries.push(("when", WrittenValue::text(trigger.when())));
    push_optional(entries, "sql_mode", trigger.sql_mode.as_ref());
    push_definer(entries, trigger.definer.as_ref(), options);
    entries.push(("body", WrittenValue::Sql(trigger.body.clone())));
}

fn routine_entries(entries: &mut Entries, routine: &Routine, options: &WriteOptions) {
    if !routine.parameters.is_empty() {
        let parameters: Vec<String> = routine
            .parameters
            .iter()
            .map(|parameter| parameter_text(parameter, routine.kind, options))
            .collect();
        entries.push(("parameters", WrittenValue::text(parameters.join(", "))));
    }
    if let Some(returns) = &routine.returns {
        entries.push(("returns", WrittenValue::text(type_text(returns, options))));
    }
    for (key, set) in [("aggregate", routine.aggregate), ("deterministic", routine.deterministic)] {
        if set {
            entries.push((key, WrittenValue::word(true)));
        }
    }
    let access = match routine.data_access {
        DataAccess::ContainsSql => None,
        DataAccess::NoSql => Some("no sql"),
        DataAccess::ReadsSqlData => Some("reads sql data"),
        DataAccess::ModifiesSqlData => Some("modifies sql data"),
    };
    entries.extend(access.map(|access| ("data_access", WrittenValue::text(access))));
    push_security(entries, routine.security);
    push_comment(entries, &routine.comment);
    push_optional(entries, "sql_mode", routine.sql_mode.as_ref());
    push_definer(entries, routine.definer.as_ref(), options);
    entries.push(("body", WrittenValue::Sql(routine.body.clone())));
}

fn event_entries(entries: &mut Entries, event: &Event, options: &WriteOptions) {
    match &event.schedule {
        Schedule::At(moment) => entries.push(("at", WrittenValue::text(&moment.text))),
        Schedule::Every { interval, unit, starts, ends } => {
            entries.push(("every", WrittenValue::text(interval_text(interval, unit))));
            for (key, moment) in [("starts", starts), ("ends", ends)] {
                entries
                    .extend(moment.as_ref().map(|moment| (key, WrittenValue::text(&moment.text))));
            }
        }
    }
    if event.preserve {
        entries.push(("preserve", WrittenValue::word(true)));
    }
    match event.status {
        EventStatus::Enabled => {}
        EventStatus::Disabled => entries.push(("status", WrittenValue::text("disabled"))),
        EventStatus::DisabledOnReplica => {
            entries.push(("status", WrittenValue::text("disabled on replica")));
        }
    }
    push_optional(entries, "time_zone", event.time_zone.as_ref());
    push_comment(entries, &event.comment);
    push_optional(entries, "sql_mode", event.sql_mode.as_ref());
    push_definer(entries, event.definer.as_ref(), options);
    entries.push(("body", WrittenValue::Sql(event.body.clone())));
}

fn sequence_entries(entries: &mut Entries, sequence: &Sequence, options: &WriteOptions) {
    if let Some(ty) = &sequence.ty {
        entries.push(("type", WrittenValue::text(column_type(ty, &options.server))));
    }
    let numbers = [
        ("start", sequence.start),
        ("minimum", sequence.minimum),
        ("maximum", sequence.maximum),
        ("increment", sequence.increment),
        ("cache", sequence.cache.map(i128::from)),
    ];
    for (key, number) in numbers {
        entries.extend(number.map(|number| (key, WrittenValue::word(number))));
    }
    if sequence.cycle {
        entries.push(("cycle", WrittenValue::word(true)));
    }
    push_optional(entries, "engine", sequence.engine.as_ref());
    push_comment(entries, &sequence.comment);
}

fn push_optional(entries: &mut Entries, key: &'static str, value: Option<&String>) {
    entries.extend(value.map(|value| (key, WrittenValue::text(value))));
}

fn push_security(entries: &mut Entries, security: Security) {
    if security == Security::Invoker {
        entries.push(("security", WrittenValue::text("invoker")));
    }
}

fn push_comment(entries: &mut Entries, comment: &str) {
    if !comment.is_empty() {
        entries.push(("comment", WrittenValue::text(comment)));
    }
}

/// The definer. With `compact`, only if definers are compared, because it differs between
/// environments.
fn push_definer(entries: &mut Entries, definer: Option<&String>, options: &WriteOptions) {
    if !options.compact || options.settings.compare_definers {
        push_optional(entries, "definer", definer);
    }
}

fn parameter_text(parameter: &Parameter, kind: RoutineKind, options: &WriteOptions) -> String {
    let mode = match (kind, parameter.mode) {
        (RoutineKind::Function, _) | (_, ParameterMode::In) => "",
        (_, ParameterMode::Out) => "out ",
        (_, ParameterMode::InOut) => "inout ",
    };
    // A parameter with the name of a mode has to be quoted to be read as a name.
    let is_mode =
        ["in", "out", "inout"].iter().any(|mode| parameter.name.eq_ignore_ascii_case(mode));
    let name = match is_mode {
        true => crate::syntax::quote_identifier(&parameter.name),
        false => super::write::sql_name(&parameter.name),
    };
    format!("{mode}{name} {}", type_text(&parameter.ty, options))
}

fn type_text(ty: &ParameterType, options: &WriteOptions) -> String {
    let mut text = column_type(&ty.ty, &options.server);
    let is_named = |charset: &str| match &ty.collation {
        Some(collation) if options.compact => names_charset(collation, charset),
        _ => false,
    };
    if let Some(charset) = ty.charset.as_ref().filter(|charset| !is_named(charset)) {
        text.push_str(&format!(" character set {charset}"));
    }
    if let Some(collation) = &ty.collation {
        text.push_str(&format!(" collate {collation}"));
    }
    text
}

/// `1 day`. A value that isn't a plain number is quoted.
fn interval_text(interval: &str, unit: &str) -> String {
    let unit = unit.to_ascii_lowercase();
    let plain = !interval.is_empty() && interval.bytes().all(|byte| byte.is_ascii_digit());
    // An expression is written as it is; the value of a compound unit is a string.
    let is_text = interval.bytes().all(|byte| !byte.is_ascii_alphabetic() && byte != b'(');
    match (plain, is_text) {
        (false, true) => format!("{} {unit}", quote_string(interval)),
        _ => format!("{interval} {unit}"),
    }
}
