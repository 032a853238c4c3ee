//! The folders in which the blocks of a page are run.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use tempfile::TempDir;

use crate::page::Place;
use crate::support::python::python;
use crate::support::servers::{Database, TestServer};

/// The database in the pages.
const URL: &str = "mysql://root@127.0.0.1:3306/shop";
const DATABASE: &str = "shop";

/// A function that replaces parts of a text.
pub type Words = Box<dyn Fn(&str) -> String>;

/// A folder with the files of its place, deleted with the value.
pub struct Folder {
    folder: TempDir,
    database: Option<Database>,
    python: bool,
}

impl Folder {
    pub fn make(place: Place, server: Option<&TestServer>) -> Result<Folder, Failed> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir()?;
        let work = folder.path().join("work");
        let programs = folder.path().join("bin");
        fs::create_dir_all(&work)?;
        fs::create_dir_all(&programs)?;
        symlink(env!("CARGO_BIN_EXE_driftline"), programs.join("driftline"))?;
        copy(&root.join("examples"), &work.join("examples"))?;
        match place {
            Place::Clone => {
                fs::copy(root.join("schema.yaml"), work.join("schema.yaml"))?;
                copy(&root.join("generated"), &work.join("generated"))?;
                // The program is built already.
                script(&programs.join("cargo"), "shift 3\nexec driftline \"$@\"\n")?;
            }
            Place::Python | Place::Alembic => copy(&root.join("tests/docs/alembic"), &work)?,
            Place::Server => {}
        }
        let database = server.map(|server| server.database("docs")).transpose()?;
        if let Some(database) = &database {
            script(&programs.join("mysql"), &client(database)?)?;
            let ini = work.join("alembic.ini");
            if place == Place::Alembic {
                let url = database.url_text();
                let (here, shown) = (without_scheme(&url), without_scheme(URL));
                fs::write(&ini, fs::read_to_string(&ini)?.replace(shown, here))?;
            }
        }
        let python = matches!(place, Place::Python | Place::Alembic);
        Ok(Folder { folder, database, python })
    }

    /// Where the commands are run.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The PATH for the commands.
    pub fn path(&self) -> Result<String, Failed> {
        let mut folders = vec![self.folder.path().join("bin")];
        if self.python {
            let python = python().ok_or("there is no Python")?;
            folders.extend(python.parent().map(Path::to_owned));
        }
        let rest = std::env::var("PATH")?;
        let folders: Vec<String> =
            folders.iter().map(|folder| folder.display().to_string()).collect();
        Ok(format!("{}:{rest}", folders.join(":")))
    }

    /// Replacements in a page's command before it is run, and in its output before it is compared.
    pub fn words(&self) -> (Words, Words) {
        let Some(database) = &self.database else {
            return (Box::new(str::to_owned), Box::new(str::to_owned));
        };
        let (url, name) = (database.url_text(), database.name.clone());
        let endpoint = database.url().map(|url| url.endpoint()).unwrap_or_default();
        let here = url.clone();
        let command = move |text: &str| text.replace(URL, &here);
        let shown = move |text: &str| {
            let text = text.replace(&url, URL).replace(&endpoint, "127.0.0.1:3306");
            text.replace(&name, DATABASE)
        };
        (Box::new(command), Box::new(shown))
    }

    /// Writes a file that a page shows.
    pub fn write(&self, file: &str, text: &str) -> Result<(), Failed> {
        let path = self.work().join(file);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(fs::write(path, text)?)
    }

    /// Makes the edit that a block of `diff` shows.
    pub fn edit(&self, file: &str, lines: &[String]) -> Result<(), String> {
        let path = self.work().join(file);
        let text = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
        let without = |sign: char| {
            let kept = lines.iter().filter(|line| !line.starts_with(sign));
            kept.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect::<String>()
        };
        let (old, new) = (without('+'), without('-'));
        if text.matches(&old).count() != 1 {
            return Err(format!("{file} has not once\n{old}\nbut is\n{text}"));
        }
        fs::write(path, text.replace(&old, &new)).map_err(|error| error.to_string())
    }
}

fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// A `mysql` like that of the pages, which finds the server by itself.
fn client(database: &Database) -> Result<String, Failed> {
    let url: url::Url = database.url_text().parse()?;
    let program = "if command -v mariadb >/dev/null; then set -- mariadb --no-defaults --skip-ssl \
                   \"$@\"; else set -- /usr/bin/mysql --no-defaults \"$@\"; fi";
    Ok(format!(
        "for word; do\n    shift\n    [ \"$word\" = {DATABASE} ] && word={}\n    \
         set -- \"$@\" \"$word\"\ndone\nset -- --host={} --port={} --user={} \"$@\"\n\
         MYSQL_PWD={}\nexport MYSQL_PWD\n{program}\nexec \"$@\"\n",
        database.name,
        url.host_str().unwrap_or("127.0.0.1"),
        url.port().unwrap_or(3306),
        url.username(),
        url.password().unwrap_or_default(),
    ))
}

fn script(path: &Path, text: &str) -> Result<(), Failed> {
    fs::write(path, format!("#!/bin/sh\n{text}"))?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
