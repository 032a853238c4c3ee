//! Which server's rules are used if the sources don't agree.

use crate::server::Server;
use crate::source::{Loaded, ServerSource};

/// Where the server whose rules are used is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesFrom {
    /// From `--flavor`.
    Flavor,
    /// From the old side.
    From,
    /// From the new side.
    To,
    /// From nowhere; it is assumed.
    Nothing,
}

/// The server whose rules are used. A live server is more certain than schema.yaml, and that is
/// more certain than a file of SQL: about the version, because the file may come from an older
/// server, and about the vendor, unless the file names it. Of two schema.yaml files for the same
/// vendor, the new side counts. Otherwise the old side counts, because the plan will run on it.
pub(super) fn rules(from: &Loaded, to: &Loaded, flavor: Option<Server>) -> (Server, RulesFrom) {
    if let Some(flavor) = flavor {
        return (flavor, RulesFrom::Flavor);
    }
    match (from.server, to.server) {
        (Some(old), Some(new)) if to.server_source > from.server_source => {
            let is_surer = to.server_source == ServerSource::Live
                || old.vendor == new.vendor
                || from.script.as_ref().is_some_and(|(script, _)| !script.names_vendor());
            if is_surer { (new, RulesFrom::To) } else { (old, RulesFrom::From) }
        }
        // Both are versions of one project's file, and the new side is the later one.
        (Some(old), Some(new))
            if from.is_declared && to.is_declared && old.vendor == new.vendor =>
        {
            (new, RulesFrom::To)
        }
        (Some(old), _) => (old, RulesFrom::From),
        (None, Some(new)) => (new, RulesFrom::To),
        (None, None) => (Server::ASSUMED, RulesFrom::Nothing),
    }
}

impl super::Comparison {
    /// What a person should know about the rules: why they were chosen, and which file was read by
    /// other rules than its own.
    pub fn about_rules(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let named_by = match self.rules_from {
            RulesFrom::From => Some(&self.from),
            RulesFrom::To => Some(&self.to),
            RulesFrom::Flavor | RulesFrom::Nothing => None,
        };
        if let Some(side) = named_by.filter(|side| side.server_source == ServerSource::Evidence) {
            let is_named = side.script.as_ref().is_some_and(|(it, _)| it.named_server().is_some());
            let assumed = if is_named { "" } else { ", whose version is assumed" };
            lines.push(format!("{} is of {}{assumed}", side.label, said(side, self.server)));
        }
        for side in [&self.from, &self.to] {
            let own = named(side);
            if own.is_none()
                && let Some(seeming) = side.script.as_ref().and_then(|(it, _)| it.server())
                && seeming.vendor != self.server.vendor
            {
                let (label, vendor) = (&side.label, seeming.vendor);
                lines.push(format!(
                    "{label} seems to be of {vendor}, and is read as {} does",
                    self.server
                ));
            }
            let line = |it: &Server| (it.vendor, it.version.major, it.version.minor);
            if let Some(own) = own.filter(|own| line(own) != line(&self.server)) {
                let line =
                    format!("{} is of {own}, and is read as {} does", side.label, self.server);
                lines.retain(|it| !line.starts_with(it.as_str()));
                lines.push(line);
            }
        }
        lines
    }
}

/// The server that a file of SQL names.
fn named(side: &Loaded) -> Option<Server> {
    side.script.as_ref().and_then(|(script, _)| script.named_server())
}

/// The server that a file of SQL names or seems to come from, or else the given one.
fn said(side: &Loaded, server: Server) -> Server {
    side.script.as_ref().and_then(|(script, _)| script.server()).unwrap_or(server)
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::server::Server;
    use crate::source::dump::read_from;
    use crate::source::yaml::read_text;
    use crate::source::{Loaded, ServerSource};

    fn file(text: &str) -> Loaded {
        read_from(text.as_bytes(), "dump.sql", None).unwrap()
    }

    /// The schema of a live server.
    fn live(server: Server) -> Loaded {
        let empty = read_text("live", "tables: {}\n").unwrap();
        let (server_source, is_declared) = (ServerSource::Live, false);
        Loaded { server: Some(server), server_source, is_declared, ..empty }
    }

    fn rules(from: Loaded, to: Loaded) -> (String, Vec<String>) {
        let comparison = Comparison::new(from, to, None).unwrap();
        (comparison.server.to_string(), comparison.about_rules())
    }

    const OF_57: &str = "-- Server version\t5.7.44\n";
    const LIKE_MARIADB: &str = "create table t (a int) engine=Aria;";
    const OF_MARIADB: &str = "-- Server version\t10.11.6-MariaDB\n";

    #[test]
    fn a_server_comes_before_schema_yaml_and_that_before_a_file() {
        let stated = || read_text("schema.yaml", "server: mysql:8.4\ntables: {}\n").unwrap();
        let bare = || read_text("schema.yaml", "tables: {}\n").unwrap();
        let server = Server::mariadb(11, 8, 9);
        let name = |(server, _): (String, Vec<String>)| server;
        assert_eq!(name(rules(stated(), live(server))), "MariaDB 11.8.9");
        assert_eq!(name(rules(live(server), stated())), "MariaDB 11.8.9");
        assert_eq!(name(rules(file(OF_57), live(server))), "MariaDB 11.8.9");
        assert_eq!(name(rules(file("-- Server version\t8.0.36\n"), stated())), "MySQL 8.4");
        assert_eq!(name(rules(file(OF_57), stated())), "MySQL 8.4");
        assert_eq!(name(rules(file(OF_MARIADB), stated())), "MariaDB 10.11.6");
        assert_eq!(name(rules(stated(), file(OF_MARIADB))), "MySQL 8.4");
        // A word that only one vendor has may be a typo, and doesn't name a server.
        assert_eq!(name(rules(file(LIKE_MARIADB), stated())), "MySQL 8.4");
        assert_eq!(name(rules(stated(), file(LIKE_MARIADB))), "MySQL 8.4");
        assert_eq!(name(rules(file(LIKE_MARIADB), bare())), "MariaDB 10.11");
        assert_eq!(name(rules(file(OF_MARIADB), bare())), "MariaDB 10.11.6");
        assert_eq!(name(rules(bare(), file(OF_MARIADB))), "MariaDB 10.11.6");
        assert_eq!(name(rules(file(""), file(OF_MARIADB))), "MariaDB 10.11.6");
        assert_eq!(
            name(rules(file(OF_MARIADB), file("-- Server version\t9.7.4\n"))),
            "MariaDB 10.11.6"
        );
        let newer = read_text("schema.yaml", "server: mysql:9.7\ntables: {}\n").unwrap();
        assert_eq!(name(rules(stated(), newer)), "MySQL 9.7");
        assert_eq!(name(rules(file(OF_57), bare())), "MySQL 8.0");
        assert_eq!(name(rules(file(""), file(""))), "MySQL 8.4");
    }

    #[test]
    fn a_file_read_by_other_rules_than_its_own_is_named() {
        let bare = || read_text("schema.yaml", "tables: {}\n").unwrap();
        let about = |(_, lines): (String, Vec<String>)| lines.join("\n");
        assert_eq!(
            about(rules(file(OF_57), live(Server::mysql(9, 7, 4)))),
            "dump.sql is of MySQL 5.7.44, and is read as MySQL 9.7.4 does"
        );
        assert_eq!(about(rules(file(OF_MARIADB), bare())), "dump.sql is of MariaDB 10.11.6");
        assert_eq!(about(rules(file(""), live(Server::mysql(9, 7, 4)))), "");
        assert_eq!(
            about(rules(file(LIKE_MARIADB), live(Server::mysql(9, 7, 4)))),
            "dump.sql seems to be of MariaDB, and is read as MySQL 9.7.4 does"
        );
        assert_eq!(
            about(rules(file(OF_57), bare())),
            "dump.sql is of MySQL 5.7.44, and is read as MySQL 8.0 does"
        );
    }

    #[test]
    fn a_file_is_read_by_the_rules_of_the_other_side() {
        let table = "create table t (j json, n int check (n > 0));";
        let comparison =
            Comparison::new(file(table), live(Server::mariadb(11, 8, 9)), None).unwrap();
        let table = comparison.old.table("t").unwrap();
        assert!(table.checks.is_empty() && table.column("n").unwrap().check.is_some());
    }

    #[test]
    fn keys_in_a_column_are_read_as_by_the_server() {
        for (server, indexes) in [(Server::mysql(9, 7, 4), 1), (Server::mariadb(11, 8, 9), 0)] {
            let of_server = || Loaded {
                now: "2020-06-01 12:00:00".parse().ok(),
                server_source: ServerSource::Live,
                ..read_from(&b"create table t (id serial primary key);"[..], "x", Some(server))
                    .unwrap()
            };
            let stated = read_text(
                "schema.yaml",
                "tables: { t: { columns: { id: serial primary key } } }\n",
            );
            let comparison = Comparison::new(of_server(), stated.unwrap(), None).unwrap();
            assert!(comparison.is_in_sync(), "{server}: {:?}", comparison.difference);
            assert_eq!(comparison.to.schema.table("t").unwrap().indexes.len(), indexes, "{server}");
        }
    }

    #[test]
    fn a_dump_of_an_old_server_is_compared() {
        let dump = format!(
            "{OF_57}create table a (id int(11) not null, n tinyint(3), v varchar(9), primary key (id)) default charset=utf8mb4;"
        );
        let wanted = |collation: &str, check: &str| {
            let text = format!(
                "defaults: {{ charset: utf8mb4, collation: {collation} }}\ntables:\n  a:\n    \
                 columns: {{ id: int not null, n: tinyint, v: varchar(9) }}\n    primary_key: [id]\n{check}"
            );
            read_text("schema.yaml", &text).unwrap()
        };
        let same = wanted("utf8mb4_general_ci", "");
        assert!(Comparison::new(file(&dump), same, None).unwrap().is_in_sync());
        let check = wanted("utf8mb4_general_ci", "    checks: { c: n > 0 }\n");
        let comparison = Comparison::new(file(&dump), check, None).unwrap();
        assert!(comparison.refused().is_empty());
        assert_eq!(comparison.plan.steps.len(), 1);
        let mut newer = wanted("utf8mb4_0900_ai_ci", "");
        newer.server = Some(Server::mysql(9, 7, 4));
        assert!(Comparison::new(file(&dump), newer, None).unwrap().is_in_sync());
    }
}
