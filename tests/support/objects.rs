//! SHOW CREATE of views, triggers, routines, events and sequences, to create them again.

use libtest_mimic::Failed;

use super::servers::Database;

/// SHOW CREATE of a view, trigger, routine, event or sequence.
pub struct ShownObject {
    /// `VIEW`, `TRIGGER`, `PROCEDURE`, …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The statement.
    pub text: String,
    /// Its sql_mode, if it has one.
    pub sql_mode: Option<String>,
}

impl ShownObject {
    /// As in a dump.
    pub fn dumped(&self) -> String {
        let mode = self.sql_mode.as_ref().map(|mode| format!("SET sql_mode = '{mode}';\n"));
        format!("{}DELIMITER $$\n{}$$\nDELIMITER ;\n", mode.unwrap_or_default(), self.text)
    }
}

/// All objects other than tables, by kind and name; triggers in the order in which they run.
const OBJECTS: &str = "
    SELECT TABLE_TYPE, TABLE_NAME, 0 FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('VIEW', 'SEQUENCE')
    UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, 0 FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA = DATABASE()
    UNION ALL SELECT 'TRIGGER', TRIGGER_NAME, ACTION_ORDER FROM information_schema.TRIGGERS
     WHERE TRIGGER_SCHEMA = DATABASE()
    UNION ALL SELECT 'EVENT', EVENT_NAME, 0 FROM information_schema.EVENTS
     WHERE EVENT_SCHEMA = DATABASE()
    ORDER BY 1, 3, 2";

impl Database {
    /// SHOW CREATE of all objects other than tables.
    pub fn show_objects(&self) -> Result<Vec<ShownObject>, Failed> {
        let mut connection = self.connection()?;
        let objects: Vec<(String, String, u64)> = connection.query(OBJECTS)?;
        let mut shown = Vec::new();
        for (kind, name, _) in objects {
            let query = format!("SHOW CREATE {kind} `{}`", name.replace('`', "``"));
            let row: Option<mysql_async::Row> = connection.query_first(query)?;
            let row = row.ok_or("SHOW CREATE gave no row")?;
            let field = |is_wanted: &dyn Fn(&str) -> bool| {
                let place = row.columns_ref().iter().position(|it| is_wanted(&it.name_str()))?;
                row.get::<Option<Vec<u8>>, _>(place)?
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            };
            let is_text = |it: &str| it.starts_with("Create ") || it == "SQL Original Statement";
            let text = field(&is_text).ok_or("SHOW CREATE gave no statement")?;
            shown.push(ShownObject { sql_mode: field(&|it| it == "sql_mode"), kind, name, text });
        }
        Ok(shown)
    }
}
