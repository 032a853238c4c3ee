//! Which server a schema is for, and what that server can do.
//!
//! All other modules ask for a [`Capability`], a [`Fault`] or a default; versions are compared only
//! here.

mod capability;
mod charset;
mod collation;
mod engine;
mod fault;
mod identify;
mod limits;
mod modes;
mod reserved;
mod versions;
mod words;

use std::fmt;
use std::str::FromStr;

pub use capability::Capability;
pub use charset::{bytes_per_character, charset_name, collation_name, names_charset};
pub use collation::Meant;
pub use engine::is_non_transactional;
pub use fault::Fault;
pub use identify::UnsupportedServer;
pub use limits::engine_has_foreign_keys;
pub use modes::ScriptNeeds;
pub use reserved::Reserved;
pub use words::ExpressionPlace;

/// A server's vendor and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Server {
    /// The vendor.
    pub vendor: Vendor,
    /// Its version.
    pub version: Version,
}

/// The vendor of a server. RDS and Aurora MySQL count as MySQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// MySQL, and servers that behave like it.
    MySql,
    /// MariaDB.
    MariaDb,
}

/// `9.7.4`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 9
    pub major: u16,
    /// 7
    pub minor: u16,
    /// 4, or [`Version::NEWEST_PATCH`] if only `9.7` was given
    pub patch: u16,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            Version::NEWEST_PATCH => write!(f, "{}.{}", self.major, self.minor),
            patch => write!(f, "{}.{}.{patch}", self.major, self.minor),
        }
    }
}

impl Vendor {
    /// The spelling in `--flavor` and schema.yaml's `server`, which is also valid without a
    /// version.
    pub fn flavor(self) -> &'static str {
        match self {
            Vendor::MySql => "mysql",
            Vendor::MariaDb => "mariadb",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vendor::MySql => "MySQL",
            Vendor::MariaDb => "MariaDB",
        })
    }
}

/// `MySQL 9.7.4`
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.vendor, self.version)
    }
}

impl Server {
    /// The assumed server, if no source says which one it is for.
    pub const ASSUMED: Server = Server::mysql(8, 4, Version::NEWEST_PATCH);

    /// The assumed server of the other vendor, if only that vendor can read a source.
    pub const OTHER_ASSUMED: Server = Server::mariadb(11, 4, Version::NEWEST_PATCH);

    /// A MySQL server.
    pub const fn mysql(major: u16, minor: u16, patch: u16) -> Self {
        Server { vendor: Vendor::MySql, version: Version { major, minor, patch } }
    }

    /// A MariaDB server.
    pub const fn mariadb(major: u16, minor: u16, patch: u16) -> Self {
        Server { vendor: Vendor::MariaDb, version: Version { major, minor, patch } }
    }

    /// The spelling in `--flavor` and schema.yaml's `server`: `mysql:9.7`.
    pub fn flavor(&self) -> String {
        format!("{}:{}.{}", self.vendor.flavor(), self.version.major, self.version.minor)
    }
}

impl Version {
    /// The patch of a version without one: `8.0` means a server that is kept up to date, not the
    /// first release of 8.0.
    pub const NEWEST_PATCH: u16 = u16::MAX;

    /// A version from a text of one to three numbers with dots between them.
    fn exactly(text: &str) -> Option<Version> {
        let numbers: Vec<&str> = text.split('.').collect();
        let is_number = |part: &&str| part.parse::<u16>().is_ok() && !part.starts_with('+');
        let is_version = (1..=3).contains(&numbers.len()) && numbers.iter().all(is_number);
        is_version.then(|| Version::leading(text))?
    }

    /// The version at the start of a text; a missing minor number is 0.
    fn leading(text: &str) -> Option<Version> {
        let mut numbers = text
            .split(|c: char| !c.is_ascii_digit())
            .map_while(|digits| digits.parse::<u16>().ok());
        let major = numbers.next()?;
        Some(Version {
            major,
            minor: numbers.next().unwrap_or(0),
            patch: numbers.next().unwrap_or(Version::NEWEST_PATCH),
        })
    }
}

/// `mysql:8.4`, `mariadb:10.11`, or `mysql` for the assumed version. Versions older than the oldest
/// supported are refused; newer ones than the newest known follow its rules.
impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (vendor, version) = text.split_once(':').unwrap_or((text, ""));
        let (vendor, assumed) = match vendor.to_ascii_lowercase().as_str() {
            "mysql" => (Vendor::MySql, Server::ASSUMED.version),
            "mariadb" => (Vendor::MariaDb, Server::OTHER_ASSUMED.version),
            _ => return Err(format!("`{text}` isn't a server; write mysql:8.4 or mariadb:10.11")),
        };
        let version = match version {
            "" => assumed,
            given => {
                identify::aurora(given).or_else(|| Version::exactly(given)).ok_or_else(|| {
                    let [mysql, mariadb] = Server::NEWEST.map(|newest| newest.flavor());
                    format!("`{given}` isn't a version; write {mysql} or {mariadb}")
                })?
            }
        };
        let server = Server { vendor, version };
        if !server.is_supported() {
            let [mysql, mariadb] = Server::OLDEST.map(|oldest| oldest.to_string());
            return Err(format!(
                "{server} is too old; the oldest supported are {mysql} and {mariadb}"
            ));
        }
        Ok(server)
    }
}
