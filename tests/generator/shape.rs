//! The shapes of the queries of views.

use driftline::server::{Capability, Server};

use super::seed::Dice;

/// What the query does besides selecting columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Plain,
    Distinct,
    Grouped,
    Rollup,
    Union,
    Except,
    Derived,
    With,
    JsonTable,
    Intersect,
    Window,
    Star,
    Limited,
    Nested,
}

/// The shape that the dice choose, if the server has it.
pub fn shape(dice: &Dice, server: &Server) -> Shape {
    match dice[2] % 16 {
        5 => Shape::Distinct,
        6 | 7 => Shape::Grouped,
        8 => Shape::Rollup,
        9 => Shape::Union,
        // MySQL shows it differently each time.
        10 if server.can(Capability::Sequences) && dice[2] > 127 => Shape::Intersect,
        10 if server.can(Capability::Sequences) => Shape::Except,
        10 => Shape::Union,
        11 if dice[2] > 127 => Shape::JsonTable,
        11 => Shape::Derived,
        12 => Shape::With,
        13 if dice[2] > 127 => Shape::Window,
        13 => Shape::Limited,
        14 => Shape::Star,
        15 => Shape::Nested,
        _ => Shape::Plain,
    }
}
