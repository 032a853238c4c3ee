//! Foreign keys whose referencing and referenced columns have different types.

use super::draft::Draft;
use super::non_transactional_engine::is_non_transactional;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::ddl;
use crate::diagnostic::Severity;
use crate::model::{Column, ColumnType, Element, ForeignKey, Sign, Table};

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-type-mismatch",
    summary: "a foreign key whose columns differ in type, character set or collation",
    severity: Some(Severity::Warning),
    page: include_str!("pages/foreign-key-type-mismatch.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if is_non_transactional(table) {
        return;
    }
    for key in &table.foreign_keys {
        let Some(referenced) = subject.referenced(key) else { continue };
        for (name, referenced_name) in key.columns.iter().zip(&key.referenced_columns) {
            let columns = (table.column(name), referenced.column(referenced_name));
            if let (Some(column), Some(other)) = columns {
                let pair = Pair { table, key, column, referenced, other };
                drafts.extend(pair.check(subject));
            }
        }
    }
}

/// A column of a foreign key and the column that it references.
struct Pair<'a> {
    table: &'a Table,
    key: &'a ForeignKey,
    column: &'a Column,
    referenced: &'a Table,
    other: &'a Column,
}

impl Pair<'_> {
    fn check(&self, subject: &Subject<'_>) -> Option<Draft> {
        let (stored, other) = (Stored::of(&self.column.ty), Stored::of(&self.other.ty));
        if stored == Stored::Unknown || other == Stored::Unknown {
            return None;
        }
        if stored != other || (stored == Stored::Text && self.collations_differ()) {
            let draft = self.draft(subject).refused();
            return Some(draft.why("the server refuses such a foreign key"));
        }
        let why = self.never_equal()?;
        Some(self.draft(subject).why(format!("the server takes the foreign key, but {why}")))
    }

    fn collations_differ(&self) -> bool {
        match (&self.column.collation, &self.other.collation) {
            (Some(a), Some(b)) => !a.eq_ignore_ascii_case(b),
            _ => false,
        }
    }

    fn draft(&self, subject: &Subject<'_>) -> Draft {
        let text = |column: &Column| {
            let ty = ddl::column_type(&column.ty, subject.server);
            if self.collations_differ() { ty + &describe::collation(column) } else { ty }
        };
        let (table, referenced) = (&self.table.name, &self.referenced.name);
        let (name, other_name) = (&self.column.name, &self.other.name);
        Draft::new(
            Element::foreign_key(table, &self.key.name),
            format!(
                "foreign key {} ties {table}.{name}, {}, to {referenced}.{other_name}, {}",
                self.key.name,
                text(self.column),
                text(self.other)
            ),
        )
        .related(Element::column(table, name))
        .related(Element::column(referenced, other_name))
        .help(format!(
            "give {table}.{name} the type of {referenced}.{other_name}: `{}`",
            text(self.other)
        ))
    }

    /// Why the server doesn't find equal values of the two columns equal, although it accepts the
    /// foreign key because both columns are stored in the same way.
    fn never_equal(&self) -> Option<&'static str> {
        use ColumnType as Type;
        let (differ, why) = match (&self.column.ty, &self.other.ty) {
            (
                Type::Decimal { precision: a, scale: b, .. },
                Type::Decimal { precision: c, scale: d, .. },
            ) => ((a, b) != (c, d), "stores equal numbers as different bytes"),
            (Type::Bit { length: a }, Type::Bit { length: b }) => {
                (a.div_ceil(8) != b.div_ceil(8), "stores equal bits in different lengths")
            }
            (Type::Binary { length: a }, Type::Binary { length: b }) => {
                (a != b, "fills the shorter values up with zero bytes")
            }
            (Type::Enum { members: a }, Type::Enum { members: b })
            | (Type::Set { members: a }, Type::Set { members: b }) => (
                !a.starts_with(b) && !b.starts_with(a),
                "compares the members by their number, not by their name",
            ),
            (Type::Time { fsp: a }, Type::Time { fsp: b })
            | (Type::Datetime { fsp: a }, Type::Datetime { fsp: b })
            | (Type::Timestamp { fsp: a }, Type::Timestamp { fsp: b }) => {
                (a != b, "stores equal times in different lengths")
            }
            (Type::Char { .. }, Type::Varchar { .. })
            | (Type::Varchar { .. }, Type::Char { .. }) => (
                self.column.collation.as_deref().is_some_and(counts_trailing_spaces),
                "fills CHAR up with spaces, which this collation counts",
            ),
            (a, b) => (
                std::mem::discriminant(a) != std::mem::discriminant(b),
                "compares what is stored, which means different things",
            ),
        };
        differ.then_some(why)
    }
}

/// Whether a collation is NO PAD, which means that `'a'` and `'a '` differ.
fn counts_trailing_spaces(collation: &str) -> bool {
    collation.contains("_0900_") || collation.contains("_nopad_")
}

/// How InnoDB stores a type, as far as foreign keys are concerned. The columns of a foreign key
/// must be stored in the same way; nothing else has to be equal (found by trying each pair of types
/// on each server).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    /// A whole number of this many bytes.
    Integer { bytes: u8, signed: bool },
    /// A floating-point number of single precision.
    Float,
    /// A floating-point number of double precision.
    Double,
    /// Bytes.
    Bytes,
    /// Characters with a collation.
    Text,
    /// A type that can't be in a foreign key, or that has not been tried.
    Unknown,
}

impl Stored {
    fn of(ty: &ColumnType) -> Stored {
        use ColumnType as Type;
        match ty {
            Type::Integer { size, sign, .. } => {
                Stored::Integer { bytes: size.bytes(), signed: *sign == Sign::Signed }
            }
            Type::Date => Stored::Integer { bytes: 3, signed: true },
            Type::Year => Stored::Integer { bytes: 1, signed: false },
            Type::Enum { members } => {
                Stored::Integer { bytes: if members.len() < 256 { 1 } else { 2 }, signed: false }
            }
            Type::Set { members } => {
                let bytes = match members.len() {
                    0..=8 => 1,
                    9..=16 => 2,
                    17..=24 => 3,
                    25..=32 => 4,
                    _ => 8,
                };
                Stored::Integer { bytes, signed: false }
            }
            Type::Float { .. } => Stored::Float,
            Type::Double { .. } => Stored::Double,
            Type::Decimal { .. }
            | Type::Bit { .. }
            | Type::Binary { .. }
            | Type::Varbinary { .. }
            | Type::Time { .. }
            | Type::Datetime { .. }
            | Type::Timestamp { .. } => Stored::Bytes,
            Type::Char { .. } | Type::Varchar { .. } => Stored::Text,
            Type::Text { .. }
            | Type::Blob { .. }
            | Type::Json
            | Type::Uuid
            | Type::Inet4
            | Type::Inet6
            | Type::Vector { .. }
            | Type::Geometry { .. } => Stored::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::Finding;
    use crate::lint::tests::{found, messages};

    /// The findings for a column of the first type that references one of the second.
    fn pair(child: &str, parent: &str) -> Vec<Finding> {
        found(
            "foreign-key-type-mismatch",
            &[
                &format!("CREATE TABLE p (a {parent}, PRIMARY KEY (a)) DEFAULT CHARSET=utf8mb4"),
                &format!(
                    "CREATE TABLE c (x {child}, KEY k (x), \
                     CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a)) DEFAULT CHARSET=utf8mb4"
                ),
            ],
        )
    }

    fn severity(child: &str, parent: &str) -> Option<Severity> {
        pair(child, parent).first().map(|finding| finding.severity)
    }

    #[test]
    fn the_message_has_both_columns_and_types() {
        let findings = pair("bigint", "int");
        assert_eq!(messages(&findings), ["foreign key f ties c.x, bigint, to p.a, int"]);
        assert_eq!(
            findings[0].help,
            ["give c.x the type of p.a: `int`; `driftline rules foreign-key-type-mismatch`"]
        );
    }

    #[test]
    fn what_may_differ_is_no_finding() {
        for (child, parent) in [
            ("int", "int"),
            ("int unsigned", "int(5) unsigned zerofill"),
            ("varchar(300)", "varchar(20)"),
            ("float", "float unsigned"),
            ("decimal(10,2)", "decimal(10,2) unsigned"),
            ("enum('a','b','c')", "enum('a','b')"),
            ("bit(3)", "bit(8)"),
            ("varbinary(9)", "varbinary(4)"),
            ("char(4) collate utf8mb4_general_ci", "varchar(9) collate utf8mb4_general_ci"),
        ] {
            assert_eq!(severity(child, parent), None, "{child} to {parent}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_an_error() {
        for (child, parent) in [
            ("int", "int unsigned"),
            ("int", "mediumint"),
            ("int", "varchar(10)"),
            ("float", "double"),
            ("char(10)", "binary(10)"),
            ("varchar(20) collate utf8mb4_bin", "varchar(20) collate utf8mb4_general_ci"),
            ("varchar(20) collate latin1_bin", "varchar(20) collate utf8mb4_bin"),
            ("date", "datetime"),
        ] {
            assert_eq!(severity(child, parent), Some(Severity::Error), "{child} to {parent}");
        }
    }

    #[test]
    fn what_the_server_takes_and_never_matches_is_a_warning() {
        for (child, parent) in [
            ("decimal(5,0)", "decimal(10,2)"),
            ("datetime(3)", "datetime"),
            ("timestamp", "datetime"),
            ("bit(20)", "bit(3)"),
            ("varbinary(9)", "binary(4)"),
            ("binary(4)", "decimal(5,0)"),
            ("enum('b','a')", "enum('a','b')"),
            ("year", "enum('a')"),
            ("date", "mediumint"),
            ("char(4) collate utf8mb4_0900_ai_ci", "varchar(9) collate utf8mb4_0900_ai_ci"),
        ] {
            assert_eq!(severity(child, parent), Some(Severity::Warning), "{child} to {parent}");
        }
    }

    #[test]
    fn collations_are_named_where_they_differ() {
        let findings =
            pair("varchar(20) collate utf8mb4_bin", "varchar(20) collate utf8mb4_general_ci");
        assert_eq!(
            messages(&findings),
            ["foreign key f ties c.x, varchar(20) collate utf8mb4_bin, \
              to p.a, varchar(20) collate utf8mb4_general_ci"]
        );
    }
}
