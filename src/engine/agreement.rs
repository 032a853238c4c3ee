//! The live schema compared with what the files give.

use std::collections::BTreeSet;

use super::error::{DriftMoment, EngineError};
use super::judge::Agreement;
use super::names::without_history;
use super::timeline::Timeline;
use crate::compare::Comparison;
use crate::diff::{Change, Side};
use crate::model::{Element, ObjectKind, ObjectName};
use crate::report::{ItemSign, ReportItem, items, one_line};
use crate::source::dump::Effect;
use crate::source::live::{self, DatabaseUrl};
use crate::source::{Hold, Loaded, ReadOptions, Settings};

/// Reads the live schema, to be compared with `model`.
pub(super) fn read_live(url: &DatabaseUrl, model: &Loaded) -> Result<Loaded, EngineError> {
    let options = ReadOptions {
        compared_with: Some(&model.schema),
        hold: Hold::Nothing,
        ..ReadOptions::default()
    };
    let mut loaded = live::read(url, &options)?;
    without_history(&mut loaded.schema);
    Ok(loaded)
}

/// Refuses a database that isn't as the model says.
pub(super) fn refuse_drift(
    url: &DatabaseUrl,
    model: &Timeline,
    moment: DriftMoment,
) -> Result<(), EngineError> {
    let model = model.loaded();
    refuse_differences(&read_live(url, &model)?, &model, moment)
}

/// The same where the live schema was read already.
pub(super) fn refuse_differences(
    live: &Loaded,
    model: &Loaded,
    moment: DriftMoment,
) -> Result<(), EngineError> {
    let differences = differences(live, model)?;
    match differences.is_empty() {
        true => Ok(()),
        false => Err(EngineError::Drift { differences, moment }),
    }
}

/// What differs between the live schema and the model, in words. What can't be compared isn't a
/// difference.
pub(super) fn differences(live: &Loaded, model: &Loaded) -> Result<Vec<String>, EngineError> {
    let comparison = compare(live, model)?;
    let items = items(&comparison.difference, &comparison.server);
    Ok(items.iter().map(difference_words).collect())
}

/// A difference in one line, with both values.
fn difference_words(item: &ReportItem) -> String {
    let ReportItem { table, subject, fields, sign, .. } = item;
    let element = format!("{table}: {subject}");
    let words = match sign {
        ItemSign::Added => format!("the database doesn't have {element}"),
        ItemSign::Removed => format!("only the database has {element}"),
        ItemSign::Changed => {
            let fields = fields.iter().map(|field| {
                format!(
                    "{} is {} in the database, {} by the migrations",
                    field.name, field.from, field.to
                )
            });
            format!("{element}: {}", fields.collect::<Vec<_>>().join("; "))
        }
    };
    one_line(&words)
}

/// How the objects that a statement names compare with the model; the second value is what differs
/// of them, in words.
pub(super) fn agreement(
    live: &Loaded,
    model: &Loaded,
    effect: &Effect,
) -> Result<(Agreement, Vec<String>), EngineError> {
    // What is ignored elsewhere counts here, because the statement is about it.
    let without_settings =
        |loaded: &Loaded| Loaded { settings: Settings::default(), ..loaded.clone() };
    let comparison = compare(&without_settings(live), &without_settings(model))?;
    let folds = live.folds_table_names;
    let named = Named::of(effect, folds);
    let difference = &comparison.difference;
    let changed = difference.changes.iter().any(|change| named.has_change(change));
    let elements = difference.uncertain.iter().map(|it| &it.element);
    let mut elements = elements.chain(comparison.unseen.iter().map(|it| &it.element));
    // What only the model lacks or has would be a change, so only both sides leave it open.
    let unsupported = difference.unsupported.iter().filter(|it| it.side == Side::Both);
    let agreement = if changed {
        Agreement::Differs
    } else if elements.any(|element| named.has_element(element))
        || unsupported.into_iter().any(|it| named.has_name(&it.name))
    {
        Agreement::Unknown
    } else if difference.unsupported.iter().any(|it| named.has_name(&it.name)) {
        Agreement::Differs
    } else {
        Agreement::Same
    };
    let items = items(difference, &comparison.server);
    let words = items.iter().filter(|item| named.has_name(&item.table));
    let words = words.map(difference_words).collect();
    Ok((agreement, words))
}

fn compare(live: &Loaded, model: &Loaded) -> Result<Comparison, EngineError> {
    Comparison::new(live.clone(), model.clone(), live.server).map_err(|error| EngineError::File {
        file: model.label.clone(),
        line: 0,
        message: error.to_string(),
    })
}

/// The names that a statement is about.
struct Named {
    tables: BTreeSet<String>,
    objects: BTreeSet<ObjectName>,
    folds: bool,
}

impl Named {
    fn of(effect: &Effect, folds: bool) -> Named {
        let fold = |name: &String| if folds { name.to_lowercase() } else { name.clone() };
        let objects = effect.objects.iter();
        Named {
            tables: effect.tables.iter().map(fold).collect(),
            objects: objects.map(|it| ObjectName { kind: it.kind, name: fold(&it.name) }).collect(),
            folds,
        }
    }

    fn has_table(&self, name: &str) -> bool {
        match self.folds {
            true => self.tables.contains(&name.to_lowercase()),
            false => self.tables.contains(name),
        }
    }

    fn has_object(&self, kind: ObjectKind, name: &str) -> bool {
        let name = if self.folds { name.to_lowercase() } else { name.to_owned() };
        self.objects.contains(&ObjectName { kind, name })
    }

    fn has_name(&self, name: &str) -> bool {
        let same = |it: &ObjectName| match self.folds {
            true => it.name == name.to_lowercase(),
            false => it.name == name,
        };
        self.has_table(name) || self.objects.iter().any(same)
    }

    fn has_element(&self, element: &Element) -> bool {
        match element {
            Element::Object { kind, name } => self.has_object(*kind, name) || self.has_table(name),
            other => other.table_name().is_some_and(|table| self.has_table(table)),
        }
    }

    fn has_change(&self, change: &Change) -> bool {
        match change {
            Change::CreateTable(table) | Change::DropTable(table) => self.has_table(&table.name),
            Change::RenameTable { from, to } => self.has_table(from) || self.has_table(to),
            Change::AlterTable { from, to, .. } => {
                self.has_table(&from.name) || self.has_table(&to.name)
            }
            Change::CreateObject(object) | Change::DropObject(object) => {
                let name = object.name();
                self.has_element(&Element::object(&name))
            }
            Change::ChangeObject { from, to, .. } => {
                [from, to].iter().any(|it| self.has_element(&Element::object(&it.name())))
            }
        }
    }
}
