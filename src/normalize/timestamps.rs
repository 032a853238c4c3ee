//! Fills in what a source leaves out of a TIMESTAMP (MySQL 7.1.8 "Server System Variables",
//! `explicit_defaults_for_timestamp`).

use crate::model::{ColumnType, DefaultValue, Table};

/// Applies the implicit defaults of TIMESTAMP columns, if the server has them. A TIMESTAMP without
/// NULL or NOT NULL is NOT NULL. A TIMESTAMP that is NOT NULL and has no default gets one: the
/// first TIMESTAMP of the table gets CURRENT_TIMESTAMP with ON UPDATE CURRENT_TIMESTAMP, the others
/// the zero date.
pub(super) fn apply_implicit_defaults(table: &mut Table, implicit: bool) {
    let mut is_first = true;
    for column in &mut table.columns {
        let is_bare = std::mem::take(&mut column.is_bare_timestamp);
        let is_timestamp = matches!(column.ty, ColumnType::Timestamp { .. });
        if !implicit || !is_timestamp || column.is_system_time() {
            continue;
        }
        if is_bare && column.default != Some(DefaultValue::Null) {
            column.nullable = false;
        }
        if !column.nullable && column.default.is_none() && column.generated.is_none() {
            let is_present = is_first && !column.on_update_now;
            column.on_update_now |= is_present;
            column.default = Some(match is_present {
                true => DefaultValue::CurrentTimestamp,
                false => DefaultValue::Literal("0000-00-00 00:00:00".to_owned()),
            });
        }
        is_first = false;
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Schema, Table};
    use crate::normalize::{Context, normalize};
    use crate::server::Server;
    use crate::syntax::parse_create_table;

    fn normalized(text: &str, server: Server, implicit: bool) -> Table {
        let mut schema = Schema::default();
        schema.insert(parse_create_table(text, &server).unwrap());
        let context = Context::of(server, &schema, &schema);
        let context = Context { implicit_timestamps: implicit, ..context };
        normalize(&schema, &context).tables.into_values().next().unwrap()
    }

    /// MySQL 9.7 and MariaDB 10.11 and 11.8 show them like this.
    #[test]
    fn what_is_not_stated_is_implied_where_defaults_are_implicit() {
        for (written, shown) in [
            (
                "a timestamp, b timestamp, c timestamp null, d timestamp default current_timestamp, \
                 e timestamp not null, f timestamp(3) on update now(3)",
                "a timestamp not null default current_timestamp on update current_timestamp, \
                 b timestamp not null default '0000-00-00 00:00:00', c timestamp null, \
                 d timestamp not null default current_timestamp, \
                 e timestamp not null default '0000-00-00 00:00:00', \
                 f timestamp(3) not null default '0000-00-00 00:00:00' on update now(3)",
            ),
            (
                "a timestamp null, b timestamp, c timestamp default '2020-01-01'",
                "a timestamp null, b timestamp not null default '0000-00-00 00:00:00', \
                 c timestamp not null default '2020-01-01 00:00:00'",
            ),
            (
                "a timestamp not null, b timestamp(6)",
                "a timestamp not null default current_timestamp on update current_timestamp, \
                 b timestamp(6) not null default '0000-00-00 00:00:00'",
            ),
        ] {
            for server in [Server::mysql(9, 7, 4), Server::mariadb(10, 11, 19)] {
                let [written, shown] = [written, shown]
                    .map(|columns| format!("create table t ({columns})"))
                    .map(|text| normalized(&text, server, true));
                assert_eq!(written, shown);
            }
        }
        let text = "create table t (a timestamp, b timestamp not null)";
        let table = normalized(text, Server::mariadb(10, 11, 19), false);
        assert!(table.columns[0].nullable && table.columns.iter().all(|it| it.default.is_none()));
        let context = |server| Context::of(server, &Schema::default(), &Schema::default());
        assert!(context(Server::mariadb(10, 6, 0)).implicit_timestamps);
        assert!(!context(Server::mariadb(10, 11, 0)).implicit_timestamps);
        assert!(!context(Server::mysql(8, 4, 0)).implicit_timestamps);
    }
}
