//! The options of a table.

use driftline::model::{ColumnType, Table as TableModel, TableOptions};
use driftline::server::{Server, Vendor};

use super::pool;
use super::types;
use super::world::Table;

/// Options that are independent of each other.
const FREE: [(&str, &str); 9] = [
    ("STATS_PERSISTENT", "1"),
    ("MAX_ROWS", "1000"),
    ("MIN_ROWS", "5"),
    ("AVG_ROW_LENGTH", "10"),
    ("CHECKSUM", "1"),
    ("DELAY_KEY_WRITE", "1"),
    ("PACK_KEYS", "0"),
    ("STATS_AUTO_RECALC", "0"),
    ("STATS_SAMPLE_PAGES", "7"),
];

/// Gives the table the options that the dice choose. Its columns and indexes exist already.
pub fn options(model: &mut TableModel, table: &Table, server: &Server) {
    let dice = &table.dice;
    let has_long = model.columns.iter().any(|column| is_long(&column.ty));
    let options = &mut model.options;
    options.comment = pool::comment(dice[3]);
    (options.charset, options.collation) = types::collation(dice[4], server);
    if let Some((name, value)) = FREE.get(usize::from(dice[11] % 16).wrapping_sub(1)) {
        set(options, name, value);
    }
    let is_mysql = server.vendor == Vendor::MySql;
    match dice[5] % 16 {
        1 => options.engine = Some("InnoDB".to_owned()),
        // An index on a long column requires the newer formats (errors 1071 and 1709).
        2 if !has_long => options.row_format = Some("COMPACT".to_owned()),
        3 => options.row_format = Some("DYNAMIC".to_owned()),
        4 if !has_long => options.row_format = Some("REDUNDANT".to_owned()),
        5 => options.row_format = Some("COMPRESSED".to_owned()),
        6 if !has_long => {
            options.row_format = Some("COMPRESSED".to_owned());
            set(options, "KEY_BLOCK_SIZE", "8");
        }
        7 if is_mysql => set(options, "COMPRESSION", "'zlib'"),
        7 => set(options, "PAGE_COMPRESSED", "1"),
        8 if is_mysql => set(options, "COMPRESSION", "'lz4'"),
        8 => {
            set(options, "PAGE_COMPRESSED", "1");
            set(options, "PAGE_COMPRESSION_LEVEL", "5");
        }
        9 if is_mysql => set(options, "AUTOEXTEND_SIZE", "4M"),
        10 if is_mysql => set(options, "ENCRYPTION", "'N'"),
        11 if is_mysql => set(options, "TABLESPACE", "innodb_file_per_table"),
        _ => {}
    }
}

fn set(options: &mut TableOptions, name: &str, value: &str) {
    options.other.insert(name.to_owned(), value.to_owned());
}

/// Whether an index on the whole column exceeds the limit of the oldest row formats, 767 bytes.
fn is_long(ty: &ColumnType) -> bool {
    match ty {
        ColumnType::Varchar { length } | ColumnType::Char { length } => *length > 190,
        ColumnType::Varbinary { length } => *length > 767,
        _ => false,
    }
}
