//! The order of the triggers of one table, time and event, at each moment of the plan.

use std::collections::HashMap;

use crate::ddl::TriggerPlace;
use crate::model::{Object, Objects, Schema, Trigger, TriggerEvent, TriggerTiming};
use crate::renames::Renames;

/// A table (by its new name), a trigger time and a trigger event.
type Group = (String, TriggerTiming, TriggerEvent);

/// Which triggers exist now, and which the new schema has.
pub(super) struct TriggerLists {
    now: HashMap<Group, Vec<String>>,
    wanted: HashMap<Group, Vec<String>>,
    /// All triggers of the new schema, in its order.
    all_wanted: Vec<String>,
    /// The new name of each table with triggers, by its old name.
    tables: HashMap<String, String>,
}

impl TriggerLists {
    pub(super) fn new(from: &Schema, to: &Schema, renames: &Renames) -> Self {
        let tables: HashMap<String, String> = triggers(&from.objects)
            .map(|trigger| (trigger.table.clone(), renames.new_table(&trigger.table).to_owned()))
            .collect();
        TriggerLists {
            now: groups(&from.objects, &tables),
            wanted: groups(&to.objects, &HashMap::new()),
            all_wanted: triggers(&to.objects).map(|trigger| trigger.name.clone()).collect(),
            tables,
        }
    }

    /// The triggers of the new schema, in its order.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &str> {
        self.all_wanted.iter().map(String::as_str)
    }

    /// Removes a trigger of the old schema. Returns the place where the reverse puts it, or `None`
    /// if it was the last one.
    pub(super) fn remove(&mut self, object: &Object) -> Option<TriggerPlace> {
        let Object::Trigger(trigger) = object else { return None };
        let names = self.now.get_mut(&group(trigger, &self.tables))?;
        let at = names.iter().position(|name| *name == trigger.name)?;
        names.remove(at);
        match (at.checked_sub(1).and_then(|before| names.get(before)), names.get(at)) {
            (_, None) => None,
            (Some(before), Some(_)) => Some(TriggerPlace::Follows(before.clone())),
            (None, Some(next)) => Some(TriggerPlace::Precedes(next.clone())),
        }
    }

    /// Inserts a trigger of the new schema among the existing ones. It comes after those that it
    /// follows, which have been inserted already. Returns the place, or `None` if it is the last
    /// one.
    pub(super) fn insert(&mut self, object: &Object) -> Option<TriggerPlace> {
        let Object::Trigger(trigger) = object else { return None };
        let group = group(trigger, &HashMap::new());
        let wanted = self.wanted.get(&group)?;
        let names = self.now.entry(group).or_default();
        let at = wanted.iter().position(|name| *name == trigger.name)?;
        let before = wanted[..at].iter().rfind(|name| names.contains(name));
        let next = before
            .and_then(|before| names.iter().position(|name| name == before))
            .map_or(0, |before| before + 1);
        let follows = names.get(next).cloned();
        names.insert(next, trigger.name.clone());
        match (before, follows) {
            (_, None) => None,
            (Some(before), Some(_)) => Some(TriggerPlace::Follows(before.clone())),
            (None, Some(next)) => Some(TriggerPlace::Precedes(next)),
        }
    }
}

fn group(trigger: &Trigger, tables: &HashMap<String, String>) -> Group {
    let table = tables.get(&trigger.table).unwrap_or(&trigger.table);
    (table.clone(), trigger.timing, trigger.event)
}

fn groups(objects: &Objects, tables: &HashMap<String, String>) -> HashMap<Group, Vec<String>> {
    let mut groups: HashMap<Group, Vec<String>> = HashMap::new();
    for trigger in triggers(objects) {
        groups.entry(group(trigger, tables)).or_default().push(trigger.name.clone());
    }
    groups
}

fn triggers(objects: &Objects) -> impl Iterator<Item = &Trigger> {
    objects.values().filter_map(|object| match object {
        Object::Trigger(trigger) => Some(trigger),
        _ => None,
    })
}
