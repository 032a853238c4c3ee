//! Whether a column can hold every value of an expression. This is decided by the ranges of
//! integers and the lengths of texts, and only for the few forms of expressions of which every
//! value is certain.

use crate::model::tree::Node;
use crate::model::{Column, ColumnType, Expression, Sign, Table, same_name};
use crate::syntax::expression::tree;

/// The range of the integers that an expression can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    least: i128,
    greatest: i128,
    /// Whether the server computes the value as unsigned, so that no intermediate result may be
    /// negative.
    unsigned: bool,
    nullable: bool,
}

impl Range {
    const TRUTH: Range = Range { least: 0, greatest: 1, unsigned: false, nullable: true };

    /// The range, if the server can compute all of it without an error. It computes in 64 bits
    /// (MySQL 14.6.1 "Arithmetic Operators").
    fn checked(self) -> Option<Range> {
        let (least, greatest) = match self.unsigned {
            true => (0, i128::from(u64::MAX)),
            false => (i128::from(i64::MIN), i128::from(i64::MAX)),
        };
        (self.least >= least && self.greatest <= greatest).then_some(self)
    }

    fn joined(self, other: Range) -> Option<Range> {
        (self.unsigned == other.unsigned).then(|| Range {
            least: self.least.min(other.least),
            greatest: self.greatest.max(other.greatest),
            unsigned: self.unsigned,
            nullable: self.nullable || other.nullable,
        })
    }

    /// The number of characters of the longest of these numbers.
    fn length(self) -> u32 {
        let length = |number: i128| u32::try_from(number.to_string().len()).unwrap_or(u32::MAX);
        length(self.least).max(length(self.greatest))
    }
}

/// Whether the expression of a generated column has a value for every row of the table that the
/// column can hold. `false` if that isn't certain.
pub fn fits(expression: &Expression, column: &Column, table: &Table) -> bool {
    let Some(node) = tree(expression) else { return false };
    if let Some(range) = range(node, table) {
        return holds(column, range);
    }
    match column.ty {
        ColumnType::Varchar { length } | ColumnType::Char { length } => {
            column.nullable && longest(node, column, table).is_some_and(|most| most <= length)
        }
        _ => false,
    }
}

fn holds(column: &Column, range: Range) -> bool {
    let fits = match column.ty {
        ColumnType::Integer { .. } => range_of(column)
            .is_some_and(|own| range.least >= own.least && range.greatest <= own.greatest),
        // The column may be unsigned, so negative values aren't certain to fit.
        ColumnType::Double { .. } => range.least >= 0,
        ColumnType::Varchar { length } | ColumnType::Char { length } => range.length() <= length,
        _ => false,
    };
    fits && (column.nullable || !range.nullable)
}

/// The range of the integers that a column can hold.
fn range_of(column: &Column) -> Option<Range> {
    let ColumnType::Integer { size, sign, .. } = column.ty else { return None };
    if sign == Sign::Zerofill {
        // Padded with zeros, the number is a different text.
        return None;
    }
    let (least, greatest) = size.range(sign);
    Some(Range { least, greatest, unsigned: sign != Sign::Signed, nullable: column.nullable })
}

fn named<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| same_name(&column.name, name))
}

/// The range of the integers that an expression can have. `None` if any intermediate result is
/// uncertain.
fn range(node: &Node, table: &Table) -> Option<Range> {
    let of = |node: &Node| range(node, table);
    let truth = |operands: &[&Node]| {
        operands.iter().all(|operand| of(operand).is_some()).then_some(Range::TRUTH)
    };
    match node {
        Node::Column(name, _) => range_of(named(table, name)?),
        Node::Number(digits) => {
            let number = digits.parse().ok()?;
            Range { least: number, greatest: number, unsigned: false, nullable: false }.checked()
        }
        Node::Unary { operator: "-", operand } => {
            let range = of(operand).filter(|range| !range.unsigned)?;
            Range { least: -range.greatest, greatest: -range.least, ..range }.checked()
        }
        Node::Binary { operator, left, right } => arithmetic(operator, of(left)?, of(right)?),
        Node::Comparison { left, right, .. } => truth(&[left, right]),
        Node::Logical { operands, .. } => truth(&operands.iter().collect::<Vec<_>>()),
        Node::Not(operand) => truth(&[operand]),
        Node::Is { operand, .. } => {
            let is_column =
                matches!(&**operand, Node::Column(name, _) if named(table, name).is_some());
            (is_column || of(operand).is_some())
                .then_some(Range { nullable: false, ..Range::TRUTH })
        }
        Node::Between { operand, low, high, .. } => truth(&[operand, low, high]),
        Node::Call { name, arguments, .. } => match (name.as_str(), arguments.as_slice()) {
            ("if", [condition, yes, no]) => {
                of(condition)?;
                of(yes)?.joined(of(no)?)
            }
            ("ifnull" | "coalesce", [first, otherwise]) => {
                let (first, otherwise) = (of(first)?, of(otherwise)?);
                let nullable = first.nullable && otherwise.nullable;
                Some(Range { nullable, ..first.joined(otherwise)? })
            }
            _ => None,
        },
        _ => None,
    }
}

fn arithmetic(operator: &str, left: Range, right: Range) -> Option<Range> {
    let (least, greatest) = match operator {
        "+" => (left.least + right.least, left.greatest + right.greatest),
        "-" => (left.least - right.greatest, left.greatest - right.least),
        "*" => {
            let pairs = [left.least, left.greatest]
                .map(|one| [right.least, right.greatest].map(|other| one.checked_mul(other)));
            let products: Option<Vec<i128>> = pairs.into_iter().flatten().collect();
            let products = products?;
            (*products.iter().min()?, *products.iter().max()?)
        }
        _ => return None,
    };
    let unsigned = left.unsigned || right.unsigned;
    let nullable = left.nullable || right.nullable;
    Range { least, greatest, unsigned, nullable }.checked()
}

/// The most characters of a text that consists of plain literals, integers, and columns of the same
/// character set. `None` for other texts.
fn longest(node: &Node, to: &Column, table: &Table) -> Option<u32> {
    match node {
        Node::String { charset: None, text } if text.is_ascii() => u32::try_from(text.len()).ok(),
        Node::Column(name, _) => match named(table, name)? {
            Column {
                ty: ColumnType::Varchar { length } | ColumnType::Char { length },
                charset,
                ..
            } if *charset == to.charset => Some(*length),
            column => range_of(column).map(Range::length),
        },
        Node::Call { name, arguments, .. } if name == "concat" => {
            arguments.iter().try_fold(0_u32, |sum, one| sum.checked_add(longest(one, to, table)?))
        }
        _ => range(node, table).map(Range::length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Schema;
    use crate::normalize::Context;
    use crate::server::Server;
    use crate::source::yaml::read_text;

    fn table(columns: &str) -> Table {
        let text = format!("tables: {{ t: {{ columns: {{ {columns} }} }} }}");
        let schema: Schema = read_text("schema.yaml", &text).unwrap().schema;
        let context = Context::of(Server::ASSUMED, &schema, &schema);
        crate::normalize::normalize(&schema, &context).tables["t"].clone()
    }

    #[test]
    fn what_always_fits_and_what_may_not() {
        let columns = "a: int, n: int not null, u: int unsigned, z: 'int(5) zerofill', b: bigint, \
                       v: varchar(10), d: date";
        for (column, fits_it) in [
            ("bigint as (a + 1)", true),
            ("int as (a + 1)", false),
            ("bigint as (b + 1)", false),
            ("bigint as (a * a - n)", true),
            ("bigint as (a * a * a)", false),
            ("bigint as (u - 1)", false),
            ("bigint unsigned as (u * 2 + 1)", true),
            ("tinyint as (d is null)", true),
            ("tinyint not null as (d is null)", true),
            ("tinyint not null as (a = 1)", false),
            ("tinyint as (a between 1 and n or not n > 5)", true),
            ("int not null as (ifnull(a, 0))", true),
            ("int as (if(v = 'x', 5, 6))", false),
            ("int as (if(a = 1, 5, n))", true),
            ("int as (if(a = 1, u, n))", false),
            ("bigint as (a div 2)", false),
            ("double as (a / 2)", false),
            ("varchar(12) as (concat('n', a))", true),
            ("varchar(11) as (concat('n', a))", false),
            ("varchar(21) as (concat(v, 'x', v))", true),
            ("varchar(20) as (concat(v, 'é', v))", false),
            ("varchar(20) character set ascii as (concat(v))", false),
            ("varchar(20) as (concat(z))", false),
            ("int as (length(v))", false),
        ] {
            let table = table(&format!("{columns}, g: \"{column}\""));
            let generated = table.column("g").unwrap();
            let expression = &generated.generated.as_ref().unwrap().expression;
            assert_eq!(fits(expression, generated, &table), fits_it, "{column}");
        }
    }
}
