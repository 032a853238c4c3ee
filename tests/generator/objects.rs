//! Views, triggers, routines, events and sequences whose parts refer to each other by number.

use super::pool;
use super::seed::{Dice, Edit, ObjectSeed};
use super::world::{Id, World, pick};

/// An object other than a table.
#[derive(Debug, Clone)]
pub struct Object {
    pub id: Id,
    pub name: String,
    pub kind: Kind,
    pub dice: Dice,
    /// The tables and older views that it uses. For a trigger, the first is its table.
    pub reads: Vec<Id>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    View,
    Trigger,
    Procedure,
    Function,
    Event,
    Sequence,
}

/// A column of a view, a parameter or a statement of a routine, a statement of a body.
#[derive(Debug, Clone)]
pub struct Part {
    pub id: Id,
    pub dice: Dice,
    /// The column of a table or the part of a view that it uses.
    pub of: Option<Id>,
    /// The function that it may call.
    pub calls: Option<Id>,
}

impl World {
    pub fn object(&self, id: Id) -> Option<&Object> {
        self.objects.iter().find(|object| object.id == id)
    }

    pub fn add_object(&mut self, seed: &ObjectSeed) {
        let id = self.id();
        let kind = match seed.kind % 16 {
            0..=5 => Kind::View,
            6..=8 => Kind::Trigger,
            9 | 10 => Kind::Procedure,
            11 | 12 => Kind::Function,
            13 => Kind::Event,
            _ => Kind::Sequence,
        };
        let name = pool::name(seed.kind / 16, id);
        let reads = self.chosen_reads(kind, id, seed.dice);
        let object = Object { id, name, kind, dice: seed.dice, reads, parts: Vec::new() };
        // Not always after the objects that it uses.
        let at = match seed.dice[2] % 4 {
            1 => usize::from(seed.dice[3]) % (self.objects.len() + 1),
            _ => self.objects.len(),
        };
        self.objects.insert(at, object);
        for dice in &seed.parts {
            self.add_part(at, *dice);
        }
    }

    /// One or two of the tables and older views, so that no view reads itself.
    fn chosen_reads(&self, kind: Kind, id: Id, dice: Dice) -> Vec<Id> {
        let tables: Vec<Id> = self.tables.iter().map(|table| table.id).collect();
        let is_older = |object: &&Object| object.kind == Kind::View && object.id < id;
        let views = self.objects.iter().filter(is_older).map(|view| view.id);
        let all: Vec<Id> = tables.iter().copied().chain(views).collect();
        let first = match kind {
            Kind::Trigger | Kind::Sequence => pick(&tables, dice[0]),
            _ => pick(&all, dice[0]),
        };
        let second = pick(&all, dice[1]).filter(|_| !dice[1].is_multiple_of(3));
        first.into_iter().chain(second).copied().collect()
    }

    /// Adds a part that uses a column of one of the object's tables or views.
    fn add_part(&mut self, place: usize, dice: Dice) {
        let id = self.id();
        let object = &self.objects[place];
        let own_rows = matches!(object.kind, Kind::Trigger | Kind::Sequence);
        let read = object.reads.iter().take(if own_rows { 1 } else { usize::MAX });
        let columns: Vec<Id> = read.flat_map(|id| self.columns_of(*id)).collect();
        let functions: Vec<Id> = self
            .objects
            .iter()
            .filter(|other| other.kind == Kind::Function && other.id < object.id)
            .map(|function| function.id)
            .collect();
        let of = pick(&columns, dice[1]).copied();
        let calls = pick(&functions, dice[2]).copied().filter(|_| dice[3].is_multiple_of(3));
        self.objects[place].parts.push(Part { id, dice, of, calls });
    }

    fn columns_of(&self, id: Id) -> Vec<Id> {
        match (self.table(id), self.object(id)) {
            (Some(table), _) => table.columns.iter().map(|column| column.id).collect(),
            (_, Some(view)) => view.parts.iter().map(|part| part.id).collect(),
            _ => Vec::new(),
        }
    }
}

/// Applies the edit to the objects, or to something that one uses.
pub fn apply(world: &mut World, edit: &Edit) {
    let dice = edit.dice;
    let count = world.objects.len();
    if count == 0 || edit.kind.is_multiple_of(20) {
        let seed = ObjectSeed { kind: edit.which, dice, parts: vec![dice, edit_dice(dice)] };
        return world.add_object(&seed);
    }
    let place = usize::from(edit.table) % count;
    let id = world.id();
    match edit.kind % 20 {
        1 => drop(world.objects.remove(place)),
        2 => world.objects[place].name = pool::name(dice[0], id),
        3..=6 => change(&mut world.objects[place].dice, dice),
        7 => world.objects[place].dice = dice,
        8 | 9 => {
            let parts = &mut world.objects[place].parts;
            if let Some(at) = chosen(parts.len(), edit.which) {
                change(&mut parts[at].dice, dice);
            }
        }
        10 => world.add_part(place, dice),
        11 => {
            let parts = &mut world.objects[place].parts;
            if let Some(at) = chosen(parts.len(), edit.which) {
                parts.remove(at);
            }
        }
        12 | 13 => {
            let object = world.objects.remove(place);
            world.objects.insert(usize::from(dice[0]) % count, object);
        }
        14 => {
            let Object { kind, id, .. } = world.objects[place];
            world.objects[place].reads = world.chosen_reads(kind, id, dice);
        }
        kind => used(world, place, kind, edit.which, dice),
    }
}

/// Changes a table or a column that an object uses.
fn used(world: &mut World, place: usize, kind: u8, which: u8, dice: Dice) {
    let id = world.id();
    let object = world.objects[place].clone();
    let Some(read) = pick(&object.reads, which) else { return };
    let Some(table) = world.tables.iter().position(|table| table.id == *read) else { return };
    let used = |column: &Id| object.parts.iter().any(|part| part.of == Some(*column));
    let columns = &mut world.tables[table].columns;
    let column = columns.iter().position(|column| used(&column.id));
    match (kind, column) {
        (15, Some(at)) => columns[at].name = pool::name(dice[0], id),
        (16, Some(at)) if columns.len() > 1 => drop(columns.remove(at)),
        (17, Some(at)) => change(&mut columns[at].dice, dice),
        (18, _) if dice[1].is_multiple_of(2) => world.tables[table].name = pool::name(dice[0], id),
        (18, _) => drop(world.tables.remove(table)),
        (19, _) => {
            world.tables.remove(table);
            world.objects.remove(place);
        }
        _ => {}
    }
}

/// Other numbers derived from the same dice.
fn edit_dice(dice: Dice) -> Dice {
    dice.map(|number| number.rotate_left(3))
}

/// Rolls one of the dice again.
fn change(all: &mut Dice, dice: Dice) {
    all[usize::from(dice[0] % 8)] = dice[1];
}

fn chosen(length: usize, choice: u8) -> Option<usize> {
    (length > 0).then(|| usize::from(choice) % length)
}
