use super::*;

fn expression(text: &str) -> Expression {
    with_canonical(&Expression::new(text))
}

/// The corpus: each written expression, and what each server showed for it.
fn corpus() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut all: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for line in include_str!("corpus.txt").lines() {
        match (line.split_once('\t'), all.last_mut()) {
            _ if line.is_empty() || line.starts_with('#') => {}
            (Some((server, stored)), Some((_, texts))) => texts.push((server, stored)),
            _ => all.push((line, Vec::new())),
        }
    }
    all
}

#[test]
fn what_a_server_stored_is_the_same_as_what_was_written() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (written, texts) in corpus() {
        for (server, stored) in texts {
            compared += 1;
            let found = compare(&expression(written), &expression(stored));
            let known_unknown = UNKNOWN.contains(&written) && found == Sameness::Unknown;
            if found != Sameness::Same && !known_unknown {
                wrong.push(format!(
                    "{found:?} {server}: {written} | {stored}\n  {:?}\n  {:?}",
                    spelling(written),
                    spelling(stored)
                ));
            }
        }
    }
    assert!(compared > 1000, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
}

/// Expressions that are reported as uncertain, because their stored form loses something.
const UNKNOWN: &[&str] = &[
    "interval 1 day + dt > d",
    "week(d) = 1",
    "d = {d '2020-01-01'}",
    "char(65 using utf8mb4) = 'x'",
    "b = 0b101",
    "b = _binary'x'",
    "b = _binary 0xff",
    "b = _latin1'é'",
    "b = '😀'",
    "weight_string(b)",
    "localtime",
    "session_user()",
];

#[test]
fn texts_of_different_meaning_are_different() {
    for (a, b) in [
        ("a > 1", "a >= 1"),
        ("a > 1", "b > 1"),
        ("a > 1", "1 > a"),
        ("a - b - c", "a - (b - c)"),
        ("a + b * c", "(a + b) * c"),
        ("a or b and c", "(a or b) and c"),
        ("not a = b", "(not a) = b"),
        ("not (a and b)", "not a and not b"),
        ("a in (1,2)", "a in (2,1)"),
        ("a in (1,2)", "a not in (1,2)"),
        ("a between 1 and 2", "a not between 1 and 2"),
        ("b = 'x'", "b = 'X'"),
        ("b = 'x'", "b = 'x '"),
        ("b = 'x'", "b = `x`"),
        ("b like 'x%'", "b not like 'x%'"),
        ("b like 'x\\_'", "b like 'x_'"),
        ("b = '\\n'", "b = 'n'"),
        ("upper(b)", "lower(b)"),
        ("length(b)", "char_length(b)"),
        ("substr(b, 1)", "substr(b, 1, 1)"),
        ("cast(a as char)", "cast(a as char(1))"),
        ("cast(a as char charset latin1)", "cast(a as char)"),
        ("cast(a as signed)", "cast(a as unsigned)"),
        ("d + interval 1 day", "d - interval 1 day"),
        ("d + interval 1 day", "d + interval 1 hour"),
        ("if(a, b, c)", "if(a, c, b)"),
        ("case when a then b end", "case when a then b else c end"),
        ("json_extract(j, '$.a')", "json_unquote(json_extract(j, '$.a'))"),
        ("a is null", "a is not null"),
        ("a is true", "a is not false"),
        ("a % 2", "a div 2"),
        ("1.0", "1.00"),
        ("b collate utf8mb4_bin = 'x'", "b = 'x'"),
        ("locate(b, c)", "instr(b, c)"),
        ("a xor b", "a or b"),
        ("now()", "now(3)"),
        ("cast(j as unsigned array)", "cast(j as unsigned)"),
    ] {
        assert_eq!(compare(&expression(a), &expression(b)), Sameness::Different, "{a} | {b}");
    }
}

#[test]
fn what_was_not_verified_is_not_guessed_at() {
    for (a, b) in [
        ("my_function(a)", "other_function(a)"),
        ("a = 0x41", "a = 'A'"),
        ("match(b) against ('x')", "match(b) against ('y')"),
        ("week(d)", "week(d, 0)"),
        ("b = '\u{1F600}'", "b = '????'"),
        ("a = ", "a"),
    ] {
        assert_eq!(compare(&expression(a), &expression(b)), Sameness::Unknown, "{a} | {b}");
    }
    for (a, b) in [
        ("MY_FUNCTION( a,1 )", "`my_function`(`a`, 1)"),
        ("my_function(a, not b)", "my_function(`a`,(0 = `b`))"),
        ("match(b) against ('x')", "match (b)  against('x')"),
        ("b = 0x41", "(`b` = X'41')"),
    ] {
        let found = compare(&expression(a), &expression(b));
        let expected = if b.starts_with('`') { Sameness::Unknown } else { Sameness::Same };
        assert_eq!(found, expected, "{a} | {b}");
    }
}

#[test]
fn no_text_exhausts_the_stack() {
    for open in ["(", "not ", "-", "!", "case ", "if(", "interval ", "~(", "cast("] {
        assert_eq!(canonical(&open.repeat(100_000)), None);
    }
    let long = format!("a{}", " + 1".repeat(20_000));
    let _ = canonical(&long);
}

#[test]
fn literals_and_operators_are_read_as_servers_read_them() {
    for (a, b) in [
        ("b = '\\a\\f'", "b = 'af'"),
        ("a = 0b101", "a = b'101'"),
        ("a != 1", "a<>1"),
        ("/*! a */ + /* b */ 1", "a + 1"),
        ("0B1 = 0x", "`0b1` = `0x`"),
        ("b = \"x\" 'y'", "b = 'xy'"),
    ] {
        assert_eq!(compare(&expression(a), &expression(b)), Sameness::Same, "{a} | {b}");
    }
}

#[test]
fn what_the_vendors_read_differently_is_not_read() {
    assert_eq!(canonical("!!a"), None);
    assert_eq!(canonical("! !a"), canonical("a <> 0"));
}
