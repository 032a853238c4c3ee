//! The modes of `sql_mode` (MySQL manual, 7.1.11 "Server SQL Modes"; MariaDB "SQL_MODE"; checked on
//! each server).

use super::{Server, Vendor};
use crate::model::Object;

const MYSQL_DEFAULT: &str = "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,\
    NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES";
const MARIADB_DEFAULT: &str =
    "ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION,STRICT_TRANS_TABLES";

const ANSI: &[&str] = &["REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE"];
const MYSQL_ANSI: &[&str] =
    &["REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "ONLY_FULL_GROUP_BY"];
const TRADITIONAL: &[&str] = &[
    "STRICT_TRANS_TABLES",
    "STRICT_ALL_TABLES",
    "NO_ZERO_IN_DATE",
    "NO_ZERO_DATE",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "NO_ENGINE_SUBSTITUTION",
];
const MARIADB_TRADITIONAL: &[&str] = &[
    "STRICT_TRANS_TABLES",
    "STRICT_ALL_TABLES",
    "NO_ZERO_IN_DATE",
    "NO_ZERO_DATE",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "NO_AUTO_CREATE_USER",
    "NO_ENGINE_SUBSTITUTION",
];
const ORACLE: &[&str] = &[
    "PIPES_AS_CONCAT",
    "ANSI_QUOTES",
    "IGNORE_SPACE",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "NO_FIELD_OPTIONS",
    "NO_AUTO_CREATE_USER",
    "SIMULTANEOUS_ASSIGNMENT",
];
// The other combined modes set the first of the same modes.
const MAXDB: &[&str] = ORACLE.split_at(7).0;
const OTHER_VENDORS: &[&str] = ORACLE.split_at(6).0;

/// What a script of statements needs in addition to a strict session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScriptNeeds {
    /// A column has a date of zeros as its default.
    pub zero_dates: bool,
    /// The script makes views, whose queries may select columns that are not in their GROUP BY. A
    /// server that is configured to allow this has allowed it so far.
    pub partial_groups: bool,
}

impl Server {
    /// The modes that a mode, in upper case, sets: those of `ANSI`, `ORACLE` and others. Empty for
    /// one that only stands for itself.
    pub fn combined_modes(&self, mode: &str) -> &'static [&'static str] {
        match (self.vendor, mode) {
            (Vendor::MySql, "ANSI") => MYSQL_ANSI,
            (Vendor::MariaDb, "ANSI") => ANSI,
            (Vendor::MySql, "TRADITIONAL") => TRADITIONAL,
            (Vendor::MariaDb, "TRADITIONAL") => MARIADB_TRADITIONAL,
            (Vendor::MariaDb, "ORACLE") => ORACLE,
            (Vendor::MariaDb, "MAXDB") => MAXDB,
            (Vendor::MariaDb, "MSSQL" | "DB2" | "POSTGRESQL") => OTHER_VENDORS,
            (Vendor::MariaDb, "MYSQL323" | "MYSQL40") => &["HIGH_NOT_PRECEDENCE"],
            _ => &[],
        }
    }

    /// The default `sql_mode` of a server: modes in alphabetical order, separated by commas.
    pub fn default_sql_mode(&self) -> &'static str {
        match self.vendor {
            Vendor::MySql => MYSQL_DEFAULT,
            Vendor::MariaDb => MARIADB_DEFAULT,
        }
    }

    /// The `sql_mode` for which generated statements are written: the default one, which is strict
    /// and has none of the modes that change how text is lexed.
    pub fn script_sql_mode(&self, needs: ScriptNeeds) -> String {
        let is_kept = |mode: &&str| match *mode {
            "NO_ZERO_DATE" | "NO_ZERO_IN_DATE" => !needs.zero_dates,
            "ONLY_FULL_GROUP_BY" => !needs.partial_groups,
            _ => true,
        };
        self.default_sql_mode().split(',').filter(is_kept).collect::<Vec<_>>().join(",")
    }

    /// The object without its session settings if they are the server's defaults.
    pub fn without_default_session(&self, object: &Object) -> Object {
        let mut object = object.clone();
        if let Some(mode) = object.sql_mode_mut()
            && mode.as_deref() == Some(self.default_sql_mode())
        {
            *mode = None;
        }
        if let Object::Event(event) = &mut object
            && event.time_zone.as_deref() == Some("SYSTEM")
        {
            event.time_zone = None;
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_runs_in_a_strict_mode_that_does_not_change_lexing() {
        for flavor in ["mysql:8.0.11", "mysql:9.7", "mariadb:10.6", "mariadb:11.8"] {
            let server: Server = flavor.parse().unwrap();
            let mode = server.script_sql_mode(ScriptNeeds::default());
            assert_eq!(mode, server.default_sql_mode(), "{flavor}");
            assert!(mode.contains("STRICT_TRANS_TABLES"), "{flavor}: {mode}");
            for read_otherwise in ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT"] {
                assert!(!mode.contains(read_otherwise), "{flavor}: {mode}");
            }
            let all = ScriptNeeds { zero_dates: true, partial_groups: true };
            let mode = server.script_sql_mode(all);
            assert!(!mode.contains("ZERO_DATE") && !mode.contains("ONLY_FULL"), "{mode}");
        }
    }
}
