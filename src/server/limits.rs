//! Limits that differ between servers.

use super::{Server, Vendor};

impl Server {
    /// The maximum number of parts in an index (MySQL 10.4.7 "Limits on Table Column Count and Row
    /// Size"; MariaDB "InnoDB Limitations").
    pub fn most_index_parts(&self) -> usize {
        match self.vendor {
            Vendor::MySql => 16,
            Vendor::MariaDb => 32,
        }
    }

    /// The maximum declared length of a VARCHAR or VARBINARY in bytes (found by trial: MariaDB
    /// always reserves room for the length and a NULL bit).
    pub fn longest_varchar(&self) -> u32 {
        match self.vendor {
            Vendor::MySql => 65_535,
            Vendor::MariaDb => 65_532,
        }
    }

    /// The maximum number of characters of a TINYTEXT in an index, for this many bytes per
    /// character (found by trial).
    pub fn most_of_tiny_text(&self, bytes_per_character: u32) -> u32 {
        match self.vendor {
            Vendor::MySql => 255 / bytes_per_character.max(1),
            Vendor::MariaDb => 255,
        }
    }

    /// The maximum number of decimals of a DECIMAL (MySQL 13.1.3 "Fixed-Point Types", MariaDB
    /// "DECIMAL").
    pub fn most_decimals(&self) -> u32 {
        match self.vendor {
            Vendor::MySql => 30,
            Vendor::MariaDb => 38,
        }
    }
}

/// The engines that parse foreign keys and ignore them (MySQL 15.1.20.5 "FOREIGN KEY Constraints",
/// MariaDB "Foreign Keys").
const ENGINES_WITHOUT_FOREIGN_KEYS: &[&str] =
    &["MyISAM", "MEMORY", "HEAP", "CSV", "Aria", "MARIA", "ARCHIVE", "MRG_MyISAM", "MERGE"];

/// Whether tables of an engine can have foreign keys and be referenced by them. `true` for an
/// unknown engine.
pub fn engine_has_foreign_keys(engine: &str) -> bool {
    !ENGINES_WITHOUT_FOREIGN_KEYS.iter().any(|it| it.eq_ignore_ascii_case(engine))
}
