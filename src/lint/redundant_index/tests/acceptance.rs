//! Cases from the acceptance tests of other tools.

use super::*;

#[test]
fn a_prefix_goes_where_an_index_has_the_whole_column() {
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
fn a_visible_index_is_kept_where_the_longer_one_is_invisible() {
    assert_kept(&keys("KEY k (a), KEY l (a, b) INVISIBLE"));
}

#[test]
fn other_directions_are_kept() {
    assert_kept(&keys("KEY k (b, c), KEY l (b, c DESC, a)"));
}

#[test]
fn a_spatial_index_is_kept_where_another_has_a_prefix_of_its_column() {
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
        &["u (id, a) guarantees nothing that the primary key (id) doesn't guarantee"],
    );
}

#[test]
fn a_plain_index_longer_than_a_unique_key_is_kept() {
    assert_kept(&keys("UNIQUE u (a), KEY k (a, b)"));
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
    assert_goes(&found(RULE, &[&parent("UNIQUE u (a), KEY k (a)"), child]), &[("k", "u", Certain)]);
    assert_goes(
        &found(RULE, &[&parent("UNIQUE u (a), UNIQUE v (a)"), child]),
        &[("v", "u", Certain)],
    );
    assert_kept(&found(RULE, &[&parent("KEY k (a), KEY l (a DESC, b)"), child]));
}
