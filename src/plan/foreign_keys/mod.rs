//! Foreign keys while a plan runs: which of a table's changes they block, which of them exist
//! between two statements, and which are temporarily dropped.

pub(super) mod active;
pub(super) mod blockers;
pub(super) mod temporarily_dropped;
