//! Identifies the server.

use super::error::LiveError;
use super::url::DatabaseUrl;
use crate::server::{Server, UnsupportedServer};

/// The server, or an error if driftline can't read it.
pub(super) fn identified(
    url: &DatabaseUrl,
    version: &str,
    comment: &str,
) -> Result<Server, LiveError> {
    let oldest = Server::OLDEST.map(|server| server.to_string()).join(" and ");
    Server::identify(version, comment).map_err(|unsupported| LiveError::UnsupportedServer {
        endpoint: url.endpoint(),
        version: escape_controls(version),
        reason: match unsupported {
            UnsupportedServer::Relative(name) => format!(
                "{name} is not supported yet, though it speaks MySQL's protocol, because \
                 it describes its schema differently. {oldest} and later are, and a file of CREATE TABLE \
                 statements can be compared instead"
            ),
            UnsupportedServer::TooOld => format!("{oldest} are the oldest that are supported"),
            UnsupportedServer::NoVersion => "its version can't be understood".to_owned(),
        },
    })
}

/// The server's text without control characters, which could move a terminal's cursor.
fn escape_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_about_unsupported_servers() {
        let url: DatabaseUrl = "mysql://h/d".parse().unwrap();
        let refused =
            |version: &str, comment| identified(&url, version, comment).unwrap_err().to_string();
        assert!(identified(&url, "8.0.36-28", "Percona Server (GPL), Release 28").is_ok());
        insta::assert_snapshot!(refused("8.0.11-TiDB-v7.5.0", ""), @"h:3306 is version 8.0.11-TiDB-v7.5.0, and nothing was compared: TiDB is not supported yet, though it speaks MySQL's protocol, because it describes its schema differently. MySQL 8.0.11 and MariaDB 10.6.0 and later are, and a file of CREATE TABLE statements can be compared instead");
        assert!(refused("5.7.32", "SingleStoreDB source distribution").contains("SingleStore is"));
        insta::assert_snapshot!(refused("5.7.44-log", ""), @"h:3306 is version 5.7.44-log, and nothing was compared: MySQL 8.0.11 and MariaDB 10.6.0 are the oldest that are supported");
        insta::assert_snapshot!(refused("\u{1b}[2Jwhat", ""), @"h:3306 is version [2Jwhat, and nothing was compared: its version can't be understood");
    }
}
