//! Foreign keys while a plan is carried out: what of a table's changes they block, which are active
//! between two statements, and which are dropped for a while.

pub(super) mod active;
pub(super) mod blockers;
pub(super) mod temporarily_dropped;
