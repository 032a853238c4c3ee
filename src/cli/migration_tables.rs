//! The tables in which migration tools keep their records. They are not part of the schema, so
//! `pull` puts them under `ignore`.

use crate::model::{Object, Schema, Table};

/// A table of a migration tool, with columns that it has in all versions of the tool. The columns
/// distinguish it from another table of the same name.
struct MigrationTool {
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
}

const fn tool_table(
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
) -> MigrationTool {
    MigrationTool { tool, table, columns }
}

/// One row for each table. If several tools use the same name, there is one row for each tool.
const KNOWN: &[MigrationTool] = &[
    tool_table("Alembic", "alembic_version", &["version_num"]),
    tool_table("Flyway", "flyway_schema_history", &["installed_rank", "script", "checksum"]),
    tool_table("Flyway", "schema_version", &["installed_rank", "script", "checksum"]),
    tool_table("Liquibase", "DATABASECHANGELOG", &["id", "author", "filename", "md5sum"]),
    tool_table("Liquibase", "DATABASECHANGELOGLOCK", &["id", "locked", "lockgranted"]),
    tool_table("Rails", "ar_internal_metadata", &["key", "value"]),
    tool_table("golang-migrate", "schema_migrations", &["version", "dirty"]),
    tool_table("Ecto", "schema_migrations", &["version", "inserted_at"]),
    tool_table("Rails or dbmate", "schema_migrations", &["version"]),
    tool_table("goose", "goose_db_version", &["version_id", "is_applied"]),
    tool_table("Atlas", "atlas_schema_revisions", &["version", "applied", "hash"]),
    tool_table("Drizzle", "__drizzle_migrations", &["hash", "created_at"]),
    tool_table("Prisma", "_prisma_migrations", &["checksum", "migration_name"]),
    tool_table("Django", "django_migrations", &["app", "name", "applied"]),
    tool_table("Laravel", "migrations", &["migration", "batch"]),
    tool_table("TypeORM", "migrations", &["timestamp", "name"]),
    tool_table(
        "TypeORM",
        "typeorm_metadata",
        &["type", "database", "schema", "table", "name", "value"],
    ),
    tool_table("CodeIgniter", "migrations", &["version", "class", "namespace", "batch"]),
    tool_table("db-migrate", "migrations", &["name", "run_on"]),
    tool_table("MikroORM", "mikro_orm_migrations", &["name", "executed_at"]),
    tool_table("Sequelize", "SequelizeMeta", &["name"]),
    tool_table("Knex", "knex_migrations", &["name", "batch", "migration_time"]),
    tool_table("Knex", "knex_migrations_lock", &["is_locked"]),
    tool_table("Phinx", "phinxlog", &["version", "migration_name"]),
    tool_table("CakePHP", "cake_migrations", &["version", "migration_name"]),
    tool_table("Doctrine", "doctrine_migration_versions", &["version", "executed_at"]),
    tool_table("Doctrine", "migration_versions", &["version", "executed_at"]),
    tool_table("Yii", "migration", &["version", "apply_time"]),
    tool_table("Entity Framework", "__EFMigrationsHistory", &["migrationid", "productversion"]),
    tool_table("FluentMigrator", "VersionInfo", &["version", "appliedon", "description"]),
    tool_table("DbUp", "schemaversions", &["schemaversionid", "scriptname", "applied"]),
    tool_table("SQLx", "_sqlx_migrations", &["version", "installed_on", "checksum"]),
    tool_table("Diesel", "__diesel_schema_migrations", &["version", "run_on"]),
    tool_table("SeaORM", "seaql_migrations", &["version", "applied_at"]),
    tool_table("Refinery", "refinery_schema_history", &["version", "applied_on", "checksum"]),
    tool_table("sql-migrate", "gorp_migrations", &["id", "applied_at"]),
    tool_table("Bun", "bun_migrations", &["name", "group_id", "migrated_at"]),
    tool_table("Bun", "bun_migration_locks", &["table_name"]),
    tool_table("yoyo", "_yoyo_migration", &["migration_hash", "migration_id"]),
    tool_table("yoyo", "_yoyo_log", &["migration_hash", "operation"]),
    tool_table("yoyo", "_yoyo_version", &["version", "installed_at_utc"]),
    tool_table("yoyo", "yoyo_lock", &["locked", "pid"]),
    tool_table("Aerich", "aerich", &["version", "app", "content"]),
    tool_table("peewee", "migratehistory", &["name", "migrated_at"]),
];

/// A table of the schema, and the tool that keeps its records in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MigrationTable {
    pub(super) name: String,
    pub(super) tool: &'static str,
}

/// The tables of migration tools. A table that has a foreign key or a trigger, or that a foreign
/// key references, is left out, because it isn't only used by the tool.
pub(super) fn migration_tables(schema: &Schema) -> Vec<MigrationTable> {
    let tables = schema.tables.values().filter(|table| !has_ties(schema, table));
    let found = tables.filter_map(|table| {
        let tool_table = KNOWN.iter().find(|tool_table| tool_table.is(table))?;
        Some(MigrationTable { name: table.name.clone(), tool: tool_table.tool })
    });
    found.collect()
}

impl MigrationTool {
    fn is(&self, table: &Table) -> bool {
        let has = |name: &&str| table.columns.iter().any(|it| it.name.eq_ignore_ascii_case(name));
        // A CakePHP plugin's table is `plugin_phinxlog`.
        let named = table.name.eq_ignore_ascii_case(self.table)
            || (self.tool == "Phinx" && table.name.ends_with("_phinxlog"));
        // None of them has many columns; one with more is a user's own table of that name.
        named && self.columns.iter().all(has) && table.columns.len() <= MOST_COLUMNS
    }
}

/// Liquibase's table has the most columns: 14.
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
    fn a_table_is_recognized_by_its_name_and_columns() {
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
