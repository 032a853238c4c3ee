//! A live server as a source: where it is, how to get in, what is there, what it makes of a table.

mod ask;
mod connect;
mod environment;
mod error;
mod fetch;
mod introspect;
mod parameters;
mod quirks;
mod rights;
mod rows;
mod show_create;
mod url;

pub use ask::ask;
pub use error::LiveError;
pub use url::{DatabaseUrl, POOL_LIMIT, UrlError};

use crate::source::Loaded;
use connect::{Opened, open};
use fetch::{Mismatch, fetch, fetch_again, mismatch};
use introspect::Assembly;

/// Reads the database that the URL names. Writes nothing, and needs no more than SELECT on it
/// (on MariaDB SHOW VIEW besides, without which it hides constraints).
pub fn read(url: &DatabaseUrl) -> Result<Loaded, LiveError> {
    if url.database().is_none() {
        return Err(LiveError::NoDatabase { endpoint: url.endpoint() });
    }
    let Opened { mut connection, server, entrance } = open(url)?;
    let mut dictionary = fetch(&mut connection, url, &entrance, server.vendor)?;
    rights::check(&mut connection, url, server.vendor, &dictionary)?;
    if mismatch(&dictionary).is_some() {
        // A schema change came between the queries: once more, and then it is an error.
        dictionary = fetch_again(&mut connection, server.vendor)?;
        if let Some(mismatch) = mismatch(&dictionary) {
            return Err(unsettled(mismatch, url));
        }
    }
    let open = show_create::needed(&dictionary, server.vendor);
    let shown = show_create::read(&mut connection, url, &server, &open)?;
    let assembly = Assembly { vendor: server.vendor, endpoint: url.endpoint(), shown: &shown };
    Ok(Loaded {
        label: url.label(),
        schema: assembly.schema(dictionary)?,
        server: Some(server),
        ..Loaded::default()
    })
}

fn unsettled(mismatch: Mismatch, url: &DatabaseUrl) -> LiveError {
    let endpoint = url.endpoint();
    match mismatch {
        Mismatch::NoColumns(tables) => LiveError::Locked { endpoint, tables },
        Mismatch::Other(what) => LiveError::Changing { endpoint, what },
    }
}
