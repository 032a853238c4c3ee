//! How a column's values are stored.

use driftline::model::{Column, ColumnFormat, ColumnType, StorageMedium};
use driftline::server::{Capability, Server};

use super::seed::Dice;

/// Sets some of it, if the dice and the server allow it.
pub fn storage(column: &mut Column, dice: &Dice, server: &Server) {
    let can_be_compressed = matches!(
        column.ty,
        ColumnType::Varchar { .. }
            | ColumnType::Varbinary { .. }
            | ColumnType::Text { .. }
            | ColumnType::Blob { .. }
    );
    if server.can(Capability::CompressedColumns) {
        if can_be_compressed && dice[9] % 6 == 1 {
            column.storage_mut().compressed = true;
        }
        return;
    }
    if !server.can(Capability::ColumnFormats) {
        return;
    }
    match dice[9] % 24 {
        1 => column.storage_mut().format = Some(ColumnFormat::Fixed),
        2 => column.storage_mut().format = Some(ColumnFormat::Dynamic),
        3 => column.storage_mut().medium = Some(StorageMedium::Disk),
        4 => column.storage_mut().medium = Some(StorageMedium::Memory),
        5 => column.storage_mut().not_secondary = true,
        6 => {
            column.storage_mut().attributes.secondary_engine_attribute =
                Some("{\"a\": 1}".to_owned())
        }
        _ => {}
    }
}
