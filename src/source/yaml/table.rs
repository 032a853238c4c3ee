//! A table: its keys, and the constraints in its columns' strings.

use super::column::{self, ReadColumn};
use super::constraint::{self, ReadForeignKey, ReadPeriod};
use super::index::{self, ReadIndex};
use super::keys::TABLE;
use super::node::Value;
use super::partitioning;
use super::reading::{KeyValue, Reading};
use crate::diagnostic::Span;
use crate::model::{
    Check, Element, ForeignKey, Index, IndexKind, IndexPart, PRIMARY, Table, same_name,
};
use crate::server::{charset_name, collation_name};
use crate::syntax::build::apply_versioning;
use crate::syntax::connection::without_passwords;
use crate::syntax::parse_string;

/// A table as read, with the places of its parts.
pub(super) struct ReadTable {
    pub(super) table: Table,
    pub(super) key: Span,
    /// One for each column.
    pub(super) columns: Vec<ColumnPlaces>,
    /// For the primary key.
    pub(super) primary_key: Option<IndexPlaces>,
    /// One for each index.
    pub(super) indexes: Vec<IndexPlaces>,
    /// One for each foreign key.
    pub(super) foreign_keys: Vec<ForeignKeyPlaces>,
    /// One for each check.
    pub(super) checks: Vec<Span>,
    /// The columns that have `with system versioning` themselves.
    pub(super) with_versioning: Vec<String>,
    /// One for each period.
    pub(super) periods: Vec<PeriodPlaces>,
    pub(super) renamed_from: Option<Span>,
}

pub(super) struct PeriodPlaces {
    pub(super) key: Span,
    pub(super) columns: [Span; 2],
}

pub(super) struct ColumnPlaces {
    pub(super) key: Span,
    pub(super) body: Span,
    pub(super) renamed_from: Option<Span>,
    /// Whether it could not be read; then it gets no further errors.
    pub(super) broken: bool,
    /// Whether its collation is the `_bin` of the table's character set.
    pub(super) binary_of_table: bool,
}

pub(super) struct IndexPlaces {
    pub(super) key: Span,
    /// One for each part.
    pub(super) parts: Vec<Span>,
    pub(super) renamed_from: Option<Span>,
}

pub(super) struct ForeignKeyPlaces {
    pub(super) key: Span,
    /// One for each column.
    pub(super) columns: Vec<Span>,
    pub(super) references: Span,
}

/// Reads one entry of `tables`.
pub(super) fn read(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<ReadTable> {
    let name = reading.name(field.key, "table")?.to_owned();
    let key = reading.span(field.key);
    let fields = reading.fields(field)?;
    reading.place(Element::table(&name), key);
    let mut read = ReadTable {
        table: Table::new(&name),
        key,
        columns: Vec::new(),
        primary_key: None,
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        with_versioning: Vec::new(),
        periods: Vec::new(),
        renamed_from: None,
    };
    // Constraints in columns get their names after those with names of their own.
    let errors = reading.report.diagnostics.len();
    let (columns, others): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|field| field.word() == "columns");
    let names = column_names(&columns);
    for field in others {
        read_key(reading, &mut read, field, &names);
    }
    for field in columns {
        read_columns(reading, &mut read, field);
    }
    if read.columns.is_empty() && errors == reading.report.diagnostics.len() {
        let span = read.key;
        reading.error(format!("the table `{name}` has no columns"), span, "");
    }
    Some(read)
}

fn read_key(
    reading: &mut Reading<'_, '_>,
    read: &mut ReadTable,
    field: KeyValue<'_>,
    names: &[&str],
) {
    let table = &mut read.table;
    match field.word() {
        "comment" => table.options.comment = reading.string(field).unwrap_or_default().to_owned(),
        "engine" => table.options.engine = reading.word(field, "engine"),
        "charset" => table.options.charset = reading.word(field, "character set"),
        "collation" => table.options.collation = reading.word(field, "collation"),
        "row_format" => {
            table.options.row_format =
                reading.word(field, "row format").map(|word| word.to_ascii_uppercase());
        }
        "system_versioning" => table.versioned = reading.boolean(field).unwrap_or(false),
        "auto_increment" => table.options.auto_increment = reading.integer(field),
        "renamed_from" => {
            table.renamed_from = reading.name(field.value, "table").map(str::to_owned);
            read.renamed_from = Some(reading.span(field.value));
        }
        "primary_key" => {
            if let Some(index) = index::read_primary(reading, field, names) {
                read.set_primary_key(reading, index);
            }
        }
        "indexes" => each(reading, field, |reading, field| {
            if let Some(index) = index::read(reading, field, names) {
                read.add_index(reading, index);
            }
        }),
        "foreign_keys" => each(reading, field, |reading, field| {
            if let Some(key) = constraint::read_foreign_key(reading, field, names) {
                read.add_foreign_key(reading, key);
            }
        }),
        "periods" => each(reading, field, |reading, field| {
            if let Some(period) = constraint::read_period(reading, field, names) {
                read.add_period(reading, period);
            }
        }),
        "checks" => each(reading, field, |reading, field| {
            if let Some(check) = constraint::read_check(reading, field) {
                read.add_check(reading, check.check, check.key);
            }
        }),
        "partitioning" => {
            table.partitioning = partitioning::read(reading, &table.name, field, names);
        }
        "options" => each(reading, field, |reading, field| {
            read_option(reading, &mut read.table, field);
        }),
        _ => reading.unknown_key(field, &TABLE),
    }
    let of_elements = ["indexes", "foreign_keys", "checks", "periods", "options", "primary_key"];
    if !of_elements.contains(&field.word()) {
        let key = reading.span(field.key);
        reading.place(Element::option(&read.table.name, field.word()), key);
    }
}

/// The names under `columns`, before the columns are read.
fn column_names<'n>(columns: &[KeyValue<'n>]) -> Vec<&'n str> {
    let entries = columns.iter().flat_map(|field| match &field.value.value {
        Value::Mapping(entries) => entries.as_slice(),
        _ => &[],
    });
    let names = entries.filter_map(|(key, _)| match &key.value {
        Value::String(name) => Some(name.as_ref()),
        _ => None,
    });
    names.collect()
}

/// Reads every entry of a map.
fn each<'n, 't, 'r>(
    reading: &mut Reading<'t, 'r>,
    field: KeyValue<'n>,
    mut read: impl FnMut(&mut Reading<'t, 'r>, KeyValue<'n>),
) {
    for field in reading.fields(field).unwrap_or_default() {
        read(reading, field);
    }
}

/// Options whose value is a string in SQL, so that it needs no SQL quotes here.
const STRING_OPTIONS: &[&str] = &[
    "COMPRESSION",
    "DATA DIRECTORY",
    "ENCRYPTION",
    "ENGINE_ATTRIBUTE",
    "INDEX DIRECTORY",
    "PASSWORD",
    "SECONDARY_ENGINE_ATTRIBUTE",
];

fn read_option(reading: &mut Reading<'_, '_>, table: &mut Table, field: KeyValue<'_>) {
    let Some(name) = reading.name(field.key, "table option") else { return };
    let span = reading.span(field.key);
    let upper = match name.to_ascii_uppercase().as_str() {
        "DATA_DIRECTORY" => "DATA DIRECTORY".to_owned(),
        "INDEX_DIRECTORY" => "INDEX DIRECTORY".to_owned(),
        other => other.to_owned(),
    };
    let own_key = match upper.as_str() {
        "ENGINE" | "ROW_FORMAT" | "AUTO_INCREMENT" | "COMMENT" => Some(name.to_ascii_lowercase()),
        "CHARSET" | "CHARACTER SET" | "DEFAULT CHARSET" => Some("charset".to_owned()),
        "COLLATE" | "COLLATION" => Some("collation".to_owned()),
        _ => None,
    };
    if let Some(own_key) = own_key {
        reading
            .error(format!("`{name}` has a key of its own"), span, "")
            .help
            .push(format!("write `{own_key}` next to `columns`, not under `options`"));
        return;
    }
    let value = match &field.value.value {
        Value::Number => Some(reading.raw(field.value).to_owned()),
        _ if upper == "CONNECTION" => {
            // The file's password is removed here, so that nothing later has it.
            reading.string(field).map(|text| {
                let in_quotes = text.starts_with('\'').then(|| parse_string(text).ok()).flatten();
                let text = without_passwords(in_quotes.as_deref().unwrap_or(text));
                crate::syntax::quote_string(&text)
            })
        }
        _ => reading.string(field).map(|text| match STRING_OPTIONS.contains(&upper.as_str()) {
            true if !text.starts_with('\'') => crate::syntax::quote_string(text),
            _ => text.to_owned(),
        }),
    };
    reading.place(Element::option(&table.name, name), span);
    if let Some(value) = value {
        table.options.other.insert(upper, value);
    }
}

fn read_columns(reading: &mut Reading<'_, '_>, read: &mut ReadTable, field: KeyValue<'_>) {
    each(reading, field, |reading, field| {
        let Some(column) = column::read(reading, field) else { return };
        reading
            .place(Element::column(&read.table.name, &column.definition.column.name), column.key);
        read.add_column(reading, column);
    });
}

impl ReadTable {
    /// Adds a column and the constraints in its definition.
    fn add_column(&mut self, reading: &mut Reading<'_, '_>, read: ReadColumn) {
        let ReadColumn { definition, key, body, renamed_from, broken } = read;
        let mut column = definition.column;
        if definition.with_versioning {
            self.with_versioning.push(column.name.clone());
        }
        let binary_of_table = definition.binary_of_table;
        let name = column.name.clone();
        let on_column = |name: &str, kind: IndexKind| ReadIndex {
            index: Index::new(name, kind, vec![IndexPart::column(&column.name)]),
            key,
            parts: vec![key],
            renamed_from: None,
        };
        if definition.primary_key {
            self.set_primary_key(reading, on_column(PRIMARY, IndexKind::Primary));
        }
        if definition.unique {
            let free = self.free_index_name(&name);
            if definition.primary_key {
                let element = Element::index(&self.table.name, &free);
                reading.report.uniques_of_primary_keys.push(element);
            }
            self.add_index(reading, on_column(&free, IndexKind::Unique));
        }
        for mut check in definition.checks {
            if check.name.is_empty() && column.check.is_none() && check.enforced {
                column.check = Some(check.expression);
                continue;
            }
            if check.name.is_empty() {
                check.name = self.free_name("chk", |table, name| table.check(name).is_some());
            }
            self.add_check(reading, check, key);
        }
        if let Some(mut foreign_key) = definition.references {
            if foreign_key.name.is_empty() {
                foreign_key.name =
                    self.free_name("ibfk", |table, name| table.foreign_key(name).is_some());
            }
            self.add_inline_foreign_key(reading, foreign_key, key, body);
        }
        self.table.columns.push(column);
        self.columns.push(ColumnPlaces { key, body, renamed_from, broken, binary_of_table });
    }

    fn add_inline_foreign_key(
        &mut self,
        reading: &mut Reading<'_, '_>,
        foreign_key: ForeignKey,
        key: Span,
        references: Span,
    ) {
        let read = ReadForeignKey { foreign_key, key, columns: vec![key], references };
        self.add_foreign_key(reading, read);
    }

    /// The first free name of `orders_ibfk_1`, `orders_ibfk_2`, …, as a server chooses it.
    fn free_name(&self, suffix: &str, taken: impl Fn(&Table, &str) -> bool) -> String {
        let mut number = 1;
        loop {
            let name = format!("{}_{suffix}_{number}", self.table.name);
            if !taken(&self.table, &name) {
                return name;
            }
            number += 1;
        }
    }

    /// The name that a server gives an unnamed index: the column's name, or that with a number.
    fn free_index_name(&self, column: &str) -> String {
        let taken = |name: &str| self.table.index(name).is_some();
        let mut name = column.to_owned();
        let mut number = 2;
        while taken(&name) {
            name = format!("{column}_{number}");
            number += 1;
        }
        name
    }

    fn set_primary_key(&mut self, reading: &mut Reading<'_, '_>, read: ReadIndex) {
        if let Some(first) = &self.primary_key {
            let (first, second) = (first.key, read.key);
            let (first, second) = (first.min(second), first.max(second));
            reading
                .error(
                    format!("the table `{}` has two primary keys", self.table.name),
                    second,
                    "the second",
                )
                .also(first, "the first");
            return;
        }
        reading.place(Element::primary_key(&self.table.name), read.key);
        self.table.primary_key = Some(read.index);
        self.primary_key =
            Some(IndexPlaces { key: read.key, parts: read.parts, renamed_from: read.renamed_from });
    }

    fn add_index(&mut self, reading: &mut Reading<'_, '_>, read: ReadIndex) {
        reading.place(Element::index(&self.table.name, &read.index.name), read.key);
        self.table.indexes.push(read.index);
        self.indexes.push(IndexPlaces {
            key: read.key,
            parts: read.parts,
            renamed_from: read.renamed_from,
        });
    }

    fn add_foreign_key(&mut self, reading: &mut Reading<'_, '_>, read: ReadForeignKey) {
        reading.place(Element::foreign_key(&self.table.name, &read.foreign_key.name), read.key);
        self.table.foreign_keys.push(read.foreign_key);
        self.foreign_keys.push(ForeignKeyPlaces {
            key: read.key,
            columns: read.columns,
            references: read.references,
        });
    }

    fn add_period(&mut self, reading: &mut Reading<'_, '_>, read: ReadPeriod) {
        reading.place(Element::period(&self.table.name, &read.period.name), read.key);
        self.table.periods.push(read.period);
        self.periods.push(PeriodPlaces { key: read.key, columns: read.columns });
    }

    fn add_check(&mut self, reading: &mut Reading<'_, '_>, check: Check, key: Span) {
        reading.place(Element::check(&self.table.name, &check.name), key);
        self.table.checks.push(check);
        self.checks.push(key);
    }

    /// Makes the table versioned if only its columns have `with system versioning`.
    pub(super) fn resolve_versioning(&mut self) {
        if !self.with_versioning.is_empty() {
            apply_versioning(&mut self.table, &self.with_versioning);
        }
    }

    /// Gives the columns with the attribute BINARY their collation, after the table's options are
    /// complete. If the file has no character set, it stays that of utf8mb4, the servers' default.
    pub(super) fn resolve_binary(&mut self) {
        let options = &self.table.options;
        let of_collation = || collation_name(options.collation.as_deref()?).1;
        let of_table = options.charset.as_deref().map(charset_name).or_else(of_collation);
        let Some(charset) = of_table else { return };
        for (column, places) in self.table.columns.iter_mut().zip(&self.columns) {
            if places.binary_of_table {
                column.collation = Some(format!("{charset}_bin"));
            }
        }
    }

    /// The position of a column among the table's columns.
    pub(super) fn column_index(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| same_name(&column.name, name))
    }
}
