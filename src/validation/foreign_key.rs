//! Foreign keys on columns that can't be in one (MySQL 15.1.20.5 "FOREIGN KEY Constraints"; MariaDB
//! "Foreign Keys").

use super::expressions::Use;
use super::{Subject, ValidationError};
use crate::model::{
    Column, Element, ForeignKey, GeneratedStorage, Index, IndexKind, KeyPart, ReferentialAction,
    Table, same_name,
};
use crate::server::{Capability, engine_has_foreign_keys};

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    if !subject.has_engine("InnoDB") {
        return;
    }
    let table = subject.table;
    for key in &table.foreign_keys {
        for column in key.columns.iter().filter_map(|name| table.column(name)) {
            let problem = of_column(subject, key, column);
            found.extend(problem.map(|title| subject.key(key, title).at(&column.name)));
        }
        found.extend(of_computed(subject, key));
        let referenced = match key.referenced_schema {
            None => subject.schema.table(&key.referenced_table),
            Some(_) => None,
        };
        if let Some(referenced) = referenced {
            let problem = of_referenced(subject, key, referenced);
            match problem {
                Some(title) => found.push(subject.key(key, title).at(&referenced.name)),
                None => found.extend(to_no_unique_key(subject, key, referenced)),
            }
        }
    }
}

impl Subject<'_> {
    fn key(&self, key: &ForeignKey, title: String) -> ValidationError {
        ValidationError::new(Element::foreign_key(&self.table.name, &key.name), title)
    }
}

/// The first action that changes the values of the referencing columns, with its clause.
fn changing(key: &ForeignKey) -> Option<String> {
    use ReferentialAction as A;
    let delete = matches!(key.on_delete, A::SetNull).then_some(("ON DELETE", key.on_delete));
    let update =
        matches!(key.on_update, A::SetNull | A::Cascade).then_some(("ON UPDATE", key.on_update));
    delete.or(update).map(|(clause, action)| format!("{clause} {}", action.sql()))
}

fn sets_null(key: &ForeignKey) -> bool {
    [key.on_delete, key.on_update].contains(&ReferentialAction::SetNull)
}

fn of_column(subject: &Subject<'_>, key: &ForeignKey, column: &Column) -> Option<String> {
    let name = &column.name;
    let storage = column.generated.as_ref().map(|generated| generated.storage);
    match storage {
        Some(GeneratedStorage::Virtual)
            if !subject.server.can(Capability::ForeignKeysOnVirtualColumns) =>
        {
            Some(format!("a foreign key can't be on `{name}`, which is virtual"))
        }
        Some(GeneratedStorage::Stored) => changing(key)
            .map(|action| format!("`{name}` is generated, and a foreign key can't be {action}")),
        _ if sets_null(key) && !column.nullable => {
            Some(format!("`{name}` can't become null, as the foreign key's SET NULL would make it"))
        }
        _ => None,
    }
}

/// Reports a column of the foreign key that a CHECK or a stored column reads. When the foreign key
/// changes the column, the CHECK could fail, and the stored column wouldn't be computed again.
fn of_computed(subject: &Subject<'_>, key: &ForeignKey) -> Option<ValidationError> {
    let table = subject.table;
    let cascades = key.on_delete == ReferentialAction::Cascade;
    for expressed in subject.expressions {
        let (can, action) = match expressed.what {
            Use::Check => (Capability::ActionsWithChecks, changing(key)),
            Use::Generated(_, GeneratedStorage::Stored) => (
                Capability::ActionsWithStoredColumns,
                changing(key).or_else(|| cascades.then(|| "ON DELETE CASCADE".to_owned())),
            ),
            _ => continue,
        };
        let Some(action) = action.filter(|_| !subject.server.can(can)) else { continue };
        let is_read = |name: &&String| expressed.names.iter().any(|read| same_name(read, name));
        let Some(name) = key.columns.iter().find(is_read) else { continue };
        let reader = match expressed.what {
            Use::Generated(place, _) => match table.columns.get(place) {
                Some(column) => format!("the stored column `{}`", column.name),
                None => continue,
            },
            _ => "a CHECK".to_owned(),
        };
        let title =
            format!("{reader} reads `{name}`, so that a foreign key on it can't be {action}");
        return Some(subject.key(key, title).at(name));
    }
    None
}

/// Reports a foreign key to columns that are not exactly the columns of a unique index. The server
/// can be configured to accept it.
fn to_no_unique_key(
    subject: &Subject<'_>,
    key: &ForeignKey,
    referenced: &Table,
) -> Option<ValidationError> {
    if !subject.server.can(Capability::UniqueReferencedKeys) {
        return None;
    }
    let is_that = |index: &Index| {
        let parts = index.parts.iter().map(|part| match &part.key {
            KeyPart::Column { name, prefix_length: None } => Some(name.as_str()),
            _ => None,
        });
        matches!(index.kind, IndexKind::Primary | IndexKind::Unique)
            && index.parts.len() == key.referenced_columns.len()
            && parts
                .zip(&key.referenced_columns)
                .all(|(part, name)| part.is_some_and(|part| same_name(part, name)))
    };
    if referenced.all_indexes().any(is_that) {
        return None;
    }
    let (name, columns) = (&referenced.name, key.referenced_columns.join(", "));
    let title = format!("{} takes only a foreign key to a unique key", subject.server);
    let error = subject.key(key, title).at(name);
    Some(ValidationError {
        label: format!("`{name}` has no unique key on just ({columns})"),
        help: vec![format!(
            "make ({columns}) unique in `{name}`, or refer to its primary key; a server with \
             restrict_fk_on_non_standard_key=OFF takes it"
        )],
        is_of_server: true,
        is_of_settings: true,
        ..error
    })
}

fn of_referenced(subject: &Subject<'_>, key: &ForeignKey, referenced: &Table) -> Option<String> {
    let name = &referenced.name;
    let engine = referenced.options.engine.as_deref();
    if let Some(engine) = engine.filter(|engine| !engine_has_foreign_keys(engine)) {
        return Some(format!("a foreign key can't refer to `{name}`: {engine} has none"));
    }
    if referenced.partition_scheme().is_some() {
        return Some(format!("a foreign key can't refer to `{name}`, which has partitions"));
    }
    let columns = || key.referenced_columns.iter().filter_map(|name| referenced.column(name));
    let is_virtual = |column: &&Column| {
        let generated = column.generated.as_ref();
        generated.is_some_and(|generated| generated.storage == GeneratedStorage::Virtual)
    };
    if let Some(column) = columns().find(is_virtual)
        && !subject.server.can(Capability::ForeignKeysOnVirtualColumns)
    {
        return Some(format!(
            "a foreign key can't refer to `{name}.{}`, which is virtual",
            column.name
        ));
    }
    let first = key.referenced_columns.first()?;
    let begins = referenced.all_indexes().filter(|index| index.kind.is_ordered()).any(|index| {
        matches!(index.parts.first().map(|part| &part.key),
            Some(KeyPart::Column { name, prefix_length: None }) if same_name(name, first))
    });
    // The implicit index of a foreign key of the referenced table serves too.
    let implicit = referenced
        .foreign_keys
        .iter()
        .any(|other| other.columns.first().is_some_and(|column| same_name(column, first)));
    (!begins && !implicit)
        .then(|| format!("a foreign key can't refer to `{name}.{first}`: no index begins with it"))
}
