//! Edits of a world.

use super::pool;
use super::seed::{Dice, Edit};
use super::world::{Piece, Table, World};

/// Applies the edit, or does nothing if its target doesn't exist.
pub fn apply(world: &mut World, edit: &Edit) {
    if world.tables.is_empty() {
        return world.add_table(edit.dice, &[edit.dice]);
    }
    let place = usize::from(edit.table) % world.tables.len();
    let dice = edit.dice;
    match edit.kind % 32 {
        0 | 1 => {
            world.add_column(place, edit.which, dice);
        }
        7 => world.add_index(place, dice),
        8 => world.add_key(place, dice),
        9 => world.add_check(place, dice),
        10 => world.set_primary(place, dice[0]),
        11 => world.add_table(dice, &[dice]),
        12 => {
            world.tables.remove(place);
        }
        13 => {
            let id = world.id();
            world.tables[place].name = pool::name(dice[0], id);
        }
        14 | 15 => {
            let id = world.id();
            if let Some(at) = chosen(world.tables[place].columns.len(), edit.which) {
                world.tables[place].columns[at].name = pool::name(dice[0], id);
            }
        }
        16 => {
            let id = world.id();
            if let Some(at) = chosen(world.tables[place].indexes.len(), edit.which) {
                world.tables[place].indexes[at].name = pool::name(dice[0], id);
            }
        }
        kind @ 24.. => divided(world, place, kind, edit.which, dice),
        kind => within(&mut world.tables[place], kind, edit.which, dice),
    }
}

fn within(table: &mut Table, kind: u8, which: u8, dice: Dice) {
    let column = chosen(table.columns.len(), which);
    let index = chosen(table.indexes.len(), which);
    let key = chosen(table.keys.len(), which);
    let check = chosen(table.checks.len(), which);
    match (kind, column, index, key, check) {
        (2, Some(at), ..) if table.columns.len() > 1 => {
            table.columns.remove(at);
        }
        (3, Some(at), ..) => {
            let column = table.columns.remove(at);
            let to = usize::from(dice[0]) % (table.columns.len() + 1);
            table.columns.insert(to, column);
        }
        (4 | 5, Some(at), ..) => change(&mut table.columns[at].dice, dice),
        (6, Some(at), ..) => table.columns[at].dice = dice,
        (17, _, Some(at), ..) => {
            table.indexes.remove(at);
        }
        (18, _, Some(at), ..) => change(&mut table.indexes[at].dice, dice),
        (19, .., Some(at), _) => {
            table.keys.remove(at);
        }
        (20, .., Some(at), _) => change(&mut table.keys[at].dice, dice),
        (21, .., Some(at)) => {
            table.checks.remove(at);
        }
        (22, .., Some(at)) => change(&mut table.checks[at].dice, dice),
        (23, ..) => change(&mut table.dice, dice),
        _ => {}
    }
}

/// Changes how a table is partitioned.
fn divided(world: &mut World, place: usize, kind: u8, which: u8, dice: Dice) {
    let piece = world.piece(0, dice[0]);
    let Some(partitions) = &mut world.tables[place].partitions else {
        return match kind {
            24 => world.divide(place, dice),
            // Its versions, its period, its options.
            25..=27 => world.tables[place].dice[8 + usize::from(dice[0] % 4)] = dice[1],
            // Its engine.
            28 => world.tables[place].dice[1] = dice[1],
            _ => {}
        };
    };
    let pieces = &mut partitions.pieces;
    let at = usize::from(which) % pieces.len();
    match kind {
        24 if dice[1].is_multiple_of(2) => world.divide(place, dice),
        24 => world.tables[place].partitions = None,
        25 | 26 => {
            let bound = pieces.last().map_or(0, |last| last.bound) + 10;
            // So that a TINYINT can hold it.
            if bound < 120 {
                pieces.push(Piece { bound, ..piece });
            }
        }
        27 if pieces.len() > 1 => drop(pieces.pop()),
        28 if pieces.len() > 1 => drop(pieces.remove(at)),
        // Moves a part of one partition's values to another.
        29 => {
            let below = if at == 0 { 0 } else { pieces[at - 1].bound };
            let bound = below + (pieces[at].bound - below) / 2;
            if bound > below && bound < pieces[at].bound {
                pieces.insert(at, Piece { bound, ..piece });
            }
        }
        // Merges two into one with a new name.
        30 if at > 0 => {
            pieces[at] = Piece { bound: pieces[at].bound, ..piece };
            pieces.remove(at - 1);
        }
        // Switches `keep` on or off.
        30 => partitions.dice[8] = u8::from(partitions.dice[8] % 8 != 1),
        31 => change(&mut partitions.dice, dice),
        _ => {}
    }
}

/// Rolls one of the dice again.
fn change(all: &mut Dice, dice: Dice) {
    all[usize::from(dice[0]) % all.len()] = dice[1];
}

fn chosen(length: usize, choice: u8) -> Option<usize> {
    (length > 0).then(|| usize::from(choice) % length)
}
