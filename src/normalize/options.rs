//! Table options as the server keeps them.

use super::charset::{Collated, effective};
use super::json;
use crate::model::{EngineAttributes, Table, TableOptions};
use crate::server::Server;
use crate::syntax::quote_identifier;

/// The names of the engines as servers show them, each with its other names.
const ENGINES: &[(&str, &[&str])] = &[
    ("InnoDB", &["INNOBASE"]),
    ("MyISAM", &[]),
    ("MEMORY", &["HEAP"]),
    ("CSV", &[]),
    ("ARCHIVE", &[]),
    ("BLACKHOLE", &[]),
    ("FEDERATED", &[]),
    ("MRG_MyISAM", &["MRG_MYISAM", "MERGE"]),
    ("ndbcluster", &["NDB"]),
    ("Aria", &["MARIA"]),
    ("ROCKSDB", &[]),
    ("SPIDER", &[]),
    ("CONNECT", &[]),
    ("S3", &[]),
    ("Columnstore", &[]),
    ("Mroonga", &[]),
    ("SEQUENCE", &[]),
];

/// Options that have no effect if they have this value, because it is the default.
const SAYING_NOTHING: &[(&str, &str)] = &[
    ("AUTOEXTEND_SIZE", "0"),
    ("AVG_ROW_LENGTH", "0"),
    ("CHECKSUM", "0"),
    ("DELAY_KEY_WRITE", "0"),
    ("ENCRYPTION", "'N'"),
    ("ENGINE_ATTRIBUTE", "''"),
    ("INSERT_METHOD", "NO"),
    ("KEY_BLOCK_SIZE", "0"),
    ("MAX_ROWS", "0"),
    ("MIN_ROWS", "0"),
    ("PACK_KEYS", "DEFAULT"),
    ("PAGE_CHECKSUM", "1"),
    ("SECONDARY_ENGINE_ATTRIBUTE", "''"),
    ("STATS_AUTO_RECALC", "DEFAULT"),
    ("STATS_PERSISTENT", "DEFAULT"),
    ("STATS_SAMPLE_PAGES", "DEFAULT"),
    ("STATS_SAMPLE_PAGES", "0"),
    // A table gets this one unless innodb_file_per_table is off on the server.
    ("TABLESPACE", "`innodb_file_per_table`"),
    ("TRANSACTIONAL", "1"),
];

/// Makes a table's options effective. Returns its character set and collation, if they are known.
pub(super) fn normalize(
    options: &mut TableOptions,
    server: Server,
    outer: Option<&Collated>,
) -> Option<Collated> {
    let engine = options.engine.take().unwrap_or_else(|| server.default_engine().to_owned());
    let engine = engine_name(engine);
    let (charset, collation) = (options.charset.as_deref(), options.collation.as_deref());
    let collated = effective(server, charset, collation, outer);
    options.charset = collated.as_ref().map(|it| it.charset.clone());
    options.collation = collated.as_ref().map(|it| it.collation.clone());
    // InnoDB uses DYNAMIC unless innodb_default_row_format says otherwise.
    options.row_format = options
        .row_format
        .take()
        .map(|format| format.to_ascii_uppercase())
        .filter(|format| format != "DEFAULT" && !(format == "DYNAMIC" && engine == "InnoDB"));
    options.engine = Some(engine);
    options.comment = storable(&options.comment);
    let other = std::mem::take(&mut options.other).into_iter();
    options.other = other
        .map(|(name, value)| {
            let name = name.to_ascii_uppercase();
            let value = option_value(&name, value);
            (name, value)
        })
        .filter(|(name, value)| !SAYING_NOTHING.contains(&(name.as_str(), value.as_str())))
        .collect();
    collated
}

/// Spells the value of an option in one way: `'1'` as `1`, `default` as `DEFAULT`, `4M` as
/// `4194304`. The name of a tablespace gets backticks.
fn option_value(name: &str, value: String) -> String {
    match name {
        "TABLESPACE" if !value.starts_with('`') => return quote_identifier(&value),
        "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => return json::quoted(value),
        // Some versions show this word in quotes.
        "ENCRYPTED" | "PAGE_COMPRESSED" => {
            return option_value("", value.trim_matches('\'').to_owned());
        }
        "AUTOEXTEND_SIZE" => return bytes(&value).map_or(value, |bytes| bytes.to_string()),
        _ => {}
    }
    let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inner {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.to_owned()
        }
        Some(_) => value,
        None if value.bytes().all(|byte| byte.is_ascii_alphabetic()) => value.to_ascii_uppercase(),
        None => value,
    }
}

/// The number of bytes of a size with its unit (MySQL 17.6.3.9 "Tablespace AUTOEXTEND_SIZE
/// Configuration").
fn bytes(size: &str) -> Option<u64> {
    let units: [(&[char], u64); 3] =
        [(&['k', 'K'], 1 << 10), (&['m', 'M'], 1 << 20), (&['g', 'G'], 1 << 30)];
    let with_unit = units.iter().find_map(|(unit, each)| Some((size.strip_suffix(*unit)?, *each)));
    let (number, each) = with_unit.unwrap_or((size, 1));
    number.parse::<u64>().ok()?.checked_mul(each)
}

/// Spells the options that a column or an index has for its engine in one way.
pub(super) fn attributes(attributes: &mut EngineAttributes) {
    json::attributes(attributes);
    for value in attributes.engine_options.values_mut() {
        // Some versions show words in quotes too.
        let word = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let is_word = |it: &&str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphabetic());
        if let Some(word) = word.filter(is_word) {
            *value = word.to_owned();
        }
        *value = option_value("", std::mem::take(value));
    }
}

/// The name of an engine as the servers show it.
pub(super) fn engine_name(given: String) -> String {
    let known = ENGINES.iter().find(|(name, others)| {
        name.eq_ignore_ascii_case(&given)
            || others.iter().any(|other| other.eq_ignore_ascii_case(&given))
    });
    known.map_or(given, |(name, _)| (*name).to_owned())
}

/// Whether a table has this engine. The table's options must be normalized.
pub(super) fn is_engine(table: &Table, engine: &str) -> bool {
    table.options.engine.as_deref() == Some(engine)
}

/// A comment as the servers can keep it. They keep it in utf8mb3, so a character that needs more
/// than three bytes becomes `?`.
pub(crate) fn storable(comment: &str) -> String {
    comment.chars().map(|c| if u32::from(c) > 0xffff { '?' } else { c }).collect()
}
