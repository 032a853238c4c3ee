//! Expressions on a value in a query or a body, depending on the sort of value.

use driftline::model::{ColumnType, TypeClass};

/// A sort of value, by what can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Number,
    Text,
    Moment,
    Other,
}

pub fn sort(ty: &ColumnType) -> Sort {
    match (ty, ty.class()) {
        (ColumnType::Bit { .. }, _) => Sort::Other,
        (_, TypeClass::Numeric) => Sort::Number,
        (ColumnType::Enum { .. } | ColumnType::Set { .. } | ColumnType::Json, _) => Sort::Other,
        (_, TypeClass::Character) => Sort::Text,
        (ColumnType::Date | ColumnType::Datetime { .. } | ColumnType::Timestamp { .. }, _) => {
            Sort::Moment
        }
        _ => Sort::Other,
    }
}

pub fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// An expression on a value, and the sort of its result.
pub fn expression(sort: Sort, name: &str, choice: u8) -> (String, Sort) {
    let number = |text: String| (text, Sort::Number);
    let text = |text: String| (text, Sort::Text);
    match (sort, choice % 12) {
        (Sort::Number, 0) => number(format!("{name} + 1")),
        (Sort::Number, 1) => number(format!("coalesce({name}, 0)")),
        (Sort::Number, 2) => text(format!("case when {name} > 0 then 'more' else 'it''s' end")),
        (Sort::Number, 3) => number(format!("{name} * 2 - {name} / 3")),
        (Sort::Number, 4) => number(format!("round({name}, 2)")),
        (Sort::Number, 5) => number(format!("{name} in (1, 2, 3) or not {name} between 5 and 7")),
        (Sort::Number, 6) => number(format!("-(1 - {name}) % 7")),
        (Sort::Number, 7) => text(format!("if({name} <=> 1, 'one', 'other')")),
        (Sort::Number, 8) => text(format!("cast({name} as char(20))")),
        (Sort::Number, 9) => number(format!("cast({name} as decimal(10, 2))")),
        (Sort::Number, 10) => number(format!("greatest({name}, 1) & 3 | 4")),
        (Sort::Number, _) => number(format!("nullif(abs({name}), 3)")),
        (Sort::Text, 0) => text(format!("lower({name})")),
        (Sort::Text, 1) => text(format!("concat({name}, '; -- ', 'x')")),
        (Sort::Text, 2) => number(format!("char_length({name})")),
        (Sort::Text, 3) => text(format!("substring({name}, 2, 3)")),
        (Sort::Text, 4) => number(format!("{name} like 'a%' escape '|'")),
        (Sort::Text, 5) => text(format!("trim(leading 'x' from {name})")),
        (Sort::Text, 6) => text(format!("coalesce({name}, 'none')")),
        (Sort::Text, 7) => number(format!("{name} regexp '^a'")),
        (Sort::Text, 8) => number(format!("locate('b', {name})")),
        (Sort::Text, 9) => text(format!("replace({name}, 'a\\\\', '')")),
        (Sort::Text, 10) => number(format!("{name} between 'a' and 'm'")),
        (Sort::Text, _) => text(format!("left({name}, 3)")),
        (Sort::Moment, 0) => number(format!("year({name})")),
        (Sort::Moment, 1) => (format!("{name} + interval 1 day"), Sort::Moment),
        (Sort::Moment, 2) => text(format!("date_format({name}, '%Y-%m')")),
        (Sort::Moment, 3) => (format!("date({name})"), Sort::Moment),
        (Sort::Moment, 4) => number(format!("extract(month from {name})")),
        (Sort::Moment, 5) => number(format!("{name} < '2030-01-01'")),
        (Sort::Moment, 6) => number(format!("timestampdiff(day, {name}, now())")),
        (Sort::Moment, 7) => (format!("coalesce({name}, current_timestamp)"), Sort::Moment),
        (_, 8) => text("'größe; 😀'".to_owned()),
        (_, 9) => number(format!("isnull({name})")),
        _ => number(format!("{name} is null")),
    }
}

/// An aggregate of a value over a group.
pub fn sum(sort: Sort, name: &str, choice: u8) -> (String, Sort) {
    let number = |text: String| (text, Sort::Number);
    match (sort, choice % 6) {
        (Sort::Number, 0) => number(format!("sum({name})")),
        (Sort::Number, 1) => number(format!("avg({name} + 1)")),
        (Sort::Number | Sort::Moment, 2) => (format!("max({name})"), sort),
        (Sort::Number | Sort::Text, 3) => {
            (format!("group_concat({name} order by {name} desc separator '; ')"), Sort::Other)
        }
        (_, 4) if sort != Sort::Other => number(format!("count(distinct {name})")),
        (_, 5) => number("count(*)".to_owned()),
        _ => number(format!("count({name})")),
    }
}

/// A window function of a value.
pub fn window(sort: Sort, name: &str, choice: u8) -> String {
    match (sort, choice % 3) {
        (Sort::Number, 0) => format!("sum({name}) over (partition by {name})"),
        (Sort::Number | Sort::Moment | Sort::Text, 1) => {
            format!("rank() over (order by {name} desc)")
        }
        _ => "row_number() over ()".to_owned(),
    }
}

/// A condition on a value.
pub fn condition(sort: Sort, name: &str, choice: u8) -> String {
    match (sort, choice % 6) {
        (Sort::Number, 0) => format!("{name} > 0"),
        (Sort::Number, 1) => format!("{name} in (1, 2, 3)"),
        (Sort::Number, 2) => format!("not ({name} = 3 or {name} = 5)"),
        (Sort::Number, 3) => format!("{name} between 1 and 10 and {name} <> 5"),
        (Sort::Text, 0) => format!("{name} like 'a%'"),
        (Sort::Text, 1) => format!("{name} <> ''"),
        (Sort::Text, 2) => format!("{name} in ('a', 'it''s')"),
        (Sort::Text, 3) => format!("{name} = 'a' xor {name} is null"),
        (Sort::Moment, 0 | 1) => format!("{name} >= '2020-01-01'"),
        (Sort::Moment, 2) => format!("{name} between '2020-01-01' and now()"),
        (_, 4) => format!("{name} is null"),
        _ => format!("{name} is not null"),
    }
}

/// A literal to combine with a value of this sort.
pub fn literal(sort: Sort) -> String {
    match sort {
        Sort::Number => "0",
        Sort::Text => "'x'",
        Sort::Moment | Sort::Other => "null",
    }
    .to_owned()
}
