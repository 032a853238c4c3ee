//! What `information_schema` doesn't show, only SHOW CREATE TABLE.

use crate::model::{ColumnStorage, EngineAttributes, Table};
use crate::server::Vendor;

/// Options of tables that are not in CREATE_OPTIONS. MySQL has some of them in views that need
/// PROCESS or that older versions lack.
const OPTIONS: &[&str] = &[
    "AUTOEXTEND_SIZE",
    "CONNECTION",
    "ENGINE_ATTRIBUTE",
    "INSERT_METHOD",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "STORAGE",
    "TABLESPACE",
];

/// Whether a table has something that `information_schema` would not show.
pub(in super::super) fn names_unreported(table: &Table) -> bool {
    let of_columns =
        table.columns.iter().filter_map(|column| column.storage.as_deref()).any(is_unreported);
    let of_indexes = table
        .all_indexes()
        .any(|index| index.attributes.is_some() || index.key_block_size.is_some());
    let of_table = table.options.other.keys().any(|name| is_unreported_option(name))
        || table.options.comment.contains(CUTS_COMMENT);
    of_columns || of_indexes || of_table
}

/// MySQL's TABLE_COMMENT ends before the first of these.
const CUTS_COMMENT: char = '\0';

/// Whether a table's comment is only the beginning of the one that SHOW CREATE TABLE shows.
pub(in super::super) fn is_cut(comment: &str, shown: &str) -> bool {
    shown.strip_prefix(comment).is_some_and(|rest| rest.starts_with(CUTS_COMMENT))
}

/// Whether any table may have a clause that `information_schema` doesn't show. On MariaDB only
/// tables whose rows say so may have one.
pub(in super::super) fn has_unreported(vendor: Vendor) -> bool {
    vendor == Vendor::MySql
}

/// The engines whose options are all shown. Others may have options of their own for tables,
/// columns and indexes, as MERGE, FEDERATED, CONNECT and SPIDER do.
const WITHOUT_OWN_OPTIONS: &[&str] =
    &["InnoDB", "MEMORY", "CSV", "ARCHIVE", "BLACKHOLE", "ROCKSDB", "ndbcluster"];

/// The engines that use an index's KEY_BLOCK_SIZE, which no view shows. On MariaDB an index may
/// have one that nobody wrote, from when the table had another engine.
const WITH_BLOCK_SIZES: &[&str] = &["MyISAM", "Aria"];

/// Whether a table of that engine may have an option that `information_schema` doesn't show.
pub(in super::super) fn has_own_options(engine: &str, vendor: Vendor) -> bool {
    let is_one_of = |known: &[&str]| known.iter().any(|it| it.eq_ignore_ascii_case(engine));
    match is_one_of(WITH_BLOCK_SIZES) {
        true => vendor == Vendor::MariaDb,
        false => !is_one_of(WITHOUT_OWN_OPTIONS),
    }
}

fn is_unreported_option(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.eq_ignore_ascii_case(name))
}

fn is_unreported(storage: &ColumnStorage) -> bool {
    let ColumnStorage { format, medium, attributes, .. } = storage;
    format.is_some() || medium.is_some() || *attributes != EngineAttributes::default()
}

/// Adds the unreported parts of a column's storage, from SHOW CREATE TABLE.
pub(in super::super) fn add_unreported(storage: &mut ColumnStorage, shown: &ColumnStorage) {
    storage.format = shown.format;
    storage.medium = shown.medium;
    storage.attributes.clone_from(&shown.attributes);
}
