//! The trees of SQL expressions and queries.

mod expression;
mod place;
mod query;

pub(crate) use expression::{Comparator, Logic, Node};
pub(crate) use place::TextPlace;
pub(crate) use query::{
    Body, Item, JoinKind, JsonColumn, JsonColumns, Limit, On, Query, ReadQuery, Select, Source,
    TableExpression,
};
