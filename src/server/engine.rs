//! Properties of storage engines.

/// The engines with `TRANSACTIONS: NO` in information_schema.ENGINES, and those that pass rows on
/// to a place without transactions.
const WITHOUT_TRANSACTIONS: &[&str] = &[
    "MyISAM",
    "Aria",
    "MEMORY",
    "HEAP",
    "CSV",
    "ARCHIVE",
    "MRG_MyISAM",
    "MERGE",
    "BLACKHOLE",
    "FEDERATED",
    "S3",
];

/// Whether an engine certainly has no transactions. `false` for an unknown engine.
pub fn is_non_transactional(engine: &str) -> bool {
    WITHOUT_TRANSACTIONS.iter().any(|known| known.eq_ignore_ascii_case(engine))
}
