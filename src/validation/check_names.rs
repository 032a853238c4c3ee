//! Names of CHECKs that two tables of a schema have in common (MySQL 15.1.20.6 "CHECK
//! Constraints").

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::ValidationError;
use crate::model::{Element, Schema};
use crate::server::{Capability, Server};

/// Finds CHECKs of different tables with the same name. If one table has a name twice, that is
/// reported when schema.yaml is read.
pub(super) fn of_schema(schema: &Schema, server: &Server, found: &mut Vec<ValidationError>) {
    if !server.can(Capability::SchemaWideCheckNames) {
        return;
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    for table in schema.tables.values() {
        for check in &table.checks {
            match seen.entry(check.name.to_lowercase()) {
                Entry::Vacant(free) => {
                    free.insert(&table.name);
                }
                Entry::Occupied(taken) if *taken.get() != table.name => {
                    let title = format!(
                        "the tables `{}` and `{}` both have a CHECK `{}`, and {server} has each name \
                         once in a schema",
                        taken.get(),
                        table.name,
                        check.name
                    );
                    let element = Element::check(&table.name, &check.name);
                    found.push(ValidationError::new(element, title));
                }
                Entry::Occupied(_) => {}
            }
        }
    }
}
