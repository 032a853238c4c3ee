//! The tables in which migration tools keep their own books. They are no part of what schema.yaml
//! describes: `pull` puts them under `ignore`.

use crate::model::{Object, Schema, Table};

/// A table of a tool: its name, and columns that all its versions have. A name that anyone could
/// give a table is told by its columns.
struct Known {
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
}

const fn known(tool: &'static str, table: &'static str, columns: &'static [&'static str]) -> Known {
    Known { tool, table, columns }
}

/// One line for each table; where a name has several users, one for each of them.
const KNOWN: &[Known] = &[
    known("Alembic", "alembic_version", &["version_num"]),
    known("Flyway", "flyway_schema_history", &["installed_rank", "script", "checksum"]),
    known("Flyway", "schema_version", &["installed_rank", "script", "checksum"]),
    known("Liquibase", "DATABASECHANGELOG", &["id", "author", "filename", "md5sum"]),
    known("Liquibase", "DATABASECHANGELOGLOCK", &["id", "locked", "lockgranted"]),
    known("Rails", "ar_internal_metadata", &["key", "value"]),
    known("golang-migrate", "schema_migrations", &["version", "dirty"]),
    known("Ecto", "schema_migrations", &["version", "inserted_at"]),
    known("Rails or dbmate", "schema_migrations", &["version"]),
    known("goose", "goose_db_version", &["version_id", "is_applied"]),
    known("Atlas", "atlas_schema_revisions", &["version", "applied", "hash"]),
    known("Drizzle", "__drizzle_migrations", &["hash", "created_at"]),
    known("Prisma", "_prisma_migrations", &["checksum", "migration_name"]),
    known("Django", "django_migrations", &["app", "name", "applied"]),
    known("Laravel", "migrations", &["migration", "batch"]),
    known("TypeORM", "migrations", &["timestamp", "name"]),
    known("TypeORM", "typeorm_metadata", &["type", "database", "schema", "table", "name", "value"]),
    known("CodeIgniter", "migrations", &["version", "class", "namespace", "batch"]),
    known("db-migrate", "migrations", &["name", "run_on"]),
    known("MikroORM", "mikro_orm_migrations", &["name", "executed_at"]),
    known("Sequelize", "SequelizeMeta", &["name"]),
    known("Knex", "knex_migrations", &["name", "batch", "migration_time"]),
    known("Knex", "knex_migrations_lock", &["is_locked"]),
    known("Phinx", "phinxlog", &["version", "migration_name"]),
    known("CakePHP", "cake_migrations", &["version", "migration_name"]),
    known("Doctrine", "doctrine_migration_versions", &["version", "executed_at"]),
    known("Doctrine", "migration_versions", &["version", "executed_at"]),
    known("Yii", "migration", &["version", "apply_time"]),
    known("Entity Framework", "__EFMigrationsHistory", &["migrationid", "productversion"]),
    known("FluentMigrator", "VersionInfo", &["version", "appliedon", "description"]),
    known("DbUp", "schemaversions", &["schemaversionid", "scriptname", "applied"]),
    known("SQLx", "_sqlx_migrations", &["version", "installed_on", "checksum"]),
    known("Diesel", "__diesel_schema_migrations", &["version", "run_on"]),
    known("SeaORM", "seaql_migrations", &["version", "applied_at"]),
    known("Refinery", "refinery_schema_history", &["version", "applied_on", "checksum"]),
    known("sql-migrate", "gorp_migrations", &["id", "applied_at"]),
    known("Bun", "bun_migrations", &["name", "group_id", "migrated_at"]),
    known("Bun", "bun_migration_locks", &["table_name"]),
    known("yoyo", "_yoyo_migration", &["migration_hash", "migration_id"]),
    known("yoyo", "_yoyo_log", &["migration_hash", "operation"]),
    known("yoyo", "_yoyo_version", &["version", "installed_at_utc"]),
    known("yoyo", "yoyo_lock", &["locked", "pid"]),
    known("Aerich", "aerich", &["version", "app", "content"]),
    known("peewee", "migratehistory", &["name", "migrated_at"]),
];

/// A table that a tool keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MigrationTable {
    pub(super) name: String,
    pub(super) tool: &'static str,
}

/// The tables of migration tools. One that a foreign key of another table or a trigger is about is
/// more than a tool's book, and none of them.
pub(super) fn migration_tables(schema: &Schema) -> Vec<MigrationTable> {
    let tables = schema.tables.values().filter(|table| !has_ties(schema, table));
    let found = tables.filter_map(|table| {
        let known = KNOWN.iter().find(|known| known.is(table))?;
        Some(MigrationTable { name: table.name.clone(), tool: known.tool })
    });
    found.collect()
}

impl Known {
    fn is(&self, table: &Table) -> bool {
        let has = |name: &&str| table.columns.iter().any(|it| it.name.eq_ignore_ascii_case(name));
        // A plugin of CakePHP keeps `plugin_phinxlog`.
        let named = table.name.eq_ignore_ascii_case(self.table)
            || (self.tool == "Phinx" && table.name.ends_with("_phinxlog"));
        // None of them has many columns: what does is somebody's own table of that name.
        named && self.columns.iter().all(has) && table.columns.len() <= MOST_COLUMNS
    }
}

/// Liquibase's log has 14.
const MOST_COLUMNS: usize = 16;

fn has_ties(schema: &Schema, table: &Table) -> bool {
    let mut keys = schema.tables.values().flat_map(|other| &other.foreign_keys);
    let referenced =
        keys.any(|key| key.referenced_schema.is_none() && key.referenced_table == table.name);
    let has_trigger = schema
        .objects
        .values()
        .any(|object| matches!(object, Object::Trigger(trigger) if trigger.table == table.name));
    referenced || has_trigger || !table.foreign_keys.is_empty()
}

#[cfg(test)]
mod tests {
    use super::migration_tables;
    use crate::source::yaml;

    fn found(text: &str) -> Vec<(String, &'static str)> {
        let loaded = yaml::read_text("schema.yaml", text).unwrap();
        migration_tables(&loaded.schema).into_iter().map(|it| (it.name, it.tool)).collect()
    }

    #[test]
    fn a_table_is_told_by_its_name_and_columns() {
        let text = "
tables:
  alembic_version: { columns: { version_num: varchar(32) not null primary key } }
  databasechangelog:
    columns: { ID: varchar(255), AUTHOR: varchar(255), FILENAME: varchar(255), MD5SUM: varchar(35) }
  Schema_Migrations: { columns: { version: bigint primary key, dirty: boolean not null } }
  blog_phinxlog: { columns: { version: bigint, migration_name: varchar(100) } }
  migrations: { columns: { id: int, migration: varchar(255), batch: int } }
  users: { columns: { id: int } }
";
        assert_eq!(
            found(text),
            [
                ("alembic_version".to_owned(), "Alembic"),
                ("databasechangelog".to_owned(), "Liquibase"),
                ("Schema_Migrations".to_owned(), "golang-migrate"),
                ("blog_phinxlog".to_owned(), "Phinx"),
                ("migrations".to_owned(), "Laravel"),
            ]
        );
    }

    #[test]
    fn a_table_that_only_has_such_a_name_is_the_users_own() {
        let text = "
tables:
  migrations: { columns: { id: int primary key, bird: varchar(20), route: json } }
  migration: { columns: { id: int, species: varchar(20) } }
  schema_version:
    columns: { installed_rank: int primary key, script: text, checksum: int }
  releases:
    columns: { rank: int }
    foreign_keys: { f: { columns: [rank], references: schema_version(installed_rank) } }
";
        assert_eq!(found(text), []);
    }
}
