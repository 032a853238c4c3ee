//! What an account may do of all that driftline does, and the grants that it lacks.

use super::connect::Connection;
use super::error::LiveError;
use super::grants::Rights;
use super::quirks;
use super::rights::{may_select, rights, sees_bodies};
use super::session::Failure;
use super::url::DatabaseUrl;
use crate::model::ObjectKind;
use crate::server::{Capability, Server, Vendor};

/// Something that driftline does, with the rights that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RightsTask {
    /// Reading a schema in full.
    Read,
    /// `--ask-server`.
    AskServer,
    /// Changing the schema, and keeping the history of that.
    Migrate,
    /// Making objects that run as another account.
    Definers,
    /// Naming the sessions that a change waits for.
    Blockers,
}

/// One right that a task needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededRight {
    /// The task.
    pub task: RightsTask,
    /// What it is needed for: `triggers`.
    pub what: &'static str,
    /// Its name in GRANT.
    pub right: &'static str,
    /// Whether the account has it. `None` if that is unknown.
    pub held: Option<bool>,
    /// Where it is granted.
    scope: Scope,
}

/// Where a right is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Database,
    Global,
    /// A database or table of the server's own, as GRANT names it.
    Of(&'static str),
}

/// The rights that an account has and lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountRights {
    /// The rights that are needed, task by task.
    pub needed: Vec<NeededRight>,
    /// The database as GRANT has to name it.
    name_in_grant: String,
    /// The account as GRANT names it.
    grantee: String,
}

/// Besides SELECT, those by which MariaDB shows what foreign keys do.
const RIGHTS_ON_ROWS_AND_TABLES: [&str; 12] = [
    "SHOW VIEW",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "REFERENCES",
    "INDEX",
    "ALTER",
    "CREATE VIEW",
    "TRIGGER",
    "DELETE HISTORY",
];

/// Finds out what the account of the connection may do: `account` is the answer to CURRENT_USER(),
/// and `enters` says whether it may use the database.
pub(super) fn account_rights(
    connection: &mut Connection,
    url: &DatabaseUrl,
    server: &Server,
    (account, enters): (&str, bool),
) -> Result<AccountRights, LiveError> {
    let database = url.database().unwrap_or_default();
    let held = rights(connection, database, server.vendor)?;
    let mut list = RightsList { server, held: held.as_ref(), needed: Vec::new() };
    if url.database().is_some() {
        let selects = enters && may_select(connection)?;
        list.read(selects);
        list.ask_and_migrate();
        if held.as_ref().is_some_and(|it| !it.has_global("SUPER"))
            && needs_super_for_functions(connection)?
        {
            list.global(
                RightsTask::Migrate,
                "functions and triggers with the binary log on",
                "SUPER",
            );
        }
    }
    list.definers();
    list.blockers(connection)?;
    let needed = list.needed;
    let name_in_grant =
        held.map_or_else(|| database.to_owned(), |rights| rights.name_in_grant(database));
    Ok(AccountRights { needed, name_in_grant, grantee: quoted_account(account) })
}

struct RightsList<'r> {
    server: &'r Server,
    /// `None` if they are unknown.
    held: Option<&'r Rights>,
    needed: Vec<NeededRight>,
}

impl RightsList<'_> {
    fn add(
        &mut self,
        task: RightsTask,
        what: &'static str,
        (right, scope): (&'static str, Scope),
        held: Option<bool>,
    ) {
        self.needed.push(NeededRight { task, what, right, held, scope });
    }

    fn on_database(&mut self, task: RightsTask, what: &'static str, right: &'static str) {
        let held = self.held.map(|rights| rights.has(right));
        self.add(task, what, (right, Scope::Database), held);
    }

    fn global(&mut self, task: RightsTask, what: &'static str, right: &'static str) {
        let held = self.held.map(|rights| rights.has_global(right));
        self.add(task, what, (right, Scope::Global), held);
    }

    fn read(&mut self, selects: bool) {
        let task = RightsTask::Read;
        self.add(task, "tables", ("SELECT", Scope::Database), Some(selects));
        if self.server.vendor == Vendor::MariaDb {
            let shows = |rights: &Rights| RIGHTS_ON_ROWS_AND_TABLES.iter().any(|it| rights.has(it));
            let held = self.held.map(shows);
            self.add(task, "foreign keys", ("SHOW VIEW", Scope::Database), held);
        }
        self.on_database(task, "views", "SHOW VIEW");
        self.on_database(task, "triggers", "TRIGGER");
        let held = self.held.map(|rights| sees_bodies(rights, self.server));
        self.add(task, "routines", routine_right(self.server), held);
        self.on_database(task, "events", "EVENT");
    }

    fn ask_and_migrate(&mut self) {
        self.on_database(
            RightsTask::AskServer,
            "spelling by temporary tables",
            "CREATE TEMPORARY TABLES",
        );
        for right in ["CREATE", "ALTER", "DROP", "INDEX", "REFERENCES"] {
            self.on_database(RightsTask::Migrate, "tables", right);
        }
        for right in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
            self.on_database(RightsTask::Migrate, "rows and the history", right);
        }
        for (what, right) in [
            ("views", "CREATE VIEW"),
            ("triggers", "TRIGGER"),
            ("routines", "CREATE ROUTINE"),
            ("routines", "ALTER ROUTINE"),
            ("events", "EVENT"),
        ] {
            self.on_database(RightsTask::Migrate, what, right);
        }
    }

    fn definers(&mut self) {
        let right = match self.server.vendor {
            Vendor::MariaDb => "SET USER",
            Vendor::MySql if self.server.can(Capability::SetAnyDefiner) => "SET_ANY_DEFINER",
            Vendor::MySql => "SET_USER_ID",
        };
        let by_super = self.server.can(Capability::SuperSetsDefiners);
        let held = self
            .held
            .map(|rights| rights.has_global(right) || by_super && rights.has_global("SUPER"));
        self.add(RightsTask::Definers, "another DEFINER", (right, Scope::Global), held);
    }

    fn blockers(&mut self, connection: &mut Connection) -> Result<(), LiveError> {
        let what = "other sessions";
        let sees = may_read(connection, "information_schema.INNODB_TRX")?;
        self.add(RightsTask::Blockers, what, ("PROCESS", Scope::Global), sees);
        if self.server.vendor == Vendor::MySql {
            let sees = may_read(connection, "performance_schema.metadata_locks")?;
            let scope = Scope::Of("`performance_schema`.*");
            self.add(RightsTask::Blockers, "metadata locks", ("SELECT", scope), sees);
        }
        Ok(())
    }
}

/// The right by which routines are seen, and where it is granted.
fn routine_right(server: &Server) -> (&'static str, Scope) {
    match quirks::right_to_see(ObjectKind::Procedure, server) {
        "SHOW_ROUTINE" => ("SHOW_ROUTINE", Scope::Global),
        "SHOW CREATE ROUTINE" => ("SHOW CREATE ROUTINE", Scope::Database),
        _ if server.vendor == Vendor::MariaDb => ("SELECT", Scope::Of("`mysql`.`proc`")),
        _ => ("SELECT", Scope::Global),
    }
}

/// Whether the account may read a table of the server's own. `None` if it isn't there or can't be
/// read for another reason.
fn may_read(connection: &mut Connection, table: &str) -> Result<Option<bool>, LiveError> {
    match connection.attempt(&format!("SELECT 1 FROM {table} LIMIT 1")) {
        Ok(()) => Ok(Some(true)),
        // ER_TABLEACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR
        Err(Failure::Server(error)) if matches!(error.code, 1142 | 1227 | 1044) => Ok(Some(false)),
        Err(Failure::Server(_)) => Ok(None),
        Err(failure) => Err(connection.explain(failure)),
    }
}

/// Whether functions and triggers can be made with SUPER only, because the binary log is on
/// (error 1419; MySQL 8.4 Reference Manual, 27.7 "Stored Program Binary Logging").
fn needs_super_for_functions(connection: &mut Connection) -> Result<bool, LiveError> {
    let is_on = |value: Option<u32>| value.is_some_and(|it| it != 0);
    Ok(is_on(connection.setting("log_bin")?)
        && connection.setting("log_bin_trust_function_creators")? == Some(0))
}

/// `'user'@'host'` for the answer to CURRENT_USER().
fn quoted_account(account: &str) -> String {
    let (user, host) = account.rsplit_once('@').unwrap_or((account, "%"));
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    format!("{}@{}", quoted(user), quoted(host))
}

impl AccountRights {
    /// The tasks, in order.
    pub fn tasks(&self) -> Vec<RightsTask> {
        let mut tasks: Vec<RightsTask> = self.needed.iter().map(|it| it.task).collect();
        tasks.dedup();
        tasks
    }

    /// The rights of one task.
    pub fn of(&self, task: RightsTask) -> impl Iterator<Item = &NeededRight> {
        self.needed.iter().filter(move |it| it.task == task)
    }

    /// Whether the account may do all of a task. `None` if that is unknown.
    pub fn may(&self, task: RightsTask) -> Option<bool> {
        let all = || self.of(task).map(|it| it.held);
        match all().any(|held| held == Some(false)) {
            true => Some(false),
            false => all().all(|held| held == Some(true)).then_some(true),
        }
    }

    /// The GRANTs by which the account may do all of a task.
    pub fn grants(&self, task: RightsTask) -> Vec<String> {
        let lacking: Vec<_> = self.of(task).filter(|it| it.held == Some(false)).collect();
        let mut scopes: Vec<Scope> = lacking.iter().map(|it| it.scope).collect();
        scopes.sort();
        scopes.dedup();
        let grant = |scope: Scope| {
            let mut rights: Vec<&str> = Vec::new();
            for it in lacking.iter().filter(|it| it.scope == scope) {
                if !rights.contains(&it.right) {
                    rights.push(it.right);
                }
            }
            let on = match scope {
                Scope::Database => format!("`{}`.*", self.name_in_grant.replace('`', "``")),
                Scope::Global => "*.*".to_owned(),
                Scope::Of(table) => table.to_owned(),
            };
            format!("GRANT {} ON {on} TO {}", rights.join(", "), self.grantee)
        };
        scopes.into_iter().map(grant).collect()
    }
}
