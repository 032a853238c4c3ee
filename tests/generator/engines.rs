//! Tables with engines other than InnoDB, with only what those support.

use driftline::model::{
    Column, ColumnType, DefaultValue, Index as IndexModel, IndexAlgorithm, IndexKind, KeyPart,
    Table as TableModel,
};
use driftline::server::{Server, Vendor};

use super::world::Table;

/// The engine that the dice choose. Its table has no foreign keys, is not referenced by any, and
/// isn't partitioned.
pub fn asked(table: &Table, server: &Server) -> Option<&'static str> {
    let of_vendor = match server.vendor {
        Vendor::MySql => "ARCHIVE",
        Vendor::MariaDb => "Aria",
    };
    match table.dice[1] / 4 % 16 {
        1 | 2 => Some("MyISAM"),
        3 => Some("MEMORY"),
        4 => Some(of_vendor),
        _ => None,
    }
}

/// Gives the table its engine if the engine supports all of its columns, and removes from its
/// indexes and options what only InnoDB has.
pub fn engine(model: &mut TableModel, table: &Table, server: &Server) {
    let Some(engine) = asked(table, server) else { return };
    // On MySQL, only InnoDB and MyISAM have expression defaults (error 3774).
    let computes = server.vendor == Vendor::MariaDb || engine == "MyISAM";
    let is_computed = |column: &Column| matches!(column.default, Some(DefaultValue::Expression(_)));
    // MySQL has spatial reference systems only in InnoDB (error 1178).
    let has_system =
        |column: &Column| matches!(column.ty, ColumnType::Geometry { srid: Some(_), .. });
    let knows_systems = server.vendor == Vendor::MariaDb;
    let fits = |column: &Column| {
        can_hold(engine, column)
            && (computes || !is_computed(column))
            && (knows_systems || !has_system(column))
    };
    if !model.columns.iter().all(fits) || model.versioned {
        return;
    }
    model.options.engine = Some(engine.to_owned());
    model.options.row_format = None;
    model.options.other.retain(|name, _| {
        !matches!(
            name.as_str(),
            "KEY_BLOCK_SIZE"
                | "COMPRESSION"
                | "PAGE_COMPRESSED"
                | "PAGE_COMPRESSION_LEVEL"
                | "AUTOEXTEND_SIZE"
                | "ENCRYPTION"
                | "TABLESPACE"
        )
    });
    if engine == "ARCHIVE" {
        model.primary_key = None;
        model.indexes.clear();
        for column in &mut model.columns {
            column.auto_increment = false;
        }
        return;
    }
    let fits = |index: &IndexModel| can_have(engine, index, model, server);
    let (indexes, key) = (model.indexes.clone(), model.primary_key.clone());
    let indexes: Vec<IndexModel> = indexes.into_iter().filter(fits).collect();
    let key = key.filter(fits);
    if key.is_none() {
        for column in &mut model.columns {
            column.auto_increment = false;
        }
    }
    (model.indexes, model.primary_key) = (indexes, key);
    for index in model.indexes.iter_mut().chain(&mut model.primary_key) {
        // The engine uses a size of its own choice.
        index.key_block_size = None;
        index.algorithm = match (engine, index.algorithm) {
            ("MEMORY", algorithm) => algorithm,
            (_, Some(IndexAlgorithm::Hash)) => None,
            (_, algorithm) => algorithm,
        };
        for part in &mut index.parts {
            // On MySQL only InnoDB has them (error 1178).
            part.descending &= server.vendor == Vendor::MariaDb && engine != "MEMORY";
        }
    }
}

fn can_hold(engine: &str, column: &Column) -> bool {
    let is_long = matches!(
        column.ty,
        ColumnType::Text { .. }
            | ColumnType::Blob { .. }
            | ColumnType::Json
            | ColumnType::Geometry { .. }
            | ColumnType::Vector { .. }
    );
    let is_compressed = column.storage.as_ref().is_some_and(|storage| storage.compressed);
    match engine {
        // Errors 1163, 3106 and 1910.
        "MEMORY" => !is_long && column.generated.is_none() && !is_compressed,
        "ARCHIVE" => {
            column.generated.is_none() && !matches!(column.ty, ColumnType::Geometry { .. })
        }
        _ => true,
    }
}

/// Whether a table of the engine can have the index.
fn can_have(engine: &str, index: &IndexModel, model: &TableModel, server: &Server) -> bool {
    let is_mysql = server.vendor == Vendor::MySql;
    let kind_fits = match index.kind {
        IndexKind::Fulltext | IndexKind::Spatial => engine == "MyISAM",
        IndexKind::Vector => false,
        _ => true,
    };
    let mut parts = index.parts.iter().map(|part| match &part.key {
        KeyPart::Column { name, prefix_length } => Some((model.column(name)?, *prefix_length)),
        KeyPart::Expression(_) => None,
    });
    // In total at most the smallest limit of an engine: 1000 bytes, with four bytes per character.
    let parts = parts.try_fold(0, |total, part| {
        let (column, prefix) = part?;
        let virtual_one = column.generated.is_some() && (is_mysql || engine == "Aria");
        let length = match (&column.ty, prefix) {
            (_, Some(prefix)) => prefix * 4,
            (ColumnType::Char { length } | ColumnType::Varchar { length }, None) => *length * 4,
            (ColumnType::Binary { length } | ColumnType::Varbinary { length }, None) => *length,
            (ColumnType::Text { .. } | ColumnType::Blob { .. }, None) => return None,
            _ => 40,
        };
        (!virtual_one).then_some(total + length + 3)
    });
    kind_fits && parts.is_some_and(|length| length < 900)
}
