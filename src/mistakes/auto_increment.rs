//! AUTO_INCREMENT on what doesn't count.

use super::{Mistake, Subject};
use crate::model::ColumnType;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<Mistake>) {
    for column in subject.table.columns.iter().filter(|column| column.auto_increment) {
        // Some versions take FLOAT and DOUBLE.
        let counts = matches!(
            column.ty,
            ColumnType::Integer { .. } | ColumnType::Float { .. } | ColumnType::Double { .. }
        );
        if !counts {
            let title = format!("AUTO_INCREMENT is for integers, and `{}` is none", column.name);
            found.push(Mistake::new(subject.column(&column.name), title).at("auto_increment"));
        } else if column.generated.is_some() {
            let title = format!("`{}` is generated and can't be AUTO_INCREMENT", column.name);
            found.push(Mistake::new(subject.column(&column.name), title).at("auto_increment"));
        }
    }
}
