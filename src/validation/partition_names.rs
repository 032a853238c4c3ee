//! Names of partitions that a server takes for a number, for bytes or for a character set.

use super::{Subject, ValidationError};
use crate::model::Element;
use crate::server::{Fault, Server};

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    let Some(scheme) = table.partition_scheme() else { return };
    if !subject.server.has(Fault::PartitionNamesWithoutQuotes) {
        return;
    }
    let refused = |name: &str| {
        format!("{} can't read the name `{name}` again in partitions: rename it", subject.server)
    };
    for name in scheme.columns().filter(|name| is_like_literal(name, subject.server)) {
        found
            .push(ValidationError::new(Element::partitioning(&table.name), refused(name)).at(name));
    }
    for partition in scheme.listed() {
        let subpartitions = partition.subpartitions.iter().map(|it| &it.name);
        for name in std::iter::once(&partition.name).chain(subpartitions) {
            if is_like_literal(name, subject.server) {
                let element = Element::partition(&table.name, &partition.name);
                found.push(ValidationError::new(element, refused(name)).at(name));
            }
        }
    }
}

/// Whether a server takes a name without backticks, or its beginning, for something else than a
/// name (MySQL 11.1 "Literal Values"; which of them are refused was found by trial).
fn is_like_literal(name: &str, server: &Server) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    if !name.chars().all(is_plain) {
        return false;
    }
    let all = |digits: &str, is_digit: fn(char) -> bool| {
        !digits.is_empty() && digits.chars().all(is_digit)
    };
    if let Some(digits) = name.strip_prefix("0x") {
        return all(digits, |c| c.is_ascii_hexdigit());
    }
    if let Some(digits) = name.strip_prefix("0b") {
        return all(digits, |c| matches!(c, '0' | '1'));
    }
    if let Some(charset) = name.strip_prefix('_') {
        return server.default_collation(charset).is_some();
    }
    let exponent = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_digits = exponent.len() < name.len();
    let digits = exponent.strip_prefix(['e', 'E']);
    has_digits && digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}
