//! Comparison with the view of the sys schema that lists redundant indexes.

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
        &["v (a, b) guarantees nothing that u (a) doesn't guarantee"],
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
        &["v (b, a) guarantees nothing that u (a, b) doesn't guarantee"],
    );
}

#[test]
fn the_shorter_of_two_prefix_lengths_goes() {
    assert_goes(&keys("KEY k (s(20)), KEY l (s(10))"), &[("l", "k", Probable)]);
}

#[test]
fn the_whole_column_is_kept_where_a_longer_index_has_a_prefix_of_it() {
    assert_kept(&keys("KEY k (s), KEY l (s(10), a)"));
}

#[test]
fn one_column_read_backwards_goes() {
    assert_goes(&keys("KEY k (a DESC), KEY l (a)"), &[("k", "l", Probable)]);
}

#[test]
fn one_column_goes_where_a_longer_index_descends() {
    assert_goes(&keys("KEY k (a), KEY l (a DESC, b)"), &[("k", "l", Probable)]);
}

#[test]
fn one_direction_that_differs_is_kept() {
    assert_kept(&keys("KEY k (a, b), KEY l (a, b DESC)"));
}

#[test]
fn an_invisible_longer_index_is_no_survivor() {
    assert_kept(&keys("KEY k (a), KEY l (a, b) INVISIBLE"));
    // An invisible index already waits to be dropped, so it is only a note.
    assert_noted(&keys("KEY k (a) INVISIBLE, KEY l (a, b)"), &["k (a) is a prefix of l (a, b)"]);
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
    let text = "CREATE TABLE x (id int PRIMARY KEY, a int, `a,b` int, KEY k (a), KEY l (`a,b`))";
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
