//! The value of a constant expression, if it is a whole number. Servers keep this value for the
//! bounds of partitions.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::rewrite;
use crate::model::Expression;
use crate::model::tree::Node;
use crate::syntax::expression::tree;
use crate::syntax::temporal;

/// Expressions that are nested deeper than this aren't evaluated.
const MAX_DEPTH: usize = 64;

/// The number of days from year 0 to January 1, 1970, as TO_DAYS counts them.
const DAYS_TO_1970: i128 = 719_528;

/// The value of the expression, if it certainly is a whole number. UNIX_TIMESTAMP is computed in
/// UTC, which is the time zone of all of driftline's sessions.
pub(in crate::normalize) fn whole_number(expression: &Expression) -> Option<i128> {
    evaluate(&rewrite::rewrite(tree(expression)?), 0)
}

fn evaluate(node: &Node, depth: usize) -> Option<i128> {
    if depth > MAX_DEPTH {
        return None;
    }
    match node {
        Node::Number(digits) => digits.parse().ok(),
        Node::Unary { operator: "-", operand } => evaluate(operand, depth + 1)?.checked_neg(),
        Node::Binary { operator, left, right } => {
            let (left, right) = (evaluate(left, depth + 1)?, evaluate(right, depth + 1)?);
            match operator.to_ascii_lowercase().as_str() {
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                "div" => left.checked_div(right),
                "%" | "mod" => left.checked_rem(right),
                _ => None,
            }
        }
        Node::Call { name, arguments, .. } => match arguments.as_slice() {
            [argument] => call(name, &moment(argument)?),
            _ => None,
        },
        _ => None,
    }
}

/// The value of a function of a date and time.
fn call(name: &str, moment: &DateTime) -> Option<i128> {
    let days = || days_of(moment.date());
    let clock = i128::from(moment.hour()) * 3600
        + i128::from(moment.minute()) * 60
        + i128::from(moment.second());
    match name {
        "to_days" => Some(days()),
        "to_seconds" => Some(days() * 86_400 + clock),
        "year" => Some(i128::from(moment.year())),
        "month" => Some(i128::from(moment.month())),
        "unix_timestamp" if moment.subsec_nanosecond() == 0 => {
            let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
            Some(i128::from(zoned.timestamp().as_second()))
        }
        _ => None,
    }
}

fn days_of(date: Date) -> i128 {
    let first = Date::constant(1970, 1, 1);
    let days = first.until(date).map_or(0, |span| i128::from(span.get_days()));
    DAYS_TO_1970 + days
}

fn moment(node: &Node) -> Option<DateTime> {
    let text = match node {
        Node::String { text, .. } | Node::Temporal { text, .. } | Node::Number(text) => text,
        _ => return None,
    };
    let exact = temporal::datetime(text, 6)?;
    exact.replace(' ', "T").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::whole_number;
    use crate::model::Expression;

    #[test]
    fn constants_are_what_the_servers_make_of_them() {
        for (text, number) in [
            ("1 + 1", Some(2)),
            ("-5", Some(-5)),
            ("200 div 7 + 3", Some(31)),
            ("to_days('2020-01-01')", Some(737_790)),
            ("TO_DAYS('2020-01-01 10:00:00')", Some(737_790)),
            ("to_days(20210101)", Some(738_156)),
            ("to_seconds('2020-01-01 10:00:00')", Some(63_745_092_000)),
            ("unix_timestamp('2020-01-01')", Some(1_577_836_800)),
            ("unix_timestamp('2020-01-01 00:00:00')", Some(1_577_836_800)),
            ("year('2020-01-01') * 10000", Some(20_200_000)),
            ("to_days('1969-12-31')", Some(719_527)),
            ("1 / 0", None),
            ("1 div 0", None),
            ("to_days(d)", None),
            ("to_days('no date')", None),
            ("rand()", None),
        ] {
            assert_eq!(whole_number(&Expression::new(text)), number, "{text}");
        }
    }
}
