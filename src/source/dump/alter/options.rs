//! Table options, most of all the character set.

use crate::model::{ColumnType, Table, TextSize};
use crate::server::{Server, bytes_per_character, charset_name, collation_name};
use crate::syntax::options::OptionsRead;

pub(super) fn set_options(table: &mut Table, read: OptionsRead) {
    let OptionsRead { options: new, unset, has_comment, versioned, unsupported, .. } = read;
    table.versioned |= versioned;
    let old = &mut table.options;
    for name in unset {
        old.other.remove(&name);
        if name == "ROW_FORMAT" {
            old.row_format = None;
        }
    }
    if new.charset.is_some() || new.collation.is_some() {
        old.charset = new.charset;
        old.collation = new.collation;
    }
    if has_comment {
        old.comment = new.comment;
    }
    old.engine = new.engine.or(old.engine.take());
    old.row_format = new.row_format.or(old.row_format.take());
    old.auto_increment = new.auto_increment.or(old.auto_increment);
    old.other.extend(new.other);
    for text in unsupported {
        if !table.unsupported.contains(&text) {
            table.unsupported.push(text);
        }
    }
}

/// The character set that results from a table's or database's character set and collation.
pub(in crate::source::dump) fn charset_of(
    charset: Option<&str>,
    collation: Option<&str>,
) -> Option<String> {
    let of_collation = || collation.and_then(|name| collation_name(name).1);
    charset.map(charset_name).or_else(of_collation)
}

/// A new default leaves the columns as they are: those that inherited the old one now get it
/// explicitly.
pub(super) fn pin_charsets(
    table: &mut Table,
    read: &OptionsRead,
    database: Option<&str>,
    server: Server,
) {
    if read.options.charset.is_none() && read.options.collation.is_none() {
        return;
    }
    let own = charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
    let charset = own.unwrap_or_else(|| database.unwrap_or(server.default_charset()).to_owned());
    let collation = table.options.collation.clone();
    let collation = collation.or_else(|| server.default_collation(&charset).map(str::to_owned));
    for column in &mut table.columns {
        if column.ty.has_charset() && column.charset.is_none() && column.collation.is_none() {
            column.charset = Some(charset.clone());
            column.collation.clone_from(&collation);
        }
    }
}

/// CONVERT TO: every column gets the table's character set. A TEXT that would then hold fewer
/// characters becomes the next larger one.
pub(super) fn convert(
    table: &mut Table,
    charset: Option<String>,
    collation: Option<String>,
    database: Option<&str>,
) {
    let old = charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
    let old = old.or(database.map(str::to_owned));
    let new = charset_of(charset.as_deref(), collation.as_deref());
    for column in table.columns.iter_mut().filter(|column| column.ty.has_charset()) {
        let own = charset_of(column.charset.as_deref(), column.collation.as_deref());
        if let (Some(from), Some(to)) = (own.as_deref().or(old.as_deref()), new.as_deref())
            && bytes_per_character(to) > bytes_per_character(from)
            && let ColumnType::Text { size, length: None } = &mut column.ty
        {
            *size = match size {
                TextSize::Tiny => TextSize::Normal,
                TextSize::Normal => TextSize::Medium,
                TextSize::Medium | TextSize::Long => TextSize::Long,
            };
        }
        column.charset = None;
        column.collation = None;
    }
    table.options.charset = charset;
    table.options.collation = collation;
}
