//! Matching and comparing views, triggers, routines, events and sequences.

use std::collections::{HashMap, HashSet};

use super::{Change, Difference, Doubt, Uncertain};
use crate::model::{
    Element, Event, Expression, Object, ObjectAspect, ObjectKind, ObjectName, Objects, Routine,
    Schedule, Schema, Sequence, Trigger, TriggerEvent, TriggerTiming, View,
};
use crate::normalize::expression::{Sameness, compare};
use crate::normalize::{same_body, select};
use crate::ordering::fewest_moves;
use crate::renames::Renames;

/// Compares the objects of two schemas. A trigger follows its table when that is renamed.
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
            aspects: Vec::new(),
            uncertain: &mut difference.uncertain,
        };
        pair.compare(old, new, renames);
        pair.aspects
            .extend(orders.get(&name.name).filter(|_| name.kind == ObjectKind::Trigger).cloned());
        let Pair { to, aspects, .. } = pair;
        if !aspects.is_empty() {
            difference.changes.push(Change::ChangeObject {
                from: Box::new((*old).clone()),
                to: Box::new(to.unwrap_or_else(|| new.clone())),
                aspects,
            });
        }
    }
    for (name, old) in &from.objects {
        if !matched.contains(&key(name)) && !unsupported_objects.contains(&key(name)) {
            difference.changes.push(Change::DropObject(old.clone()));
        }
    }
}

/// The name in the form in which a server compares it: names of routines and events ignore case.
pub(crate) fn key(name: &ObjectName) -> ObjectName {
    let folds =
        matches!(name.kind, ObjectKind::Procedure | ObjectKind::Function | ObjectKind::Event);
    let text = if folds { name.name.to_lowercase() } else { name.name.clone() };
    ObjectName { kind: name.kind, name: text }
}

/// The table, time and event of triggers that run one after the other.
type Group<'a> = (&'a str, TriggerTiming, TriggerEvent);

/// The triggers that change their place among those of the same table, time and event, by name.
fn trigger_orders(
    from: &Objects,
    to: &Objects,
    renames: &Renames,
) -> HashMap<String, ObjectAspect> {
    let old = groups(from, |table| renames.new_table(table));
    let new = groups(to, |table| table);
    let mut orders = HashMap::new();
    for (group, names) in &new {
        let Some(old_names) = old.get(group) else { continue };
        let both: Vec<&str> =
            names.iter().copied().filter(|name| old_names.contains(name)).collect();
        let places: Vec<usize> =
            both.iter().filter_map(|name| old_names.iter().position(|old| old == name)).collect();
        for place in fewest_moves(&places) {
            let name = both[place];
            let (from, to) = (before(old_names, name), before(names, name));
            orders.insert(name.to_owned(), ObjectAspect::Order { from, to });
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

/// The name before the given one.
fn before(names: &[&str], name: &str) -> Option<String> {
    let place = names.iter().position(|other| *other == name)?;
    place.checked_sub(1).map(|before| names[before].to_owned())
}

/// An old object and the new one that it becomes.
struct Pair<'a> {
    element: Element,
    /// The new object with the old text, if it is uncertain whether the text differs.
    to: Option<Object>,
    aspects: Vec<ObjectAspect>,
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
            // Both objects have the same kind, so no other pair is possible.
            _ => {}
        }
    }

    fn note(&mut self, aspect: ObjectAspect, differs: bool) {
        if differs {
            self.aspects.push(aspect);
        }
    }

    /// Compares a property, unless the new schema leaves it out.
    fn declared(&mut self, aspect: ObjectAspect, from: Option<&String>, to: Option<&String>) {
        self.note(aspect, to.is_some() && from != to);
    }

    fn body(&mut self, from: &str, to: &str) {
        self.note(ObjectAspect::Body, !same_body(from, to));
    }

    fn view(&mut self, from: &View, to: &View) {
        match select::compare(&from.select, &to.select) {
            // A canonical query includes the names of the columns.
            Sameness::Same if from.select.canonical.is_some() => {}
            Sameness::Same => self.note(ObjectAspect::Columns, from.columns != to.columns),
            Sameness::Different => {
                let is_said = from.select.text != to.select.text
                    || from.select.canonical != to.select.canonical;
                self.note(ObjectAspect::Select, is_said);
                self.note(ObjectAspect::Columns, from.columns != to.columns);
            }
            Sameness::Unknown => {
                let (old, new) = (from.select.clone(), to.select.clone());
                let doubt = Doubt::Queries { from: old, to: new };
                self.uncertain.push(Uncertain { element: self.element.clone(), doubt });
                let (columns, select) = (from.columns.clone(), from.select.clone());
                self.to = Some(Object::View(View { columns, select, ..to.clone() }));
            }
        }
        self.note(ObjectAspect::Algorithm, from.algorithm != to.algorithm);
        self.note(ObjectAspect::Security, from.security != to.security);
        self.note(ObjectAspect::CheckOption, from.check_option != to.check_option);
        self.declared(ObjectAspect::Definer, from.definer.as_ref(), to.definer.as_ref());
    }

    fn trigger(&mut self, from: &Trigger, to: &Trigger, renames: &Renames) {
        let table = renames.new_table(&from.table);
        self.note(ObjectAspect::Table { from: table.to_owned() }, table != to.table);
        self.note(ObjectAspect::When, (from.timing, from.event) != (to.timing, to.event));
        self.body(&from.body, &to.body);
        self.declared(ObjectAspect::SqlMode, from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared(ObjectAspect::Definer, from.definer.as_ref(), to.definer.as_ref());
    }

    fn routine(&mut self, from: &Routine, to: &Routine) {
        self.note(ObjectAspect::Parameters, from.parameters != to.parameters);
        self.note(ObjectAspect::Returns, from.returns != to.returns);
        self.note(ObjectAspect::Aggregate, from.aggregate != to.aggregate);
        self.note(ObjectAspect::Deterministic, from.deterministic != to.deterministic);
        self.note(ObjectAspect::DataAccess, from.data_access != to.data_access);
        self.note(ObjectAspect::Security, from.security != to.security);
        self.note(ObjectAspect::Comment, from.comment != to.comment);
        self.body(&from.body, &to.body);
        self.declared(ObjectAspect::SqlMode, from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared(ObjectAspect::Definer, from.definer.as_ref(), to.definer.as_ref());
    }

    fn event(&mut self, from: &Event, to: &Event) {
        self.schedule(&from.schedule, &to.schedule);
        self.note(ObjectAspect::Preserve, from.preserve != to.preserve);
        self.note(ObjectAspect::Status, from.status != to.status);
        self.note(ObjectAspect::Comment, from.comment != to.comment);
        self.body(&from.body, &to.body);
        self.declared(ObjectAspect::SqlMode, from.sql_mode.as_ref(), to.sql_mode.as_ref());
        self.declared(ObjectAspect::TimeZone, from.time_zone.as_ref(), to.time_zone.as_ref());
        self.declared(ObjectAspect::Definer, from.definer.as_ref(), to.definer.as_ref());
    }

    fn schedule(&mut self, from: &Schedule, to: &Schedule) {
        self.note(ObjectAspect::Every, every(from) != every(to));
        let (old_at, new_at) = (from.at(), to.at());
        let differs = old_at.is_none() != new_at.is_none() || !same_moment(old_at, new_at);
        self.note(ObjectAspect::At, differs);
        let ([old_start, old_end], [new_start, new_end]) = (from.bounds(), to.bounds());
        // An event without STARTS starts when it is created, and a server then shows that moment.
        // So STARTS is compared only if the new side declares it.
        let differs = new_start.is_some() && !same_moment(old_start, new_start);
        self.note(ObjectAspect::Starts, differs);
        let differs = old_end.is_none() != new_end.is_none() || !same_moment(old_end, new_end);
        self.note(ObjectAspect::Ends, differs);
    }

    fn sequence(&mut self, from: &Sequence, to: &Sequence) {
        self.note(ObjectAspect::Type, from.ty != to.ty);
        self.note(ObjectAspect::Start, from.start != to.start);
        self.note(ObjectAspect::Minimum, from.minimum != to.minimum);
        self.note(ObjectAspect::Maximum, from.maximum != to.maximum);
        self.note(ObjectAspect::Increment, from.increment != to.increment);
        self.note(ObjectAspect::Cache, from.cache != to.cache);
        self.note(ObjectAspect::Cycle, from.cycle != to.cycle);
        self.note(ObjectAspect::Engine, from.engine != to.engine);
        self.note(ObjectAspect::Comment, from.comment != to.comment);
    }
}

/// The interval of a recurring event.
fn every(schedule: &Schedule) -> Option<(&str, String)> {
    match schedule {
        Schedule::At(_) => None,
        Schedule::Every { interval, unit, .. } => Some((interval, unit.to_lowercase())),
    }
}

/// Whether two moments are the same, as far as that is known. A server evaluates an expression when
/// the event is created, so a literal on the old side may have come from any expression.
fn same_moment(from: Option<&Expression>, to: Option<&Expression>) -> bool {
    let (Some(from), Some(to)) = (from, to) else { return from.is_none() == to.is_none() };
    let is_literal = |moment: &Expression| moment.text.starts_with(['\'', '"']);
    if is_literal(from) && !is_literal(to) {
        return true;
    }
    compare(from, to) != Sameness::Different
}
