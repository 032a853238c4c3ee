//! What a step on a table breaks: the views, triggers, routines, events, CHECKs and generated
//! columns of the new schema that still use what the step drops or renames.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::diff::TableChange;
use crate::model::{ColumnAspect, ColumnType, Element, Object, Schema, Table};
use crate::plan::references_columns::references_columns;
use crate::plan::table::Stage;
use crate::plan::view_uses::ViewUses;
use crate::plan::{Risk, RiskKind};
use crate::server::Server;
use crate::syntax::references::{Certainty, References};
use crate::words::type_words;

/// The objects of the new schema, with the names in their texts.
pub(in crate::plan) struct Dependents<'a> {
    objects: Vec<(&'a Object, References)>,
    /// What the views use. It is computed when it is needed for the first time.
    views: OnceCell<ViewUses>,
    server: &'a Server,
    from: &'a Schema,
    /// The new schema.
    to: &'a Schema,
    /// The names of all tables of both schemas, in lower case.
    tables: HashSet<String>,
}

/// What happens to a column or table.
enum SourceChange<'a> {
    Dropped,
    Renamed,
    Retyped { from: &'a ColumnType, to: &'a ColumnType },
}

impl<'a> Dependents<'a> {
    pub(in crate::plan) fn new(from: &'a Schema, to: &'a Schema, server: &'a Server) -> Self {
        let objects = to.objects.values().filter(|it| !matches!(it, Object::Sequence(_)));
        let objects: Vec<_> =
            objects.map(|object| (object, References::of_object(object))).collect();
        let tables = from.tables.keys().chain(to.tables.keys()).filter(|_| !objects.is_empty());
        let tables = tables.map(|name| name.to_lowercase()).collect();
        Dependents { objects, views: OnceCell::new(), server, from, to, tables }
    }

    /// The objects that break when a table is dropped.
    pub(in crate::plan) fn of_dropped_table(&self, table: &Table) -> Vec<Risk> {
        self.of_table(&table.name, &SourceChange::Dropped)
    }

    /// The objects that break when a table is renamed.
    pub(in crate::plan) fn of_renamed_table(&self, old: &str) -> Vec<Risk> {
        self.of_table(old, &SourceChange::Renamed)
    }

    fn of_table(&self, table: &str, change: &SourceChange<'_>) -> Vec<Risk> {
        let takes_its_name = |name: &str| {
            self.to.tables.contains_key(name)
                || self.to.objects.keys().any(|object| object.name == *name)
        };
        if takes_its_name(table) {
            return Vec::new();
        }
        let uses = self
            .objects
            .iter()
            .filter_map(|(object, names)| Some((*object, self.table_use(object, names, table)?)));
        uses.map(|(object, certainty)| risk(object, certainty, table, change)).collect()
    }

    /// The objects that break when a table is altered.
    pub(in crate::plan) fn of_stage(&self, stage: &Stage) -> Vec<Risk> {
        let stays = |name: &str| stage.to.column(name).is_some();
        let mut risks = Vec::new();
        for change in &stage.changes {
            match change {
                TableChange::DropColumn(column) => {
                    risks.extend(self.of_column(stage, &column.name, &SourceChange::Dropped));
                }
                TableChange::ChangeColumn { from, to, aspects } => {
                    if aspects.contains(&ColumnAspect::Name) && !stays(&from.name) {
                        risks.extend(self.of_column(stage, &from.name, &SourceChange::Renamed));
                    } else if aspects.contains(&ColumnAspect::Type) {
                        let change = SourceChange::Retyped { from: &from.ty, to: &to.ty };
                        risks.extend(self.of_column(stage, &from.name, &change));
                    }
                }
                _ => {}
            }
        }
        risks
    }

    /// The objects that break when a column changes. They are expected to use the new name of its
    /// table. If one uses the old name, the step that renames the table reports it.
    fn of_column(&self, stage: &Stage, column: &str, change: &SourceChange<'_>) -> Vec<Risk> {
        let table = &stage.to.name;
        let mut risks = self.of_own_column(table, column, change);
        for (object, names) in &self.objects {
            let certainty = self.column_use(object, names, table, column);
            // A changed type breaks few objects, so it is reported only if the use is certain.
            let needed = match change {
                SourceChange::Retyped { .. } => Certainty::Certain,
                SourceChange::Dropped | SourceChange::Renamed => Certainty::Maybe,
            };
            if let Some(certainty) = certainty.filter(|certainty| *certainty >= needed) {
                risks.push(risk(object, certainty, &format!("{table}.{column}"), change));
            }
        }
        risks
    }

    fn table_use(&self, object: &Object, names: &References, table: &str) -> Option<Certainty> {
        let by_words = names.table(table)?;
        match object {
            Object::View(view) => match self.views().table(&view.name, table) {
                Some(is_used) => is_used.then_some(Certainty::Certain),
                None => Some(by_words),
            },
            _ => Some(by_words),
        }
    }

    fn column_use(
        &self,
        object: &Object,
        names: &References,
        table: &str,
        column: &str,
    ) -> Option<Certainty> {
        let by_words = |rows_of| names.column(table, column, &self.tables, rows_of);
        match object {
            Object::View(view) => match self.views().column(&view.name, table, column) {
                Some(is_used) => is_used.then_some(Certainty::Certain),
                None => by_words(None),
            },
            Object::Trigger(trigger) => by_words(Some(trigger.table.as_str())),
            _ => by_words(None),
        }
    }

    fn views(&self) -> &ViewUses {
        self.views.get_or_init(|| ViewUses::new(self.from, self.to, self.server))
    }
}

impl Dependents<'_> {
    /// The CHECKs and generated columns of the same table in the new schema, if they use a column
    /// that the new schema doesn't have.
    fn of_own_column(&self, table: &str, column: &str, change: &SourceChange<'_>) -> Vec<Risk> {
        let Some(wanted) = self.to.tables.get(table) else { return Vec::new() };
        let what = match change {
            SourceChange::Dropped => "drops",
            SourceChange::Renamed => "renames",
            SourceChange::Retyped { .. } => return Vec::new(),
        };
        if wanted.column(column).is_some() {
            return Vec::new();
        }
        let name = HashSet::from([column.to_lowercase()]);
        let checks =
            wanted.checks.iter().filter(|check| references_columns(&check.expression, &name));
        let checks = checks
            .map(|check| (Element::check(table, &check.name), format!("check {}", check.name)));
        let generated = wanted.columns.iter().filter(|column| {
            let own = column.generated.iter().map(|generated| &generated.expression);
            own.chain(&column.check).any(|expression| references_columns(expression, &name))
        });
        let generated = generated
            .map(|it| (Element::column(table, &it.name), format!("column {table}.{}", it.name)));
        let message = |words: &str| {
            format!("{words} uses {table}.{column}, which this step {what}: there can't be both")
        };
        let risk = |(element, words): (Element, String)| Risk {
            kind: RiskKind::BreaksObject,
            element,
            message: message(&words),
        };
        checks.chain(generated).map(risk).collect()
    }
}

fn risk(object: &Object, certainty: Certainty, what: &str, change: &SourceChange<'_>) -> Risk {
    let name = object.name();
    let uses = if certainty == Certainty::Certain { "uses" } else { "may use" };
    let head = format!("{} {} {uses} {what}", name.kind.noun(), name.name);
    let fails = if certainty == Certainty::Certain { "it fails" } else { "it would fail" };
    let message = match change {
        SourceChange::Dropped => format!("{head}, which this step drops: {fails} from then on"),
        SourceChange::Renamed => format!("{head}, which this step renames: {fails} from then on"),
        SourceChange::Retyped { from, to } => {
            let (from, to) = (type_words(from), type_words(to));
            format!(
                "{head}, whose type this step changes from {from} to {to}: see that it still fits"
            )
        }
    };
    Risk { kind: RiskKind::BreaksObject, element: Element::object(&name), message }
}
