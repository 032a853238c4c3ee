//! Reads queries into trees.

mod calls;
mod json_table;
mod parser;
mod parts;
mod source;

pub(crate) use parser::parse;
