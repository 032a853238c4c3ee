//! How much of a thing a server takes, where servers differ.

use super::{Server, Vendor};

impl Server {
    /// The most parts of an index (MySQL 10.4.7 "Limits on Table Column Count and Row Size";
    /// MariaDB "InnoDB Limitations").
    pub fn most_index_parts(&self) -> usize {
        match self.vendor {
            Vendor::MySql => 16,
            Vendor::MariaDb => 32,
        }
    }

    /// The most bytes that a VARCHAR or VARBINARY may be declared with (found by trial: MariaDB keeps
    /// room for the length and a bit for NULL whatever the column is).
    pub fn longest_varchar(&self) -> u32 {
        match self.vendor {
            Vendor::MySql => 65_535,
            Vendor::MariaDb => 65_532,
        }
    }

    /// The most characters of so many bytes of a TINYTEXT that an index takes (found by trial).
    pub fn most_of_tiny_text(&self, bytes_per_character: u32) -> u32 {
        match self.vendor {
            Vendor::MySql => 255 / bytes_per_character.max(1),
            Vendor::MariaDb => 255,
        }
    }

    /// The most digits after the point of a DECIMAL (MySQL 13.1.3 "Fixed-Point Types", MariaDB
    /// "DECIMAL").
    pub fn most_decimals(&self) -> u32 {
        match self.vendor {
            Vendor::MySql => 30,
            Vendor::MariaDb => 38,
        }
    }
}

/// The engines that read a foreign key and forget it (MySQL 15.1.20.5 "FOREIGN KEY Constraints",
/// MariaDB "Foreign Keys").
const ENGINES_WITHOUT_FOREIGN_KEYS: &[&str] =
    &["MyISAM", "MEMORY", "HEAP", "CSV", "Aria", "MARIA", "ARCHIVE", "MRG_MyISAM", "MERGE"];

/// Whether tables of an engine can have foreign keys, and be referenced by them; of an engine that
/// isn't known it is taken to be so.
pub fn engine_has_foreign_keys(engine: &str) -> bool {
    !ENGINES_WITHOUT_FOREIGN_KEYS.iter().any(|it| it.eq_ignore_ascii_case(engine))
}
