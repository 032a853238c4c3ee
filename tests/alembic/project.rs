//! A project of Alembic's with a schema.yaml, and the two programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::Failed;

use crate::support::python::python;
use crate::support::servers::{Database, TestServer};

/// Like the one of Alembic's own template, but without what makes `--sql` print `%` as it is.
const ENV: &str = r#"
import os
import sqlalchemy as sa
from alembic import context

url = os.environ["ALEMBIC_URL"]
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"#;

pub struct Project {
    folder: tempfile::TempDir,
    pub database: Database,
}

impl Project {
    /// An empty project, on an empty database.
    pub fn new(server: &TestServer) -> Result<Project, Failed> {
        let folder = tempfile::tempdir()?;
        let project = Project { folder, database: server.database("alembic")? };
        project.alembic(&["init", "alembic"])?;
        project.write("alembic/env.py", ENV)?;
        Ok(project)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn versions(&self) -> PathBuf {
        self.path().join("alembic/versions")
    }

    pub fn write(&self, name: &str, text: &str) -> Result<(), Failed> {
        Ok(fs::write(self.path().join(name), text)?)
    }

    pub fn read(&self, name: &str) -> Result<String, Failed> {
        Ok(fs::read_to_string(self.path().join(name))?)
    }

    /// A revision that is written by hand.
    pub fn revision(&self, id: &str, follows: &str, statement: &str) -> Result<(), Failed> {
        self.write(
            &format!("alembic/versions/{id}.py"),
            &format!(
                "from alembic import op\n\nrevision: str = '{id}'\ndown_revision = {follows}\n\n\n\
                 def upgrade():\n    op.execute(\"{statement}\")\n"
            ),
        )
    }

    /// A schema.yaml for the server.
    pub fn schema(&self, tables: &str) -> Result<(), Failed> {
        let flavor = self.database.server.server.flavor();
        self.write(
            "schema.yaml",
            &format!("server: {flavor}\nignore: {{ tables: [alembic_version] }}\n{tables}"),
        )
    }

    fn run(&self, mut command: Command, words: &[&str]) -> Result<Output, Failed> {
        let url = self.database.url_text();
        let for_sqlalchemy = match url.split_once("://") {
            Some((_, rest)) => format!("mysql+pymysql://{rest}?charset=utf8mb4"),
            None => url.clone(),
        };
        command.args(words).current_dir(self.path()).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("ALEMBIC_URL", for_sqlalchemy).env("DATABASE_URL", url);
        command.env_remove("DRIFTLINE_ENV").env_remove("DRIFTLINE_PASSWORD");
        Ok(command.output()?)
    }

    /// Runs driftline. Returns its exit code and all that it printed.
    pub fn driftline(&self, words: &[&str]) -> Result<(i32, String), Failed> {
        let output = self.run(Command::new(env!("CARGO_BIN_EXE_driftline")), words)?;
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        Ok((output.status.code().unwrap_or(-1), printed))
    }

    /// Runs driftline, which must end with the exit code.
    pub fn expect(&self, code: i32, words: &[&str]) -> Result<String, Failed> {
        match self.driftline(words)? {
            (found, printed) if found == code => Ok(printed),
            (found, printed) => Err(format!(
                "driftline {} ends with {found} instead of {code}:\n{printed}",
                words.join(" ")
            )
            .into()),
        }
    }

    /// Runs Alembic, which must succeed. Returns its standard output.
    pub fn alembic(&self, words: &[&str]) -> Result<String, Failed> {
        let python = python().ok_or("there is no Python")?;
        let mut command = Command::new(python);
        command.args(["-m", "alembic"]);
        let output = self.run(command, words)?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("alembic {}:\n{errors}", words.join(" ")).into())
    }

    /// The names of the revisions' files, in order.
    pub fn revisions(&self) -> Result<Vec<String>, Failed> {
        let entries = fs::read_dir(self.versions())?;
        let mut names: Vec<String> = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_, std::io::Error>>()?;
        names.retain(|name| name.ends_with(".py"));
        names.sort();
        Ok(names)
    }
}

pub fn assert_has(text: &str, part: &str) -> Result<(), Failed> {
    match text.contains(part) {
        true => Ok(()),
        false => Err(format!("there is no `{part}` in\n{text}").into()),
    }
}
