//! Indexes of a running database that no statement has used.

use super::draft::Draft;
use super::subject::{Subject, serves_foreign_key};
use super::{Check, Rule, describe};
use crate::model::{Element, IndexKind};
use crate::source::IndexUse;

/// What runs once a quarter, and what replicas read, isn't known, so the rule is off.
pub(super) const RULE: Rule = Rule {
    name: "unused-index",
    summary: "an index of a running database that no statement has used for days",
    severity: None,
    page: include_str!("pages/unused-index.md"),
    check: Check::Schema(check),
};

/// For how many days a server has to have run, if schema.yaml doesn't say.
const DAYS: u64 = 7;

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let Some(indexes) = subject.source.usage.as_ref().and_then(|usage| usage.indexes.as_ref())
    else {
        return;
    };
    let wanted = subject.settings.rule_options.unused_index_days.unwrap_or(DAYS);
    let (days, unused) = match indexes {
        IndexUse::Counted { days, unused } if *days >= wanted => (*days, unused),
        IndexUse::Counted { days, .. } => {
            let ran = words_of_days(*days);
            let wanted = words_of_days(wanted);
            return drafts.push(unknown(&format!("the server has run for {ran}, not {wanted}")));
        }
        IndexUse::Unknown(why) => return drafts.push(unknown(why)),
    };
    for table in subject.schema.tables.values() {
        let Some(unused) = unused.get(&table.name) else { continue };
        let indexes = table.indexes.iter().filter(|index| {
            let is_needed = index.kind == IndexKind::Unique
                || table.foreign_keys.iter().any(|key| serves_foreign_key(index, &key.columns));
            !is_needed && !index.invisible && unused.contains(&index.name)
        });
        drafts.extend(indexes.map(|index| {
            let message = format!(
                "no statement has used {} in {}",
                describe::index(index),
                words_of_days(days)
            );
            Draft::new(Element::index(&table.name, &index.name), message)
                .probable()
                .why("each INSERT, DELETE and change of its columns keeps it up to date")
                .help("make it invisible, and drop it when nothing has missed it")
        }));
    }
}

/// `1 day`, `7 days`
fn words_of_days(days: u64) -> String {
    format!("{days} {}", if days == 1 { "day" } else { "days" })
}

/// That nothing is known, which isn't the same as that all indexes are used.
fn unknown(why: &str) -> Draft {
    Draft::new(Element::Schema, format!("which indexes are unused isn't known: {why}")).note()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use crate::lint::tests::{found_in_use, messages, used};
    use crate::source::{DatabaseUsage, IndexUse};

    const RULE: &str = "unused-index";
    const TABLES: [&str; 2] = [
        "CREATE TABLE p (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY ka (a), KEY kb (b), \
         KEY hid (b) INVISIBLE, UNIQUE ub (b), FOREIGN KEY fa (a) REFERENCES p (id))",
    ];

    fn counted(days: u64, unused: &[&str]) -> Option<DatabaseUsage> {
        let unused: BTreeSet<String> = unused.iter().map(|it| (*it).to_owned()).collect();
        let unused = BTreeMap::from([("t".to_owned(), unused)]);
        let indexes = Some(IndexUse::Counted { days, unused });
        Some(DatabaseUsage { indexes, ..used(&[]) })
    }

    #[test]
    fn what_is_used_unique_invisible_or_needed_by_a_foreign_key_is_no_finding() {
        assert_eq!(found_in_use(RULE, &TABLES, None), []);
        assert_eq!(found_in_use(RULE, &TABLES, counted(9, &[])), []);
        let needed = ["PRIMARY", "ka", "hid", "ub"];
        assert_eq!(found_in_use(RULE, &TABLES, counted(9, &needed)), []);
    }

    #[test]
    fn nothing_is_known_of_a_fresh_server() {
        assert_eq!(
            messages(&found_in_use(RULE, &TABLES, counted(1, &["kb"]))),
            ["which indexes are unused isn't known: the server has run for 1 day, not 7 days"]
        );
        let indexes = Some(IndexUse::Unknown("performance_schema is off".to_owned()));
        let usage = Some(DatabaseUsage { indexes, ..used(&[]) });
        assert_eq!(
            messages(&found_in_use(RULE, &TABLES, usage)),
            ["which indexes are unused isn't known: performance_schema is off"]
        );
    }

    #[test]
    fn an_index_without_a_use_is_found() {
        assert_eq!(
            messages(&found_in_use(RULE, &TABLES, counted(7, &["kb"]))),
            ["no statement has used kb (b) in 7 days"]
        );
    }
}
