//! The steps on views, triggers, routines, events and sequences, and when each of them is created,
//! dropped or changed.
//!
//! Sequences are created before the tables whose defaults use them, and dropped after these tables.
//! All other drops come before the tables change. An object that can't exist while tables and other
//! objects change is dropped then too, and created again afterwards. The reverse runs in the
//! opposite order, so it also finds the objects that it needs.

mod sequence;
mod step;
#[cfg(test)]
mod tests;
mod triggers;

use std::collections::{HashMap, HashSet};

use crate::ddl::TriggerPlace;
use crate::diff::{Change, Difference, TableChange};
use crate::model::{
    Column, ColumnAspect, ColumnType, Object, ObjectAspect, ObjectKind, Schema, Sequence, Table,
};
use crate::ordering::in_order;
use crate::plan::Step;
use crate::plan::objects::step::Replacement;
use crate::plan::objects::triggers::TriggerLists;
use crate::renames::Renames;
use crate::server::Server;
use crate::syntax::references::References;

pub(super) use step::made_again;

/// The objects that are created, dropped and changed.
pub(super) struct ObjectPlan<'a> {
    server: &'a Server,
    from: &'a Schema,
    to: &'a Schema,
    creates: Vec<&'a Object>,
    drops: Vec<&'a Object>,
    changes: Vec<Changed<'a>>,
    order: TriggerLists,
    /// The tables that are dropped. Their triggers are dropped with them.
    dropped_tables: HashSet<&'a str>,
}

/// An object that both schemas have and that differs.
#[derive(Clone, Copy)]
struct Changed<'a> {
    from: &'a Object,
    to: &'a Object,
    aspects: &'a [ObjectAspect],
    /// Whether it is dropped before the tables change and created again afterwards.
    is_temporarily_dropped: bool,
}

impl Changed<'_> {
    /// The difference as a [`Change`].
    fn change(&self) -> Change {
        Change::ChangeObject {
            from: Box::new(self.from.clone()),
            to: Box::new(self.to.clone()),
            aspects: self.aspects.to_vec(),
        }
    }
}

impl<'a> ObjectPlan<'a> {
    pub(super) fn new(
        from: &'a Schema,
        to: &'a Schema,
        difference: &'a Difference,
        renames: &Renames,
        server: &'a Server,
    ) -> Self {
        let mut plan = ObjectPlan {
            server,
            from,
            to,
            creates: Vec::new(),
            drops: Vec::new(),
            changes: Vec::new(),
            order: TriggerLists::new(from, to, renames),
            dropped_tables: HashSet::new(),
        };
        let names_that_change = names_that_change(difference);
        for change in &difference.changes {
            match change {
                Change::CreateObject(object) => plan.creates.push(object),
                Change::DropObject(object) => plan.drops.push(object),
                Change::ChangeObject { from, to, aspects } => {
                    let is_temporarily_dropped =
                        is_temporarily_dropped(from, aspects, &names_that_change);
                    plan.changes.push(Changed { from, to, aspects, is_temporarily_dropped });
                }
                Change::DropTable(table) => {
                    plan.dropped_tables.insert(&table.name);
                }
                _ => {}
            }
        }
        plan
    }

    /// The steps before the tables change: sequences that the tables may use, and drops of objects
    /// that can't stay.
    pub(super) fn before_tables(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        for object in of_kind(&self.creates, ObjectKind::Sequence) {
            steps.push(step::create(object, None, false, self.server));
        }
        for changed in &self.changes {
            if let (Object::Sequence(from), Object::Sequence(to)) = (changed.from, changed.to) {
                steps.extend(sequence::alter(from, to, changed.aspects, self.server));
            }
        }
        for kind in [ObjectKind::Event, ObjectKind::Trigger, ObjectKind::View] {
            let going: Vec<(&Object, bool)> = self.going(kind);
            for (object, comes_back) in going {
                steps.push(self.drop(object, comes_back));
            }
        }
        for kind in [ObjectKind::Procedure, ObjectKind::Function] {
            for object in of_kind(&self.drops, kind) {
                steps.push(step::drop(object, Replacement::None, None, self.server));
            }
        }
        steps
    }

    /// The steps after the tables have changed.
    pub(super) fn after_tables(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        for kind in [ObjectKind::Function, ObjectKind::Procedure] {
            self.make(kind, &mut steps);
        }
        self.make(ObjectKind::View, &mut steps);
        self.make_triggers(&mut steps);
        self.make(ObjectKind::Event, &mut steps);
        for object in of_kind(&self.drops, ObjectKind::Sequence) {
            steps.push(step::drop(object, Replacement::None, None, self.server));
        }
        steps
    }

    /// The triggers that are dropped with a table, in the order in which they ran.
    pub(super) fn triggers_of(&self, table: &Table) -> Vec<&'a Object> {
        let belongs =
            |object: &&&Object| matches!(object, Object::Trigger(it) if it.table == table.name);
        self.drops.iter().filter(belongs).copied().collect()
    }

    /// The objects of a kind that are dropped before the tables change, and whether each is created
    /// again. A view comes before the views that it reads. All other objects come in reverse order.
    fn going(&self, kind: ObjectKind) -> Vec<(&'a Object, bool)> {
        let goes_with_table = |object: &Object| matches!(object, Object::Trigger(it) if self.dropped_tables.contains(it.table.as_str()));
        let dropped = of_kind(&self.drops, kind).filter(|object| !goes_with_table(object));
        let temporarily_dropped = self
            .changes
            .iter()
            .filter(|it| it.is_temporarily_dropped && it.from.name().kind == kind);
        let mut all: Vec<(&Object, bool)> = dropped
            .map(|object| (object, false))
            .chain(temporarily_dropped.map(|changed| (changed.from, true)))
            .collect();
        if kind == ObjectKind::View {
            let objects: Vec<&Object> = all.iter().map(|(object, _)| *object).collect();
            let order = in_order(&needs(&objects, self.from));
            all = order.into_iter().map(|place| all[place]).collect();
        }
        all.reverse();
        all
    }

    fn drop(&mut self, object: &'a Object, comes_back: bool) -> Step {
        let place = self.order.remove(object);
        let replacement = if comes_back { Replacement::Later } else { Replacement::None };
        step::drop(object, replacement, place, self.server)
    }

    /// Creates and changes the objects of a kind, each after those that it uses.
    fn make(&mut self, kind: ObjectKind, steps: &mut Vec<Step>) {
        let created = of_kind(&self.creates, kind).map(|object| (object, None));
        let changed = self.changes.iter().filter(|it| it.to.name().kind == kind);
        let all: Vec<(&Object, Option<Changed<'_>>)> =
            created.chain(changed.map(|changed| (changed.to, Some(*changed)))).collect();
        let objects: Vec<&Object> = all.iter().map(|(object, _)| *object).collect();
        for place in in_order(&needs(&objects, self.to)) {
            match &all[place] {
                (object, None) => steps.push(step::create(object, None, false, self.server)),
                (object, Some(changed)) if changed.is_temporarily_dropped => {
                    steps.push(step::create(object, None, true, self.server));
                }
                (_, Some(changed)) => self.exchange(changed, (None, None), steps),
            }
        }
    }

    /// Replaces an object, with one statement if there is one for it. The places are those of a
    /// trigger, in the plan and in its reverse.
    fn exchange(
        &self,
        changed: &Changed<'a>,
        places: (Option<TriggerPlace>, Option<TriggerPlace>),
        steps: &mut Vec<Step>,
    ) {
        if let Some(step) = step::replace(changed, places.clone(), self.server) {
            steps.push(step);
            return;
        }
        let (place, back) = places;
        steps.push(step::drop(changed.from, Replacement::Next, back, self.server));
        steps.push(step::create_changed(changed, place, self.server));
    }

    /// Creates and changes triggers in the order in which they will run.
    fn make_triggers(&mut self, steps: &mut Vec<Step>) {
        let names: Vec<String> = self.order.wanted().map(str::to_owned).collect();
        let named =
            |object: &Object, name: &str| matches!(object, Object::Trigger(it) if it.name == name);
        for name in &names {
            if let Some(object) = self.creates.iter().find(|object| named(object, name)).copied() {
                let place = self.order.insert(object);
                steps.push(step::create(object, place, false, self.server));
            }
            let changed = self.changes.iter().find(|changed| named(changed.to, name)).copied();
            let Some(changed) = changed else { continue };
            if changed.is_temporarily_dropped {
                let place = self.order.insert(changed.to);
                steps.push(step::create(changed.to, place, true, self.server));
                continue;
            }
            let back = self.order.remove(changed.from);
            let place = self.order.insert(changed.to);
            self.exchange(&changed, (place, back), steps);
        }
    }
}

fn of_kind<'a>(
    objects: &[&'a Object],
    kind: ObjectKind,
) -> impl Iterator<Item = &'a Object> + use<'a> {
    let found: Vec<&Object> =
        objects.iter().copied().filter(|object| object.name().kind == kind).collect();
    found.into_iter()
}

/// For each of the objects, the places of those that it references, directly or through other
/// views.
fn needs(objects: &[&Object], schema: &Schema) -> Vec<Vec<usize>> {
    if objects.len() < 2 {
        return vec![Vec::new(); objects.len()];
    }
    let names: Vec<String> = objects.iter().map(|it| it.name().name.to_lowercase()).collect();
    let views = schema.objects.values().filter(|it| matches!(it, Object::View(_)));
    let named = views.map(|view| (view.name().name.to_lowercase(), view));
    let between = named.filter(|(name, _)| !names.contains(name));
    let words_of: HashMap<String, HashSet<String>> =
        between.map(|(name, view)| (name, References::of_object(view).words())).collect();
    let referenced_names = objects.iter().map(|object| {
        let mut words = References::of_object(object).words();
        let mut waiting: Vec<String> = words.iter().cloned().collect();
        while let Some(word) = waiting.pop() {
            let further = words_of.get(&word).into_iter().flatten();
            waiting.extend(further.filter(|word| words.insert((*word).clone())).cloned());
        }
        words
    });
    referenced_names
        .map(|words| (0..names.len()).filter(|place| words.contains(&names[*place])).collect())
        .collect()
}

/// The names, in lower case, of everything that an old view or trigger may not find, or may not be
/// able to use, while everything else is new. These are tables that are dropped or renamed, tables
/// with columns that are dropped or renamed or whose values can no longer be compared, dropped
/// objects, and views and routines that change.
fn names_that_change(difference: &Difference) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut add = |name: &str| names.insert(name.to_lowercase());
    for change in &difference.changes {
        match change {
            Change::DropTable(table) => {
                add(&table.name);
            }
            Change::RenameTable { from, to } => {
                add(from);
                add(to);
            }
            Change::AlterTable { from, changes, .. }
                if changes.iter().any(|it| loses_a_name(it) || stops_comparing(it)) =>
            {
                add(&from.name);
            }
            Change::DropObject(object) => {
                add(&object.name().name);
            }
            Change::ChangeObject { from, .. }
                if matches!(&**from, Object::View(_) | Object::Routine(_)) =>
            {
                add(&from.name().name);
            }
            _ => {}
        }
    }
    names
}

/// Whether a column is dropped or renamed.
fn loses_a_name(change: &TableChange) -> bool {
    match change {
        TableChange::DropColumn(_) => true,
        TableChange::ChangeColumn { aspects, .. } => aspects.contains(&ColumnAspect::Name),
        _ => false,
    }
}

/// Whether a column gets or loses a type whose values a server can't compare with those of other
/// types.
fn stops_comparing(change: &TableChange) -> bool {
    let is_one = |column: &Column| {
        matches!(column.ty, ColumnType::Vector { .. } | ColumnType::Geometry { .. })
    };
    match change {
        TableChange::ChangeColumn { from, to, .. } => is_one(from) != is_one(to),
        _ => false,
    }
}

/// Whether a changed object must be dropped before the tables change and created again afterwards.
fn is_temporarily_dropped(
    from: &Object,
    aspects: &[ObjectAspect],
    names_that_change: &HashSet<String>,
) -> bool {
    match from {
        Object::View(view) => {
            let own = view.name.to_lowercase();
            References::of_object(from)
                .words()
                .iter()
                .any(|name| *name != own && names_that_change.contains(name))
        }
        // A server looks up the columns of NEW and OLD when the trigger is created.
        Object::Trigger(trigger) => {
            names_that_change.contains(&trigger.table.to_lowercase())
                || aspects
                    .iter()
                    .any(|it| matches!(it, ObjectAspect::Table { .. } | ObjectAspect::When))
        }
        _ => false,
    }
}

/// Says that the current value of a dropped sequence is lost: a new sequence doesn't continue from
/// it.
fn position_of(sequence: &Sequence) -> String {
    format!("the value that sequence {} had come to", sequence.name)
}
