//! What a changed column may do to the rows.

use crate::model::{Column, ColumnAspect, ColumnType, Element, GeneratedStorage, Table};
use crate::plan::risk::lossy_conversion::{is_numeric, lossy_conversion, removed_members};
use crate::plan::risk::new_column::needs_value;
use crate::plan::table::convertible::is_convertible;
use crate::plan::{Risk, RiskKind};
use crate::server::{Capability, Server};
use crate::words::charset_words;

/// The risks of a column that changes.
pub(super) fn column_risks(
    from: &Column,
    to: &Column,
    aspects: &[ColumnAspect],
    table: &Table,
    server: &Server,
    risks: &mut Vec<Risk>,
) {
    let name = format!("{}.{}", table.name, to.name);
    let element = Element::column(&table.name, &to.name);
    let mut add = |kind, message| risks.push(Risk { kind, element: element.clone(), message });
    let has = |aspect| aspects.contains(&aspect);
    if has(ColumnAspect::Name) {
        add(
            RiskKind::Rename,
            format!("code that uses {} breaks once the column is called {}", from.name, to.name),
        );
    }
    let converts = is_convertible(&from.ty, &to.ty, server);
    if becomes_virtual(from, to) {
        add(
            RiskKind::DropColumn,
            format!("the values of column {name} go: it is computed instead"),
        );
    } else if leaves_virtual(from, to) {
        add(
            RiskKind::DropColumn,
            format!(
                "the values of column {name} go: they were computed when read, and the server \
                 can't store them"
            ),
        );
    } else if !converts {
        let types = |column: &Column| crate::ddl::column_type(&column.ty, server);
        let message = format!(
            "the values of column {name} go: the server converts no {} to {}",
            types(from),
            types(to)
        );
        add(RiskKind::DropColumn, message);
    }
    let removed = removed_members(&from.ty, &to.ty);
    if !removed.is_empty() {
        let members: Vec<String> =
            removed.iter().map(|member| crate::syntax::quote_string(member)).collect();
        let members = members.join(", ");
        // Some servers take such a number for a place in the list, others for a text.
        let (kind, more) = match removed.iter().any(|member| is_numeric(member)) {
            true => (RiskKind::LoseValues, ", or a number is taken for a place in the new list"),
            false => (RiskKind::RemoveMember, ""),
        };
        add(kind, format!("fails if rows have {members} in {name}{more}"));
    } else if let Some(loss) = lossy_conversion(from, to, server).filter(|_| converts) {
        let types = |column: &Column| crate::ddl::column_type(&column.ty, server);
        let (old, new) = (types(from), types(to));
        let kind = match (loss.silent, loss.changes) {
            (Some(_), _) => RiskKind::LoseValues,
            (None, true) => RiskKind::ChangeValues,
            (None, false) => RiskKind::LossyConversion,
        };
        add(kind, format!("{name}: {} ({old} to {new})", loss.message));
    }
    null_risks(from, to, &name, server, &mut add);
    if let Some(message) = insert_needs_value(from, to, &name, server) {
        add(RiskKind::NeedsValue, message);
    }
    charset_risk(from, to, aspects, &name, &mut add);
    if let (None, Some(check)) | (Some(_), Some(check)) = (&from.check, &to.check)
        && has(ColumnAspect::Check)
    {
        let message = format!("fails if {} has rows that ({}) refuses", table.name, check.text);
        add(RiskKind::NewConstraint, message);
    } else if has(ColumnAspect::Check) {
        let message =
            format!("rows of {} are no longer checked by the check of {name}", table.name);
        add(RiskKind::DropConstraint, message);
    }
}

/// The risks for NULL, and for the values that AUTO_INCREMENT replaces.
fn null_risks(
    from: &Column,
    to: &Column,
    name: &str,
    server: &Server,
    add: &mut impl FnMut(RiskKind, String),
) {
    if begins_to_count(from, to) {
        let uncounted = uncounted(from);
        let message = format!(
            "rows with {uncounted} in {name} get new numbers; fails if another row has such a one"
        );
        add(RiskKind::LoseValues, message);
    } else if from.nullable && !to.nullable {
        if becomes_now(from, to) {
            let message = format!("rows with NULL in {name} get the present moment");
            add(RiskKind::LoseValues, message);
        }
        if !becomes_now(from, to) || server.can(Capability::FailAtNullTimestamps) {
            add(RiskKind::NotNull, format!("fails if rows have NULL in {name}"));
        }
    }
}

/// Says what happens to an INSERT that doesn't name the column, if that changes: it fails, or it
/// gets another value than the old default.
fn insert_needs_value(from: &Column, to: &Column, name: &str, server: &Server) -> Option<String> {
    let insert = format!("an INSERT that does not name {name}");
    let default = from.default.as_ref().map(|it| crate::ddl::default_text(it, &from.ty, server));
    if needs_value(to) && !needs_value(from) {
        let why = match (&default, from.auto_increment) {
            (_, true) => "it no longer counts up".to_owned(),
            (Some(default), _) => format!("the default {default} is dropped"),
            (None, _) => "it has no default".to_owned(),
        };
        return Some(format!("{insert} fails from now on (error 1364): {why}"));
    }
    if to.auto_increment || to.generated.is_some() || to.default.is_some() {
        return None;
    }
    let gets = if to.nullable { "NULL" } else { "the first member" };
    match (default, from.auto_increment) {
        (_, true) => Some(format!("{insert} gets {gets}: it no longer counts up")),
        (Some(default), _) if default != gets => {
            Some(format!("{insert} gets {gets} instead of {default}"))
        }
        _ => None,
    }
}

/// The risk of another character set or collation for the values.
fn charset_risk(
    from: &Column,
    to: &Column,
    aspects: &[ColumnAspect],
    name: &str,
    add: &mut impl FnMut(RiskKind, String),
) {
    if aspects.contains(&ColumnAspect::Charset) {
        let [old, new] = [from, to].map(|column| charset_words(column.charset.as_deref()));
        let message = if holds_all_of(new, old) {
            format!("the values of {name} are converted from {old} to {new}: the table is rebuilt")
        } else {
            format!("fails if {name} has characters of {old} that {new} doesn't have")
        };
        add(RiskKind::Charset, message);
    } else if aspects.contains(&ColumnAspect::Collation) {
        let same = matches!(from.ty, ColumnType::Json) || matches!(to.ty, ColumnType::Json);
        if !same {
            let [old, new] = [from, to].map(|column| charset_words(column.collation.as_deref()));
            let message = format!(
                "values of {name} are ordered and compared by {new} instead of {old}: unique keys \
                 may find duplicates"
            );
            add(RiskKind::Charset, message);
        }
    }
}

/// Whether one character set has every character of another one.
fn holds_all_of(wider: &str, narrower: &str) -> bool {
    match wider {
        "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => narrower != "binary",
        "utf8mb3" | "utf8" | "ucs2" => {
            !matches!(narrower, "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" | "binary")
        }
        "binary" => true,
        _ => narrower == "ascii",
    }
}

/// Whether a column becomes AUTO_INCREMENT. Rows whose value means "the next number" get new values
/// then (MySQL 5.6.9 "Using AUTO_INCREMENT").
pub(super) fn begins_to_count(from: &Column, to: &Column) -> bool {
    !from.auto_increment && to.auto_increment
}

/// Whether NULL becomes the current time: a TIMESTAMP column that is NOT NULL takes NULL for it
/// (MySQL 13.2.5 "Automatic Initialization and Updating for TIMESTAMP and DATETIME").
pub(super) fn becomes_now(from: &Column, to: &Column) -> bool {
    from.nullable && !to.nullable && matches!(to.ty, ColumnType::Timestamp { .. })
}

/// The values that AUTO_INCREMENT replaces by the next number.
pub(super) fn uncounted(from: &Column) -> &'static str {
    if from.nullable { "0 or NULL" } else { "0" }
}

/// Whether a virtual column becomes a plain one, so that its computed values are lost.
fn leaves_virtual(from: &Column, to: &Column) -> bool {
    let is_virtual = from.generated.as_ref().map(|it| it.storage);
    is_virtual == Some(GeneratedStorage::Virtual) && to.generated.is_none()
}

/// Whether a plain column becomes a generated one, so that the values written to it are lost.
pub(super) fn becomes_virtual(from: &Column, to: &Column) -> bool {
    from.generated.is_none() && to.generated.is_some()
}
