//! Gives a table's name one spelling on a server that takes names which differ only in case for the
//! same (`lower_case_table_names`, manual, "Identifier Case Sensitivity").

use std::collections::HashMap;

use crate::model::{Element, Object, ObjectKind, ObjectName, Schema};

/// Spells the tables, views and sequences of a schema, and everything that refers to them, as
/// another schema does that has them in another case.
pub fn spell_tables_as(schema: &mut Schema, other: &Schema) {
    let others = spellings(other);
    let spelled = |name: &str| match others.get(&name.to_lowercase()) {
        Some(spellings) if !spellings.contains(&name) => spellings.first().copied(),
        _ => None,
    };
    let mut own = HashMap::new();
    for name in names(schema) {
        own.insert(name.to_lowercase(), spelled(name).unwrap_or(name).to_owned());
    }
    let respell = |name: &mut String| {
        if let Some(spelling) = own.get(&name.to_lowercase()) {
            name.clone_from(spelling);
        }
    };
    schema.tables = std::mem::take(&mut schema.tables)
        .into_values()
        .map(|mut table| {
            respell(&mut table.name);
            table.foreign_keys.iter_mut().for_each(|key| respell(&mut key.referenced_table));
            (table.name.clone(), table)
        })
        .collect();
    schema.objects = std::mem::take(&mut schema.objects)
        .into_iter()
        .map(|(mut name, mut object)| {
            match &mut object {
                Object::View(view) => respell(&mut view.name),
                Object::Sequence(sequence) => respell(&mut sequence.name),
                Object::Trigger(trigger) => respell(&mut trigger.table),
                Object::Routine(_) | Object::Event(_) => {}
            }
            if shares_names_with_tables(name.kind) {
                respell(&mut name.name);
            }
            (name, object)
        })
        .collect();
}

/// The names of a schema that such a server takes for the same: each one that isn't the first,
/// together with the first.
pub fn same_tables(schema: &Schema) -> Vec<(Element, String)> {
    let mut first: HashMap<String, &str> = HashMap::new();
    let objects = schema.objects.keys().filter(|name| shares_names_with_tables(name.kind));
    let objects = objects.map(|name| (Element::object(name), name.name.as_str()));
    let tables = schema.tables.keys().map(|name| (Element::table(name), name.as_str()));
    let mut same = Vec::new();
    for (element, name) in tables.chain(objects) {
        match first.get(&name.to_lowercase()) {
            Some(earlier) => same.push((element, (*earlier).to_owned())),
            None => {
                first.insert(name.to_lowercase(), name);
            }
        }
    }
    same
}

fn shares_names_with_tables(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::View | ObjectKind::Sequence)
}

fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    let is_like_table = |name: &&ObjectName| shares_names_with_tables(name.kind);
    let objects = schema.objects.keys().filter(is_like_table).map(|name| name.name.as_str());
    schema.tables.keys().map(String::as_str).chain(objects)
}

/// The spellings of each name, by the name in lower case. The names before a rename come after the
/// current ones.
fn spellings(schema: &Schema) -> HashMap<String, Vec<&str>> {
    let former = schema.tables.values().filter_map(|table| table.renamed_from.as_deref());
    let mut all: HashMap<String, Vec<&str>> = HashMap::new();
    for name in names(schema).chain(former) {
        all.entry(name.to_lowercase()).or_default().push(name);
    }
    all
}
