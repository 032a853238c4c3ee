//! Listed partitions: their bounds and options.

use driftline::model::{
    ColumnType, Expression, Partition, PartitionBounds, PartitionMethod, PartitionOptions,
    PartitionValue, Subpartition,
};
use driftline::server::{Capability, Server, Vendor};

use super::partitions::is_like_a_number;
use super::pool;
use super::world::{Partitions, Piece};

/// The kind of bounds that a column can have.
#[derive(Clone, Copy, PartialEq)]
pub enum Bounds {
    Numbers,
    Texts,
    Days,
    None,
}

pub fn bounds(ty: &ColumnType) -> Bounds {
    match ty {
        ColumnType::Integer { .. } => Bounds::Numbers,
        ColumnType::Char { length } | ColumnType::Varchar { length } if *length > 4 => {
            Bounds::Texts
        }
        ColumnType::Date | ColumnType::Datetime { .. } => Bounds::Days,
        _ => Bounds::None,
    }
}

fn value(bounds: Bounds, bound: u8) -> PartitionValue {
    match bounds {
        Bounds::Texts => PartitionValue::Text(format!("k{bound:03}")),
        Bounds::Days => PartitionValue::Text(day(bound)),
        _ => PartitionValue::Number(bound.to_string()),
    }
}

fn day(bound: u8) -> String {
    format!("{}-01-01", 2000 + u32::from(bound))
}

/// The partitions of RANGE, LIST, and HASH or KEY.
pub fn listed(
    method: &PartitionMethod,
    kinds: &[Bounds],
    partitions: &Partitions,
    server: &Server,
) -> Vec<Partition> {
    let dice = &partitions.dice;
    let last = partitions.pieces.len() - 1;
    let has_default = server.can(Capability::DefaultPartitions) && dice[10] % 4 == 1 && last > 0;
    let one = |(at, piece): (usize, &Piece)| {
        let bounds = match method {
            PartitionMethod::Range(_) if at == last && dice[6] % 3 == 1 => {
                PartitionBounds::LessThan(vec![PartitionValue::Maxvalue])
            }
            PartitionMethod::Range(_) => {
                PartitionBounds::LessThan(vec![of_expression(kinds[0], piece, dice[11])])
            }
            PartitionMethod::RangeColumns(_) => {
                let to_maximum = at == last && dice[6] % 3 == 1;
                PartitionBounds::LessThan(less_than(kinds, piece.bound, to_maximum, dice[11]))
            }
            PartitionMethod::List(_) | PartitionMethod::ListColumns(_)
                if at == last && has_default =>
            {
                PartitionBounds::Default
            }
            PartitionMethod::List(_) | PartitionMethod::ListColumns(_) => {
                let tuple = |bound: u8| kinds.iter().map(|kind| value(*kind, bound)).collect();
                // An expression has one value, whatever columns the table's key has.
                let width = method.width();
                let cut = |mut tuple: Vec<PartitionValue>| {
                    tuple.truncate(width);
                    tuple
                };
                let mut entries = vec![cut(tuple(piece.bound))];
                if piece.bound % 2 == 1 {
                    entries.push(cut(tuple(piece.bound + 101)));
                }
                if at == 0 && dice[10] % 4 == 2 {
                    entries.insert(0, vec![PartitionValue::Null; width]);
                }
                PartitionBounds::In(entries)
            }
            _ => PartitionBounds::Hashed,
        };
        let mut partition = Partition::new(name(piece, server), bounds);
        partition.options = options(partitions, piece, server);
        partition
    };
    partitions.pieces.iter().enumerate().map(one).collect()
}

/// The bound for an expression, a number.
fn of_expression(kind: Bounds, piece: &Piece, choice: u8) -> PartitionValue {
    match (kind, choice % 3) {
        (Bounds::Days, 1) => {
            PartitionValue::Expression(Expression::new(format!("to_days('{}')", day(piece.bound))))
        }
        // Days since year 0.
        (Bounds::Days, _) => PartitionValue::Number((730_000 + u32::from(piece.bound)).to_string()),
        _ => value(kind, piece.bound),
    }
}

fn less_than(kinds: &[Bounds], bound: u8, to_maximum: bool, choice: u8) -> Vec<PartitionValue> {
    let one = |(at, kind): (usize, &Bounds)| match at {
        _ if to_maximum => PartitionValue::Maxvalue,
        1 if choice % 3 == 1 => PartitionValue::Maxvalue,
        _ => value(*kind, bound),
    };
    kinds.iter().enumerate().map(one).collect()
}

/// The partitions for history, and at the end the one for current rows.
pub fn history(partitions: &Partitions, only_one: bool, server: &Server) -> Vec<Partition> {
    let mut all: Vec<Partition> = partitions
        .pieces
        .iter()
        .take(if only_one { 1 } else { usize::MAX })
        .map(|piece| {
            let mut partition = Partition::new(name(piece, server), PartitionBounds::History);
            partition.options = options(partitions, piece, server);
            partition
        })
        .collect();
    all.push(Partition::new("now", PartitionBounds::Current));
    all
}

/// Gives each partition named subpartitions.
pub fn divide_again(all: &mut [Partition], partitions: &Partitions) {
    let count = 2 + partitions.dice[4] / 3 % 2;
    for (partition, piece) in all.iter_mut().zip(&partitions.pieces) {
        let one = |number: u8| Subpartition {
            name: format!("s{number}{}", partition.name),
            options: PartitionOptions {
                comment: pool::comment(piece.comment.wrapping_add(number)),
                ..partition.options.clone()
            },
        };
        partition.subpartitions = (0..count).map(one).collect();
    }
}

fn name(piece: &Piece, server: &Server) -> String {
    // MySQL rewrites the clause without quotes around such names, and then can't parse it (1064).
    match server.vendor == Vendor::MySql && is_like_a_number(&piece.name) {
        true => format!("p{}", piece.name),
        false => piece.name.clone(),
    }
}

fn options(partitions: &Partitions, piece: &Piece, server: &Server) -> PartitionOptions {
    let mut options =
        PartitionOptions { comment: pool::comment(piece.comment), ..PartitionOptions::default() };
    match piece.comment / 12 % 7 {
        1 => options.max_rows = Some(1000),
        2 => options.min_rows = Some(5),
        _ => {}
    }
    // Either all of them have it, or none (error 1497).
    match partitions.dice[7] / 16 {
        1 => options.engine = Some("InnoDB".to_owned()),
        2 if server.can(Capability::PartitionTablespaces) => {
            options.tablespace = Some("innodb_file_per_table".to_owned());
        }
        _ => {}
    }
    options
}
