//! Random schemas and random edits of them, over all that the model holds.
//!
//! What proptest draws and shrinks is a [`seed::Pair`]: mere numbers, any of which make sense.
//! [`world`] makes tables of them whose parts know each other by number, so that a rename or a
//! drop leaves nothing that speaks of what is gone; [`build`] spells them as a server can have
//! them.

mod build;
mod edit;
mod indexes;
mod options;
mod partitions;
mod pieces;
mod pool;
pub mod seed;
mod storage;
mod types;
mod versions;
mod world;

use driftline::model::Schema;
use driftline::server::Server;

use seed::Pair;
use world::World;

/// The two schemas of a pair, as a server can have them; the second declares its renames.
pub fn schemas(pair: &Pair, server: &Server) -> (Schema, Schema) {
    let before = World::new(&pair.tables);
    let mut after = before.clone();
    for edit in &pair.edits {
        edit::apply(&mut after, edit);
    }
    (build::schema(&before, None, server), build::schema(&after, Some(&before), server))
}
