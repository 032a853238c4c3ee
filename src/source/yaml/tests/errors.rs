//! Every error of reading, rendered.

mod keys;
mod names;
mod objects;
mod partitioning;
mod references;
mod syntax;
mod tables;
mod versioning;

use super::{errors, read_text};
