//! Random schemas and random edits of them, covering everything that the model holds.
//!
//! Proptest draws and shrinks a [`seed::Pair`], which is only numbers; any numbers are valid.
//! [`world`] turns them into tables whose parts refer to each other by number, so that after a
//! rename or a drop no reference is left. [`build`] writes them as a schema that a server accepts.
//! [`objects`] and [`spell`] do the same for views, triggers, routines, events and sequences.

mod bodies;
mod build;
mod edit;
mod engines;
mod indexes;
mod objects;
mod options;
mod partitions;
mod pieces;
mod pool;
mod queries;
mod relations;
pub mod seed;
mod sequences;
mod shape;
mod spell;
mod storage;
mod types;
mod values;
mod versions;
mod world;

use driftline::model::Schema;
use driftline::server::Server;

use seed::Pair;
use world::World;

/// The two schemas of a pair, as a server accepts them; the second declares its renames.
pub fn schemas(pair: &Pair, server: &Server) -> (Schema, Schema) {
    let mut before = World::new(&pair.tables);
    for object in pair.objects.iter().flat_map(|it| &it.objects) {
        before.add_object(object);
    }
    let mut after = before.clone();
    for edit in &pair.edits {
        edit::apply(&mut after, edit);
    }
    for edit in pair.objects.iter().flat_map(|it| &it.edits) {
        objects::apply(&mut after, edit);
    }
    let schema = |world, old| {
        let mut schema = build::schema(world, old, server);
        spell::add(&mut schema, world, server);
        schema
    };
    (schema(&before, None), schema(&after, Some(&before)))
}
