//! What a foreign key that is added, new or changed, may do to the rows.

use crate::model::{Element, ForeignKey, ForeignKeyAspect, ReferentialAction, Table};
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDropped;
use crate::plan::{Risk, RiskKind};
use crate::words::{action_words, foreign_key_words};

/// The risks of a foreign key that is added. If it was only temporarily dropped, the risks are
/// those of the clauses that differ, if any.
pub(super) fn added(
    key: &ForeignKey,
    temporarily_dropped: Option<&TemporarilyDropped>,
    table: &Table,
) -> Vec<Risk> {
    let back = temporarily_dropped
        .filter(|temporarily_dropped| temporarily_dropped.comes_back_as(&key.name));
    let differs = |aspect| back.is_none_or(|back| back.aspects().contains(&aspect));
    let mut risks = Vec::new();
    // With other columns or another referenced table, the actions concern other rows, so they count
    // as new too.
    let moves = differs(ForeignKeyAspect::Columns) || differs(ForeignKeyAspect::References);
    if moves {
        risks.push(new_constraint(key, table));
    }
    for (event, aspect) in
        [(Event::Delete, ForeignKeyAspect::OnDelete), (Event::Update, ForeignKeyAspect::OnUpdate)]
    {
        let old = match back {
            Some(TemporarilyDropped::Changed { from, aspects, .. })
                if aspects.contains(&aspect) =>
            {
                Some(from)
            }
            _ => None,
        };
        if moves || differs(aspect) {
            risks.extend(new_action(event, key, table, old.map(|old| event.action(old))));
        }
    }
    risks
}

/// The risk that rows without a matching row in the referenced table make the statement fail.
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

impl Event {
    fn action(self, key: &ForeignKey) -> ReferentialAction {
        match self {
            Event::Delete => key.on_delete,
            Event::Update => key.on_update,
        }
    }
}

/// The risk of a referential action that is new. `old` is the action before, if it differs.
fn new_action(
    event: Event,
    key: &ForeignKey,
    table: &Table,
    old: Option<ReferentialAction>,
) -> Option<Risk> {
    let action = event.action(key);
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
        // If the foreign key itself is new, its new constraint says this already.
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
    let word = if event == Event::Delete { "on_delete" } else { "on_update" };
    let by = match old {
        Some(old) => format!("{word} from {} to {}", action_words(old), action_words(action)),
        None => format!("{word} {}", action_words(action)),
    };
    Some(Risk {
        kind: RiskKind::ReferentialAction,
        element: Element::foreign_key(name, &key.name),
        message: format!("{what} (foreign key {}, {by})", key.name),
    })
}
