//! Character sets: their default collations, and the maximum bytes per character.
//!
//! MySQL manual, 12.2 "Character Sets and Collations in MySQL"; MariaDB "Supported Character Sets
//! and Collations".

use super::{Server, Vendor, Version};

/// Name, default collation on every server, and maximum bytes per character. The defaults of
/// Unicode character sets differ between servers: see [`Server::default_collation`].
pub(super) const CHARSETS: &[(&str, &str, u32)] = &[
    ("armscii8", "armscii8_general_ci", 1),
    ("ascii", "ascii_general_ci", 1),
    ("big5", "big5_chinese_ci", 2),
    ("binary", "binary", 1),
    ("cp1250", "cp1250_general_ci", 1),
    ("cp1251", "cp1251_general_ci", 1),
    ("cp1256", "cp1256_general_ci", 1),
    ("cp1257", "cp1257_general_ci", 1),
    ("cp850", "cp850_general_ci", 1),
    ("cp852", "cp852_general_ci", 1),
    ("cp866", "cp866_general_ci", 1),
    ("cp932", "cp932_japanese_ci", 2),
    ("dec8", "dec8_swedish_ci", 1),
    ("eucjpms", "eucjpms_japanese_ci", 3),
    ("euckr", "euckr_korean_ci", 2),
    ("gb18030", "gb18030_chinese_ci", 4),
    ("gb2312", "gb2312_chinese_ci", 2),
    ("gbk", "gbk_chinese_ci", 2),
    ("geostd8", "geostd8_general_ci", 1),
    ("greek", "greek_general_ci", 1),
    ("hebrew", "hebrew_general_ci", 1),
    ("hp8", "hp8_english_ci", 1),
    ("keybcs2", "keybcs2_general_ci", 1),
    ("koi8r", "koi8r_general_ci", 1),
    ("koi8u", "koi8u_general_ci", 1),
    ("latin1", "latin1_swedish_ci", 1),
    ("latin2", "latin2_general_ci", 1),
    ("latin5", "latin5_turkish_ci", 1),
    ("latin7", "latin7_general_ci", 1),
    ("macce", "macce_general_ci", 1),
    ("macroman", "macroman_general_ci", 1),
    ("sjis", "sjis_japanese_ci", 2),
    ("swe7", "swe7_swedish_ci", 1),
    ("tis620", "tis620_thai_ci", 1),
    ("ucs2", "ucs2_general_ci", 2),
    ("ujis", "ujis_japanese_ci", 3),
    ("utf16", "utf16_general_ci", 4),
    ("utf16le", "utf16le_general_ci", 4),
    ("utf32", "utf32_general_ci", 4),
    ("utf8mb3", "utf8mb3_general_ci", 3),
    ("utf8mb4", "utf8mb4_0900_ai_ci", 4),
];

/// The Unicode character sets whose default changed in MariaDB 11.5 (its
/// `character_set_collations`).
const UCA1400_BY_DEFAULT: &[(&str, &str)] = &[
    ("ucs2", "ucs2_uca1400_ai_ci"),
    ("utf16", "utf16_uca1400_ai_ci"),
    ("utf32", "utf32_uca1400_ai_ci"),
    ("utf8mb3", "utf8mb3_uca1400_ai_ci"),
    ("utf8mb4", "utf8mb4_uca1400_ai_ci"),
];

/// The character set's canonical name in lower case: `utf8` is `utf8mb3` on every server.
pub fn charset_name(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "utf8" => "utf8mb3".to_owned(),
        lower => lower.to_owned(),
    }
}

/// The collation's canonical name in lower case, and the character set if the name contains it:
/// `utf8_bin` is `utf8mb3_bin`. MariaDB's `uca1400_ai_ci` contains none.
pub fn collation_name(name: &str) -> (String, Option<String>) {
    let lower = name.to_ascii_lowercase();
    let full = match lower.strip_prefix("utf8_") {
        Some(rest) => format!("utf8mb3_{rest}"),
        None => lower,
    };
    let charset = full.split('_').next().map(str::to_owned);
    if charset.as_deref() == Some("uca1400") { (full, None) } else { (full, charset) }
}

/// Whether the collation's name shows that it belongs to the character set.
pub fn names_charset(collation: &str, charset: &str) -> bool {
    collation_name(collation).1.is_some_and(|own| own == charset_name(charset))
}

/// The maximum bytes per character; 4 if the character set is unknown.
pub fn bytes_per_character(charset: &str) -> u32 {
    CHARSETS.iter().find(|(name, ..)| *name == charset).map_or(4, |(.., bytes)| *bytes)
}

impl Server {
    /// The collation of `CHARACTER SET charset` without COLLATE; `None` if the character set is
    /// unknown. A server can be configured otherwise (`default_collation_for_utf8mb4`,
    /// `character_set_collations`); this is its default.
    pub fn default_collation(&self, charset: &str) -> Option<&'static str> {
        let charset = charset_name(charset);
        let first_uca900 = Version { major: 8, minor: 0, patch: 1 };
        let first_uca1400 = Version { major: 11, minor: 5, patch: 1 };
        match self.vendor {
            Vendor::MariaDb if self.version >= first_uca1400 => {
                let changed = UCA1400_BY_DEFAULT.iter().find(|(name, _)| *name == charset);
                if let Some((_, collation)) = changed {
                    return Some(collation);
                }
            }
            Vendor::MariaDb if charset == "utf8mb4" => return Some("utf8mb4_general_ci"),
            Vendor::MySql if charset == "utf8mb4" && self.version < first_uca900 => {
                return Some("utf8mb4_general_ci");
            }
            _ => {}
        }
        CHARSETS.iter().find(|(name, ..)| *name == charset).map(|(_, collation, _)| *collation)
    }

    /// The character set of a database that is created without one. MariaDB before 11.6 is compiled
    /// with latin1, but all of its packages and images set utf8mb4.
    pub fn default_charset(&self) -> &'static str {
        "utf8mb4"
    }

    /// The engine of a table that is created without one (MySQL 18.1, MariaDB "Storage Engines").
    pub fn default_engine(&self) -> &'static str {
        "InnoDB"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_collations_by_server() {
        let of = |server: Server, charset| server.default_collation(charset);
        assert_eq!(of(Server::mysql(9, 7, 4), "utf8mb4"), Some("utf8mb4_0900_ai_ci"));
        assert_eq!(of(Server::mysql(5, 7, 44), "utf8mb4"), Some("utf8mb4_general_ci"));
        assert_eq!(of(Server::mysql(9, 7, 4), "utf8"), Some("utf8mb3_general_ci"));
        assert_eq!(of(Server::mariadb(10, 11, 19), "UTF8MB4"), Some("utf8mb4_general_ci"));
        assert_eq!(of(Server::mariadb(11, 4, 2), "utf8mb4"), Some("utf8mb4_general_ci"));
        assert_eq!(of(Server::mariadb(11, 8, 6), "utf8mb4"), Some("utf8mb4_uca1400_ai_ci"));
        assert_eq!(of(Server::mariadb(11, 8, 6), "utf8"), Some("utf8mb3_uca1400_ai_ci"));
        assert_eq!(of(Server::mariadb(11, 8, 6), "latin1"), Some("latin1_swedish_ci"));
        assert_eq!(of(Server::mysql(8, 4, 0), "klingon"), None);
    }

    #[test]
    fn names_of_charsets_and_collations() {
        assert_eq!(charset_name("UTF8"), "utf8mb3");
        assert_eq!(collation_name("utf8_bin"), ("utf8mb3_bin".into(), Some("utf8mb3".into())));
        assert_eq!(collation_name("Binary"), ("binary".into(), Some("binary".into())));
        assert_eq!(collation_name("uca1400_ai_ci"), ("uca1400_ai_ci".into(), None));
        assert_eq!(bytes_per_character("latin1"), 1);
    }
}
