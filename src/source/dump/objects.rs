//! Views, triggers, routines, events and sequences, as statements make and drop them.

use super::database::{Database, whole};
use crate::model::{Element, Object, ObjectKind, ObjectName, UnmodelledObject};
use crate::sql::SqlError;
use crate::sql::object::{CreateObject, Definition, TriggerOrder};
use crate::sql::table::QualifiedName;

/// CREATE VIEW, TRIGGER and so on.
pub(super) fn create_object(
    database: &mut Database,
    created: CreateObject,
    start: usize,
) -> Result<(), SqlError> {
    if !database.here(&created.name)? {
        return Ok(());
    }
    let name = ObjectName { kind: created.kind, name: created.name.1 };
    let place = (created.start, created.end);
    if is_there(database, &name) {
        if created.if_not_exists {
            return Ok(());
        }
        if !created.or_replace {
            let message = format!("the {} `{}` is already there", name.kind.noun(), name.name);
            return Err(SqlError::new(message, place.0, place.1));
        }
        forget_object(database, name.kind, &name.name);
    }
    let table = match &created.definition {
        Definition::Modelled { table, .. } | Definition::NotModelled { table, .. } => table.clone(),
    };
    if let Some(table) = table {
        let Some(table) = database.existing(&table)? else { return Ok(()) };
        database.add_trigger(&table, &name.name);
    }
    match created.definition {
        Definition::Modelled { object, order, .. } => {
            insert(database, &name, *object, order.as_ref())?;
            database.place(Element::object(&name), start, place);
        }
        Definition::NotModelled { clause, .. } => {
            let ObjectName { kind, name } = name;
            database.not_modelled.push(UnmodelledObject { kind, name, reason: clause });
        }
    }
    Ok(())
}

fn is_there(database: &Database, name: &ObjectName) -> bool {
    database.schema.objects.contains_key(name)
        || database.not_modelled.iter().any(|it| it.kind == name.kind && it.name == name.name)
}

/// Adds an object; a trigger where its FOLLOWS or PRECEDES says.
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

/// DROP VIEW, TRIGGER and so on. Of what isn't there nothing is said: a dump drops first.
pub(super) fn drop_objects(database: &mut Database, kind: ObjectKind, names: &[QualifiedName]) {
    for name in names {
        forget_object(database, kind, &name.1);
    }
}

/// Takes an object away, if it is there.
pub(super) fn forget_object(database: &mut Database, kind: ObjectKind, name: &str) {
    let key = ObjectName { kind, name: name.to_owned() };
    database.schema.objects.shift_remove(&key);
    database.not_modelled.retain(|object| object.kind != kind || object.name != name);
}
