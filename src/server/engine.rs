//! What is known of storage engines.

/// The engines of which a server says `TRANSACTIONS: NO` in information_schema.ENGINES, and those
/// that hand rows on to where no transaction reaches.
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

/// Whether an engine is known to have no transactions. Of one that isn't known nothing is said.
pub fn is_non_transactional(engine: &str) -> bool {
    WITHOUT_TRANSACTIONS.iter().any(|known| known.eq_ignore_ascii_case(engine))
}
