//! Statements that are carried out one by one on a schema, which can be looked at after each.

use std::collections::BTreeSet;

use super::collect::Kept;
use super::database::Database;
use super::session::{Running, is_set};
use super::split::{Mode, Piece, SplitError, Splitter};
use crate::diagnostic::{ElementPlaces, FileId, Files};
use crate::model::{ObjectKind, ObjectName, Schema, Table};
use crate::server::Server;
use crate::source::{Loaded, ServerSource};
use crate::syntax::alter::{ParsedChange, ParsedClause};
use crate::syntax::lexer::Dialect;
use crate::syntax::statement::{ParsedStatement, read_statement};
use crate::syntax::table::{ElementDefinition, QualifiedName};

/// A schema on which statements are carried out.
#[derive(Clone)]
pub struct Replay {
    database: Database,
    file: FileId,
    mode: Mode,
    running: Running,
}

/// What a statement does to a schema.
#[derive(Debug, Clone, Default)]
pub struct Effect {
    /// The tables that it makes, changes or drops, by their names before and after it.
    pub tables: BTreeSet<String>,
    /// The same of other objects.
    pub objects: BTreeSet<ObjectName>,
    /// Those of them that were there before it.
    pub before: Schema,
    /// Those of them that are there after it. A table or column that it renames has its old name in
    /// `renamed_from`.
    pub after: Schema,
    /// The tables whose rows it removes all at once.
    pub truncated: BTreeSet<String>,
    /// Whether it is about a whole database, or changes to another one.
    pub is_about_database: bool,
}

impl Effect {
    /// Whether it names no table or other object that it makes, changes or drops.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.objects.is_empty()
    }
}

impl Replay {
    /// An empty schema on `server`.
    pub fn new(server: Server) -> Replay {
        Replay {
            database: Database::new(server, None),
            file: Files::default().add("", ""),
            mode: Mode::default(),
            running: Running::default(),
        }
    }

    /// A schema that is known from elsewhere.
    pub fn from_schema(schema: Schema, server: Server) -> Replay {
        let mut replay = Replay::new(server);
        replay.database.schema = schema;
        replay
    }

    /// Begins another script, which has a session of its own.
    pub fn begin_script(&mut self) {
        (self.mode, self.running) = (Mode::default(), Running::default());
    }

    /// Carries out one statement, and says what it did. A statement that doesn't define a schema
    /// has no effect here.
    ///
    /// # Errors
    ///
    /// Why the statement can't be read or carried out.
    pub fn run(&mut self, text: &str) -> Result<Effect, String> {
        if is_set(text) {
            self.running.set(text, self.mode.dialect(), &mut self.mode);
            return Ok(Effect::default());
        }
        let session = self.running.of_statement();
        let dialect = Dialect { server: Some(self.database.server), ..self.mode.dialect() };
        let Some(statement) = self.statement(text, dialect)? else { return Ok(Effect::default()) };
        let mut effect = Effect::default();
        let renames = named(&statement, &mut effect);
        self.add_objects_like_tables(&mut effect);
        effect.before = self.part(&effect);
        let length = text.len();
        let kept = Kept {
            text: 0,
            range: 0..length,
            first_line: length,
            dialect,
            session,
            undecodable: None,
        };
        self.database.execute(statement, self.file, &kept).map_err(|error| error.message)?;
        self.add_objects_like_tables(&mut effect);
        effect.after = self.part(&effect);
        for rename in renames {
            rename.note(&mut effect.after);
        }
        Ok(effect)
    }

    /// The tables as they are now.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.database.schema.tables.values()
    }

    /// The names of the tables and objects.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let Schema { tables, objects, .. } = &self.database.schema;
        let unsupported = self.database.unsupported.iter().map(|it| it.name.as_str());
        let objects = objects.keys().map(|it| it.name.as_str());
        tables.keys().map(String::as_str).chain(objects).chain(unsupported)
    }

    /// The server that the statements are for.
    pub fn server(&self) -> Server {
        self.database.server
    }

    /// The schema as it is now.
    pub fn schema(&self) -> Loaded {
        let server = self.database.server;
        let mut loaded = self.database.clone().finish();
        loaded.notes.iter_mut().for_each(|note| note.primary = None);
        Loaded {
            server: Some(server),
            server_source: ServerSource::Stated,
            // The statements have no file that a place could point into.
            places: ElementPlaces::default(),
            ..loaded
        }
    }

    /// The statement, if it may define a schema or empty a table.
    fn statement(&self, text: &str, dialect: Dialect) -> Result<Option<ParsedStatement>, String> {
        let delimited = format!("{text};");
        let mut splitter = Splitter::new(delimited.as_bytes());
        splitter.mode = self.mode;
        match splitter.next_piece() {
            Ok(Some(Piece::Statement(_))) => {
                read_statement(text, dialect).map(Some).map_err(|error| error.message)
            }
            // TRUNCATE is none of the statements that a dump is read for.
            Ok(_) => Ok(read_statement(text, dialect)
                .ok()
                .filter(|statement| matches!(statement, ParsedStatement::Truncate(_)))),
            Err(SplitError::Problem(problem)) => Err(problem.message),
            Err(SplitError::Io(error)) => Err(error.to_string()),
        }
    }

    /// Adds the views and sequences that a statement names like tables, as in RENAME TABLE.
    fn add_objects_like_tables(&self, effect: &mut Effect) {
        let kinds = [ObjectKind::View, ObjectKind::Sequence].into_iter();
        let names = kinds.flat_map(|kind| {
            effect.tables.iter().map(move |name| ObjectName { kind, name: name.clone() })
        });
        let there = names.filter(|name| self.database.schema.objects.contains_key(name));
        let there: Vec<ObjectName> = there.collect();
        effect.objects.extend(there);
    }

    /// The tables and objects that an effect names, as they are now.
    fn part(&self, effect: &Effect) -> Schema {
        let Schema { tables, objects, .. } = &self.database.schema;
        let mut part = Schema::default();
        for name in &effect.tables {
            if let Some(table) = tables.get(name) {
                part.insert(table.clone());
            }
        }
        for name in &effect.objects {
            if let Some(object) = objects.get(name) {
                part.objects.insert(name.clone(), object.clone());
            }
        }
        part
    }
}

/// A rename that a statement states.
enum Rename {
    Table { from: String, to: String },
    Column { table: String, from: String, to: String },
}

impl Rename {
    fn note(self, schema: &mut Schema) {
        match self {
            Rename::Table { from, to } => {
                if let Some(table) = schema.tables.get_mut(&to) {
                    table.renamed_from = Some(from);
                }
            }
            Rename::Column { table, from, to } => {
                let table = schema.tables.values_mut().find(|it| {
                    it.name == table || it.renamed_from.as_deref() == Some(table.as_str())
                });
                let columns = table.into_iter().flat_map(|table| &mut table.columns);
                for column in columns.filter(|column| column.name.eq_ignore_ascii_case(&to)) {
                    column.renamed_from = Some(from.clone());
                }
            }
        }
    }
}

/// Puts the names of a statement into `effect`; returns the renames that it states, those of tables
/// first.
fn named(statement: &ParsedStatement, effect: &mut Effect) -> Vec<Rename> {
    let mut renames = Vec::new();
    match statement {
        ParsedStatement::CreateTable(create) => effect.table(&create.name),
        ParsedStatement::AlterTable { name, clauses } => {
            effect.table(name);
            renames = altered(name, clauses, effect);
        }
        ParsedStatement::DropTable(names) => names.iter().for_each(|name| effect.table(name)),
        ParsedStatement::RenameTable(pairs) => {
            for (from, to) in pairs {
                effect.table(from);
                effect.table(to);
                renames.push(Rename::Table { from: from.1.clone(), to: to.1.clone() });
            }
        }
        ParsedStatement::CreateIndex { table, .. } | ParsedStatement::DropIndex { table, .. } => {
            effect.table(table);
        }
        ParsedStatement::CreateObject(created) => effect.object(created.kind, &created.name.1),
        ParsedStatement::AlterObject(altered) => effect.object(altered.kind, &altered.name.1),
        ParsedStatement::DropObject { kind, names } => {
            names.iter().for_each(|name| effect.object(*kind, &name.1));
        }
        ParsedStatement::Truncate(name) => {
            effect.truncated.insert(name.1.clone());
        }
        ParsedStatement::Database { .. }
        | ParsedStatement::DropDatabase(_)
        | ParsedStatement::Use(_) => effect.is_about_database = true,
        ParsedStatement::Other => {}
    }
    renames
}

fn altered(name: &QualifiedName, clauses: &[ParsedClause], effect: &mut Effect) -> Vec<Rename> {
    let mut renames = Vec::new();
    let mut column = |from: &str, to: &str| {
        renames.push(Rename::Column {
            table: name.1.clone(),
            from: from.to_owned(),
            to: to.to_owned(),
        });
    };
    let mut new_name = None;
    for clause in clauses {
        match &clause.change {
            ParsedChange::RenameColumn { from, to, .. } => column(from, to),
            ParsedChange::Redefine { old: Some(old), element, .. } => {
                if let ElementDefinition::Column(new) = &element.definition {
                    column(old, &new.column.name);
                }
            }
            ParsedChange::RenameTo(to) => new_name = Some(to),
            _ => {}
        }
    }
    if let Some(to) = new_name {
        effect.table(to);
        renames.insert(0, Rename::Table { from: name.1.clone(), to: to.1.clone() });
    }
    renames
}

impl Effect {
    fn table(&mut self, name: &QualifiedName) {
        self.tables.insert(name.1.clone());
    }

    fn object(&mut self, kind: ObjectKind, name: &str) {
        self.objects.insert(ObjectName { kind, name: name.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replay(script: &[&str]) -> (Replay, Effect) {
        let mut replay = Replay::new(Server::ASSUMED);
        let effects: Vec<Effect> = script.iter().map(|text| replay.run(text).unwrap()).collect();
        (replay, effects.into_iter().next_back().unwrap())
    }

    #[test]
    fn each_statement_says_what_it_names() {
        let (replay, effect) = replay(&[
            "CREATE TABLE t (a int, b int)",
            "INSERT INTO t VALUES (1, 2)",
            "ALTER TABLE t CHANGE a c bigint, RENAME TO u",
        ]);
        assert_eq!(effect.tables.iter().collect::<Vec<_>>(), ["t", "u"]);
        assert!(effect.before.tables.contains_key("t"));
        let after = &effect.after.tables["u"];
        assert_eq!(after.renamed_from.as_deref(), Some("t"));
        assert_eq!(after.columns[0].renamed_from.as_deref(), Some("a"));
        assert_eq!(replay.schema().schema.tables["u"].columns[0].renamed_from, None);
    }

    #[test]
    fn data_and_settings_change_no_schema() {
        let (_, effect) = replay(&["CREATE TABLE t (a int)", "SET NAMES utf8mb4"]);
        assert!(effect.is_empty());
        let (_, effect) = replay(&["CREATE TABLE t (a int)", "UPDATE t SET a = 1"]);
        assert!(effect.is_empty());
        let (_, effect) = replay(&["CREATE TABLE t (a int)", "TRUNCATE TABLE t"]);
        assert!(effect.truncated.contains("t") && effect.is_empty());
    }

    #[test]
    fn a_sequence_is_altered_like_a_table() {
        let mut replay = Replay::new(Server::OTHER_ASSUMED);
        replay.run("CREATE SEQUENCE s").unwrap();
        let effect = replay.run("ALTER TABLE s COMMENT='x'").unwrap();
        assert_ne!(effect.before, effect.after);
        replay.run("ALTER TABLE s RENAME TO u").unwrap();
        let names = replay.schema().schema.objects.into_keys().map(|it| it.name);
        assert_eq!(names.collect::<Vec<_>>(), ["u"]);
    }

    #[test]
    fn settings_for_one_statement_are_skipped() {
        let alter = "SET STATEMENT max_statement_time = (1 + 1), lock_wait_timeout = 1 FOR \
                     ALTER TABLE t ADD b int";
        let (_, effect) = replay(&["CREATE TABLE t (a int)", alter]);
        assert!(effect.after.tables["t"].columns.len() == 2);
        let (_, effect) = replay(&["SET STATEMENT max_statement_time = 1 FOR SELECT 1"]);
        assert!(effect.is_empty());
    }

    #[test]
    fn a_body_is_read_whole() {
        let text = "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END";
        let (_, effect) = replay(&["CREATE TABLE t (a int)", text]);
        assert_eq!(effect.after.objects.len(), 1);
    }

    #[test]
    fn what_can_not_be_carried_out_is_an_error() {
        let mut replay = Replay::new(Server::ASSUMED);
        assert_eq!(
            replay.run("ALTER TABLE t ADD a int").unwrap_err(),
            "there is no table `t` here"
        );
    }
}
