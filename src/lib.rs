//! driftline keeps a MySQL or MariaDB database true to a declarative file.
//!
//! The modules, in the order in which data flows: a [`source`] gives a [`model::Schema`];
//! [`normalize`] makes two of them comparable on a [`server`]; [`validation`] says what the server would
//! refuse; [`diff`] says what differs;
//! [`plan`] orders that into statements, which [`ddl`] spells; [`report`] shows it. [`lint`] reads
//! a schema and gives findings, which are one kind of value everywhere ([`finding`]). [`syntax`] reads what [`ddl`] writes. No module reaches back.

pub mod alembic;
pub mod cli;
pub mod compare;
pub mod config;
pub mod ddl;
pub mod diagnostic;
pub mod diff;
pub mod engine;
pub mod finding;
pub mod fixes;
mod implicit_index;
pub mod lint;
pub mod migration;
pub mod model;
pub mod normalize;
mod ordering;
pub mod plan;
mod renames;
pub mod report;
pub mod self_check;
pub mod server;
pub mod source;
pub mod syntax;
pub mod take_in;
#[cfg(test)]
mod test_client;
pub mod validation;
pub mod verify;
pub mod waivers;
pub mod words;
