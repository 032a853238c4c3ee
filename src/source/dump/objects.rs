//! CREATE, ALTER and DROP of views, triggers, routines, events and sequences.

use super::database::{Database, whole};
use super::session::StoredSettings;
use crate::model::{Element, Object, ObjectKind, ObjectName, UnsupportedObject};
use crate::syntax::SqlError;
use crate::syntax::alter::{ParsedChange, ParsedClause};
use crate::syntax::object::{AlterObject, CreateObject, ObjectDefinition, TriggerOrder};
use crate::syntax::table::QualifiedName;

/// CREATE VIEW, TRIGGER and so on.
pub(super) fn create_object(
    database: &mut Database,
    created: CreateObject,
    start: usize,
    session: &StoredSettings,
) -> Result<(), SqlError> {
    if !database.here(&created.name) {
        return Ok(());
    }
    let name = ObjectName { kind: created.kind, name: created.name.1 };
    let place = (created.start, created.end);
    if is_there(database, &name) {
        // A package's body follows it, under the same name.
        if created.if_not_exists || name.kind == ObjectKind::Package {
            return Ok(());
        }
        if !created.or_replace {
            let message = format!("the {} `{}` is already there", name.kind.noun(), name.name);
            return Err(SqlError::new(message, place.0, place.1));
        }
        forget_object(database, name.kind, &name.name);
    }
    let table = match &created.definition {
        ObjectDefinition::Supported { table, .. } | ObjectDefinition::Unsupported { table, .. } => {
            table.clone()
        }
    };
    if let Some(table) = table {
        let Some(table) = database.existing(&table)? else { return Ok(()) };
        if matches!(created.definition, ObjectDefinition::Unsupported { .. }) {
            database.add_trigger(&table, &name.name);
        }
    }
    if matches!(name.kind, ObjectKind::View | ObjectKind::Sequence)
        && database.schema.tables.contains_key(&name.name)
    {
        let message = format!("there is a table `{}` already", name.name);
        return Err(SqlError::new(message, place.0, place.1));
    }
    match created.definition {
        ObjectDefinition::Supported { mut object, order, .. } => {
            keep_session(&mut object, session);
            insert(database, &name, *object, order.as_ref())?;
            database.place(Element::object(&name), start, place);
        }
        ObjectDefinition::Unsupported { clause, .. } => {
            let ObjectName { kind, name } = name;
            let (reason, missing_right) = (clause, None);
            database.unsupported.push(UnsupportedObject { kind, name, reason, missing_right });
        }
    }
    Ok(())
}

/// Sets what an object keeps of the session that makes it.
fn keep_session(object: &mut Object, session: &StoredSettings) {
    let sql_mode = session.sql_mode.as_deref().map(str::to_owned);
    match object {
        Object::Trigger(trigger) => trigger.sql_mode = sql_mode,
        Object::Routine(routine) => routine.sql_mode = sql_mode,
        Object::Event(event) => {
            event.sql_mode = sql_mode;
            event.time_zone = session.time_zone.as_deref().map(str::to_owned);
        }
        Object::View(_) | Object::Sequence(_) => {}
    }
}

fn is_there(database: &Database, name: &ObjectName) -> bool {
    database.schema.objects.contains_key(name)
        || database.unsupported.iter().any(|it| it.kind == name.kind && it.name == name.name)
}

/// Adds an object. A trigger goes where its FOLLOWS or PRECEDES says.
fn insert(
    database: &mut Database,
    name: &ObjectName,
    object: Object,
    order: Option<&TriggerOrder>,
) -> Result<(), SqlError> {
    let objects = &mut database.schema.objects;
    let (other, after) = match order {
        None => {
            objects.insert(name.clone(), object);
            return Ok(());
        }
        Some(TriggerOrder::Follows(other)) => (other, 1),
        Some(TriggerOrder::Precedes(other)) => (other, 0),
    };
    let other_name = ObjectName { kind: ObjectKind::Trigger, name: other.clone() };
    match objects.get_index_of(&other_name) {
        Some(at) => {
            objects.shift_insert(at + after, name.clone(), object);
            Ok(())
        }
        None => Err(whole(format!("there is no trigger `{other}` here"))),
    }
}

/// ALTER VIEW, EVENT and so on.
pub(super) fn alter_object(
    database: &mut Database,
    altered: AlterObject,
    session: &StoredSettings,
) -> Result<(), SqlError> {
    if !database.here(&altered.name) {
        return Ok(());
    }
    let name = ObjectName { kind: altered.kind, name: altered.name.1.clone() };
    let Some(object) = database.schema.objects.get_mut(&name) else {
        // An unsupported object can't be followed any further.
        if is_there(database, &name) || altered.if_exists {
            return Ok(());
        }
        return Err(whole(format!("there is no {} `{}` here", name.kind.noun(), name.name)));
    };
    let done = altered.apply(object)?;
    if done.keeps_session {
        keep_session(object, session);
    }
    if let (Object::Event(event), Some(new)) = (object, done.renamed_to) {
        event.name = new;
        rename(database, &name);
    }
    Ok(())
}

/// Stores an object that has a new name under that name, at the same position.
fn rename(database: &mut Database, old: &ObjectName) {
    let objects = &mut database.schema.objects;
    let Some((at, _, object)) = objects.shift_remove_full(old) else { return };
    let new = object.name();
    let at = at.min(objects.len());
    objects.shift_insert(at, new.clone(), object);
    if let Some(span) = database.places.get(&Element::object(old)) {
        database.places.set(Element::object(&new), span);
    }
}

/// RENAME TABLE of a view or a sequence; `false` if it is neither.
pub(super) fn rename_like_table(
    database: &mut Database,
    from: &QualifiedName,
    to: &QualifiedName,
) -> Result<bool, SqlError> {
    if database.schema.tables.contains_key(&from.1) || database.is_elsewhere(from) {
        return Ok(false);
    }
    for kind in [ObjectKind::View, ObjectKind::Sequence] {
        let name = ObjectName { kind, name: from.1.clone() };
        let Some(object) = database.schema.objects.get_mut(&name) else { continue };
        match object {
            Object::View(view) => view.name.clone_from(&to.1),
            Object::Sequence(sequence) => sequence.name.clone_from(&to.1),
            _ => {}
        }
        rename(database, &name);
        database.here(to);
        return Ok(true);
    }
    Ok(false)
}

/// ALTER TABLE of a sequence, which takes the options of a table (MariaDB "ALTER SEQUENCE"); `false`
/// if there is no such sequence.
pub(super) fn alter_like_table(
    database: &mut Database,
    name: &QualifiedName,
    clauses: &[ParsedClause],
) -> bool {
    if database.is_elsewhere(name) {
        return false;
    }
    let key = ObjectName { kind: ObjectKind::Sequence, name: name.1.clone() };
    let Some(Object::Sequence(sequence)) = database.schema.objects.get_mut(&key) else {
        return false;
    };
    let mut new_name = None;
    for clause in clauses {
        match &clause.change {
            ParsedChange::Options(read) => {
                if read.has_comment {
                    sequence.comment.clone_from(&read.options.comment);
                }
                if read.options.engine.is_some() {
                    sequence.engine.clone_from(&read.options.engine);
                }
            }
            ParsedChange::RenameTo(to) => new_name = Some(to),
            _ => {}
        }
    }
    if let Some(to) = new_name {
        sequence.name.clone_from(&to.1);
        rename(database, &key);
    }
    true
}

/// The noun for a view or sequence of this name, if there is one. They share a namespace with
/// tables.
pub(super) fn noun_like_table(database: &Database, name: &str) -> Option<&'static str> {
    let kinds = [ObjectKind::View, ObjectKind::Sequence].into_iter();
    let mut there =
        kinds.filter(|kind| is_there(database, &ObjectName { kind: *kind, name: name.to_owned() }));
    there.next().map(ObjectKind::noun)
}

/// Removes the triggers of a table, which are dropped with it.
pub(super) fn forget_triggers(database: &mut Database, table: &str) {
    database.schema.objects.retain(|_, object| match object {
        Object::Trigger(trigger) => trigger.table != table,
        _ => true,
    });
}

/// Moves the triggers of a table to its new name.
pub(super) fn move_triggers(database: &mut Database, from: &str, to: &str) {
    for object in database.schema.objects.values_mut() {
        if let Object::Trigger(trigger) = object
            && trigger.table == from
        {
            to.clone_into(&mut trigger.table);
        }
    }
}

/// DROP VIEW, TRIGGER and so on. A missing object is no error, because a dump drops first.
pub(super) fn drop_objects(database: &mut Database, kind: ObjectKind, names: &[QualifiedName]) {
    for name in names {
        if !database.is_elsewhere(name) {
            forget_object(database, kind, &name.1);
        }
    }
}

/// Removes an object, if it is there.
pub(super) fn forget_object(database: &mut Database, kind: ObjectKind, name: &str) {
    let key = ObjectName { kind, name: name.to_owned() };
    database.schema.objects.shift_remove(&key);
    database.unsupported.retain(|object| object.kind != kind || object.name != name);
}
