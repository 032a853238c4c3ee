//! From the rows of `information_schema` to the model. Rows are matched here, by names compared
//! byte for byte.

use std::collections::{BTreeMap, HashMap};

use super::error::LiveError;
use super::fetch::Dictionary;
use super::objects::ReadObjects;
use super::quirks::{self, ColumnExtra};
use super::rows::{CheckRow, ColumnRow, IndexRow, KeyColumnRow, RuleRow, TableRow};
use super::show_create::{ShownTables, uncarry};
use crate::model::{
    Check, Column, ColumnType, ColumnVersioning, DefaultValue, ForeignKey, Generated, Index,
    IndexAlgorithm, IndexKind, IndexPart, KeyPart, PRIMARY, PartitionValue, Partitioning,
    ReferentialAction, Schema, Table, TableOptions,
};
use crate::server::Vendor;
use crate::syntax::parse_type;

/// Builds the model from the rows.
pub(super) struct Assembly<'a> {
    pub(super) vendor: Vendor,
    /// How messages name the server.
    pub(super) endpoint: String,
    /// SHOW CREATE TABLE of the tables that needed it.
    pub(super) shown: &'a ShownTables,
}

/// The tables while they are built, and each one's rows of indexes, which come part by part.
type Tables = BTreeMap<String, Table>;

impl Assembly<'_> {
    /// The whole schema: tables by name; indexes as the server lists them; foreign keys and
    /// checks by name.
    pub(super) fn schema(
        &self,
        dictionary: Dictionary,
        objects: ReadObjects,
    ) -> Result<Schema, LiveError> {
        let mut schema = Schema {
            name: Some(dictionary.name.clone()),
            charset: dictionary.charset,
            collation: dictionary.collation,
            ..Schema::default()
        };
        let mut tables = Tables::new();
        for row in dictionary.tables {
            self.table(row, &mut tables)?;
        }
        let srids =
            dictionary.srids.into_iter().map(|row| ((row.table, row.column), row.srid)).collect();
        self.columns(dictionary.columns, &srids, &mut tables)?;
        self.indexes(dictionary.indexes, &mut tables);
        foreign_keys(dictionary.key_columns, dictionary.rules, &dictionary.name, &mut tables);
        self.checks(dictionary.checks, &mut tables);
        schema.objects = objects.objects;
        schema.unsupported = objects.unsupported;
        for (name, mut table) in tables {
            match self.shown.get(&name) {
                Some(Ok(shown)) => complete(&mut table, shown),
                Some(Err(reason)) => table.unsupported.push(reason.clone()),
                None => {}
            }
            schema.insert(table);
        }
        Ok(schema)
    }

    fn unreadable(&self, element: String, reason: String, text: String) -> LiveError {
        LiveError::Unreadable { endpoint: self.endpoint.clone(), element, reason, text }
    }

    fn table(&self, row: TableRow, tables: &mut Tables) -> Result<(), LiveError> {
        // MariaDB lists the session's temporary tables too.
        if row.kind == "BASE TABLE" || row.kind == "SYSTEM VERSIONED" {
            if row.engine.is_none() {
                let reason = "its storage engine is missing or it is broken".to_owned();
                return Err(self.unreadable(format!("table `{}`", row.name), reason, row.comment));
            }
            let mut table = Table::new(row.name.as_str());
            table.versioned = row.kind == "SYSTEM VERSIONED";
            table.options = table_options(row);
            tables.insert(table.name.clone(), table);
        }
        Ok(())
    }

    fn columns(
        &self,
        mut rows: Vec<ColumnRow>,
        srids: &HashMap<(String, String), u32>,
        tables: &mut Tables,
    ) -> Result<(), LiveError> {
        rows.sort_by(|a, b| (&a.table, a.position).cmp(&(&b.table, b.position)));
        for mut row in rows {
            // Views and sequences have columns too.
            let Some(table) = tables.get_mut(&row.table) else { continue };
            if self.vendor == Vendor::MariaDb && !srids.is_empty() {
                row.srid = srids.get(&(row.table.clone(), row.name.clone())).copied();
            }
            table.columns.push(self.column(row)?);
        }
        Ok(())
    }

    fn column(&self, row: ColumnRow) -> Result<Column, LiveError> {
        let extra = ColumnExtra::parse(&row.extra);
        let (ty, compressed) = quirks::column_type(&row.ty);
        let ty = parse_type(ty).map_err(|error| {
            let element = format!("the type of column `{}` of table `{}`", row.name, row.table);
            self.unreadable(element, error.message, row.ty.clone())
        })?;
        let mut column = Column::new(row.name, ty.ty);
        if let ColumnType::Geometry { srid, .. } = &mut column.ty {
            *srid = row.srid;
        }
        if compressed || extra.not_secondary {
            let storage = column.storage_mut();
            storage.compressed = compressed;
            storage.not_secondary = extra.not_secondary;
        }
        if extra.without_versioning {
            column.versioning = ColumnVersioning::Without;
        }
        let system_time =
            quirks::system_time(&row.generation).filter(|_| self.vendor == Vendor::MariaDb);
        if let Some(system_time) = system_time {
            column.versioning = system_time;
        }
        let generated = extra.generated.filter(|_| system_time.is_none());
        column.generated = generated.map(|storage| Generated {
            expression: quirks::expression(&row.generation, self.vendor),
            storage,
        });
        if column.generated.is_none() && system_time.is_none() {
            column.default =
                quirks::default(row.default.as_deref(), &column.ty, &extra, self.vendor);
        }
        // MySQL shows none for an ENUM or SET in the character set `binary`.
        let is_list = matches!(column.ty, ColumnType::Enum { .. } | ColumnType::Set { .. });
        let binary = || is_list.then(|| "binary".to_owned());
        column.charset = row.charset.or_else(binary);
        column.collation = row.collation.or_else(binary);
        if is_list && column.charset.as_deref() == Some("binary") {
            column.default = column.default.map(quirks::member_in_bytes);
        }
        column.nullable = row.nullable;
        column.on_update_now = extra.on_update_now;
        column.auto_increment = extra.auto_increment;
        column.invisible = extra.invisible;
        column.comment = row.comment;
        Ok(column)
    }

    /// The rows come index by index, but the parts of an index are not always in order.
    fn indexes(&self, rows: Vec<IndexRow>, tables: &mut Tables) {
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        let mut found: Vec<Vec<IndexRow>> = Vec::new();
        for row in rows {
            let place = *places.entry((row.table.clone(), row.name.clone())).or_insert_with(|| {
                found.push(Vec::new());
                found.len() - 1
            });
            if let Some(parts) = found.get_mut(place) {
                parts.push(row);
            }
        }
        for mut parts in found {
            parts.sort_by_key(|row| row.position);
            self.index(parts, tables);
        }
        for table in tables.values_mut() {
            let rank: Vec<u8> = table.indexes.iter().map(|index| rank(index, table)).collect();
            let mut ranked: Vec<(u8, Index)> =
                rank.into_iter().zip(std::mem::take(&mut table.indexes)).collect();
            // The sort is stable: MariaDB's rows come in the order of SHOW CREATE TABLE. The order
            // of MySQL's depends on the optimizer, so only the names give a reliable order.
            ranked.sort_by(|(a_rank, a), (b_rank, b)| match self.vendor {
                Vendor::MySql => (a_rank, a.name.to_lowercase(), &a.name).cmp(&(
                    b_rank,
                    b.name.to_lowercase(),
                    &b.name,
                )),
                Vendor::MariaDb => a_rank.cmp(b_rank),
            });
            table.indexes = ranked.into_iter().map(|(_, index)| index).collect();
        }
    }

    fn index(&self, rows: Vec<IndexRow>, tables: &mut Tables) {
        let Some(first) = rows.first() else { return };
        let Some(table) = tables.get_mut(&first.table) else { return };
        let kind = match first.algorithm.as_str() {
            _ if first.name == PRIMARY => IndexKind::Primary,
            "FULLTEXT" => IndexKind::Fulltext,
            "SPATIAL" | "RTREE" => IndexKind::Spatial,
            "VECTOR" => IndexKind::Vector,
            _ if first.unique => IndexKind::Unique,
            _ => IndexKind::Plain,
        };
        let in_memory = table.options.engine.as_deref() == Some("MEMORY");
        let algorithm = match first.algorithm.as_str() {
            "HASH" if !in_memory => Some(IndexAlgorithm::Hash),
            "BTREE" if in_memory => Some(IndexAlgorithm::Btree),
            _ => None,
        };
        let mut index = Index::new(first.name.clone(), kind, Vec::with_capacity(rows.len()));
        index.algorithm = algorithm;
        index.invisible = first.invisible;
        index.comment.clone_from(&first.comment);
        let written = rows.len();
        index.parts = rows.into_iter().filter_map(|row| self.part(row, kind)).collect();
        if index.parts.len() < written {
            let hidden = format!("index {}: a part that the server doesn't show", index.name);
            table.unsupported.push(hidden);
        }
        match kind {
            IndexKind::Primary => table.primary_key = Some(index),
            _ => table.indexes.push(index),
        }
    }

    fn part(&self, row: IndexRow, kind: IndexKind) -> Option<IndexPart> {
        // A spatial part always has 32 bytes, which isn't written.
        let prefix_length = row.prefix.filter(|_| kind != IndexKind::Spatial);
        let key = match (row.expression, row.column) {
            (Some(text), _) => KeyPart::Expression(quirks::expression(&text, self.vendor)),
            (None, Some(name)) => KeyPart::Column { name, prefix_length },
            (None, None) => return None,
        };
        Some(IndexPart { key, descending: row.descending })
    }

    fn checks(&self, rows: Vec<CheckRow>, tables: &mut Tables) {
        for row in rows {
            let Some(table) = tables.get_mut(&row.table) else { continue };
            if row.may_be_stale() && matches!(self.shown.get(&row.table), Some(Ok(_))) {
                // SHOW CREATE TABLE says which column it belongs to.
                continue;
            }
            let expression = quirks::expression(&row.clause, self.vendor);
            if row.of_column
                && let Some(column) =
                    table.columns.iter_mut().find(|column| column.name == row.name)
            {
                column.check = Some(expression);
            } else {
                table.checks.push(Check { name: row.name, expression, enforced: row.enforced });
            }
        }
        for table in tables.values_mut() {
            table.checks.sort_by_cached_key(|check| self.name_order(&check.name));
            table.foreign_keys.sort_by_cached_key(|key| self.name_order(&key.name));
        }
    }
}

impl Assembly<'_> {
    /// How SHOW CREATE TABLE sorts names: MySQL case-insensitively, MariaDB by bytes.
    fn name_order(&self, name: &str) -> (String, String) {
        match self.vendor {
            Vendor::MySql => (name.to_lowercase(), name.to_owned()),
            Vendor::MariaDb => (String::new(), name.to_owned()),
        }
    }
}

/// The position at which SHOW CREATE TABLE puts an index.
fn rank(index: &Index, table: &Table) -> u8 {
    match index.kind {
        IndexKind::Primary => 0,
        IndexKind::Unique => {
            let nullable = index.parts.iter().any(|part| match &part.key {
                KeyPart::Column { name, .. } => {
                    table.column(name).is_some_and(|column| column.nullable)
                }
                KeyPart::Expression(_) => true,
            });
            1 + u8::from(nullable)
        }
        IndexKind::Plain | IndexKind::Spatial => 3,
        IndexKind::Fulltext | IndexKind::Vector => 4,
    }
}

fn table_options(row: TableRow) -> TableOptions {
    let mut other = quirks::create_options(&row.create_options);
    TableOptions {
        engine: row.engine,
        charset: row.collation.as_deref().map(|name| charset_of(name).to_owned()),
        collation: row.collation,
        inherits_charset: false,
        row_format: other.remove("ROW_FORMAT").map(|format| format.to_ascii_uppercase()),
        comment: row.comment,
        auto_increment: None,
        other,
    }
}

/// Every collation is named after its character set.
fn charset_of(collation: &str) -> &str {
    collation.split_once('_').map_or(collation, |(charset, _)| charset)
}

fn foreign_keys(
    mut rows: Vec<KeyColumnRow>,
    rules: Vec<RuleRow>,
    database: &str,
    tables: &mut Tables,
) {
    let rules: HashMap<(String, String), (ReferentialAction, ReferentialAction)> = rules
        .into_iter()
        .map(|row| ((row.table, row.constraint), (action(&row.on_delete), action(&row.on_update))))
        .collect();
    rows.sort_by(|a, b| {
        (&a.table, &a.constraint, a.position).cmp(&(&b.table, &b.constraint, b.position))
    });
    for row in rows {
        let Some(table) = tables.get_mut(&row.table) else { continue };
        let key = (row.table, row.constraint);
        let (on_delete, on_update) = rules.get(&key).copied().unwrap_or_default();
        let is_new = table.foreign_keys.last().is_none_or(|last| last.name != key.1);
        if is_new {
            table.foreign_keys.push(ForeignKey {
                name: key.1,
                columns: Vec::new(),
                referenced_schema: Some(row.referenced_schema).filter(|name| name != database),
                referenced_table: row.referenced_table,
                referenced_columns: Vec::new(),
                on_delete,
                on_update,
                implicit_index: None,
            });
        }
        if let Some(foreign_key) = table.foreign_keys.last_mut() {
            foreign_key.columns.push(row.column);
            foreign_key.referenced_columns.push(row.referenced_column);
        }
    }
}

fn action(rule: &str) -> ReferentialAction {
    match rule {
        "RESTRICT" => ReferentialAction::Restrict,
        "CASCADE" => ReferentialAction::Cascade,
        "SET NULL" => ReferentialAction::SetNull,
        "SET DEFAULT" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

/// Adds what only SHOW CREATE TABLE shows.
fn complete(table: &mut Table, shown: &Table) {
    table.unsupported.extend(shown.unsupported.iter().cloned());
    table.partitioning.clone_from(&shown.partitioning);
    if let Some(Partitioning::By(scheme)) = &mut table.partitioning {
        scheme.values_mut().for_each(shown_value);
    }
    table.periods.clone_from(&shown.periods);
    if !shown.periods.is_empty() {
        // With a period the server makes a check that nobody wrote, and a key shows the period's
        // columns.
        table.primary_key.clone_from(&shown.primary_key);
        table.indexes.clone_from(&shown.indexes);
        table.checks.clone_from(&shown.checks);
    }
    for index in table.primary_key.iter_mut().chain(&mut table.indexes) {
        if let Some(other) = shown.index(&index.name) {
            index.attributes.clone_from(&other.attributes);
            index.parser.clone_from(&other.parser);
            index.key_block_size = other.key_block_size;
            index.algorithm = index.algorithm.or(other.algorithm);
            index.vector = other.vector;
        }
    }
    let place = |index: &Index| shown.indexes.iter().position(|other| other.name == index.name);
    table.indexes.sort_by_cached_key(place);
    if quirks::is_cut(&table.options.comment, &shown.options.comment) {
        table.options.comment.clone_from(&shown.options.comment);
    }
    for (name, value) in &shown.options.other {
        table.options.other.entry(name.clone()).or_insert_with(|| value.clone());
    }
    for column in &mut table.columns {
        let other = shown.columns.iter().find(|other| other.name == column.name);
        let Some(other) = other else { continue };
        if column.default.is_some()
            && let Some(default) = &other.default
        {
            column.default = Some(shown_default(default, column));
        }
        if column.check.is_none() {
            column.check.clone_from(&other.check);
        }
        if let Some(storage) = &other.storage {
            quirks::add_unreported(column.storage_mut(), storage);
        }
    }
}

/// A value of a partition's bounds. Its text may stand for bytes that are not UTF-8.
fn shown_value(value: &mut PartitionValue) {
    if let PartitionValue::Text(text) = value {
        let bytes = uncarry(text.as_bytes());
        if bytes != text.as_bytes() {
            *value = PartitionValue::Bytes(bytes);
        }
    }
}

/// A default as SHOW CREATE TABLE shows it. Bytes may be a text that its own character set can't
/// show, as MySQL does for a 4-byte character.
pub(super) fn shown_default(default: &DefaultValue, column: &Column) -> DefaultValue {
    let is_text = column.ty.has_charset();
    match default {
        DefaultValue::Bytes(bytes) if is_text => match String::from_utf8(bytes.clone()) {
            Ok(text) => DefaultValue::Literal(text),
            Err(_) => default.clone(),
        },
        DefaultValue::Bytes(bytes) => DefaultValue::Bytes(uncarry(bytes)),
        // It already has the kind that the column's type gives it.
        DefaultValue::Literal(_) => default.clone(),
        _ => column.default.clone().unwrap_or_else(|| default.clone()),
    }
}
