//! The texts of findings, and which of two indexes stays.

use super::*;

const REPORTS: &str = "CREATE TABLE reports (id varchar(36) PRIMARY KEY, \
    location varchar(255), timestamp datetime NOT NULL, \
    KEY ix_reports_timestamp (timestamp), \
    KEY idx_reports_timestamp_location (timestamp, location))";

#[test]
fn a_prefix_says_what_the_longer_index_does_not_serve() {
    let findings = found(RULE, &[REPORTS]);
    assert_eq!(
        messages(&findings),
        ["ix_reports_timestamp (timestamp) is a prefix of \
          idx_reports_timestamp_location (timestamp, location)"]
    );
    assert_eq!(
        findings[0].why,
        "any query that it serves, the longer index serves too, except for ORDER BY id"
    );
    assert_eq!(
        findings[0].help,
        [
            "hide it first, and remove it from schema.yaml once nothing has needed it; \
             `driftline rules redundant-index`",
            "write `ix_reports_timestamp: { columns: [timestamp], invisible: true }`",
            "`driftline generate` then writes ALTER TABLE `reports` ALTER INDEX \
             `ix_reports_timestamp` INVISIBLE;",
        ]
    );
}

#[test]
fn mariadb_ignores_an_index() {
    let findings = found_on(MARIADB, RULE, &[REPORTS]);
    assert_eq!(
        findings[0].help[2],
        "`driftline generate` then writes ALTER TABLE `reports` ALTER INDEX \
         `ix_reports_timestamp` IGNORED;"
    );
}

#[test]
fn an_exact_duplicate_loses_nothing() {
    let findings = found(
        RULE,
        &["CREATE TABLE detection_history (id varchar(36) PRIMARY KEY, timestamp datetime, \
           KEY idx_detection_history_timestamp (timestamp), \
           KEY ix_detection_history_timestamp (timestamp))"],
    );
    assert_goes(
        &findings,
        &[("idx_detection_history_timestamp", "ix_detection_history_timestamp", Certain)],
    );
    assert_eq!(
        messages(&findings),
        ["idx_detection_history_timestamp (timestamp) is the same as \
          ix_detection_history_timestamp (timestamp)"]
    );
    assert_eq!(
        findings[0].why,
        "drop loses nothing: any query that it serves, the other serves too"
    );
    assert_eq!(
        findings[0].help[1],
        "`driftline generate` then writes ALTER TABLE `detection_history` DROP INDEX \
         `idx_detection_history_timestamp`;"
    );
}

#[test]
fn the_survivor_is_one_that_stays() {
    assert_goes(
        &keys("KEY k (a), KEY l (a, b), KEY m (a, b, c)"),
        &[("k", "m", Probable), ("l", "m", Probable)],
    );
}

#[test]
fn an_order_that_the_longer_index_keeps_is_not_said_to_be_lost() {
    let findings = keys("KEY k (a), KEY l (a, id, b)");
    assert_eq!(findings[0].why, "any query that it serves, the longer index serves too");
}

#[test]
fn an_index_that_a_foreign_key_needs_stays_where_both_are_the_same() {
    let parent = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))";
    let child = table(
        "PRIMARY KEY (id), KEY k (a), KEY l (a, id), \
         CONSTRAINT f FOREIGN KEY (a, id) REFERENCES p (a, b)",
    );
    assert_goes(&found(RULE, &[parent, &child]), &[("k", "l", Certain)]);
}

#[test]
fn a_myisam_table_appends_nothing() {
    let table = "CREATE TABLE x (id int PRIMARY KEY, a int, b int, \
        KEY k (a), KEY l (a, id)) ENGINE=MyISAM";
    assert_goes(&found(RULE, &[table]), &[("k", "l", Probable)]);
}
