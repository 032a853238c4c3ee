//! Matching and comparing views, triggers, routines, events and sequences.

use std::collections::{HashMap, HashSet};

use super::object_words as words;
use super::order::to_move;
use super::rename::Renames;
use super::words::{comment_words, field, or_none};
use super::{Change, Difference, FieldChange, Uncertain};
use crate::ddl;
use crate::model::{
    Element, Event, Expression, Object, ObjectKind, ObjectName, Objects, Routine, Schedule, Schema,
    SelectText, Sequence, Trigger, TriggerEvent, TriggerTiming, View,
};
use crate::normalize::expression::{Sameness, compare};
use crate::normalize::{same_body, select};
use crate::server::Server;

/// Compares the objects of two schemas. A trigger goes where its table goes.
pub(super) fn compare_objects(
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    difference: &mut Difference,
) {
    let old_by_key: HashMap<ObjectName, &Object> =
        from.objects.iter().map(|(name, object)| (key(name), object)).collect();
    let orders = trigger_orders(&from.objects, &to.objects, renames);
    let mut matched: HashSet<ObjectName> = HashSet::new();
    let unsupported_objects: HashSet<ObjectName> = [from, to]
        .iter()
        .flat_map(|schema| &schema.unsupported)
        .map(|it| key(&ObjectName { kind: it.kind, name: it.name.clone() }))
        .collect();
    for (name, new) in
        to.objects.iter().filter(|(name, _)| !unsupported_objects.contains(&key(name)))
    {
        let Some(old) = old_by_key.get(&key(name)) else {
            difference.changes.push(Change::CreateObject(new.clone()));
            continue;
        };
        matched.insert(key(name));
        let mut pair = Pair {
            element: Element::object(name),
            to: None,
            fields: Vec::new(),
            uncertain: &mut difference.uncertain,
        };
        pair.compare(old, new, renames);
        pair.fields
            .extend(orders.get(&name.name).filter(|_| name.kind == ObjectKind::Trigger).cloned());
        let Pair { to, fields, .. } = pair;
        if !fields.is_empty() {
            difference.changes.push(Change::ChangeObject {
                from: Box::new((*old).clone()),
                to: Box::new(to.unwrap_or_else(|| new.clone())),
                fields,
            });
        }
    }
    for (name, old) in &from.objects {
        if !matched.contains(&key(name)) && !unsupported_objects.contains(&key(name)) {
            difference.changes.push(Change::DropObject(old.clone()));
        }
    }
}

/// A name as a server tells it from others: those of routines and events don't regard case.
pub(crate) fn key(name: &ObjectName) -> ObjectName {
    let folds =
        matches!(name.kind, ObjectKind::Procedure | ObjectKind::Function | ObjectKind::Event);
    let text = if folds { name.name.to_lowercase() } else { name.name.clone() };
    ObjectName { kind: name.kind, name: text }
}

/// The table, time and event that triggers share which run one after the other.
type Group<'a> = (&'a str, TriggerTiming, TriggerEvent);

/// The triggers that have to be moved among those of their table, time and event, by name.
fn trigger_orders(from: &Objects, to: &Objects, renames: &Renames) -> HashMap<String, FieldChange> {
    let old = groups(from, |table| renames.new_table(table));
    let new = groups(to, |table| table);
    let mut orders = HashMap::new();
    for (group, names) in &new {
        let Some(old_names) = old.get(group) else { continue };
        let both: Vec<&str> =
            names.iter().copied().filter(|name| old_names.contains(name)).collect();
        let places: Vec<usize> =
            both.iter().filter_map(|name| old_names.iter().position(|old| old == name)).collect();
        for place in to_move(&places) {
            let name = both[place];
            let change = field("order", place_words(old_names, name), place_words(names, name));
            orders.insert(name.to_owned(), change);
        }
    }
    orders
}

fn groups<'a>(
    objects: &'a Objects,
    table: impl Fn(&'a str) -> &'a str,
) -> HashMap<Group<'a>, Vec<&'a str>> {
    let mut groups: HashMap<Group<'a>, Vec<&'a str>> = HashMap::new();
    for object in objects.values() {
        if let Object::Trigger(trigger) = object {
            let group = (table(&trigger.table), trigger.timing, trigger.event);
            groups.entry(group).or_default().push(&trigger.name);
        }
    }
    groups
}

/// `first`, or `after` the one before it.
fn place_words(names: &[&str], name: &str) -> String {
    let place = names.iter().position(|other| *other == name).unwrap_or_default();
    let before = place.checked_sub(1).and_then(|before| names.get(before));
    before.map_or_else(|| "first".to_owned(), |before| format!("after {before}"))
}

/// An object and what it becomes.
struct Pair<'a> {
    element: Element,
    /// The new object with the old one's text where the two can't be compared.
    to: Option<Object>,
    fields: Vec<FieldChange>,
    uncertain: &'a mut Vec<Uncertain>,
}

impl Pair<'_> {
    fn compare(&mut self, from: &Object, to: &Object, renames: &Renames) {
        match (from, to) {
            (Object::View(from), Object::View(to)) => self.view(from, to),
            (Object::Trigger(from), Object::Trigger(to)) => self.trigger(from, to, renames),
            (Object::Routine(from), Object::Routine(to)) => self.routine(from, to),
            (Object::Event(from), Object::Event(to)) => self.event(from, to),
            (Object::Sequence(from), Object::Sequence(to)) => self.sequence(from, to),
            // They share a kind, so this is none of theirs.
            _ => {}
        }
    }

    fn words(&mut self, name: &'static str, from: impl Into<String>, to: impl Into<String>) {
        let (from, to) = (from.into(), to.into());
        if from != to {
            self.fields.push(field(name, from, to));
        }
    }

    /// What the new side leaves out is not compared.
    fn declared(&mut self, name: &'static str, from: Option<&String>, to: Option<&String>) {
        let words = |value: Option<&String>| match value.map(String::as_str) {
            Some("") => "''".to_owned(),
            value => or_none(value),
        };
        if to.is_some() {
            self.words(name, words(from), words(to));
        }
    }

    fn body(&mut self, from: &str, to: &str) {
        if !same_body(from, to) {
            self.fields.push(field("body", from, to));
        }
    }

    fn view(&mut self, from: &View, to: &View) {
        let columns = (words::columns(&from.columns), words::columns(&to.columns));
        match select::compare(&from.select, &to.select) {
            // What was understood holds the names of the columns.
            Sameness::Same if from.select.canonical.is_some() => {}
            Sameness::Same => self.words("columns", columns.0, columns.1),
            Sameness::Different => {
                let (old, new) = select_words(&from.select, &to.select);
                if old != new {
                    self.fields.push(field("select", old, new));
                }
                self.words("columns", columns.0, columns.1);
            }
            Sameness::Unknown => {
                self.uncertain.push(Uncertain {
                    element: self.element.clone(),
                    field: "select".to_owned(),
                    from: from.select.text.clone(),
                    to: to.select.text.clone(),
                });
                let (columns, select) = (from.columns.clone(), from.select.clone());
                self.to = Some(Object::View(View { columns, select, ..to.clone() }));
            }
        }
        self.words("algorithm", words::algorithm(from), words::algorithm(to));
        self.words("security", words::security(from.security), words::security(to.security));
        self.words("check_option", words::check_option(from), words::check_option(to));
        self.declared("definer", from.definer.as_ref(), to.definer.as_ref());
    }

    fn trigger(&mut self, from: &Trigger, to: &Trigger, renames: &Renames) {
        self.words("table", renames.new_table(&from.table), to.table.clone());
        self.words("when", from.when(), to.when());
        self.body(&from.body, &to.body);
        self.declared("sql_mode", from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared("definer", from.definer.as_ref(), to.definer.as_ref());
    }

    fn routine(&mut self, from: &Routine, to: &Routine) {
        self.words("parameters", words::parameters(from), words::parameters(to));
        let returns = |routine: &Routine| {
            let ty = routine.returns.as_ref();
            or_none(ty.map(|ty| ddl::parameter_type(ty, &Server::ASSUMED)).as_deref())
        };
        self.words("returns", returns(from), returns(to));
        let flag =
            |set: bool, word: &str| if set { word.to_owned() } else { format!("not {word}") };
        for (name, from, to) in [
            ("aggregate", from.aggregate, to.aggregate),
            ("deterministic", from.deterministic, to.deterministic),
        ] {
            self.words(name, flag(from, name), flag(to, name));
        }
        self.words("data_access", words::data_access(from), words::data_access(to));
        self.words("security", words::security(from.security), words::security(to.security));
        self.words("comment", comment_words(&from.comment), comment_words(&to.comment));
        self.body(&from.body, &to.body);
        self.declared("sql_mode", from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared("definer", from.definer.as_ref(), to.definer.as_ref());
    }

    fn event(&mut self, from: &Event, to: &Event) {
        self.schedule(&from.schedule, &to.schedule);
        let completion = |preserve: bool| if preserve { "preserved" } else { "not preserved" };
        self.words("preserve", completion(from.preserve), completion(to.preserve));
        self.words("status", words::status(from), words::status(to));
        self.words("comment", comment_words(&from.comment), comment_words(&to.comment));
        self.body(&from.body, &to.body);
        self.declared("sql_mode", from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared("time_zone", from.time_zone.as_ref(), to.time_zone.as_ref());
        self.declared("definer", from.definer.as_ref(), to.definer.as_ref());
    }

    fn schedule(&mut self, from: &Schedule, to: &Schedule) {
        let every = |schedule: &Schedule| match schedule {
            Schedule::Every { interval, unit, .. } => {
                Some(format!("{interval} {}", unit.to_lowercase()))
            }
            Schedule::At(_) => None,
        };
        self.words("every", or_none(every(from).as_deref()), or_none(every(to).as_deref()));
        let (old_at, new_at) = (at(from), at(to));
        if old_at.is_none() != new_at.is_none() || !same_moment(old_at, new_at) {
            self.moment("at", old_at, new_at);
        }
        let (old_bounds, new_bounds) = (bounds(from), bounds(to));
        // What starts nowhere starts when it is made, which no source tells again.
        if new_bounds[0].is_some() && !same_moment(old_bounds[0], new_bounds[0]) {
            self.moment("starts", old_bounds[0], new_bounds[0]);
        }
        if old_bounds[1].is_none() != new_bounds[1].is_none()
            || !same_moment(old_bounds[1], new_bounds[1])
        {
            self.moment("ends", old_bounds[1], new_bounds[1]);
        }
    }

    fn moment(&mut self, name: &'static str, from: Option<&Expression>, to: Option<&Expression>) {
        let words = |moment: Option<&Expression>| or_none(moment.map(|it| it.text.as_str()));
        self.fields.push(field(name, words(from), words(to)));
    }

    fn sequence(&mut self, from: &Sequence, to: &Sequence) {
        let ty = |sequence: &Sequence| {
            let ty = sequence.ty.as_ref();
            or_none(ty.map(|ty| ddl::column_type(ty, &Server::ASSUMED)).as_deref())
        };
        self.words("type", ty(from), ty(to));
        let number = |value: Option<i128>| or_none(value.map(|it| it.to_string()).as_deref());
        for (name, from, to) in [
            ("start", from.start, to.start),
            ("minimum", from.minimum, to.minimum),
            ("maximum", from.maximum, to.maximum),
            ("increment", from.increment, to.increment),
            ("cache", from.cache.map(i128::from), to.cache.map(i128::from)),
        ] {
            self.words(name, number(from), number(to));
        }
        let cycle = |cycle: bool| if cycle { "cycle" } else { "no cycle" };
        self.words("cycle", cycle(from.cycle), cycle(to.cycle));
        self.words("engine", or_none(from.engine.as_deref()), or_none(to.engine.as_deref()));
        self.words("comment", comment_words(&from.comment), comment_words(&to.comment));
    }
}

/// Two queries of another meaning: what they mean, where both have the same text, because tables
/// that they take all columns of differ.
fn select_words<'a>(from: &'a SelectText, to: &'a SelectText) -> (&'a str, &'a str) {
    match (&from.canonical, &to.canonical) {
        (Some(old), Some(new)) if from.text == to.text => (old, new),
        _ => (&from.text, &to.text),
    }
}

fn at(schedule: &Schedule) -> Option<&Expression> {
    match schedule {
        Schedule::At(moment) => Some(moment),
        Schedule::Every { .. } => None,
    }
}

/// The first and the last moment.
fn bounds(schedule: &Schedule) -> [Option<&Expression>; 2] {
    match schedule {
        Schedule::At(_) => [None, None],
        Schedule::Every { starts, ends, .. } => [starts.as_ref(), ends.as_ref()],
    }
}

/// Whether two moments are one as far as can be told: an expression is worked out when the event
/// is made, and what came of it then says nothing of it.
fn same_moment(from: Option<&Expression>, to: Option<&Expression>) -> bool {
    let (Some(from), Some(to)) = (from, to) else { return from.is_none() == to.is_none() };
    let is_literal = |moment: &Expression| moment.text.starts_with(['\'', '"']);
    if is_literal(from) && !is_literal(to) {
        return true;
    }
    compare(from, to) != Sameness::Different
}
