//! The targets of `fuzz/` on stable Rust, with changed copies of the project's own texts: no panic,
//! and never much memory or time.
//!
//! `DRIFTLINE_FUZZ_RUNS` is the number of inputs for each target, `DRIFTLINE_FUZZ_SEED` selects
//! them. An input that fails is made as small as possible and printed. If one ends the process, it
//! is in the file that is named first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(unreachable_pub)]

mod support;
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use driftline::ddl::create_table;
use driftline::server::Server;
use driftline::source::yaml;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use support::case::cases;

/// How many inputs each target gets.
const RUNS: &str = "DRIFTLINE_FUZZ_RUNS";

/// The seed of the random numbers.
const SEED: &str = "DRIFTLINE_FUZZ_SEED";

/// The maximum size of an input in bytes.
const LONGEST: usize = 1 << 16;

/// The maximum memory for an input, in MB, and the maximum processor time. Both are generous:
/// whatever grows faster than its input exceeds them soon.
const MOST_MEMORY: u64 = 256;
const LONGEST_TIME: Duration = Duration::from_secs(20);

/// What texts consist of besides their own words.
const SPICE: &[&str] = &[
    "(",
    ")",
    "'",
    "\"",
    "`",
    "\\",
    ",",
    ";",
    "/*!80000 ",
    "/*M!100000 ",
    "*/",
    "--\n",
    "#",
    "\n",
    "\t",
    "  ",
    ":",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: *a",
    "|\n",
    ">\n",
    "---\n",
    "!!str ",
    "null",
    "0",
    "-1",
    "18446744073709551616",
    "1e999",
    "0x",
    "x'",
    "b'2'",
    "_utf8mb4",
    "é",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "😀",
    "delimiter //\n",
    "case",
    "end",
    "not",
    "select",
    "between",
    "interval",
    "||",
    "@@a",
    "renamed_from: ",
    "generated always as ",
    "default (",
    "check (",
    "partition by range (",
];

/// SQL that the cases have little of.
const SQL: [&str; 4] = [
    "CREATE TABLE t (a int, b date NOT NULL, PRIMARY KEY (a, b)) COMMENT='x'
/*!50100 PARTITION BY RANGE (year(b)) SUBPARTITION BY HASH (a) SUBPARTITIONS 2
(PARTITION p0 VALUES LESS THAN (1990) ENGINE = InnoDB, PARTITION p1 VALUES LESS THAN MAXVALUE) */;
ALTER TABLE t DROP PARTITION p0, ADD COLUMN c int AFTER a;
",
    "CREATE TABLE v (x int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED
ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e), f date, u date, PERIOD FOR p (f, u),
UNIQUE (x, p WITHOUT OVERLAPS)) WITH SYSTEM VERSIONING;
CREATE SEQUENCE q START WITH 1 INCREMENT BY 2 MINVALUE 1 MAXVALUE 100 CACHE 10 CYCLE;
",
    "/*!50001 CREATE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY INVOKER VIEW `w` (`i`) AS
select `t`.`a` AS `i` from (`t` join `v` on((`t`.`a` = `v`.`x`))) where exists(select 1) group by
`t`.`a` having (count(0) > 1) order by 1 limit 2 WITH LOCAL CHECK OPTION */;
CREATE OR REPLACE VIEW z AS WITH c AS (SELECT 1 AS n) SELECT n, sum(n) OVER (ORDER BY n) FROM c UNION SELECT 2, 3;
",
    "DELIMITER ;;
CREATE DEFINER=`a`@`%` TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END ;;
CREATE PROCEDURE p(IN a int, OUT b varchar(10)) DETERMINISTIC BEGIN DECLARE c int DEFAULT 0;
l: LOOP IF c > 1 THEN LEAVE l; END IF; SET c = c + 1; END LOOP; END ;;
CREATE FUNCTION f(a int) RETURNS int READS SQL DATA COMMENT 'x' RETURN a * 2 ;;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ON COMPLETION PRESERVE DISABLE DO DELETE FROM t ;;
DELIMITER ;
",
];

/// One change to a text: the kind, which of its words, which others, and how often.
type Change = (u8, u16, u16, u8);

#[test]
fn yaml_is_read_or_refused() {
    let texts = cases().into_iter().flat_map(|case| [case.before, case.after]);
    let mut texts: Vec<String> = texts.flatten().collect();
    texts.extend(
        ["src/source/live/recorded/mysql.yaml", "examples/schema.yaml"].iter().filter_map(read),
    );
    fuzz("yaml", &texts, targets::yaml);
}

#[test]
fn dumps_are_read_or_refused() {
    let server = Server::mysql(8, 4, 3);
    let mut texts: Vec<String> = cases()
        .iter()
        .filter_map(|case| yaml::read_text("before", case.after.as_deref()?).ok())
        .map(|loaded| {
            let tables = loaded.schema.tables.values();
            tables.map(|table| create_table(table, &server) + ";\n").collect()
        })
        .collect();
    texts.extend(["examples/safety-live.sql"].iter().filter_map(read));
    texts.extend(SQL.map(str::to_owned));
    fuzz("dump", &texts, targets::dump);
}

#[test]
fn expressions_are_understood_or_not() {
    let recorded = read(&"src/normalize/expression/corpus.txt").unwrap();
    let texts: Vec<String> = lines(&recorded);
    fuzz("expression", &texts, targets::expression);
}

#[test]
fn queries_are_understood_or_not() {
    let recorded = read(&"src/normalize/select/corpus.txt").unwrap();
    let texts: Vec<String> = lines(&recorded);
    fuzz("select", &texts, targets::select);
}

/// The recorded queries and the servers' texts, without the marks before them.
fn lines(recorded: &str) -> Vec<String> {
    let lines = recorded.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').map_or(line, |(_, text)| text).to_owned()).collect()
}

fn read(path: &&str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// Runs a target on inputs made from the texts, only one input at a time in the whole process.
fn fuzz(name: &str, texts: &[String], target: fn(&[u8])) {
    static ALONE: Mutex<()> = Mutex::new(());
    assert!(texts.len() > 1, "nothing to make inputs of");
    let config =
        Config { cases: number(RUNS, 150), failure_persistence: None, ..Config::default() };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number(SEED, 1).to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let change = (0..9_u8, any::<u16>(), any::<u16>(), any::<u8>());
    let inputs = (any::<u16>(), any::<u16>(), prop::collection::vec(change, 0..12));
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
    println!("the last input of {name} is in {}", last.display());
    let outcome = runner.run(&inputs, |(first, second, changes)| {
        let input = changed(at(texts, first), at(texts, second), &changes);
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        fs::write(&last, &input).unwrap();
        let before = peak_memory(true);
        let started = worked();
        target(input.as_bytes());
        let (time, memory) = (worked() - started, peak_memory(false).saturating_sub(before));
        drop(alone);
        prop_assert!(time < LONGEST_TIME, "it takes {time:?}:\n{input}");
        prop_assert!(memory < MOST_MEMORY, "it takes {memory} MB:\n{input}");
        Ok::<(), TestCaseError>(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{reason}"),
        Err(TestError::Fail(reason, (first, second, changes))) => {
            let input = changed(at(texts, first), at(texts, second), &changes);
            panic!("{reason}\nof the input\n{input}");
        }
    }
}

fn number(variable: &str, default: u32) -> u32 {
    let Ok(text) = std::env::var(variable) else { return default };
    text.parse().unwrap_or_else(|error| panic!("{variable}={text}: {error}"))
}

fn at(texts: &[String], number: u16) -> &str {
    &texts[usize::from(number) % texts.len()]
}

/// The first text after the changes; inserted words come from the second.
fn changed(first: &str, second: &str, changes: &[Change]) -> String {
    let mut words: Vec<&str> = words(first);
    let others = self::words(second);
    for (kind, place, other, times) in changes {
        let len = words.len();
        let (place, other) = (usize::from(*place) % (len + 1), usize::from(*other));
        let pick = |words: &[&'static str]| words[other % words.len()];
        match kind {
            0 => drop(words.splice(place..(place + 1 + other % 4).min(len), [])),
            1 if place < len => words.insert(place, words[place]),
            2 if place < len => words.swap(place, other % len),
            3 if !others.is_empty() => words.insert(place, others[other % others.len()]),
            4 => words.insert(place, pick(SPICE)),
            5 => words.truncate(place),
            // Deeper, or longer.
            6 => {
                let many = usize::from(*times) * 40;
                words.splice(place..place, std::iter::repeat_n(pick(SPICE), many));
            }
            7 if place < len => {
                let word = words[place];
                words.splice(place..place, std::iter::repeat_n(word, usize::from(*times) * 8));
            }
            8 => {
                let from = place.min(other % (len + 1));
                let part = words[from..place.max(other % (len + 1))].to_vec();
                words.splice(place..place, part);
            }
            _ => {}
        }
        if words.iter().map(|word| word.len()).sum::<usize>() > LONGEST {
            break;
        }
    }
    let mut text: String = words.concat();
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text
}

/// A text's words, spaces and symbols.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

/// The processor time of the process, from Linux, so that a busy machine makes no difference. Zero
/// on other systems.
fn worked() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The peak memory of the process in MB, from Linux; `reset` starts a new measurement. 0 on other
/// systems.
fn peak_memory(reset: bool) -> u64 {
    if reset && fs::write("/proc/self/clear_refs", "5").is_err() {
        return u64::MAX;
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
