//! By whose rules a source alone is read, and what is known of its server.

use crate::model::{Schema, Table};
use crate::report::one_line;
use crate::server::Server;
use crate::source::{Loaded, ServerSource};

/// The server by whose rules a source is read.
pub(super) struct Rules {
    pub(super) server: Server,
    known: KnownOfServer,
}

/// What is known of it.
enum KnownOfServer {
    /// All of it: it was asked for, states itself, or was asked.
    All,
    /// The vendor, by something that only this one writes.
    Vendor,
    /// Nothing.
    Nothing,
    /// The source is of this server, which is older than those whose rules are known.
    Older(Server),
}

impl Rules {
    pub(super) fn of(loaded: &Loaded, flavor: Option<Server>) -> Self {
        let Some(server) = flavor.or(loaded.server) else {
            return Rules { server: Server::ASSUMED, known: KnownOfServer::Nothing };
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
        Rules { server, known }
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

    /// What a person should know of the reading, where the server is not all known.
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

    /// What schema.yaml can say of the server that is known.
    pub(super) fn stated(&self) -> Option<String> {
        match self.known {
            KnownOfServer::All => Some(self.server.flavor()),
            KnownOfServer::Vendor => Some(self.server.vendor.flavor().to_owned()),
            KnownOfServer::Nothing | KnownOfServer::Older(_) => None,
        }
    }

    /// Takes away the collations that the source doesn't state, where its server's aren't known.
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

/// A column without a character set of its own has the table's, so that both lose the collation.
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
