//! The commands that carry migrations out, undo them, and say what a database has.

mod adopt;
mod alembic_status;
mod elsewhere;
mod failures;
mod history;
mod migrate;
mod permission;
mod project;
mod push;
mod reset;
mod resolve;
mod result;
mod rollback;
mod stamp;
mod status;
mod watching;

pub(super) use adopt::run as adopt;
pub(super) use history::run as history;
pub(super) use migrate::run as migrate;
pub(super) use push::run as push;
pub(super) use reset::run as reset;
pub(super) use resolve::run as resolve;
pub(super) use result::ResultPrinter;
pub(super) use rollback::run as rollback;
pub(super) use stamp::run as stamp;
pub(super) use status::run as status;
