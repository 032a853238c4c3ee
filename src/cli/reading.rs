//! Which server's rules apply to a source that is read alone, and how much is known of that server.

use crate::model::{Schema, Table};
use crate::report::one_line;
use crate::server::Server;
use crate::source::{Loaded, ServerSource};

/// The server whose rules apply to a source.
pub(super) struct ReadingRules {
    pub(super) server: Server,
    known: KnownOfServer,
}

/// How much is known of the server.
enum KnownOfServer {
    /// Its vendor and version: it was named with `--flavor`, the source states it, or the source is
    /// a server.
    All,
    /// Its vendor, because the source has something that only this vendor writes.
    Vendor,
    /// Nothing.
    Nothing,
    /// The source is from this server, which is older than the versions whose rules are known.
    Older(Server),
}

impl ReadingRules {
    pub(super) fn of(loaded: &Loaded, flavor: Option<Server>) -> Self {
        let Some(server) = flavor.or(loaded.server) else {
            return ReadingRules { server: Server::ASSUMED, known: KnownOfServer::Nothing };
        };
        let of_script = loaded.script.as_ref().map(|(script, _)| script.named_server());
        let known = match of_script {
            _ if flavor.is_some() || loaded.server_source != ServerSource::Evidence => {
                KnownOfServer::All
            }
            None => KnownOfServer::All,
            Some(None) => KnownOfServer::Vendor,
            Some(Some(own)) if own != server => KnownOfServer::Older(own),
            Some(Some(_)) => KnownOfServer::All,
        };
        ReadingRules { server, known }
    }

    /// The server for a heading: `MySQL 8.4, assumed`.
    pub(super) fn words(&self) -> String {
        let assumed = match self.known {
            KnownOfServer::All | KnownOfServer::Older(_) => "",
            KnownOfServer::Vendor => ", the version assumed",
            KnownOfServer::Nothing => ", assumed",
        };
        format!("{}{assumed}", self.server)
    }

    /// A note about how the source is read, if the server isn't fully known.
    pub(super) fn note(&self, loaded: &Loaded) -> Option<String> {
        let (label, server) = (one_line(&loaded.label), self.server);
        let way_out = "--flavor names another";
        Some(match &self.known {
            KnownOfServer::All => return None,
            KnownOfServer::Vendor => {
                format!(
                    "{label} is of {} and doesn't say which version: it is read as {server} \
                     does; {way_out}",
                    server.vendor
                )
            }
            KnownOfServer::Nothing => {
                format!("{label} names no server: it is read as {server} does; {way_out}")
            }
            KnownOfServer::Older(own) => {
                format!("{label} is of {own}, and is read as {server} does")
            }
        })
    }

    /// The server to write into schema.yaml, as far as it is known.
    pub(super) fn stated(&self) -> Option<String> {
        match self.known {
            KnownOfServer::All => Some(self.server.flavor()),
            KnownOfServer::Vendor => Some(self.server.vendor.flavor().to_owned()),
            KnownOfServer::Nothing | KnownOfServer::Older(_) => None,
        }
    }

    /// If the server's default collations aren't known, removes the collations that the source
    /// doesn't state.
    pub(super) fn leave_out_assumed(&self, schema: &mut Schema, said: &Schema) {
        if matches!(self.known, KnownOfServer::All | KnownOfServer::Older(_)) {
            return;
        }
        for (name, table) in &mut schema.tables {
            if let Some(said) = said.tables.get(name) {
                leave_out_assumed(table, said);
            }
        }
    }
}

/// A column without a character set of its own takes the table's collation, so both lose it.
fn leave_out_assumed(table: &mut Table, said: &Table) {
    let of_table = match said.options.collation {
        None => table.options.collation.take(),
        Some(_) => None,
    };
    for column in &mut table.columns {
        let Some(said) = said.column(&column.name) else { continue };
        if said.collation.is_some() || column.collation.is_none() {
            continue;
        }
        if said.charset.is_some() {
            column.collation = None;
        } else if column.collation == of_table {
            (column.charset, column.collation) = (None, None);
        }
    }
}
