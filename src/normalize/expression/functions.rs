//! What is known of functions: their synonyms, and which of them the servers were seen to keep as
//! they are.

use crate::server::{Server, Vendor};

/// Names that a server replaces by another when it stores an expression (or that mean the same),
/// with the name that stands for both here. Seen on MySQL 9.7, MariaDB 10.11 and 11.8.
const SYNONYMS: &[(&str, &str)] = &[
    ("atan2", "atan"),
    ("ceil", "ceiling"),
    ("character_length", "char_length"),
    ("current_date", "curdate"),
    ("current_time", "curtime"),
    ("current_timestamp", "now"),
    ("day", "dayofmonth"),
    ("lcase", "lower"),
    ("localtimestamp", "now"),
    ("nvl", "ifnull"),
    ("octet_length", "length"),
    ("power", "pow"),
    ("schema", "database"),
    ("sha1", "sha"),
    ("st_geometryfromtext", "st_geomfromtext"),
    ("stddev", "std"),
    ("stddev_pop", "std"),
    ("var_pop", "variance"),
    ("ucase", "upper"),
];

/// The name that stands for a function and its synonyms.
pub(in crate::normalize) fn canonical_name(name: &str) -> &str {
    SYNONYMS.iter().find(|(synonym, _)| *synonym == name).map_or(name, |(_, name)| name)
}

/// The functions, by their canonical names, whose stored form was compared with the written one
/// on the servers, so that two different texts of them are known to differ. For any other only
/// equal trees tell something.
const VERIFIED: &[&str] = &[
    "abs",
    "addtime",
    "ascii",
    "atan",
    "bit_count",
    "bit_length",
    "ceiling",
    "char",
    "char_length",
    "coalesce",
    "compress",
    "concat",
    "concat_ws",
    "connection_id",
    "conv",
    "crc32",
    "curdate",
    "current_user",
    "curtime",
    "database",
    "date_format",
    "dayname",
    "dayofmonth",
    "dayofweek",
    "dayofyear",
    "degrees",
    "elt",
    "exp",
    "export_set",
    "extract",
    "field",
    "find_in_set",
    "floor",
    "format",
    "from_days",
    "from_unixtime",
    "greatest",
    "hex",
    "hour",
    "if",
    "ifnull",
    "inet6_aton",
    "inet6_ntoa",
    "inet_aton",
    "insert",
    "interval",
    "is_ipv4",
    "json_array",
    "json_contains",
    "json_contains_path",
    "json_extract",
    "json_keys",
    "json_length",
    "json_object",
    "json_overlaps",
    "json_quote",
    "json_remove",
    "json_search",
    "json_set",
    "json_type",
    "json_unquote",
    "json_valid",
    "json_value",
    "last_day",
    "least",
    "left",
    "length",
    "ln",
    "locate",
    "log",
    "log10",
    "log2",
    "lower",
    "lpad",
    "ltrim",
    "make_set",
    "makedate",
    "md5",
    "microsecond",
    "minute",
    "month",
    "monthname",
    "now",
    "nullif",
    "ord",
    "period_diff",
    "pi",
    "point",
    "pow",
    "quarter",
    "quote",
    "radians",
    "rand",
    "random_bytes",
    "regexp_instr",
    "regexp_like",
    "regexp_replace",
    "regexp_substr",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sec_to_time",
    "second",
    "sha",
    "sha2",
    "sign",
    "sin",
    "soundex",
    "space",
    "sqrt",
    "st_astext",
    "st_geomfromtext",
    "str_to_date",
    "strcmp",
    "substr",
    "substring_index",
    "sysdate",
    "time_format",
    "time_to_sec",
    "timediff",
    "timestamp",
    "timestampdiff",
    "to_base64",
    "to_days",
    "to_seconds",
    "trim",
    "truncate",
    "unhex",
    "unix_timestamp",
    "upper",
    "user",
    "utc_date",
    "utc_timestamp",
    "uuid",
    "uuid_short",
    "uuid_to_bin",
    "bin_to_uuid",
    "week",
    "weekday",
    "year",
    "yearweek",
];

/// Whether the servers were seen to keep the function as [`canonical_name`] and the rewriting
/// expect it.
pub(in crate::normalize) fn is_verified(name: &str, arguments: usize) -> bool {
    // WEEK(x) depends on a variable, and each server writes its value out or not.
    (name, arguments) != ("week", 1) && VERIFIED.contains(&name)
}

/// Beside those, what was compared in the queries of views: aggregates, windows, and the words that
/// stand for parts of them in the tree. A name with a point is a stored function's.
const VERIFIED_IN_QUERIES: &[&str] = &[
    "adddate",
    "aes_decrypt",
    "aes_encrypt",
    "against",
    "all",
    "any",
    "any_value",
    "avg",
    "benchmark",
    "bit_and",
    "bit_or",
    "bit_xor",
    "convert_tz",
    "count",
    "cume_dist",
    "dense_rank",
    "desc",
    "exists",
    "first_value",
    "found_rows",
    "frame",
    "from_base64",
    "get_lock",
    "group_concat",
    "grouping",
    "inet_ntoa",
    "is_free_lock",
    "is_ipv6",
    "json_array_append",
    "json_arrayagg",
    "json_depth",
    "json_insert",
    "json_merge_patch",
    "json_merge_preserve",
    "json_objectagg",
    "json_replace",
    "lag",
    "last_insert_id",
    "last_value",
    "lead",
    "maketime",
    "match",
    "max",
    "min",
    "nth_value",
    "ntile",
    "order",
    "over",
    "partition",
    "percent_rank",
    "period_add",
    "rank",
    "row_count",
    "row_number",
    "sleep",
    "st_distance",
    "st_x",
    "std",
    "stddev_samp",
    "subtime",
    "sum",
    "utc_time",
    "var_samp",
    "variance",
    "version",
    "window",
];

/// Whether a query that calls the function is kept as the rewriting expects it.
pub(in crate::normalize) fn is_verified_in_query(
    name: &str,
    arguments: usize,
    server: Server,
) -> bool {
    match (name, arguments) {
        ("week", 1) => server.vendor == Vendor::MariaDb,
        _ => {
            is_verified(name, arguments)
                || VERIFIED_IN_QUERIES.contains(&name)
                || name.contains('.')
        }
    }
}

/// The functions whose value is 0, 1 or NULL.
pub(in crate::normalize) fn is_boolean(name: &str) -> bool {
    matches!(
        name,
        "regexp_like"
            | "json_valid"
            | "json_contains"
            | "json_contains_path"
            | "json_overlaps"
            | "is_ipv4"
            | "is_ipv6"
            | "is_uuid"
            | "exists"
    )
}
