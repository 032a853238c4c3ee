//! The text of one element, as it stands in CREATE TABLE.

use super::Keywords;
use super::column::column_definition;
use super::index::index_definition;
use super::partition::{definition, partition_by};
use super::table::{
    check_definition, create_table, foreign_key_definition, period_definition, table_options,
};
use crate::model::{Element, PartitionList, Table};
use crate::server::Server;

/// What CREATE TABLE says of an element of the table, with everything that the element states. Of an
/// option, all options. `None` if the table doesn't have the element.
pub fn element_text(table: &Table, element: &Element, server: &Server) -> Option<String> {
    match element {
        Element::Schema | Element::Object { .. } => None,
        Element::Table { .. } => Some(create_table(table, server)),
        Element::Column { column, .. } => {
            Some(column_definition(table.column(column)?, server, Keywords::Upper))
        }
        Element::PrimaryKey { .. } => Some(index_definition(table.primary_key.as_ref()?, server)),
        Element::Index { index, .. } => Some(index_definition(table.index(index)?, server)),
        Element::ForeignKey { foreign_key, .. } => {
            Some(foreign_key_definition(table.foreign_key(foreign_key)?))
        }
        Element::Check { check, .. } => {
            table.checks.iter().find(|it| it.name == *check).map(check_definition)
        }
        Element::Partition { partition, .. } => match &table.partition_scheme()?.partitions {
            PartitionList::Listed(all) => {
                all.iter().find(|it| it.name == *partition).map(definition)
            }
            PartitionList::Count(_) => None,
        },
        Element::TableOption { .. } if *element == Element::partitioning(&table.name) => {
            table.partition_scheme().map(partition_by)
        }
        Element::TableOption { .. } => {
            let mut periods = table.periods.iter();
            let period = periods.find(|it| Element::period(&table.name, &it.name) == *element);
            Some(period.map_or_else(|| table_options(&table.options), period_definition))
        }
    }
}
