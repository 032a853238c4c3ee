//! Tables whose parts refer to each other by number instead of by name.

use super::objects::Object;
use super::pool;
use super::seed::{Dice, TableSeed};

/// Identifies an element through all edits.
pub type Id = u32;

/// All tables and other objects.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub tables: Vec<Table>,
    pub objects: Vec<Object>,
    next: Id,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub id: Id,
    pub name: String,
    pub dice: Dice,
    pub columns: Vec<Column>,
    pub primary: Vec<Id>,
    pub indexes: Vec<Index>,
    pub keys: Vec<Key>,
    pub checks: Vec<Check>,
    pub partitions: Option<Partitions>,
}

/// How a table is partitioned; the dice choose the method.
#[derive(Debug, Clone)]
pub struct Partitions {
    pub dice: Dice,
    /// At least one, with ascending bounds.
    pub pieces: Vec<Piece>,
}

/// A partition.
#[derive(Debug, Clone)]
pub struct Piece {
    pub name: String,
    pub comment: u8,
    pub bound: u8,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub id: Id,
    pub name: String,
    pub dice: Dice,
    /// The column from which a generated one is computed.
    pub base: Option<Id>,
    /// The table and the column whose type it has, because it is in a foreign key.
    pub refers: Option<(Id, Id)>,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub id: Id,
    pub name: String,
    pub dice: Dice,
    pub columns: Vec<Id>,
}

#[derive(Debug, Clone)]
pub struct Key {
    pub name: String,
    pub dice: Dice,
    pub columns: Vec<Id>,
    pub parent: Id,
    pub parent_columns: Vec<Id>,
    /// The referenced index; `None` for the primary key.
    pub parent_index: Option<Id>,
}

#[derive(Debug, Clone)]
pub struct Check {
    pub name: String,
    pub dice: Dice,
    pub columns: Vec<Id>,
}

/// The element that a number chooses.
pub fn pick<T>(all: &[T], choice: u8) -> Option<&T> {
    (!all.is_empty()).then(|| &all[usize::from(choice) % all.len()])
}

impl World {
    pub fn new(seeds: &[TableSeed]) -> World {
        let mut world = World::default();
        for seed in seeds {
            world.add_table(seed.dice, &seed.columns);
        }
        for (place, seed) in seeds.iter().enumerate() {
            for dice in &seed.indexes {
                world.add_index(place, *dice);
            }
        }
        for (place, seed) in seeds.iter().enumerate() {
            for dice in &seed.keys {
                world.add_key(place, *dice);
            }
            for dice in &seed.checks {
                world.add_check(place, *dice);
            }
            if let Some(dice) = seed.partitions {
                world.divide(place, dice);
            }
        }
        world
    }

    pub fn id(&mut self) -> Id {
        self.next += 1;
        self.next
    }

    pub fn table(&self, id: Id) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    pub fn add_table(&mut self, dice: Dice, columns: &[Dice]) {
        let id = self.id();
        let name = pool::name(dice[0], id);
        self.tables.push(Table {
            id,
            name,
            dice,
            columns: Vec::new(),
            primary: Vec::new(),
            indexes: Vec::new(),
            keys: Vec::new(),
            checks: Vec::new(),
            partitions: None,
        });
        let place = self.tables.len() - 1;
        // The first column usually is a number, so that foreign keys can reference it.
        let mut first: Dice = [0; 12];
        match dice[1] % 4 {
            3 => first = [dice[6]; 12],
            _ => first[0] = dice[6] % 2 * 2,
        }
        self.add_column(place, u8::MAX, first);
        for dice in columns {
            self.add_column(place, u8::MAX, *dice);
        }
        self.set_primary(place, dice[2]);
    }

    /// Adds a column before the one that a number chooses, or at the end for 255.
    pub fn add_column(&mut self, place: usize, before: u8, dice: Dice) -> Id {
        let id = self.id();
        let table = &mut self.tables[place];
        let base = (dice[3] % 6 == 5).then(|| pick(&table.columns, dice[5])).flatten();
        let base = base.map(|column| column.id);
        let column = Column { id, name: pool::name(dice[0] / 16, id), dice, base, refers: None };
        let at = match before {
            u8::MAX => table.columns.len(),
            other => usize::from(other) % (table.columns.len() + 1),
        };
        table.columns.insert(at, column);
        id
    }

    pub fn set_primary(&mut self, place: usize, choice: u8) {
        let table = &mut self.tables[place];
        let ids: Vec<Id> = table.columns.iter().map(|column| column.id).collect();
        table.primary = match choice % 8 {
            7 => Vec::new(),
            5 | 6 => ids.iter().take(2).copied().collect(),
            4 => ids.iter().rev().take(2).copied().collect(),
            _ => ids.iter().take(1).copied().collect(),
        };
    }

    pub fn add_index(&mut self, place: usize, dice: Dice) {
        let id = self.id();
        let table = &mut self.tables[place];
        let mut columns = Vec::new();
        for choice in &dice[1..=1 + usize::from(dice[4] % 3)] {
            columns.extend(pick(&table.columns, *choice).map(|column| column.id));
        }
        columns.dedup();
        table.indexes.push(Index { id, name: pool::name(dice[5], id), dice, columns });
    }

    /// Adds a foreign key with columns of its own, which have the types of the referenced ones.
    pub fn add_key(&mut self, place: usize, dice: Dice) {
        let Some(parent) = pick(&self.tables, dice[0]) else { return };
        let index = pick(&parent.indexes, dice[6]).filter(|_| dice[7] % 2 == 1);
        let parent_index = index.map(|index| index.id);
        let parent_columns = index.map_or(&parent.primary, |index| &index.columns).clone();
        let parent = parent.id;
        if parent_columns.is_empty() {
            return;
        }
        let mut columns = Vec::new();
        for referred in &parent_columns {
            let mut own: Dice = [0; 12];
            own[4] = dice[3];
            let id = self.add_column(place, u8::MAX, own);
            if let Some(column) = self.tables[place].columns.last_mut() {
                column.refers = Some((parent, *referred));
                column.name = pool::name(dice[4], id);
            }
            columns.push(id);
        }
        let id = self.id();
        let name = pool::name(dice[5], id);
        self.tables[place].keys.push(Key {
            name,
            dice,
            columns,
            parent,
            parent_columns,
            parent_index,
        });
    }

    pub fn add_check(&mut self, place: usize, dice: Dice) {
        let id = self.id();
        let table = &mut self.tables[place];
        let chosen = [dice[1], dice[2]].into_iter().take(1 + usize::from(dice[3] % 2));
        let columns =
            chosen.filter_map(|choice| pick(&table.columns, choice)).map(|it| it.id).collect();
        table.checks.push(Check { name: pool::name(dice[0], id), dice, columns });
    }

    /// Partitions a table, or partitions it again.
    pub fn divide(&mut self, place: usize, dice: Dice) {
        let bounds = (1..=1 + dice[7] % 5).map(|number| number * 10);
        let pieces = bounds.map(|bound| self.piece(bound, dice[7])).collect();
        self.tables[place].partitions = Some(Partitions { dice, pieces });
    }

    /// A partition with a name of its own.
    pub fn piece(&mut self, bound: u8, choice: u8) -> Piece {
        let id = self.id();
        Piece { name: pool::name(choice / 8, id), comment: choice, bound }
    }
}
