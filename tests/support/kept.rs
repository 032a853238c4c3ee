//! Which rows a plan must keep: everything that it doesn't say it destroys.

use std::collections::BTreeSet;

use driftline::compare::Comparison;
use driftline::diff::{Change, TableChange};
use driftline::model::{Element, Table};
use driftline::plan::{Risk, RiskKind};
use libtest_mimic::Failed;

use super::rows::{Rows, as_meant, rows};
use super::servers::Database;

/// The columns of a table, by their names before and after a plan.
pub struct Kept {
    table: (String, String),
    columns: Vec<(String, String)>,
    /// Whether a risk says that the table loses rows; those that are left must be old ones.
    loses_rows: bool,
}

/// What every table keeps. It is an error if a table or column is dropped without a risk.
pub fn kept(comparison: &Comparison) -> Result<Vec<Kept>, Failed> {
    let risks: Vec<&Risk> = comparison.plan.steps.iter().flat_map(|step| &step.risks).collect();
    let mut all = Vec::new();
    for table in comparison.old.tables.values().filter(|table| table.unsupported.is_empty()) {
        let name = name_after(comparison, &table.name);
        let Some(new) = comparison.new.table(&name) else {
            declared(&risks, &Element::table(&table.name))?;
            continue;
        };
        // Dropping a partition or the history drops rows.
        let loses_rows = |risk: &&&Risk| {
            let of_column = matches!(risk.element, Element::Column { .. });
            risk.kind.destroys_data()
                && !of_column
                && risk.element.table_name() == Some(name.as_str())
        };
        let loses_rows = risks.iter().any(|risk| loses_rows(&risk));
        let mut columns = Vec::new();
        for column in
            table.columns.iter().filter(|it| it.generated.is_none() && !it.is_system_time())
        {
            let after = column_after(comparison, &name, &column.name);
            if new.column(&after).is_none() {
                declared(&risks, &Element::column(&name, &column.name))?;
            } else if !is_changed(&risks, &name, &[&column.name, &after], new) {
                columns.push((column.name.clone(), after));
            }
        }
        if !columns.is_empty() {
            all.push(Kept { table: (table.name.clone(), name), columns, loses_rows });
        }
    }
    Ok(all)
}

/// The new name of a table of the old schema.
fn name_after(comparison: &Comparison, table: &str) -> String {
    let renamed = comparison.difference.changes.iter().find_map(|change| match change {
        Change::RenameTable { from, to } if from == table => Some(to),
        _ => None,
    });
    renamed.map_or(table, String::as_str).to_owned()
}

fn column_after(comparison: &Comparison, table: &str, column: &str) -> String {
    let changes = comparison.difference.changes.iter().find_map(|change| match change {
        Change::AlterTable { to, changes, .. } if to.name == table => Some(changes),
        _ => None,
    });
    let renamed = changes.into_iter().flatten().find_map(|change| match change {
        TableChange::ChangeColumn { from, to, .. } if from.name == column => Some(&to.name),
        _ => None,
    });
    renamed.map_or(column, String::as_str).to_owned()
}

fn declared(risks: &[&Risk], element: &Element) -> Result<(), Failed> {
    if risks.iter().any(|risk| risk.kind.destroys_data() && risk.element == *element) {
        return Ok(());
    }
    Err(format!("{element} goes, and no risk says so").into())
}

/// Whether a risk says that the values of a column may change.
fn is_changed(risks: &[&Risk], table: &str, names: &[&str], new: &Table) -> bool {
    let computed = names.iter().filter_map(|it| new.column(it)).any(|it| it.generated.is_some());
    computed
        || names.iter().map(|name| Element::column(table, *name)).any(|element| {
            let changes = |risk: &&Risk| {
                risk.kind.destroys_data()
                    || matches!(
                        risk.kind,
                        RiskKind::LossyConversion
                            | RiskKind::LoseValues
                            | RiskKind::ChangeValues
                            | RiskKind::RemoveMember
                    )
            };
            risks.iter().any(|risk| risk.element == element && changes(risk))
        })
}

/// Whether a risk predicts a server's error about rows.
pub fn foretells(risk: &Risk, error: u16) -> bool {
    use RiskKind::{
        ChangeValues, Charset, ComputedValues, LoseValues, LossyConversion, NewConstraint, NotNull,
        RemoveMember,
    };
    let kinds: &[RiskKind] = match error {
        // NULL in a NOT NULL column.
        1048 | 1138 => &[NotNull, ComputedValues],
        // A value that the column can't have. 1265 is also NULL, if a table is copied.
        // 1292 is also a date or time that the server makes up for a new column and then refuses itself.
        1265 | 1292 => &[
            LossyConversion,
            LoseValues,
            ChangeValues,
            RemoveMember,
            NotNull,
            Charset,
            ComputedValues,
        ],
        1264 | 1366 | 1367 | 1406 | 1411 | 1235 | 1416 | 3140 | 3144 | 3156 | 3643 | 3751
        | 3854 | 3903 | 4078 | 6136 => {
            &[LossyConversion, LoseValues, ChangeValues, RemoveMember, Charset, ComputedValues]
        }
        // Rows with duplicate keys, without a parent row or a partition, or that violate a CHECK.
        1022 | 1062 | 1452 | 1526 | 1586 | 3819 | 4025 => &[
            NewConstraint,
            Charset,
            LossyConversion,
            LoseValues,
            ChangeValues,
            RemoveMember,
            ComputedValues,
        ],
        // The server didn't refuse because of a row.
        _ => &[],
    };
    kinds.contains(&risk.kind)
}

/// Before the plan, or after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before.
    Before,
    /// After.
    After,
}

impl Kept {
    /// The present values of the columns, normalized by their meaning.
    pub fn rows(&self, database: &Database, when: When) -> Result<Rows, Failed> {
        let pick = |pair: &(String, String)| match when {
            When::Before => pair.0.clone(),
            When::After => pair.1.clone(),
        };
        let columns: Vec<String> = self.columns.iter().map(pick).collect();
        Ok(as_meant(&rows(database, &pick(&self.table), &columns)?))
    }

    /// Checks that the columns have the same values as before; if rows are lost, no others.
    pub fn expect(&self, database: &Database, when: When, held: &Rows) -> Result<(), Failed> {
        let now = self.rows(database, when)?;
        let is_less = || {
            let known: BTreeSet<_> = held.iter().collect();
            now.len() <= held.len() && now.iter().all(|row| known.contains(row))
        };
        if now == *held || (self.loses_rows && is_less()) {
            return Ok(());
        }
        let known: BTreeSet<_> = now.iter().collect();
        let lost = held.iter().find(|row| !known.contains(row));
        let shown: Vec<String> = lost.into_iter().flatten().map(shown).collect();
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        Err(format!(
            "table {} had {} rows and has {}; of {} the values {} are gone",
            self.table.0,
            held.len(),
            now.len(),
            names.join(", "),
            shown.join(", ")
        )
        .into())
    }
}

fn shown(value: &Option<Vec<u8>>) -> String {
    value.as_ref().map_or("NULL".to_owned(), |it| String::from_utf8_lossy(it).into_owned())
}
