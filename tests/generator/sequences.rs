//! Sequences, as MariaDB accepts them.

use driftline::model::{ColumnType, IntegerSize, Sequence, Sign};
use driftline::server::{Capability, Server};

use super::objects::Object;
use super::pool;

/// Writes a sequence.
pub fn sequence(object: &Object, server: &Server) -> Sequence {
    let dice = &object.dice;
    let sign = if dice[1] / 8 % 3 == 1 { Sign::Unsigned } else { Sign::Signed };
    let integer = |size| Some(ColumnType::Integer { size, sign, width: None });
    let ty = match dice[1] % 8 {
        _ if !server.can(Capability::SequenceTypes) => None,
        1 => integer(IntegerSize::Tiny),
        2 => integer(IntegerSize::Small),
        3 => integer(IntegerSize::Medium),
        4 => integer(IntegerSize::Int),
        5 => integer(IntegerSize::Big),
        _ => None,
    };
    let is_unsigned = matches!(ty, Some(ColumnType::Integer { sign: Sign::Unsigned, .. }));
    let increment = [None, Some(1), Some(2), Some(5), Some(-1), Some(-3)];
    let increment = increment[usize::from(dice[2] % 6)];
    let falls = increment.is_some_and(|increment| increment < 0);
    let (minimum, maximum) = match dice[3] % 6 {
        1 => (Some(5), Some(100)),
        2 if !is_unsigned => (Some(-100), Some(100)),
        3 if !falls => (None, Some(120)),
        4 if !falls => (Some(3), None),
        4 if !is_unsigned => (Some(-120), None),
        _ => (None, None),
    };
    let start = match (minimum, maximum, dice[4] % 3) {
        (Some(least), Some(most), 1) => Some((least + most) / 2),
        (None, None, 1) if !falls => Some(7),
        (None, None, 1) if !is_unsigned => Some(-7),
        _ => None,
    };
    Sequence {
        name: object.name.clone(),
        ty,
        start,
        minimum,
        maximum,
        increment,
        cache: [None, Some(0), Some(1), Some(50)][usize::from(dice[5] % 4)],
        cycle: dice[6] % 2 == 1,
        engine: [None, None, None, Some("InnoDB"), Some("MyISAM")][usize::from(dice[6] / 2 % 5)]
            .map(str::to_owned),
        comment: pool::comment(dice[7]),
    }
}
