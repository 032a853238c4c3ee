//! What `information_schema` doesn't tell at all, and only SHOW CREATE TABLE does.

use crate::model::{ColumnStorage, EngineAttributes, Table};
use crate::server::Vendor;

/// Options of tables that are not in CREATE_OPTIONS. MySQL has some of them in views that need
/// PROCESS, or that older versions lack.
const OPTIONS: &[&str] = &[
    "AUTOEXTEND_SIZE",
    "CONNECTION",
    "ENGINE_ATTRIBUTE",
    "INSERT_METHOD",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "STORAGE",
    "TABLESPACE",
];

/// Whether a table that is to be compared says something that `information_schema` would not.
pub(in super::super) fn names_unreported(table: &Table) -> bool {
    let of_columns =
        table.columns.iter().filter_map(|column| column.storage.as_deref()).any(is_unreported);
    let of_indexes = table
        .all_indexes()
        .any(|index| index.attributes.is_some() || index.key_block_size.is_some());
    of_columns || of_indexes || table.options.other.keys().any(|name| is_unreported_option(name))
}

/// Whether any table may have a clause that `information_schema` doesn't tell. On MariaDB those alone
/// have one whose rows say that they may.
pub(in super::super) fn has_unreported(vendor: Vendor) -> bool {
    vendor == Vendor::MySql
}

/// The engines of which all options are told: the rest may have some of their own, of tables, columns
/// and indexes, as MERGE, FEDERATED, CONNECT and SPIDER do.
const WITHOUT_OWN_OPTIONS: &[&str] =
    &["InnoDB", "MEMORY", "CSV", "ARCHIVE", "BLACKHOLE", "ROCKSDB", "ndbcluster"];

/// The engines that have a use for an index's KEY_BLOCK_SIZE, which no view tells. On MariaDB an index
/// may have one that nobody wrote, from when the table was in another engine.
const WITH_BLOCK_SIZES: &[&str] = &["MyISAM", "Aria"];

/// Whether a table of that engine may have an option that `information_schema` doesn't tell.
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

/// Adds what is not told of a column's storage, from what SHOW CREATE TABLE says of it.
pub(in super::super) fn add_unreported(storage: &mut ColumnStorage, shown: &ColumnStorage) {
    storage.format = shown.format;
    storage.medium = shown.medium;
    storage.attributes.clone_from(&shown.attributes);
}
