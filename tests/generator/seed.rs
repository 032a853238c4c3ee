//! What proptest draws: numbers, all of which are valid; 0 is the simplest.

use proptest::array::uniform12;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// The numbers that determine one element: a column, an index, …
pub type Dice = [u8; 12];

/// A schema, and the edits to it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The tables.
    pub tables: Vec<TableSeed>,
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// Views, triggers and so on; not every schema has any.
    pub objects: Option<Objects>,
}

/// The objects other than tables, and the edits to them.
#[derive(Debug, Clone)]
pub struct Objects {
    /// The objects.
    pub objects: Vec<ObjectSeed>,
    /// The edits, after those of the tables; their `table` is an object.
    pub edits: Vec<Edit>,
}

/// A view, trigger, routine, event or sequence.
#[derive(Debug, Clone)]
pub struct ObjectSeed {
    /// Which kind, and its name.
    pub kind: u8,
    /// What it uses, and its attributes.
    pub dice: Dice,
    /// Its columns, parameters or statements.
    pub parts: Vec<Dice>,
}

/// A table.
#[derive(Debug, Clone)]
pub struct TableSeed {
    /// Its name, key and options.
    pub dice: Dice,
    /// Its columns. Another one comes before them for the key.
    pub columns: Vec<Dice>,
    /// Its indexes.
    pub indexes: Vec<Dice>,
    /// Its foreign keys.
    pub keys: Vec<Dice>,
    /// Its CHECKs.
    pub checks: Vec<Dice>,
    /// How it is partitioned.
    pub partitions: Option<Dice>,
}

/// One edit of a schema.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Which kind of edit.
    pub kind: u8,
    /// Which table.
    pub table: u8,
    /// Which of the table's columns, indexes, …
    pub which: u8,
    /// The new values.
    pub dice: Dice,
}

/// Pairs of schemas.
pub fn pairs() -> impl Strategy<Value = Pair> {
    (vec(tables(), 2..=4), vec(edits(), 1..=8), option::weighted(0.5, objects()))
        .prop_map(|(tables, edits, objects)| Pair { tables, edits, objects })
}

fn objects() -> impl Strategy<Value = Objects> {
    let object = (any::<u8>(), dice(), vec(dice(), 0..=4))
        .prop_map(|(kind, dice, parts)| ObjectSeed { kind, dice, parts });
    (vec(object, 1..=8), vec(edits(), 0..=6))
        .prop_map(|(objects, edits)| Objects { objects, edits })
}

fn dice() -> impl Strategy<Value = Dice> {
    uniform12(any::<u8>())
}

fn tables() -> impl Strategy<Value = TableSeed> {
    let columns = vec(dice(), 1..=6);
    let partitions = option::weighted(0.3, dice());
    (dice(), columns, vec(dice(), 0..=3), vec(dice(), 0..=2), vec(dice(), 0..=2), partitions)
        .prop_map(|(dice, columns, indexes, keys, checks, partitions)| TableSeed {
            dice,
            columns,
            indexes,
            keys,
            checks,
            partitions,
        })
}

fn edits() -> impl Strategy<Value = Edit> {
    (any::<u8>(), any::<u8>(), any::<u8>(), dice()).prop_map(|(kind, table, which, dice)| Edit {
        kind,
        table,
        which,
        dice,
    })
}
