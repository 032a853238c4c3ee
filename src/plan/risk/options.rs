//! What another engine, row format or block size means for a table.

use crate::model::{Element, Index, Table};
use crate::plan::{Risk, RiskKind};
use crate::server::{Fault, Server, is_non_transactional};

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

/// Each index takes the KEY_BLOCK_SIZE that its table has when the index is made, and keeps it. If
/// the engine changes, the indexes are made anew.
fn block_size(from: &Table, to: &Table, server: &Server) -> Option<Risk> {
    let size = |table: &Table| table.options.other.get("KEY_BLOCK_SIZE").cloned();
    let (old, new) = (size(from)?, size(to));
    let goes_with_it = new.is_none() && !server.has(Fault::BlockSizeOfTableStaysWithIndexes);
    let stays = |index: &&Index| {
        index.key_block_size.is_none() && to.all_indexes().any(|other| other == *index)
    };
    let key = from.primary_key.iter().filter(stays).map(|_| "the primary key".to_owned());
    let indexes = from.indexes.iter().filter(stays).map(|index| format!("index {}", index.name));
    let stay: Vec<String> = key.chain(indexes).collect();
    let is_moved = from.options.engine != to.options.engine;
    (new.as_ref() != Some(&old) && !is_moved && !goes_with_it && !stay.is_empty()).then(|| {
        let (keep, have) =
            if stay.len() == 1 { ("keeps", "it has") } else { ("keep", "they have") };
        let message = format!(
            "{} of {} {keep} the KEY_BLOCK_SIZE {old} that {have} from the table",
            stay.join(", "),
            to.name
        );
        risk(to, "KEY_BLOCK_SIZE", RiskKind::NoEffect, message)
    })
}
