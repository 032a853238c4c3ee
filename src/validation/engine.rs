//! Engines that the server doesn't have, and row formats that no server has.

use super::{Subject, ValidationError};
use crate::diagnostic::near_name;
use crate::server::Meant;

/// The values of ROW_FORMAT that some server accepts (MySQL 15.1.20 "CREATE TABLE Statement",
/// MariaDB "CREATE TABLE").
const ROW_FORMATS: &[&str] =
    &["DEFAULT", "DYNAMIC", "FIXED", "COMPRESSED", "REDUNDANT", "COMPACT", "PAGE"];

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let (server, options) = (subject.server, &subject.table.options);
    if let Some(engine) = &options.engine
        && let Some(meant) = server.engine_meant_by(engine)
    {
        let near = match meant {
            Meant::Near(near) => Some(near),
            Meant::OfOthers => None,
        };
        let title = format!("{server} has no engine `{engine}`");
        let error = ValidationError::new(subject.option("engine"), title).at(engine).near(near);
        found.push(ValidationError { is_of_server: true, ..error });
    }
    if let Some(format @ ("FIXED" | "PAGE")) = options.row_format.as_deref()
        && subject.has_engine("InnoDB")
    {
        let title = format!("InnoDB has no row format `{}`", format.to_lowercase());
        found.push(ValidationError::new(subject.option("row_format"), title).at(format));
    }
    if let Some(format) = &options.row_format
        && !ROW_FORMATS.contains(&format.as_str())
    {
        let title = format!("there is no row format `{}`", format.to_lowercase());
        let near = near_name(format, ROW_FORMATS.iter().copied()).map(str::to_lowercase);
        let error = ValidationError::new(subject.option("row_format"), title);
        found.push(error.at(format).near(near.as_deref()));
    }
}
