//! Every error that reading can give, as it is drawn.

mod keys;
mod names;
mod objects;
mod partitioning;
mod references;
mod syntax;
mod tables;
mod versioning;

use super::{errors, read_text};
