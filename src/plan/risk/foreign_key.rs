//! What a foreign key that is added, or comes back as another, may do to the rows.

use crate::diff::FieldChange;
use crate::model::{Element, ForeignKey, ReferentialAction, Table};
use crate::plan::actions::foreign_key_words;
use crate::plan::temporarily_dropped::TemporarilyDropped;
use crate::plan::{Risk, RiskKind};

/// The risks of a foreign key that is added. One that comes back may be said to be the same, or
/// to differ in some clauses.
pub(super) fn added(
    key: &ForeignKey,
    temporarily_dropped: Option<&TemporarilyDropped>,
    table: &Table,
) -> Vec<Risk> {
    let changed = temporarily_dropped
        .and_then(|temporarily_dropped| temporarily_dropped.coming_back(&key.name));
    let differs = |field: &str| match changed {
        None => true,
        Some(fields) => fields.iter().any(|it| it.field == field),
    };
    let mut risks = Vec::new();
    // What it does to the rows of another table, or by another column, is new too.
    let moves = differs("columns") || differs("references");
    if moves {
        risks.push(new_constraint(key, table));
    }
    let old = |field: &str| changed.and_then(|fields| fields.iter().find(|it| it.field == field));
    for (event, field, action) in
        [(Event::Delete, "on_delete", key.on_delete), (Event::Update, "on_update", key.on_update)]
    {
        if moves || differs(field) {
            risks.extend(new_action(event, action, key, table, old(field)));
        }
    }
    risks
}

/// That rows which have no parent stop the statement.
pub(super) fn new_constraint(key: &ForeignKey, table: &Table) -> Risk {
    let name = &table.name;
    Risk {
        kind: RiskKind::NewConstraint,
        element: Element::foreign_key(name, &key.name),
        message: format!(
            "fails if {name} has rows without a matching row for {}",
            foreign_key_words(key)
        ),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    Delete,
    Update,
}

/// What a new action does from now on; `old` is what differs, where the key was there before.
fn new_action(
    event: Event,
    action: ReferentialAction,
    key: &ForeignKey,
    table: &Table,
    old: Option<&FieldChange>,
) -> Option<Risk> {
    let (name, columns) = (&table.name, key.columns.join(", "));
    let when = match event {
        Event::Delete => {
            format!("when the row of {} that they refer to is deleted", key.referenced_table)
        }
        Event::Update => {
            format!(
                "when {} of the row of {} that they refer to changes",
                key.referenced_columns.join(", "),
                key.referenced_table
            )
        }
    };
    let what = match (action, event) {
        (ReferentialAction::Cascade, Event::Delete) => format!("rows of {name} go {when}"),
        (ReferentialAction::Cascade, Event::Update) => {
            format!("{columns} of rows of {name} follows {when}")
        }
        (ReferentialAction::SetNull, _) => {
            format!("{columns} of rows of {name} becomes NULL {when}")
        }
        (ReferentialAction::SetDefault, _) => {
            format!("{columns} of rows of {name} becomes the default {when}")
        }
        // A new key of this kind is said by its being new.
        (ReferentialAction::NoAction | ReferentialAction::Restrict, _) => {
            old?;
            let (verb, of) = match event {
                Event::Delete => ("deleted", String::new()),
                Event::Update => ("changed", format!("{} of ", key.referenced_columns.join(", "))),
            };
            format!(
                "{of}rows of {} can't be {verb} any longer while rows of {name} refer to them",
                key.referenced_table
            )
        }
    };
    let by = match old {
        Some(FieldChange { field, from, to }) => format!("{field} from {from} to {to}"),
        None => {
            let word = if event == Event::Delete { "on_delete" } else { "on_update" };
            format!("{word} {}", action.sql().to_lowercase())
        }
    };
    Some(Risk {
        kind: RiskKind::ReferentialAction,
        element: Element::foreign_key(name, &key.name),
        message: format!("{what} (foreign key {}, {by})", key.name),
    })
}
