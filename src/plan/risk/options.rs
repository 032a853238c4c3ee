//! What another engine, row format or block size does to a table.

use crate::model::{Element, Table};
use crate::plan::{Risk, RiskKind};
use crate::server::{Capability, Server, is_non_transactional};

/// The risks of a table's options that change.
pub(super) fn risks(from: &Table, to: &Table, server: &Server) -> Vec<Risk> {
    [engine(from, to), row_format(from, to), block_size(from, to, server)]
        .into_iter()
        .flatten()
        .collect()
}

fn risk(table: &Table, option: &str, kind: RiskKind, message: String) -> Risk {
    Risk { kind, element: Element::option(&table.name, option), message }
}

fn engine(from: &Table, to: &Table) -> Option<Risk> {
    let (old, new) = (from.options.engine.as_deref()?, to.options.engine.as_deref()?);
    (is_non_transactional(new) && !is_non_transactional(old)).then(|| {
        let message = format!(
            "{} is in no transaction any longer ({new} instead of {old}): a ROLLBACK leaves its rows \
             as they are, a crash may leave them half written, and no foreign key can hold them",
            to.name
        );
        risk(to, "engine", RiskKind::NoTransactions, message)
    })
}

fn row_format(from: &Table, to: &Table) -> Option<Risk> {
    let format = |table: &Table| table.options.row_format.clone();
    let (old, new) = (format(from), format(to));
    let words = |format: Option<String>| format.unwrap_or_else(|| "the default".to_owned());
    (old != new && from.options.engine == to.options.engine).then(|| {
        let message = format!(
            "every row of {} is written anew: ROW_FORMAT {} instead of {}",
            to.name,
            words(new),
            words(old)
        );
        risk(to, "row_format", RiskKind::Rebuild, message)
    })
}

/// Indexes have the size of their table at the time when they are made, each for itself.
fn block_size(from: &Table, to: &Table, server: &Server) -> Option<Risk> {
    let size = |table: &Table| table.options.other.get("KEY_BLOCK_SIZE").cloned();
    let (old, new) = (size(from)?, size(to));
    let goes_with_it = new.is_none() && server.can(Capability::BlockSizesGoWithTheTable);
    let key = from.primary_key.as_ref().filter(|key| key.key_block_size.is_none());
    let stays = key.is_some() && from.primary_key == to.primary_key;
    (new.as_ref() != Some(&old) && !goes_with_it && stays).then(|| {
        let message = format!(
            "the primary key of {} keeps the KEY_BLOCK_SIZE {old} that it has from the table",
            to.name
        );
        risk(to, "KEY_BLOCK_SIZE", RiskKind::NoEffect, message)
    })
}
