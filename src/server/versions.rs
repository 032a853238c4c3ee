//! Which servers something holds for.

use super::{Server, Vendor, Version};

/// The versions of one vendor's server. Versions that aren't supported are of no interest here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Versions {
    pub(super) from: Option<Version>,
    pub(super) before: Option<Version>,
}

/// All that are supported.
pub(super) const ALWAYS: Versions = Versions { from: None, before: None };

/// That version and later ones.
pub(super) const fn since(major: u16, minor: u16, patch: u16) -> Versions {
    Versions { from: Some(Version { major, minor, patch }), before: None }
}

/// Versions older than that one.
pub(super) const fn before(major: u16, minor: u16, patch: u16) -> Versions {
    Versions { from: None, before: Some(Version { major, minor, patch }) }
}

/// The versions of each vendor's server; `None` for none of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Servers {
    pub(super) mysql: Option<Versions>,
    pub(super) mariadb: Option<Versions>,
}

/// Every MySQL, and no MariaDB.
pub(super) const MYSQL: Servers = mysql(ALWAYS);

/// Every MariaDB, and no MySQL.
pub(super) const MARIADB: Servers = mariadb(ALWAYS);

/// MySQL alone, of those versions.
pub(super) const fn mysql(versions: Versions) -> Servers {
    Servers { mysql: Some(versions), mariadb: None }
}

/// MariaDB alone, of those versions.
pub(super) const fn mariadb(versions: Versions) -> Servers {
    Servers { mysql: None, mariadb: Some(versions) }
}

/// Both, each of its versions.
pub(super) const fn both(mysql: Versions, mariadb: Versions) -> Servers {
    Servers { mysql: Some(mysql), mariadb: Some(mariadb) }
}

impl Servers {
    /// Whether that server is among them.
    pub(super) fn include(self, server: &Server) -> bool {
        let versions = match server.vendor {
            Vendor::MySql => self.mysql,
            Vendor::MariaDb => self.mariadb,
        };
        versions.is_some_and(|versions| {
            versions.from.is_none_or(|from| server.version >= from)
                && versions.before.is_none_or(|before| server.version < before)
        })
    }
}

/// An enum of what differs between servers, each with the servers that it holds for.
macro_rules! by_server {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[$doc:meta])* $fact:ident: $servers:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $fact,)*
        }

        impl $name {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &[$name] = &[$($name::$fact,)*];

            /// The servers that it holds for.
            pub(super) const fn servers(self) -> $crate::server::versions::Servers {
                match self {
                    $($name::$fact => $servers,)*
                }
            }
        }
    };
}
pub(super) use by_server;
