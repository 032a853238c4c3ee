//! The risks of a statement, and what its reverse can't restore.

mod column;
mod computed;
pub(super) mod dependents;
mod foreign_key;
mod lossy_conversion;
mod new_column;
mod options;

use crate::diff::{OptionChange, TableChange};
use crate::model::{
    Column, DefaultValue, Element, HIDDEN_PASSWORD, Index, IndexAspect, IndexKind, Partitioning,
    Table, TypeClass,
};
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDropped;
use crate::plan::partitions;
use crate::plan::risk::lossy_conversion::{
    LossyConversion, is_numeric, lossy_conversion, removed_members,
};
use crate::plan::table::Stage;
use crate::plan::table::convertible::is_convertible;
use crate::plan::table::versioning::rewrites_history;
use crate::plan::{Risk, RiskKind};
use crate::server::{Capability, Server};
use crate::words::{foreign_key_words, index_words};
use column::{becomes_now, becomes_virtual, begins_to_count, column_risks, uncounted};

/// The risks of a statement, in the order of its changes. `is_temporarily_dropped` says which
/// foreign keys are temporarily dropped within the plan, and how they are added again.
pub(in crate::plan) fn risks(
    stage: &Stage,
    is_temporarily_dropped: &dyn Fn(&str) -> Option<TemporarilyDropped>,
    server: &Server,
) -> Vec<Risk> {
    if let Some(operation) = &stage.operation {
        return partitions::risks(operation, &stage.to.name);
    }
    let mut risks = Vec::new();
    for change in &stage.changes {
        match change {
            TableChange::AddForeignKey(key) => {
                risks.extend(foreign_key::added(
                    key,
                    is_temporarily_dropped(&key.name).as_ref(),
                    &stage.to,
                ));
            }
            TableChange::DropForeignKey(key)
                if is_temporarily_dropped(&key.name).is_some_and(|it| it.goes_as(&key.name)) => {}
            TableChange::ChangeColumn { from, to, aspects } => {
                column_risks(from, to, aspects, &stage.to, server, &mut risks);
            }
            // ROW START and ROW END hold the history. The change of the versioning reports its
            // loss.
            TableChange::DropColumn(column) if column.is_system_time() => {}
            TableChange::AddColumn(column) => {
                risks.extend(new_column::risks(column, stage, server));
            }
            TableChange::AddIndex(index) if index.is_unique() => {
                risks.extend(new_column::unique(index, stage, server));
            }
            TableChange::ChangeIndex { to, aspects, .. } if becomes_unique(to, aspects) => {
                risks.extend(new_column::unique(to, stage, server));
            }
            other => risks.extend(risk_of(other, &stage.to)),
        }
    }
    risks.extend(computed::risks(stage, server));
    for (column, default) in &stage.late_defaults {
        let name = format!("{}.{column}", stage.to.name);
        let kept = stage.to.column(column).is_none_or(|column| column.nullable);
        let value = if kept { "NULL" } else { "an empty value" };
        risks.push(Risk {
            kind: RiskKind::EmptyValues,
            element: Element::column(&stage.to.name, column),
            message: format!(
                "rows that are there get {value} in {name}, not a value of ({default}) each"
            ),
        });
    }
    risks.extend(options::risks(&stage.from, &stage.to, server));
    let (from, to) = (&stage.from.options.other, &stage.to.options.other);
    for option in UNCHANGING.into_iter().filter(|option| from.get(*option) != to.get(*option)) {
        risks.push(Risk {
            kind: RiskKind::NoEffect,
            element: Element::option(&stage.to.name, option),
            message: format!(
                "servers pass over {option} in ALTER TABLE: only a new table gets another one"
            ),
        });
    }
    if stage.from.options.connection() != stage.to.options.connection() {
        risks.extend(hidden_password(&stage.to));
    }
    if stage.to.versioned && rewrites_history(&stage.from, &stage.changes) {
        let name = &stage.to.name;
        risks.push(Risk {
            kind: RiskKind::RewriteHistory,
            element: Element::table(name),
            message: format!(
                "the history of {name} is rewritten as if its rows had always been like that"
            ),
        });
    }
    risks.extend(partitions::repartition_risks(&stage.from, &stage.to, &stage.changes, server));
    risks
}

/// The risk that a statement on the table needs a session that allows zero dates.
pub(in crate::plan) fn zero_dates(table: &Table, server: &Server) -> Option<Risk> {
    let is_zero = |column: &&Column| match &column.default {
        Some(DefaultValue::Literal(text)) => {
            column.ty.class() == TypeClass::Temporal && text.starts_with("0000-00-00")
        }
        _ => false,
    };
    let column = table.columns.iter().find(is_zero)?;
    (!server.can(Capability::ZeroDateDefaults)).then(|| Risk {
        kind: RiskKind::ZeroDate,
        element: Element::column(&table.name, &column.name),
        message: format!(
            "refused (error 1067) because of the default of {}.{} where the session's sql_mode has \
             NO_ZERO_DATE or NO_ZERO_IN_DATE: a script of all statements sets it without these",
            table.name, column.name
        ),
    })
}

/// The risk that a statement creates the table without the password that gives access to its rows.
pub(in crate::plan) fn hidden_password(table: &Table) -> Option<Risk> {
    table.options.hides_password().then(|| Risk {
        kind: RiskKind::HiddenPassword,
        element: Element::option(&table.name, "CONNECTION"),
        message: format!(
            "CONNECTION of {} is written without its password: put it in the place of \
             {HIDDEN_PASSWORD}",
            table.name
        ),
    })
}

/// Options that ALTER TABLE accepts and ignores (MySQL 15.1.9 "ALTER TABLE Statement").
const UNCHANGING: [&str; 2] = ["DATA DIRECTORY", "INDEX DIRECTORY"];

/// What can't be restored when the statement is undone.
pub(in crate::plan) fn lost(stage: &Stage, server: &Server) -> Vec<String> {
    let table = &stage.to.name;
    if let Some(operation) = &stage.operation {
        return partitions::lost(operation, table);
    }
    let mut lost = Vec::new();
    for change in &stage.changes {
        match change {
            TableChange::ChangeOption(OptionChange::SystemVersioning { to: false, .. }) => {
                lost.push(format!("the history of table {table}"));
            }
            TableChange::ChangeOption(OptionChange::Charset { from: None, .. }) => {
                lost.push(format!("the database's own character set of table {table}"));
            }
            TableChange::DropColumn(column) if column.is_system_time() => {}
            TableChange::DropColumn(column) if column.generated.is_none() => {
                lost.push(format!("the values of column {table}.{}", column.name));
            }
            TableChange::ChangePartitioning { from: Some(Partitioning::Keep), .. } => {
                lost.push(format!(
                    "the partitions that table {table} had, which were kept as they were"
                ));
            }
            TableChange::ChangeColumn { from, to, .. } => {
                if becomes_virtual(from, to) || !is_convertible(&from.ty, &to.ty, server) {
                    lost.push(format!("the values of column {table}.{}", from.name));
                } else if removed_members(&from.ty, &to.ty).iter().any(|it| is_numeric(it)) {
                    lost.push(format!("removed members in column {table}.{}", to.name));
                } else if let Some(LossyConversion { silent: Some(what), .. }) =
                    lossy_conversion(from, to, server)
                {
                    lost.push(format!("{what} of column {table}.{}", to.name));
                } else if begins_to_count(from, to) {
                    lost.push(format!("{} in column {table}.{}", uncounted(from), to.name));
                } else if becomes_now(from, to) {
                    lost.push(format!("NULL in column {table}.{}", to.name));
                }
            }
            _ => {}
        }
    }
    lost
}

fn risk_of(change: &TableChange, table: &Table) -> Option<Risk> {
    let name = &table.name;
    let (kind, element, message) = match change {
        TableChange::DropColumn(column) if column.generated.is_some() => (
            RiskKind::DropGenerated,
            Element::column(name, &column.name),
            format!(
                "column {name}.{} is dropped; its values were computed from others",
                column.name
            ),
        ),
        TableChange::DropColumn(column) => (
            RiskKind::DropColumn,
            Element::column(name, &column.name),
            format!("column {name}.{} and all its values go", column.name),
        ),
        TableChange::DropIndex(index) => drop_index(index, table)?,
        TableChange::ChangeIndex { from, to, aspects } => change_index(from, to, aspects, table)?,
        // No server changes a foreign key: it is dropped and added again.
        TableChange::ChangeForeignKey { to: key, .. } => {
            return Some(foreign_key::new_constraint(key, table));
        }
        TableChange::DropForeignKey(key) => (
            RiskKind::DropConstraint,
            Element::foreign_key(name, &key.name),
            format!("rows of {name} are no longer checked against {}", foreign_key_words(key)),
        ),
        TableChange::AddCheck(check) | TableChange::ChangeCheck { to: check, .. } => {
            if !check.enforced {
                return None;
            }
            (
                RiskKind::NewConstraint,
                Element::check(name, &check.name),
                format!(
                    "fails if {name} has rows that check {} ({}) refuses",
                    check.name, check.expression.text
                ),
            )
        }
        TableChange::DropCheck(check) => (
            RiskKind::DropConstraint,
            Element::check(name, &check.name),
            format!("rows of {name} are no longer checked by check {}", check.name),
        ),
        TableChange::AddPeriod(period) if !period.is_system_time() => (
            RiskKind::NewConstraint,
            Element::period(name, &period.name),
            format!("fails if {name} has rows whose {} is not before {}", period.start, period.end),
        ),
        TableChange::ChangeOption(option @ OptionChange::SystemVersioning { to: false, .. }) => (
            RiskKind::DropHistory,
            Element::option(name, option.key()),
            format!("the history of {name}, all old rows, is dropped"),
        ),
        _ => return None,
    };
    Some(Risk { kind, element, message })
}

type Parts = (RiskKind, Element, String);

/// The risk of dropping an index. `None` if another index serves everything that it served, or if no
/// query could use it.
fn drop_index(index: &Index, table: &Table) -> Option<Parts> {
    let name = &table.name;
    let words = index_words(index);
    let (kind, message) = if index.is_unique() {
        let equal = |other: &Index| other.is_unique() && other.parts == index.parts;
        if table.all_indexes().any(equal) {
            return None;
        }
        let message = format!("rows of {name} can have the same key once {words} is dropped");
        (RiskKind::DropUnique, message)
    } else {
        let serves = |other: &Index| {
            other.kind == index.kind && other.parts == index.parts
                || index.kind == IndexKind::Plain
                    && other.kind.is_ordered()
                    && other.parts.starts_with(&index.parts)
        };
        let is_served = table.all_indexes().any(|other| !other.invisible && serves(other));
        if is_served || index.invisible {
            return None;
        }
        (RiskKind::DropIndex, format!("queries on {name} that use {words} get slower"))
    };
    Some((kind, Element::index(name, &index.name), message))
}

/// Whether a changed index must be unique for keys for which it wasn't before.
fn becomes_unique(to: &Index, aspects: &[IndexAspect]) -> bool {
    let tells_otherwise = |it: &IndexAspect| matches!(it, IndexAspect::Unique | IndexAspect::Parts);
    to.is_unique() && aspects.iter().any(tells_otherwise)
}

fn change_index(from: &Index, to: &Index, aspects: &[IndexAspect], table: &Table) -> Option<Parts> {
    let has = |aspect| aspects.contains(&aspect);
    if from.is_unique() && has(IndexAspect::Unique) || has(IndexAspect::Parts) {
        return drop_index(from, table);
    }
    if has(IndexAspect::Invisible) && to.invisible {
        let message = format!("queries on {} no longer use {}", table.name, index_words(to));
        let element = Element::index(&table.name, &to.name);
        return Some((RiskKind::InvisibleIndex, element, message));
    }
    None
}
