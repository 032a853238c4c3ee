//! Finds what a schema uses and a server doesn't have.

use crate::model::{
    Column, ColumnType, ColumnVersioning, DefaultValue, Element, EngineAttributes, Index,
    IndexKind, IntegerSize, KeyPart, Object, PartitionBounds, PartitionMethod, ReferentialAction,
    Schema, Sign, Table, same_name,
};
use crate::server::{Capability, Server, collation_name};
use crate::syntax::casts_to_array;

/// Everything in the schema that the server doesn't have, each with a sentence for a person. If a
/// server accepts something and stores it as something else with the same meaning, it isn't listed.
pub fn unsupported(schema: &Schema, server: &Server) -> Vec<(Element, String)> {
    let mut found = Found { server: *server, list: Vec::new() };
    for table in schema.tables.values() {
        found.table(table);
    }
    for (name, object) in &schema.objects {
        found.object(&Element::object(name), object);
    }
    found.list
}

struct Found {
    server: Server,
    list: Vec<(Element, String)>,
}

impl Found {
    /// Notes the element if the server lacks the capability.
    fn needs(&mut self, element: &Element, capability: Capability, what: &str) {
        if !self.server.can(capability) {
            self.list.push((element.clone(), format!("{} has no {what}", self.server)));
        }
    }

    fn table(&mut self, table: &Table) {
        let own = Element::table(&table.name);
        self.collation(&own, table.options.collation.as_deref());
        if table.versioned {
            let option = Element::option(&table.name, "system_versioning");
            self.needs(&option, Capability::SystemVersioning, "system versioning");
        }
        for name in ["ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"] {
            if table.options.other.get(name).is_some_and(|value| value != "''") {
                let option = Element::option(&table.name, name);
                self.needs(&option, Capability::EngineAttributes, "engine attributes");
            }
        }
        for period in &table.periods {
            let element = Element::period(&table.name, &period.name);
            self.needs(&element, Capability::Periods, "periods");
        }
        for column in &table.columns {
            self.column(table, column);
        }
        for index in table.all_indexes() {
            self.index(table, index);
        }
        self.partitioning(table);
        for key in &table.foreign_keys {
            let element = Element::foreign_key(&table.name, &key.name);
            if table.partition_scheme().is_some() {
                let what = "foreign keys on a table with partitions";
                self.list.push((element.clone(), format!("{} has no {what}", self.server)));
            }
            if [key.on_delete, key.on_update].contains(&ReferentialAction::SetDefault) {
                self.needs(&element, Capability::SetDefaultAction, "SET DEFAULT for foreign keys");
            }
        }
        for check in &table.checks {
            let element = Element::check(&table.name, &check.name);
            self.needs(&element, Capability::Checks, "CHECK constraints");
            if !check.enforced {
                self.needs(&element, Capability::UnenforcedChecks, "NOT ENFORCED");
            }
        }
    }

    fn partitioning(&mut self, table: &Table) {
        let Some(scheme) = table.partition_scheme() else { return };
        let whole = Element::partitioning(&table.name);
        if let PartitionMethod::SystemTime(system_time) = &scheme.method {
            self.needs(&whole, Capability::SystemTimePartitions, "SYSTEM_TIME partitions");
            if system_time.auto {
                self.needs(&whole, Capability::AutoPartitions, "AUTO for SYSTEM_TIME partitions");
            }
        }
        for partition in scheme.listed() {
            if partition.bounds == PartitionBounds::Default {
                let element = Element::partition(&table.name, &partition.name);
                self.needs(&element, Capability::DefaultPartitions, "DEFAULT partition of LIST");
            }
        }
        for index in table.indexes.iter().filter(|index| index.kind == IndexKind::Fulltext) {
            let element = Element::index(&table.name, &index.name);
            let what = "full-text indexes on a table with partitions";
            self.needs(&element, Capability::FulltextIndexesWithPartitions, what);
        }
    }

    fn object(&mut self, element: &Element, object: &Object) {
        match object {
            Object::Routine(routine) => {
                self.short_comment(element, &routine.comment, "a routine");
                if routine.aggregate {
                    let what = "stored aggregate functions";
                    self.needs(element, Capability::AggregateFunctions, what);
                }
                let types = routine.parameters.iter().map(|parameter| &parameter.ty);
                for ty in types.chain(&routine.returns) {
                    self.column_type(element, &ty.ty);
                    self.collation(element, ty.collation.as_deref());
                }
            }
            Object::Sequence(sequence) if self.server.can(Capability::Sequences) => {
                let usual = |ty: &ColumnType| {
                    matches!(
                        ty,
                        ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Signed, .. }
                    )
                };
                if sequence.ty.as_ref().is_some_and(|ty| !usual(ty)) {
                    self.needs(element, Capability::SequenceTypes, "types of sequences");
                }
            }
            Object::Sequence(_) => self.needs(element, Capability::Sequences, "sequences"),
            Object::Event(event) => self.short_comment(element, &event.comment, "an event"),
            Object::View(_) | Object::Trigger(_) => {}
        }
    }

    /// Servers keep these comments in utf8mb3, and `?` for every character that it doesn't have
    /// (found by trial).
    fn short_comment(&mut self, element: &Element, comment: &str, what: &str) {
        if let Some(lost) = comment.chars().find(|it| it.len_utf8() > 3) {
            let why = format!("{} keeps no {lost:?} in the comment of {what}", self.server);
            self.list.push((element.clone(), why));
        }
    }

    fn column_type(&mut self, element: &Element, ty: &ColumnType) {
        let ty = match ty {
            ColumnType::Uuid => Some((Capability::UuidType, "type UUID")),
            ColumnType::Inet4 => Some((Capability::Inet4Type, "type INET4")),
            ColumnType::Inet6 => Some((Capability::Inet6Type, "type INET6")),
            ColumnType::Vector { .. } => Some((Capability::VectorType, "type VECTOR")),
            _ => None,
        };
        if let Some((capability, what)) = ty {
            self.needs(element, capability, what);
        }
    }

    fn column(&mut self, table: &Table, column: &Column) {
        let element = Element::column(&table.name, &column.name);
        self.column_type(&element, &column.ty);
        if column.invisible {
            self.needs(&element, Capability::InvisibleColumns, "invisible columns");
        }
        if column.check.is_some() {
            self.needs(&element, Capability::Checks, "CHECK constraints");
        }
        if matches!(column.default, Some(DefaultValue::Expression(_))) {
            self.needs(&element, Capability::ExpressionDefaults, "expressions as defaults");
        }
        // If the column is in the primary key, the server refuses it for another reason too.
        let mut key = table.primary_key.iter().flat_map(Index::column_names);
        let mut is_in_key = || key.any(|name| same_name(name, &column.name));
        if column.generated.is_some() && !column.nullable && !is_in_key() {
            let what = "NOT NULL for generated columns";
            self.needs(&element, Capability::NotNullGeneratedColumns, what);
        }
        self.collation(&element, column.collation.as_deref());
        if column.versioning != ColumnVersioning::AsTable {
            self.needs(&element, Capability::SystemVersioning, "system versioning");
        }
        let Some(storage) = &column.storage else { return };
        self.attributes(&element, &storage.attributes);
        for (is_there, capability, what) in [
            (storage.compressed, Capability::CompressedColumns, "compressed columns"),
            (storage.format.is_some(), Capability::ColumnFormats, "COLUMN_FORMAT"),
            (storage.medium.is_some(), Capability::ColumnFormats, "STORAGE for columns"),
            (storage.not_secondary, Capability::SecondaryEngines, "secondary engines"),
        ] {
            if is_there {
                self.needs(&element, capability, what);
            }
        }
    }

    fn attributes(&mut self, element: &Element, attributes: &EngineAttributes) {
        let EngineAttributes { engine_attribute, secondary_engine_attribute, engine_options } =
            attributes;
        if engine_attribute.is_some() || secondary_engine_attribute.is_some() {
            self.needs(element, Capability::EngineAttributes, "engine attributes");
        }
        if !engine_options.is_empty() {
            self.needs(element, Capability::EngineOptions, "options that engines define");
        }
    }

    fn collation(&mut self, element: &Element, collation: Option<&str>) {
        let Some((name, _)) = collation.map(collation_name) else { return };
        if name.contains("uca1400") {
            self.needs(element, Capability::Uca1400Collations, &format!("collation {name}"));
        } else if name == "utf8mb4_0900_bin" {
            self.needs(element, Capability::Uca900BinaryCollation, &format!("collation {name}"));
        } else if name.contains("_0900_") {
            self.needs(element, Capability::Uca900Collations, &format!("collation {name}"));
        }
    }

    fn index(&mut self, table: &Table, index: &Index) {
        let element = Element::index(&table.name, &index.name);
        let mut expressions = index.parts.iter().filter_map(|part| match &part.key {
            KeyPart::Expression(expression) => Some(expression.text.as_str()),
            KeyPart::Column { .. } => None,
        });
        if expressions.clone().any(casts_to_array) {
            self.needs(&element, Capability::MultiValuedIndexes, "multi-valued indexes");
        } else if expressions.next().is_some() {
            self.needs(&element, Capability::FunctionalIndexes, "functional indexes");
        }
        if index.kind.is_ordered() {
            self.whole_texts(table, index, &element);
        }
        if index.kind == IndexKind::Vector {
            self.needs(&element, Capability::VectorIndexes, "vector indexes");
        }
        if index.without_overlaps.is_some() {
            self.needs(&element, Capability::WithoutOverlaps, "WITHOUT OVERLAPS");
        }
        if let Some(attributes) = &index.attributes {
            self.attributes(&element, attributes);
        }
        if index.parser.is_some() {
            self.needs(&element, Capability::FulltextParsers, "full-text parsers");
        }
    }

    /// An index part that is a whole TEXT or BLOB needs a server that shortens it, or that stores a
    /// unique index as a hash.
    fn whole_texts(&mut self, table: &Table, index: &Index, element: &Element) {
        let capability = match index.kind {
            IndexKind::Plain => Capability::ShortenedKeys,
            _ => Capability::HashUniqueIndexes,
        };
        for part in &index.parts {
            let KeyPart::Column { name, prefix_length: None } = &part.key else { continue };
            let what = match table.column(name).map(|column| &column.ty) {
                Some(ColumnType::Text { .. }) => "TEXT",
                Some(ColumnType::Blob { .. }) => "BLOB",
                _ => continue,
            };
            let what = format!("index on a whole {what}; `{name}` needs a prefix length");
            self.needs(element, capability, &what);
        }
    }
}
