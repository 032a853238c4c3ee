//! The known character sets, collations and engines.
//!
//! MySQL manual, 12.10 "Supported Character Sets and Collations"; MariaDB "Supported Character Sets
//! and Collations"; listed by MySQL 9.7, MariaDB 10.11 and 11.8. A name is known if any version of
//! the vendor has it, or if it is composed in the same way as such a name.

use super::charset::CHARSETS;
use super::{Capability, Server, Vendor, Version};

/// The collations of character sets other than Unicode, except `_bin`, without the character set's
/// name.
const OF_CHARSETS: &[(&str, &[&str])] = &[
    ("armscii8", &["general_ci"]),
    ("ascii", &["general_ci"]),
    ("big5", &["chinese_ci"]),
    ("cp1250", &["croatian_ci", "czech_cs", "general_ci", "polish_ci"]),
    ("cp1251", &["bulgarian_ci", "general_ci", "general_cs", "ukrainian_ci"]),
    ("cp1256", &["general_ci"]),
    ("cp1257", &["general_ci", "lithuanian_ci"]),
    ("cp850", &["general_ci"]),
    ("cp852", &["general_ci"]),
    ("cp866", &["general_ci"]),
    ("cp932", &["japanese_ci"]),
    ("dec8", &["swedish_ci"]),
    ("eucjpms", &["japanese_ci"]),
    ("euckr", &["korean_ci"]),
    ("gb18030", &["chinese_ci", "unicode_520_ci"]),
    ("gb2312", &["chinese_ci"]),
    ("gbk", &["chinese_ci"]),
    ("geostd8", &["general_ci"]),
    ("greek", &["general_ci"]),
    ("hebrew", &["general_ci"]),
    ("hp8", &["english_ci"]),
    ("keybcs2", &["general_ci"]),
    ("koi8r", &["general_ci"]),
    ("koi8u", &["general_ci"]),
    (
        "latin1",
        &[
            "danish_ci",
            "general_ci",
            "general_cs",
            "german1_ci",
            "german2_ci",
            "spanish_ci",
            "swedish_ci",
        ],
    ),
    ("latin2", &["croatian_ci", "czech_cs", "general_ci", "hungarian_ci"]),
    ("latin5", &["turkish_ci"]),
    ("latin7", &["estonian_cs", "general_ci", "general_cs"]),
    ("macce", &["general_ci"]),
    ("macroman", &["general_ci"]),
    ("sjis", &["japanese_ci"]),
    ("swe7", &["swedish_ci"]),
    ("tis620", &["thai_ci"]),
    ("ujis", &["japanese_ci"]),
    ("utf16le", &["general_ci"]),
];

const UNICODE: &[&str] = &["ucs2", "utf16", "utf32", "utf8mb3", "utf8mb4"];

/// The collations of every Unicode character set, except `_bin`.
const OF_UNICODE: &[&str] = &[
    "croatian_ci",
    "czech_ci",
    "danish_ci",
    "esperanto_ci",
    "estonian_ci",
    "general_ci",
    "general_mysql500_ci",
    "german2_ci",
    "hungarian_ci",
    "icelandic_ci",
    "latvian_ci",
    "lithuanian_ci",
    "persian_ci",
    "polish_ci",
    "roman_ci",
    "romanian_ci",
    "sinhala_ci",
    "slovak_ci",
    "slovenian_ci",
    "spanish2_ci",
    "spanish_ci",
    "swedish_ci",
    "turkish_ci",
    "unicode_520_ci",
    "unicode_ci",
    "vietnamese_ci",
];

/// Those that only one vendor has.
const OF_UNICODE_MYSQL: &[&str] = &["tolower_ci"];
const OF_UNICODE_MARIADB: &[&str] =
    &["croatian_mysql561_ci", "general1400_as_ci", "myanmar_ci", "thai_520_w2"];

/// The languages of `utf8mb4_…_0900_…`.
const LANGUAGES_OF_0900: &[&str] = &[
    "bg", "bs", "cs", "da", "de_pb", "eo", "es", "es_trad", "et", "gl", "hr", "hu", "is", "ja",
    "la", "lt", "lv", "mn_cyrl", "nb", "nn", "pl", "ro", "ru", "sk", "sl", "sr_latn", "sv", "tr",
    "vi", "zh",
];

/// The languages of `…_uca1400_…`.
const LANGUAGES_OF_1400: &[&str] = &[
    "croatian",
    "czech",
    "danish",
    "esperanto",
    "estonian",
    "german2",
    "hungarian",
    "icelandic",
    "latvian",
    "lithuanian",
    "persian",
    "polish",
    "roman",
    "romanian",
    "sinhala",
    "slovak",
    "slovenian",
    "spanish",
    "spanish2",
    "swedish",
    "turkish",
    "vietnamese",
];

/// The newest versions whose names are known; newer ones may have more.
const NEWEST_MYSQL: Version = Version { major: 9, minor: 7, patch: Version::NEWEST_PATCH };
const NEWEST_MARIADB: Version = Version { major: 11, minor: 8, patch: Version::NEWEST_PATCH };

/// Engines that both vendors have, compiled in or as plugins.
const ENGINES: &[&str] = &[
    "InnoDB",
    "INNOBASE",
    "MyISAM",
    "MEMORY",
    "HEAP",
    "CSV",
    "ARCHIVE",
    "BLACKHOLE",
    "FEDERATED",
    "MRG_MyISAM",
    "MERGE",
    "EXAMPLE",
    "PERFORMANCE_SCHEMA",
    "ROCKSDB",
    "TokuDB",
];
const ENGINES_MYSQL: &[&str] = &["ndbcluster", "NDB", "ndbinfo"];
const ENGINES_MARIADB: &[&str] = &[
    "Aria",
    "MARIA",
    "CONNECT",
    "Cassandra",
    "Columnstore",
    "Mroonga",
    "OQGRAPH",
    "S3",
    "SEQUENCE",
    "SPHINX",
    "SPIDER",
];

impl Server {
    /// Whether all names that the server can have are known here.
    fn is_known(&self) -> bool {
        self.version
            <= match self.vendor {
                Vendor::MySql => NEWEST_MYSQL,
                Vendor::MariaDb => NEWEST_MARIADB,
            }
    }

    /// The character sets that the server has.
    pub fn charsets(&self) -> impl Iterator<Item = &'static str> {
        let has_gb18030 = self.vendor == Vendor::MySql;
        let names = CHARSETS.iter().map(|(name, ..)| *name);
        names.filter(move |name| has_gb18030 || *name != "gb18030")
    }

    /// Whether the server certainly has no such character set. The name is in lower case.
    pub fn lacks_charset(&self, charset: &str) -> bool {
        self.is_known() && !self.charsets().any(|name| name == charset)
    }

    /// Whether the server certainly has no such collation. The name is in lower case and begins
    /// with that of its character set. Collations that only newer versions have are a
    /// [`Capability`] and are not refused here.
    pub fn lacks_collation(&self, collation: &str) -> bool {
        let is_of_capability = collation.contains("uca1400")
            && !self.can(Capability::Uca1400Collations)
            || collation.contains("_0900_") && !self.can(Capability::Uca900Collations);
        self.is_known()
            && collation != "binary"
            && !is_of_capability
            && !self.has_collation(collation)
    }

    fn has_collation(&self, collation: &str) -> bool {
        let Some((charset, rest)) = collation.split_once('_') else { return false };
        if !self.charsets().any(|name| name == charset) {
            return false;
        }
        let padded = rest.replace("nopad_", "");
        let rest = if self.vendor == Vendor::MariaDb { padded.as_str() } else { rest };
        let is_unicode = UNICODE.contains(&charset);
        rest == "bin"
            || self.own_collations_of(charset).any(|own| own == rest)
            || charset == "utf8mb4"
                && of_language(rest, "0900_", LANGUAGES_OF_0900, VARIANTS_OF_0900)
            || is_unicode
                && self.vendor == Vendor::MariaDb
                && rest.strip_prefix("uca1400_").is_some_and(is_of_1400)
    }

    /// The collations of a character set that are listed by name, without the character set's name
    /// and without `bin`.
    fn own_collations_of(&self, charset: &str) -> impl Iterator<Item = &'static str> {
        let of_charset = OF_CHARSETS.iter().find(|(name, _)| *name == charset);
        let of_vendor = match self.vendor {
            Vendor::MySql => OF_UNICODE_MYSQL,
            Vendor::MariaDb => OF_UNICODE_MARIADB,
        };
        let unicode = UNICODE.contains(&charset).then_some([OF_UNICODE, of_vendor]);
        let lists = of_charset.map(|(_, rest)| *rest).into_iter();
        lists.chain(unicode.into_iter().flatten()).flatten().copied()
    }

    /// The collations of a character set that are listed by name, without those composed of a
    /// language and a variant.
    pub fn collations_of(&self, charset: &str) -> Vec<String> {
        let mut names: Vec<String> =
            self.own_collations_of(charset).map(|rest| format!("{charset}_{rest}")).collect();
        names.push(format!("{charset}_bin"));
        if charset == "utf8mb4" {
            names.extend(VARIANTS_OF_0900.iter().map(|it| format!("utf8mb4_0900_{it}")));
        }
        names
    }

    /// What a name that is certainly none of the server's engines may have been meant for. A plugin
    /// can have any name, so one that resembles no engine is not judged.
    pub fn engine_meant_by(&self, engine: &str) -> Option<Meant> {
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(engine));
        let (own, other) = match self.vendor {
            Vendor::MySql => (ENGINES_MYSQL, ENGINES_MARIADB),
            Vendor::MariaDb => (ENGINES_MARIADB, ENGINES_MYSQL),
        };
        if is(ENGINES) || is(own) {
            return None;
        }
        if is(other) {
            return self.is_known().then_some(Meant::OfOthers);
        }
        let names = ENGINES.iter().chain(own).copied();
        crate::diagnostic::near_name(engine, names).map(Meant::Near)
    }
}

/// What an unknown engine's name may have been meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// A typo for this name.
    Near(&'static str),
    /// An engine of other servers.
    OfOthers,
}

const VARIANTS_OF_0900: &[&str] = &["ai_ci", "as_ci", "as_cs", "as_cs_ks", "bin"];

/// `ai_ci`, `swedish_as_cs`: the rest after `uca1400_`.
fn is_of_1400(rest: &str) -> bool {
    ["ai_ci", "ai_cs", "as_ci", "as_cs"].iter().any(|variant| {
        rest == *variant
            || rest
                .strip_suffix(variant)
                .and_then(|language| language.strip_suffix('_'))
                .is_some_and(|language| LANGUAGES_OF_1400.contains(&language))
    })
}

/// `0900_ai_ci`, `de_pb_0900_as_cs`
fn of_language(rest: &str, mark: &str, languages: &[&str], variants: &[&str]) -> bool {
    let Some((language, variant)) = rest.split_once(mark) else { return false };
    let language = language.strip_suffix('_').unwrap_or(language);
    (language.is_empty() || languages.contains(&language)) && variants.contains(&variant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_collations() {
        let (mysql, mariadb) = (Server::mysql(9, 7, 4), Server::mariadb(11, 8, 6));
        for name in [
            "binary",
            "latin1_bin",
            "utf8mb4_0900_ai_ci",
            "utf8mb4_de_pb_0900_as_cs",
            "utf8mb4_unicode_ci",
        ] {
            assert!(!mysql.lacks_collation(name) && !mariadb.lacks_collation(name), "{name}");
        }
        for name in ["utf8mb4_uca1400_swedish_nopad_as_cs", "utf8mb4_uca1400_ai_ci"] {
            assert!(!mariadb.lacks_collation(name), "{name}");
        }
        let nopad = "utf8mb4_nopad_bin";
        assert!(mysql.lacks_collation(nopad) && !mariadb.lacks_collation(nopad));
        for name in ["utf8mb4_general", "utf9_general_ci", "latin1_0900_ai_ci", "utf8mb4_xx_ci"] {
            assert!(mysql.lacks_collation(name) && mariadb.lacks_collation(name), "{name}");
        }
        assert!(!Server::mysql(10, 0, 0).lacks_collation("utf8mb4_xx_ci"));
        assert!(mariadb.lacks_charset("gb18030") && !mysql.lacks_charset("gb18030"));
    }

    #[test]
    fn names_of_engines() {
        let (mysql, mariadb) = (Server::mysql(9, 7, 4), Server::mariadb(11, 8, 6));
        assert_eq!(mysql.engine_meant_by("inodb"), Some(Meant::Near("InnoDB")));
        assert_eq!(mysql.engine_meant_by("Aria"), Some(Meant::OfOthers));
        assert_eq!(mariadb.engine_meant_by("aria"), None);
        assert_eq!(mariadb.engine_meant_by("XENGINE9"), None);
    }
}
