//! Amounts of money in columns that round.

use super::draft::Draft;
use super::subject::Subject;
use super::words::has_word;
use super::{Check, Rule};
use crate::ddl;
use crate::diagnostic::Severity;
use crate::model::{ColumnType, Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "float-for-money",
    summary: "an amount of money as FLOAT or DOUBLE",
    severity: Some(Severity::Warning),
    page: include_str!("pages/float-for-money.md"),
    check: Check::Table(check),
};

/// Words of the names of columns with money. `total`, `rate`, `tax` and `value` aren't among them,
/// because as often they are a count or a ratio.
const MONEY: &[&str] = &[
    "amount", "balance", "budget", "cost", "costs", "fare", "fee", "fees", "invoiced", "money",
    "payment", "payout", "price", "prices", "refund", "revenue", "salary", "subtotal", "wage",
];

/// Words that make a ratio or a measure of it.
const NO_MONEY: &[&str] = &[
    "factor",
    "index",
    "percent",
    "percentage",
    "pct",
    "probability",
    "rate",
    "ratio",
    "score",
    "weight",
];

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    for column in &table.columns {
        let rounds = matches!(column.ty, ColumnType::Float { .. } | ColumnType::Double { .. });
        let name = &column.name;
        if !rounds || !has_word(name, MONEY) || has_word(name, NO_MONEY) {
            continue;
        }
        let ty = ddl::column_type(&column.ty, subject.server);
        drafts.push(
            Draft::new(
                Element::column(&table.name, name),
                format!("column {name} of {} looks like money and is {ty}", table.name),
            )
            .probable()
            .why("0.1 + 0.2 isn't 0.3 there: sums are off by cents, and `=` misses rows")
            .help("write `decimal(19,4)`, or whole cents as `bigint`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "float-for-money";

    #[test]
    fn decimals_and_other_floats_are_no_findings() {
        let table = "CREATE TABLE t (price decimal(10,2), latitude double, discount_rate float, \
                     price_ratio double, amount int, total float)";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn money_that_rounds_is_found() {
        let table = "CREATE TABLE t (unit_price double, TotalAmount float, fee float(10,2))";
        let findings = found(RULE, &[table]);
        assert_eq!(
            messages(&findings),
            [
                "column unit_price of t looks like money and is double",
                "column TotalAmount of t looks like money and is float",
                "column fee of t looks like money and is float(10,2)",
            ]
        );
    }
}
