//! Each line of the acceptance tables, under its own name, and what else was found by trying.

use crate::diagnostic::Severity;
use crate::lint::tests::{MARIADB, MYSQL, found, found_on, messages, schema};
use crate::lint::{Confidence, Finding, Relation, redundant_to};
use crate::model::Index;

const RULE: &str = "redundant-index";

/// The columns that every table here has, before the keys under test. `a` to `c` are numbers,
/// `s` to `u` texts, `g` a point.
const COLUMNS: &str = "id int NOT NULL, a int NOT NULL, b int NOT NULL, c int NOT NULL, \
    s varchar(100), t varchar(100), u varchar(100), g point NOT NULL";

fn table(keys: &str) -> String {
    format!("CREATE TABLE x ({COLUMNS}, {keys})")
}

/// What is found in a table with these keys and the primary key (id), on MySQL.
fn keys(keys: &str) -> Vec<Finding> {
    found(RULE, &[&table(&format!("PRIMARY KEY (id), {keys}"))])
}

/// The same, in a table with no other primary key than it names itself.
fn only(keys: &str) -> Vec<Finding> {
    found(RULE, &[&table(keys)])
}

/// The name of the one index that can go and of the one that stays, and how sure that is.
fn goes(findings: &[Finding]) -> Vec<(String, String, Confidence)> {
    let last = |element: String| element.rsplit('.').next().unwrap_or_default().to_owned();
    findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .map(|finding| {
            let survivor = last(finding.related[0].to_string());
            (last(finding.element.to_string()), survivor, finding.confidence)
        })
        .collect()
}

#[track_caller]
fn assert_goes(findings: &[Finding], expected: &[(&str, &str, Confidence)]) {
    let expected: Vec<(String, String, Confidence)> = expected
        .iter()
        .map(|(goes, stays, confidence)| ((*goes).to_owned(), (*stays).to_owned(), *confidence))
        .collect();
    assert_eq!(goes(findings), expected);
}

#[track_caller]
fn assert_kept(findings: &[Finding]) {
    assert_eq!(findings, []);
}

#[track_caller]
fn assert_noted(findings: &[Finding], expected: &[&str]) {
    assert!(findings.iter().all(|finding| finding.severity == Severity::Note), "{findings:?}");
    assert_eq!(messages(findings), expected);
}

use Confidence::{Certain, Probable};

/// What other tools are measured by.
mod acceptance {
    use super::*;

    #[test]
    fn a_prefix_length_beside_the_whole_column_drops_the_prefix() {
        assert_goes(&keys("KEY k (s), KEY k10 (s(10))"), &[("k10", "k", Probable)]);
        assert_goes(&keys("KEY k10 (s(10)), KEY k (s)"), &[("k10", "k", Probable)]);
    }

    #[test]
    fn a_unique_key_on_the_beginning_of_the_primary_key_is_the_stronger_promise() {
        assert_kept(&only("PRIMARY KEY (a, b, c), UNIQUE u (a, b)"));
    }

    #[test]
    fn a_unique_key_on_the_first_column_of_the_primary_key_is_kept() {
        assert_kept(&only("PRIMARY KEY (a, b), UNIQUE u (a)"));
    }

    #[test]
    fn the_same_unique_key_twice_is_reported() {
        assert_goes(&keys("UNIQUE u (a, b), UNIQUE v (a, b)"), &[("v", "u", Certain)]);
    }

    #[test]
    fn a_visible_index_beside_a_longer_invisible_one_is_kept() {
        assert_kept(&keys("KEY k (a), KEY l (a, b) INVISIBLE"));
    }

    #[test]
    fn other_directions_are_kept() {
        assert_kept(&keys("KEY k (b, c), KEY l (b, c DESC, a)"));
    }

    #[test]
    fn a_spatial_index_beside_a_prefix_of_its_column_is_kept() {
        assert_kept(&keys("SPATIAL KEY k (g), KEY l (g(25))"));
    }

    #[test]
    fn fulltext_indexes_on_the_same_columns_in_another_order_are_reported() {
        assert_goes(&keys("FULLTEXT KEY k (s, t), FULLTEXT KEY l (t, s)"), &[("l", "k", Certain)]);
    }

    #[test]
    fn fulltext_indexes_with_other_parsers_are_kept() {
        assert_kept(&keys("FULLTEXT KEY k (s), FULLTEXT KEY l (s) WITH PARSER ngram"));
    }

    #[test]
    fn functional_parts_that_differ_are_kept_and_the_column_before_them_is_dropped() {
        assert_goes(
            &keys("KEY k (b), KEY l (b, (lower(s))), KEY m (b, (upper(s)))"),
            &[("k", "l", Probable)],
        );
    }

    #[test]
    fn the_same_functional_index_twice_is_reported() {
        assert_goes(&keys("KEY k ((lower(s))), KEY l ((lower(`s`)))"), &[("l", "k", Certain)]);
    }

    #[test]
    fn an_index_that_ends_in_the_primary_key_is_a_note() {
        assert_noted(
            &keys("KEY k (b, id)"),
            &["k (b, id) ends in the primary key, which InnoDB appends anyway"],
        );
    }

    #[test]
    fn an_index_that_ends_in_the_first_column_of_the_primary_key_is_a_note() {
        let findings = only("PRIMARY KEY (a, b), KEY k (c, a)");
        assert_noted(&findings, &["k (c, a) ends in the primary key, which InnoDB appends anyway"]);
        assert_eq!(findings[0].why, "k (c) is the same index");
    }

    #[test]
    fn a_unique_key_longer_than_the_primary_key_is_kept_if_a_foreign_key_refers_to_it() {
        let parent = table("PRIMARY KEY (id), UNIQUE u (id, a)");
        let child = "CREATE TABLE y (id int PRIMARY KEY, a int, KEY k (id, a), \
            CONSTRAINT f FOREIGN KEY (id, a) REFERENCES x (id, a))";
        assert_kept(&found(RULE, &[&parent, child]));
        assert_noted(
            &found(RULE, &[&parent]),
            &["u (id, a) promises nothing that the primary key (id) doesn't promise"],
        );
    }

    #[test]
    fn a_plain_index_longer_than_a_unique_key_is_kept() {
        assert_kept(&keys("UNIQUE u (a), KEY k (a, b)"));
    }

    #[test]
    fn two_foreign_keys_with_other_actions_are_a_conflict_not_a_duplicate() {
        let child = |second: &str| {
            format!(
                "CREATE TABLE y (id int PRIMARY KEY, a int, KEY k (a), \
                 CONSTRAINT f FOREIGN KEY (a) REFERENCES x (id) ON DELETE CASCADE, \
                 CONSTRAINT g2 FOREIGN KEY (a) REFERENCES x (id) ON DELETE {second})"
            )
        };
        let parent = table("PRIMARY KEY (id)");
        assert_noted(
            &found(RULE, &[&parent, &child("SET NULL")]),
            &["foreign key g2 (a) contradicts f: ON DELETE SET NULL against CASCADE"],
        );
        assert_eq!(
            messages(&found(RULE, &[&parent, &child("CASCADE")])),
            ["foreign key g2 (a) is the same as f: both refer to x (id)"]
        );
    }

    #[test]
    fn foreign_keys_that_tie_the_columns_the_other_way_round_are_different() {
        let parent = table("PRIMARY KEY (id), UNIQUE u (a, b), UNIQUE v (b, c)");
        let child = "CREATE TABLE y (id int PRIMARY KEY, p int, q int, KEY k (p, q), \
            CONSTRAINT f FOREIGN KEY (p, q) REFERENCES x (a, b), \
            CONSTRAINT h FOREIGN KEY (p, q) REFERENCES x (b, a))";
        assert_kept(&found(RULE, &[&parent, child]));
    }

    #[test]
    fn an_index_that_a_foreign_key_needs_goes_only_if_another_serves_it() {
        let parent = "CREATE TABLE p (id int PRIMARY KEY)";
        let child = |keys: &str| {
            let key = "CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)";
            table(&format!("PRIMARY KEY (id), {keys}, {key}"))
        };
        assert_goes(
            &found(RULE, &[parent, &child("KEY k (a), KEY l (a, b)")]),
            &[("k", "l", Probable)],
        );
        assert_kept(&found(RULE, &[parent, &child("KEY k (a), KEY l (a DESC, b)")]));
    }

    #[test]
    fn a_key_that_a_foreign_key_refers_to_goes_only_if_another_serves_it() {
        let child = "CREATE TABLE y (id int PRIMARY KEY, p int, KEY k (p), \
            CONSTRAINT f FOREIGN KEY (p) REFERENCES x (a))";
        let parent = |keys: &str| table(&format!("PRIMARY KEY (id), {keys}"));
        assert_goes(
            &found(RULE, &[&parent("UNIQUE u (a), KEY k (a)"), child]),
            &[("k", "u", Certain)],
        );
        assert_goes(
            &found(RULE, &[&parent("UNIQUE u (a), UNIQUE v (a)"), child]),
            &[("v", "u", Certain)],
        );
        assert_kept(&found(RULE, &[&parent("KEY k (a), KEY l (a DESC, b)"), child]));
    }
}

/// What the servers' own view says, and what is right.
mod against_the_sys_schema {
    use super::*;

    #[test]
    fn a_prefix_goes() {
        assert_goes(&keys("KEY k (a), KEY l (a, b)"), &[("k", "l", Probable)]);
    }

    #[test]
    fn a_prefix_of_a_unique_key_goes() {
        assert_goes(&keys("KEY k (a), UNIQUE u (a, b)"), &[("k", "u", Probable)]);
    }

    #[test]
    fn a_unique_key_longer_than_another_is_a_note() {
        assert_noted(
            &keys("UNIQUE u (a), UNIQUE v (a, b)"),
            &["v (a, b) promises nothing that u (a) doesn't promise"],
        );
    }

    #[test]
    fn the_same_columns_keep_the_unique_one() {
        assert_goes(&keys("KEY k (a), UNIQUE long_name (a)"), &[("k", "long_name", Certain)]);
        assert_goes(&keys("UNIQUE u (a), UNIQUE u_2 (a)"), &[("u_2", "u", Certain)]);
        assert_goes(&keys("KEY k (a), KEY k_2 (a)"), &[("k_2", "k", Certain)]);
    }

    #[test]
    fn columns_in_another_order_are_kept() {
        assert_kept(&keys("KEY k (a, b), KEY l (b, a)"));
    }

    #[test]
    fn unique_keys_in_another_order_are_a_note() {
        assert_noted(
            &keys("UNIQUE u (a, b), UNIQUE v (b, a)"),
            &["v (b, a) promises nothing that u (a, b) doesn't promise"],
        );
    }

    #[test]
    fn the_shorter_of_two_prefix_lengths_goes() {
        assert_goes(&keys("KEY k (s(20)), KEY l (s(10))"), &[("l", "k", Probable)]);
    }

    #[test]
    fn the_whole_column_beside_a_longer_index_on_its_beginning_is_kept() {
        assert_kept(&keys("KEY k (s), KEY l (s(10), a)"));
    }

    #[test]
    fn one_column_read_backwards_goes() {
        assert_goes(&keys("KEY k (a DESC), KEY l (a)"), &[("k", "l", Probable)]);
    }

    #[test]
    fn one_column_beside_a_longer_index_that_descends_goes() {
        assert_goes(&keys("KEY k (a), KEY l (a DESC, b)"), &[("k", "l", Probable)]);
    }

    #[test]
    fn one_direction_that_differs_is_kept() {
        assert_kept(&keys("KEY k (a, b), KEY l (a, b DESC)"));
    }

    #[test]
    fn an_invisible_longer_index_is_no_survivor() {
        assert_kept(&keys("KEY k (a), KEY l (a, b) INVISIBLE"));
        assert_goes(&keys("KEY k (a) INVISIBLE, KEY l (a, b)"), &[("k", "l", Probable)]);
    }

    #[test]
    fn the_primary_key_appended_by_hand_is_the_same() {
        assert_goes(&keys("KEY k (a), KEY l (a, id)"), &[("l", "k", Certain)]);
    }

    #[test]
    fn indexes_that_begin_with_the_primary_key() {
        assert_goes(
            &keys("KEY k (id), UNIQUE u (id), KEY l (id, a)"),
            &[("k", "primary_key", Certain), ("u", "primary_key", Certain)],
        );
    }

    #[test]
    fn the_first_column_of_the_primary_key_goes() {
        let findings = only("PRIMARY KEY (a, b), KEY k (a)");
        assert_goes(&findings, &[("k", "primary_key", Probable)]);
        assert_eq!(messages(&findings), ["k (a) is a prefix of the primary key (a, b)"]);
        assert_eq!(findings[0].why, "any query that it serves, the primary key serves too");
    }

    #[test]
    fn an_expression_is_not_a_column() {
        assert_kept(&keys("KEY k ((a + 1), b), KEY l (b)"));
    }

    #[test]
    fn an_expression_before_more_goes() {
        assert_goes(&keys("KEY k ((a + 1)), KEY l ((a + 1), b)"), &[("k", "l", Probable)]);
    }

    #[test]
    fn a_multi_valued_index_serves_no_other() {
        let array = "(cast((t -> '$.x') as unsigned array))";
        assert_kept(&keys(&format!("KEY k (a), KEY l (a, {array})")));
    }

    #[test]
    fn a_column_whose_name_has_a_comma_is_one_column() {
        let text =
            "CREATE TABLE x (id int PRIMARY KEY, a int, `a,b` int, KEY k (a), KEY l (`a,b`))";
        assert_kept(&found(RULE, &[text]));
    }

    #[test]
    fn the_same_fulltext_index_twice_is_reported() {
        assert_goes(
            &keys("FULLTEXT KEY k (s) WITH PARSER ngram, FULLTEXT KEY l (s) WITH PARSER ngram"),
            &[("l", "k", Certain)],
        );
    }

    #[test]
    fn a_hash_index_serves_its_whole_key_alone() {
        let memory = |keys: &str| {
            format!("CREATE TABLE x (id int PRIMARY KEY, a int, b int, {keys}) ENGINE=MEMORY")
        };
        assert_goes(&found(RULE, &[&memory("KEY k (a), KEY l (a)")]), &[("l", "k", Certain)]);
        assert_kept(&found(RULE, &[&memory("KEY k (a), KEY l (a, b)")]));
        assert_goes(
            &found(RULE, &[&memory("KEY k (a) USING BTREE, KEY l (a, b) USING BTREE")]),
            &[("k", "l", Probable)],
        );
    }
}

/// What is said of a finding, and which of two stays.
mod wording {
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
            "any query that it serves, the longer index serves too, but for ORDER BY id"
        );
        assert_eq!(
            findings[0].help,
            [
                "make it invisible first, then drop it; `driftline rules redundant-index`",
                "ALTER TABLE `reports` ALTER INDEX `ix_reports_timestamp` INVISIBLE;",
            ]
        );
    }

    #[test]
    fn mariadb_ignores_an_index() {
        let findings = found_on(MARIADB, RULE, &[REPORTS]);
        assert_eq!(
            findings[0].help[1],
            "ALTER TABLE `reports` ALTER INDEX `ix_reports_timestamp` IGNORED;"
        );
    }

    #[test]
    fn a_server_without_invisible_indexes_drops() {
        let server = crate::server::Server::mysql(5, 7, 0);
        let findings = found_on(server, RULE, &[REPORTS]);
        assert_eq!(
            findings[0].help,
            [
                "drop it; `driftline rules redundant-index`",
                "ALTER TABLE `reports` DROP INDEX `ix_reports_timestamp`;",
            ]
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
            "dropping it loses nothing: any query that it serves, the other serves too"
        );
        assert_eq!(
            findings[0].help[1],
            "ALTER TABLE `detection_history` DROP INDEX `idx_detection_history_timestamp`;"
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
}

#[test]
fn an_index_that_only_the_database_has_is_asked_for() {
    let table = table("PRIMARY KEY (id), KEY ix_a (a), KEY ix_bc (b, c), UNIQUE u (c)");
    let schema = schema(MYSQL, &[&table]);
    let table = schema.table("x").expect("the table");
    let ask = |text: &str| {
        let other =
            super::super::tests::schema(MYSQL, &[&format!("CREATE TABLE x ({COLUMNS}, {text})")]);
        let index: Index = other.table("x").expect("the table").indexes[0].clone();
        redundant_to(table, &index).map(|found| (found.survivor, found.relation, found.comparison))
    };
    assert_eq!(
        ask("KEY a (a)"),
        Some(("ix_a".to_owned(), Relation::Same, "is the same as ix_a (a)".to_owned()))
    );
    assert_eq!(
        ask("KEY b (b)"),
        Some(("ix_bc".to_owned(), Relation::Prefix, "is a prefix of ix_bc (b, c)".to_owned()))
    );
    assert_eq!(ask("KEY ix_a (a)"), None);
    assert_eq!(ask("UNIQUE v (a)"), None);
    assert_eq!(ask("KEY d (a, b)"), None);
}
