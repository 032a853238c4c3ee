//! A folder with a schema.yaml and migrations, and the database that they are for.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

use crate::support::servers::{Database, TestServer};

/// A folder and a database.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    pub(crate) database: Database,
    pub(crate) server: TestServer,
}

/// What a command has printed.
pub(crate) struct Printed {
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Printed {
    /// Checks that all of these are in what was printed.
    pub(crate) fn says(&self, parts: &[&str]) -> Result<(), Failed> {
        for part in parts {
            if !self.out.contains(part) && !self.err.contains(part) {
                return Err(format!("{part:?} is not in\n{}{}", self.out, self.err).into());
            }
        }
        Ok(())
    }
}

impl Project {
    pub(crate) fn new(server: &TestServer, schema: &str) -> Result<Project, Failed> {
        let project = Project {
            folder: tempfile::tempdir()?,
            database: server.database("migrated")?,
            server: server.clone(),
        };
        project.write("schema.yaml", schema)?;
        Ok(project)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Failed> {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap())?;
        Ok(fs::write(path, text)?)
    }

    /// Writes a migration by hand.
    pub(crate) fn migration(&self, name: &str, up: &str, down: Option<&str>) -> Result<(), Failed> {
        self.write(&format!("generated/{name}.up.sql"), up)?;
        match down {
            Some(down) => self.write(&format!("generated/{name}.down.sql"), down),
            None => Ok(()),
        }
    }

    /// Runs a command on the database; it has to end with this exit code.
    pub(crate) fn run(&self, code: i32, args: &[&str]) -> Result<Printed, Failed> {
        self.run_with(code, args, Some(&self.database.url_text()))
    }

    /// The same without a database.
    pub(crate) fn offline(&self, code: i32, args: &[&str]) -> Result<Printed, Failed> {
        self.run_with(code, args, None)
    }

    /// Runs a command without a database, whatever its exit code.
    pub(crate) fn offline_any(&self, args: &[&str]) -> Result<Printed, Failed> {
        self.printed(args, None).map(|(_, printed)| printed)
    }

    /// Whether the newest migration can be undone, as its file says.
    pub(crate) fn is_reversible(&self) -> Result<bool, Failed> {
        let newest = self.versions()?.pop().unwrap_or_default();
        for entry in fs::read_dir(self.path().join("generated"))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(&newest) && name.ends_with(".down.sql") {
                return Ok(!fs::read_to_string(path)?.contains(": impossible"));
            }
        }
        Ok(false)
    }

    /// Runs a command on a database of this URL.
    pub(crate) fn run_at(&self, code: i32, args: &[&str], url: &str) -> Result<Printed, Failed> {
        self.run_with(code, args, Some(url))
    }

    fn run_with(&self, code: i32, args: &[&str], url: Option<&str>) -> Result<Printed, Failed> {
        let (found, Printed { out, err }) = self.printed(args, url)?;
        match found == Some(code) {
            true => Ok(Printed { out, err }),
            false => Err(format!("{args:?}: exit code {found:?}, not {code}\n{out}{err}").into()),
        }
    }

    fn printed(&self, args: &[&str], url: Option<&str>) -> Result<(Option<i32>, Printed), Failed> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null()).env_remove("DATABASE_URL");
        command.envs(url.map(|url| ("DATABASE_URL", url)));
        let output = command.output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        Ok((output.status.code(), Printed { out, err }))
    }

    /// The next migration from schema.yaml, for the server of the database.
    pub(crate) fn generate(&self, message: &str) -> Result<Printed, Failed> {
        let flavor = self.server.server.flavor();
        self.offline(0, &["generate", "-m", message, "--flavor", &flavor])
    }

    /// Lists the files that were written by hand.
    pub(crate) fn relist(&self) -> Result<Printed, Failed> {
        self.offline(0, &["generate", "--relist"])
    }

    /// The versions of the files, in order.
    pub(crate) fn versions(&self) -> Result<Vec<String>, Failed> {
        let mut versions = Vec::new();
        let folder = self.path().join("generated");
        if !folder.exists() {
            return Ok(versions);
        }
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".up.sql") {
                versions.push(name[..14].to_owned());
            }
        }
        versions.sort();
        Ok(versions)
    }

    /// Checks what a query gives, fields by tabs and rows by line feeds.
    pub(crate) fn expect(&self, query: &str, wanted: &str) -> Result<(), Failed> {
        let found = self.database.plain(query)?;
        match found.trim_end() == wanted {
            true => Ok(()),
            false => Err(format!("{query}: {found:?}, not {wanted:?}").into()),
        }
    }
}

/// A table with a number that is counted up.
pub(crate) const COUNTER: &str = "tables:
  t:
    columns:
      id: int not null
      n: int
    primary_key: [id]
";
