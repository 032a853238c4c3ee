//! Turns a world into a schema that a server accepts, as far as its rules are simple.

use driftline::model::{
    Check as CheckModel, Column as ColumnModel, ColumnType, DefaultValue, Expression, ForeignKey,
    Generated, GeneratedStorage, Index as IndexModel, IndexKind, KeyPart, PRIMARY,
    ReferentialAction, Schema, Table as TableModel, TypeClass,
};
use driftline::server::{Capability, Server};

use super::pool;
use super::world::{Check, Column, Id, Key, Table, World};
use super::{engines, indexes, options, partitions, storage, types, versions};

/// The schema. If there was one before, elements with a new name declare the rename.
pub fn schema(world: &World, before: Option<&World>, server: &Server) -> Schema {
    let builder = Builder { world, before, server };
    let mut schema = Schema::default();
    for table in &world.tables {
        schema.insert(builder.table(table));
    }
    schema
}

struct Builder<'a> {
    world: &'a World,
    before: Option<&'a World>,
    server: &'a Server,
}

/// The former name, if there is another one.
pub fn renamed(old: Option<&str>, new: &str) -> Option<String> {
    old.filter(|old| *old != new).map(str::to_owned)
}

/// The name as in SQL.
pub fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

impl Builder<'_> {
    fn can(&self, capability: Capability) -> bool {
        self.server.can(capability)
    }

    fn table(&self, table: &Table) -> TableModel {
        let old = self.before.and_then(|world| world.table(table.id));
        let mut model = TableModel::new(&table.name);
        model.renamed_from = renamed(old.map(|old| old.name.as_str()), &table.name);
        model.columns =
            table.columns.iter().map(|column| self.column(table, column, old)).collect();
        versions::period(&mut model, table, old, self.server);
        model.primary_key = self.primary_key(table, &mut model);
        self.auto_increment(table, &mut model);
        for index in &table.indexes {
            model.indexes.extend(indexes::index(table, index, &model, old, self.server));
        }
        model.foreign_keys =
            table.keys.iter().filter_map(|key| self.foreign_key(table, key, &model)).collect();
        model.checks = table.checks.iter().filter_map(|it| self.check(table, it, &model)).collect();
        versions::versions(&mut model, table, old, self.server);
        versions::allow_overlaps(&mut model);
        options::options(&mut model, table, self.server);
        engines::engine(&mut model, table, self.server);
        if let Some(partitions) = &table.partitions
            && engines::asked(table, self.server).is_none()
        {
            partitions::divide(&mut model, partitions, self.server);
        }
        model
    }

    fn column(&self, table: &Table, column: &Column, old: Option<&Table>) -> ColumnModel {
        let dice = &column.dice;
        let ty = self.resolved(table, column, 8);
        let mut model = ColumnModel::new(&column.name, ty.ty);
        (model.charset, model.collation) = (ty.charset, ty.collation);
        let old = old.and_then(|old| old.columns.iter().find(|other| other.id == column.id));
        model.renamed_from = renamed(old.map(|old| old.name.as_str()), &column.name);
        model.comment = pool::comment(dice[6]);
        model.nullable = dice[4].is_multiple_of(2);
        model.invisible = dice[7] % 16 == 3 && table.columns.len() > 4 && model.nullable;
        if column.refers.is_some() {
            return model;
        }
        let base = column.base.and_then(|id| table.columns.iter().find(|other| other.id == id));
        if let Some(base) = base.filter(|base| base.base.is_none() && base.refers.is_none()) {
            self.generate(&mut model, table, base, dice[7]);
            return model;
        }
        model.default = types::default(&model.ty, dice, self.server);
        let before = table.columns.iter().take_while(|other| other.id != column.id);
        if before.into_iter().any(|other| other.base == Some(column.id)) {
            // A generated column can't come before a column that it uses if that has an expression
            // as its default (error 3107).
            model.default =
                model.default.take().filter(|it| !matches!(it, DefaultValue::Expression(_)));
        }
        storage::storage(&mut model, dice, self.server);
        if matches!(model.ty, ColumnType::Datetime { .. } | ColumnType::Timestamp { .. }) {
            model.on_update_now = dice[7] % 4 == 1;
        }
        if self.can(Capability::ColumnChecks) && dice[7] % 16 == 5 {
            let text = format!("{} is not null", quoted(&column.name));
            model.check = Some(Expression::new(text));
        }
        model
    }

    fn generate(&self, model: &mut ColumnModel, table: &Table, base: &Column, choice: u8) {
        let of = self.resolved(table, base, 8).ty;
        let name = quoted(&base.name);
        // Whether a CHAR is padded depends on the session, and where no session values are stored
        // it is refused in most places (error 1901). MySQL does nothing with a vector (error 3064).
        let by_session =
            matches!(of, ColumnType::Char { .. }) && !self.can(Capability::StoredSessionValues);
        if by_session || matches!(of, ColumnType::Vector { .. }) {
            return;
        }
        let (ty, text) = match of.class() {
            TypeClass::Numeric if choice % 4 == 1 => {
                (ColumnType::Varchar { length: 100 }, format!("concat({name}, 'x')"))
            }
            TypeClass::Numeric => (
                ColumnType::Double { precision: None, sign: Default::default() },
                format!("{name} + 1"),
            ),
            TypeClass::Character => (ColumnType::Varchar { length: 255 }, format!("lower({name})")),
            _ => (
                ColumnType::Integer {
                    size: driftline::model::IntegerSize::Int,
                    sign: Default::default(),
                    width: None,
                },
                format!("{name} is null"),
            ),
        };
        model.ty = ty;
        (model.charset, model.collation) = (None, None);
        let can_be_full = self.can(Capability::NotNullGeneratedColumns);
        model.nullable = !(can_be_full && choice / 16 % 4 == 1);
        let storage = match choice % 3 == 1 {
            true => GeneratedStorage::Stored,
            false => GeneratedStorage::Virtual,
        };
        model.generated = Some(Generated { expression: Expression::new(text), storage });
    }

    /// The type of a column. A column in a foreign key has the type of the column that it
    /// references.
    fn resolved(&self, table: &Table, column: &Column, depth: u32) -> ColumnModel {
        let referred = column.refers.and_then(|(parent, id)| {
            let parent = self.world.table(parent)?;
            Some((parent, parent.columns.iter().find(|other| other.id == id)?))
        });
        let found = match referred {
            Some((parent, referred)) if depth > 0 => self.resolved(parent, referred, depth - 1),
            _ => {
                let mut model = ColumnModel::new("", types::column_type(&column.dice, self.server));
                if model.ty.has_charset() {
                    (model.charset, model.collation) =
                        types::collation(column.dice[2], self.server);
                }
                model
            }
        };
        let mut found = found;
        if column.refers.is_some() && found.ty.has_charset() && found.collation.is_none() {
            // The two tables may have different defaults.
            let parent = referred.map_or(table, |(parent, _)| parent);
            if found.charset.is_none() {
                (found.charset, found.collation) = types::collation(parent.dice[4], self.server);
            }
        }
        found
    }

    fn primary_key(&self, table: &Table, model: &mut TableModel) -> Option<IndexModel> {
        let mut parts = Vec::new();
        for id in &table.primary {
            let Some(at) = table.columns.iter().position(|column| column.id == *id) else {
                continue;
            };
            let column = &mut model.columns[at];
            if column.generated.is_some() {
                continue;
            }
            if column.storage.as_ref().is_some_and(|storage| storage.compressed) {
                column.storage = None;
            }
            let choice = if at < 2 { table.dice[10] >> (4 + at) } else { 0 };
            if let Some(part) = indexes::part(column, choice, self.server) {
                column.nullable = false;
                column.check = None;
                // MariaDB requires a default for an invisible NOT NULL column (error 4108).
                column.invisible &= column.default.is_some();
                parts.push(part);
            }
        }
        if parts.is_empty() {
            return None;
        }
        let mut key = IndexModel::new(PRIMARY, IndexKind::Primary, parts);
        if table.dice[10] % 4 == 3 {
            key.without_overlaps = model.periods.first().map(|period| period.name.clone());
        }
        if table.dice[10] % 16 == 5 {
            key.comment = pool::comment(table.dice[9]);
        }
        Some(key)
    }

    fn auto_increment(&self, table: &Table, model: &mut TableModel) {
        let Some(key) = &model.primary_key else { return };
        let Some(name) = key.column_names().next().map(str::to_owned) else { return };
        let referred = table.columns.iter().any(|it| {
            let is_base = |other: &Column| other.base == Some(it.id);
            it.name == name && (it.refers.is_some() || table.columns.iter().any(is_base))
        });
        let column = model.columns.iter_mut().find(|column| column.name == name);
        let Some(column) = column.filter(|_| !referred && table.dice[7] % 2 == 1) else { return };
        if matches!(column.ty, ColumnType::Integer { width: None, .. }) {
            column.auto_increment = true;
            column.default = None;
        }
    }

    fn foreign_key(&self, table: &Table, key: &Key, model: &TableModel) -> Option<ForeignKey> {
        let parent = self.world.table(key.parent)?;
        let has_own_engine = |table| engines::asked(table, self.server).is_some();
        if has_own_engine(table) || has_own_engine(parent) {
            return None;
        }
        // Partitioned tables have no foreign keys and are not referenced by any (MySQL manual, 26.6
        // "Restrictions and Limitations on Partitioning").
        if table.partitions.is_some() || parent.partitions.is_some() {
            return None;
        }
        // The referenced columns must be the table's present key.
        let present = |id: &Id| parent.columns.iter().any(|column| column.id == *id);
        let index = match key.parent_index {
            Some(id) => Some(parent.indexes.iter().find(|index| index.id == id)?),
            None => None,
        };
        let referred = index.map_or(&parent.primary, |index| &index.columns);
        if *referred != key.parent_columns || !referred.iter().all(present) {
            return None;
        }
        let mut parent_model = TableModel::new("");
        parent_model.columns =
            parent.columns.iter().map(|column| self.column(parent, column, None)).collect();
        versions::period(&mut parent_model, parent, None, self.server);
        let primary = self.primary_key(parent, &mut parent_model);
        let referenced = match index {
            None => primary?,
            Some(index) => {
                parent_model.primary_key = primary;
                let found = indexes::index(parent, index, &parent_model, None, self.server);
                found.filter(|found| found.kind == IndexKind::Unique)?
            }
        };
        let whole = referenced
            .parts
            .iter()
            .all(|part| matches!(&part.key, KeyPart::Column { prefix_length: None, .. }));
        let is_period = referenced.without_overlaps.is_some();
        if is_period || !whole || referenced.parts.len() != key.columns.len() {
            return None;
        }
        let columns: Vec<&ColumnModel> = key
            .columns
            .iter()
            .filter_map(|id| table.columns.iter().position(|column| column.id == *id))
            .filter_map(|at| model.columns.get(at))
            .collect();
        if columns.len() != key.columns.len() {
            return None;
        }
        let referred: Vec<&ColumnModel> =
            referenced.column_names().filter_map(|name| parent_model.column(name)).collect();
        let is_alike = |(own, other): (&&ColumnModel, &&ColumnModel)| {
            own.ty == other.ty && other.generated.is_none()
        };
        if !columns.iter().zip(&referred).all(is_alike) {
            return None;
        }
        if !columns
            .iter()
            .zip(&referred)
            .all(|(a, b)| collation((table, a), self.server) == collation((parent, b), self.server))
        {
            return None;
        }
        let nullable = columns.iter().all(|column| column.nullable);
        // In a strict session, MariaDB refuses a foreign key through which a NULL could come into a
        // NOT NULL column.
        let brings_null =
            columns.iter().zip(&referred).any(|(own, other)| !own.nullable && other.nullable);
        let has_default = self.can(Capability::SetDefaultAction);
        let action = |choice: u8| match choice % 4 {
            1 => ReferentialAction::Cascade,
            2 if nullable => ReferentialAction::SetNull,
            3 if choice % 16 == 7 && has_default => ReferentialAction::SetDefault,
            3 => ReferentialAction::Restrict,
            _ => ReferentialAction::NoAction,
        };
        Some(ForeignKey {
            name: key.name.clone(),
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            referenced_schema: None,
            referenced_table: parent.name.clone(),
            referenced_columns: referenced.column_names().map(str::to_owned).collect(),
            on_delete: action(key.dice[1]),
            on_update: match action(key.dice[2]) {
                ReferentialAction::Cascade if brings_null => ReferentialAction::NoAction,
                other => other,
            },
            implicit_index: None,
        })
    }

    fn check(&self, table: &Table, check: &Check, model: &TableModel) -> Option<CheckModel> {
        let mut parts = Vec::new();
        for id in &check.columns {
            let at = table.columns.iter().position(|column| column.id == *id)?;
            let column = model.columns.get(at)?;
            let free = table.columns[at].refers.is_none() && !column.auto_increment;
            parts.push(condition(column, check.dice[4]).filter(|_| free)?);
        }
        let enforced = !(self.can(Capability::UnenforcedChecks) && check.dice[5] % 8 == 7);
        let text = parts.join(if check.dice[6].is_multiple_of(2) { " or " } else { " and " });
        let expression = Expression::new(text);
        (!parts.is_empty()).then(|| CheckModel { name: check.name.clone(), expression, enforced })
    }
}

/// The character set and collation of a column, each if it is written.
fn collation(
    (table, column): (&Table, &ColumnModel),
    server: &Server,
) -> (Option<String>, Option<String>) {
    match (column.ty.has_charset(), &column.charset, &column.collation) {
        (false, ..) => (None, None),
        (true, None, None) => types::collation(table.dice[4], server),
        (true, charset, collation) => (charset.clone(), collation.clone()),
    }
}

fn condition(column: &ColumnModel, choice: u8) -> Option<String> {
    let name = quoted(&column.name);
    Some(match (column.ty.class(), choice % 4) {
        // MySQL can only call functions with a vector (error 3064).
        _ if matches!(column.ty, ColumnType::Vector { .. }) => return None,
        (TypeClass::Numeric, 1) => format!("{name} between 1 and 10"),
        (TypeClass::Numeric, 2) => format!("{name} in (1, 2, 3)"),
        (TypeClass::Numeric, _) => format!("{name} > 0"),
        (TypeClass::Character, 1) => format!("char_length({name}) < 100"),
        (TypeClass::Character, _) => format!("{name} <> ''"),
        _ => format!("{name} is not null"),
    })
}
