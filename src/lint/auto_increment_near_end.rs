//! AUTO_INCREMENT columns of a running database that have few numbers left.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::ddl;
use crate::diagnostic::Severity;
use crate::model::{ColumnType, Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "auto-increment-near-end",
    summary: "an AUTO_INCREMENT column of a running database with few numbers left",
    severity: Some(Severity::Warning),
    page: include_str!("pages/auto-increment-near-end.md"),
    check: Check::Table(check),
};

/// From this part of the numbers on, in percent, it is a note.
const NOTE: u128 = 50;
/// From this part on it has the severity of the rule.
const USUAL: u128 = 75;

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let Some(usage) = &subject.source.usage else { return };
    let Some(next) = usage.next_values.get(&table.name) else { return };
    let Some(column) = table.columns.iter().find(|column| column.auto_increment) else { return };
    let ColumnType::Integer { size, sign, .. } = &column.ty else { return };
    let Ok(last) = u128::try_from(size.range(*sign).1) else { return };
    let used = u128::from(next.saturating_sub(1));
    let percent = used * 100 / last.max(1);
    if percent < NOTE {
        return;
    }
    let message = format!(
        "AUTO_INCREMENT column {} of {} is {}, and {used} of {last} numbers are used ({percent} %)",
        column.name,
        table.name,
        ddl::column_type(&column.ty, subject.server)
    );
    let draft = Draft::new(Element::column(&table.name, &column.name), message)
        .why("after the last one each INSERT fails, with error 1062 or 167")
        .help("make it `bigint unsigned`, and what refers to it before, while there is time");
    drafts.push(if percent < USUAL { draft.note() } else { draft });
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found_in_use, messages, used};

    const RULE: &str = "auto-increment-near-end";
    const TABLE: &str = "CREATE TABLE t (id tinyint unsigned AUTO_INCREMENT PRIMARY KEY)";

    #[test]
    fn what_is_half_empty_and_what_is_no_running_database_is_no_finding() {
        assert_eq!(found_in_use(RULE, &[TABLE], Some(used(&[("t", 128)]))), []);
        assert_eq!(found_in_use(RULE, &[TABLE], Some(used(&[]))), []);
        assert_eq!(found_in_use(RULE, &[TABLE], None), []);
        let large = "CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY)";
        assert_eq!(found_in_use(RULE, &[large], Some(used(&[("t", 4_000_000_000)]))), []);
    }

    #[test]
    fn from_the_half_on_it_is_a_note_and_later_a_warning() {
        let severity = |next| found_in_use(RULE, &[TABLE], Some(used(&[("t", next)])))[0].severity;
        assert_eq!(severity(129), Severity::Note);
        assert_eq!(severity(192), Severity::Note);
        assert_eq!(severity(193), Severity::Warning);
        assert_eq!(
            messages(&found_in_use(RULE, &[TABLE], Some(used(&[("t", 256)])))),
            ["AUTO_INCREMENT column id of t is tinyint unsigned, and 255 of 255 numbers are used \
              (100 %)"]
        );
    }
}
