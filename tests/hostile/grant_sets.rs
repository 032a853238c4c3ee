//! The grants of each account: `DB` is the database, and a line that begins with REVOKE takes
//! something back. If a server lacks one of the rights, the account is left out there.

use crate::one_in;

/// Those that always run.
const CHOSEN: [&[&str]; 38] = [
    &["SELECT, SHOW VIEW ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER ON DB.*"],
    &["SELECT, SHOW VIEW, EVENT ON DB.*"],
    &["SELECT, SHOW VIEW, EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW, CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, ALTER ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON DB.*"],
    &["SELECT, TRIGGER ON DB.*"],
    &["SELECT, TRIGGER, EVENT, EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `zz%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER, EVENT, EXECUTE ON `zz%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `_`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "EVENT ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "EXECUTE ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON DB.p"],
    &["SELECT, SHOW VIEW ON DB.*", "EXECUTE ON PROCEDURE DB.r"],
    &["SELECT, SHOW VIEW ON DB.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW, SHOW CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT, SHOW CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "SELECT ON mysql.proc"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SELECT ON mysql.proc"],
    &["SELECT ON *.*"],
    &["SELECT, SHOW VIEW ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON *.*"],
    &["ALL ON DB.*"],
    &["ALL ON *.*"],
    &["ALL ON `infra%`.*"],
    &["ALL ON `infra%`.*", "SELECT, SHOW VIEW ON DB.*"],
    &["SELECT, SHOW VIEW, INSERT ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "INSERT ON DB.p"],
    &["SELECT ON DB.*"],
    &["EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW ON `%`.*", "TRIGGER, EVENT, EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SELECT ON mysql.*"],
];

/// Those for MySQL with `partial_revokes`, where a database in a grant is no pattern; `ESCAPED` is the
/// database with backslashes.
pub(crate) const LITERAL: [&[&str]; 6] = [
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER, EVENT ON `%`.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "ALL ON `infra%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER, EVENT ON ESCAPED.*", "SHOW_ROUTINE ON *.*"],
    &["ALL ON *.*", "REVOKE TRIGGER ON DB.*"],
    &["ALL ON *.*", "REVOKE SELECT, EVENT ON DB.*"],
];

/// The rights to read tables, at every level at which they can be granted.
const BASES: [&[&str]; 9] = [
    &["SELECT ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*"],
    &["SELECT ON *.*"],
    &["SELECT, SHOW VIEW ON *.*"],
    &["SELECT, SHOW VIEW ON `%`.*"],
    &["SELECT, SHOW VIEW ON `infra%`.*"],
    &["SELECT, SHOW VIEW ON DB.p", "SELECT, SHOW VIEW ON DB.c", "SELECT, SHOW VIEW ON DB.v"],
    &["SELECT (id, a) ON DB.p", "SELECT (id, p) ON DB.c", "SHOW VIEW ON DB.v"],
    &["SELECT (id) ON DB.p", "SELECT, SHOW VIEW ON DB.*"],
];

/// Rights that show objects, and some that don't.
const RIGHTS: [&str; 9] = [
    "TRIGGER",
    "EVENT",
    "EXECUTE",
    "ALTER ROUTINE",
    "CREATE ROUTINE",
    "INSERT",
    "TRIGGER, EVENT",
    "TRIGGER, EVENT, EXECUTE",
    "TRIGGER, EVENT, SHOW CREATE ROUTINE",
];

/// Where these are granted.
const LEVELS: [&str; 5] = ["*.*", "DB.*", "`infra%`.*", "`zz%`.*", "DB.p"];

/// The rights that show the bodies of routines, each on one kind of server.
const BODIES: [&str; 2] = ["SHOW_ROUTINE ON *.*", "SELECT ON mysql.proc"];

/// What is taken back from a grant on everything. Only MySQL with `partial_revokes` does that.
const REVOKED: [&str; 6] =
    ["TRIGGER", "EVENT", "SHOW VIEW", "SELECT", "EXECUTE", "TRIGGER, EVENT, SHOW VIEW"];

/// The sets that are tried.
pub(crate) fn sets() -> Vec<Vec<String>> {
    let owned = |set: &[&str]| set.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
    let mut sets: Vec<Vec<String>> = CHOSEN.iter().map(|set| owned(set)).collect();
    if one_in(2) > 1 {
        return sets;
    }
    for base in BASES {
        let with = |more: &[String]| [owned(base), more.to_vec()].concat();
        sets.push(owned(base));
        for level in LEVELS {
            sets.extend(RIGHTS.map(|rights| with(&[format!("{rights} ON {level}")])));
        }
        for bodies in BODIES {
            sets.push(with(&[bodies.to_owned()]));
            sets.push(with(&["TRIGGER, EVENT ON DB.*".to_owned(), bodies.to_owned()]));
        }
    }
    for granted in ["ALL", "SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE"] {
        for revoked in REVOKED {
            let set = [format!("{granted} ON *.*"), format!("REVOKE {revoked} ON DB.*")];
            sets.push(set.to_vec());
            sets.push([&set[..], &["SELECT, SHOW VIEW ON DB.*".to_owned()]].concat());
            sets.push([&set[..], &["TRIGGER, EVENT ON `infra%`.*".to_owned()]].concat());
        }
    }
    sets.sort();
    sets.dedup();
    sets
}
