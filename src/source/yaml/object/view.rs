//! A view.

use super::{Parts, ReadObject};
use crate::model::{CheckOption, Object, View, ViewAlgorithm};
use crate::source::yaml::reading::Reading;
use crate::syntax;

/// The values of `algorithm`.
pub(in super::super) const ALGORITHMS: &[(&str, ViewAlgorithm)] = &[
    ("undefined", ViewAlgorithm::Undefined),
    ("merge", ViewAlgorithm::Merge),
    ("temptable", ViewAlgorithm::Temptable),
];
/// The values of `check_option`.
pub(in super::super) const CHECK_OPTIONS: &[(&str, CheckOption)] =
    &[("local", CheckOption::Local), ("cascaded", CheckOption::Cascaded)];

pub(super) fn read(reading: &mut Reading<'_, '_>, parts: &Parts<'_>) -> Option<ReadObject> {
    let Parts { entry, fields, text, dialect } = *parts;
    let columns = fields.get("columns").map(|field| {
        let items = reading.items(field).unwrap_or_default();
        let names = items.iter().filter_map(|item| reading.name(item, "column"));
        names.map(str::to_owned).collect()
    });
    let algorithm = fields.choice(reading, "algorithm", ALGORITHMS).unwrap_or_default();
    let security = fields.security(reading);
    let check_option = fields.choice(reading, "check_option", CHECK_OPTIONS);
    let Some(text) = text else {
        entry.missing(reading, "query", "`select: |` and the query under it, or `file:`");
        return None;
    };
    let (select, written) = match syntax::parse_select(text.text(), dialect) {
        Ok(read) => read,
        Err(error) => {
            text.error(reading, error);
            return None;
        }
    };
    if let (Some(_), Some(span)) = (written, fields.span(reading, "check_option")) {
        reading.error("the query has a CHECK OPTION of its own", span, "");
        return None;
    }
    let view = View {
        name: entry.name.clone(),
        columns: columns.unwrap_or_default(),
        select,
        algorithm,
        security,
        check_option: check_option.or(written),
        definer: fields.definer.clone(),
    };
    entry.done(reading, Object::View(view))
}
