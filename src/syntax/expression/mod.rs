//! Reads expressions into trees.

mod cast_type;
mod number;
mod parser;
mod primary;
mod token;

pub(crate) use parser::{Result, TreeParser, Unread, parse};
pub(crate) use primary::WITHOUT_PARENTHESES;
pub(crate) use token::{Token, tokens, with_places};
