//! Invalid partitions of a table.

use super::errors;

fn titles(partitioning: &str) -> Vec<String> {
    let text = format!(
        "tables:\n  t:\n    columns: {{ id: int not null, d: date not null }}\n    partitioning: {partitioning}\n"
    );
    let errors = errors(&text);
    errors.lines().filter_map(|line| Some(line.strip_prefix("error: ")?.to_owned())).collect()
}

#[test]
fn partitions_are_wrong_at_their_place() {
    let errors = errors(
        r"tables:
  t:
    columns:
      id: int not null
    partitioning:
      by: range columns (id)
      partitions:
        a: less then (10)
        b: less than (10, 20)
      subpartition_by: key (idd)
",
    );
    let places: Vec<&str> =
        errors.lines().filter_map(|line| Some(line.split_once("--> ")?.1)).collect();
    assert_eq!(places, ["schema.yaml:8:12", "schema.yaml:9:22"], "{errors}");
}

#[test]
fn every_contradiction_is_reported() {
    for (partitioning, title) in [
        ("{ by: range (id) }", "the partitions of range and list have to be listed"),
        ("{ by: rang (id) }", "expected RANGE, LIST, HASH, KEY or SYSTEM_TIME, found `rang`"),
        ("{ count: 4 }", "`partitioning` has no `by`"),
        ("{ by: hash (id), count: 0 }", "a table has from 1 to 8192 partitions"),
        ("{ by: hash (id), count: 2, partitions: [a] }", "partitions are either counted or listed"),
        ("{ by: hash (id), patitions: [a] }", "`partitioning` has no key `patitions`"),
        ("{ by: hash (id), subpartitions: 2 }", "`subpartitions` needs `subpartition_by`"),
        (
            "{ by: hash (id), subpartition_by: hash (id) }",
            "only partitions by range or list are divided again",
        ),
        (
            "{ by: hash (id), partitions: { a: less than (1) } }",
            "the partition `a` needs no values: the hash decides",
        ),
        (
            "{ by: range (id), partitions: { a: in (1) } }",
            "the partition `a` needs `less than (…)`",
        ),
        ("{ by: list (id), partitions: { a: less than (1) } }", "the partition `a` needs `in (…)`"),
        (
            "{ by: list (id), partitions: { a: in (1), A: in (2) } }",
            "the partition `A` is there twice: names are compared without case",
        ),
        (
            "{ by: list (id), partitions: { a: { values: in (1), coment: x } } }",
            "a partition has no key `coment`",
        ),
        (
            "{ by: range (id), partitions: {} }",
            "a table that is partitioned has at least one partition",
        ),
        ("{ by: key (x) }", "the table has no column `x`"),
        ("by range (id)", "the partitions of RANGE and LIST have to be listed"),
        ("by hash (id) partitions x", "expected a number of partitions, found `x`"),
        ("kept", "expected RANGE, LIST, HASH, KEY or SYSTEM_TIME, found `kept`"),
        ("4", "`partitioning` has to be a string"),
    ] {
        assert_eq!(titles(partitioning), [title], "{partitioning}");
    }
}
