//! A project whose schema has its migration, and the blocks of docs/ci.md.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use tempfile::TempDir;

use crate::tools::{ROOT, command, commit, done};

pub const SCHEMA: &str = "\
server: mysql:8.4

tables:
  users:
    columns:
      id: int not null
      name: varchar(50)
    primary_key: [id]
";

/// A folder that is deleted with the value: `work` has the project, `bin` has driftline.
pub struct Project {
    folder: TempDir,
}

impl Project {
    pub fn make() -> Result<Project, Failed> {
        let project = Project { folder: tempfile::tempdir()? };
        fs::create_dir(project.work())?;
        fs::create_dir(project.bin())?;
        symlink(env!("CARGO_BIN_EXE_driftline"), project.bin().join("driftline"))?;
        project.schema(SCHEMA)?;
        let mut generate = command(project.bin().join("driftline"), &project.work());
        done(generate.args(["generate", "-m", "first"]))?;
        Ok(project)
    }

    pub fn top(&self) -> &Path {
        self.folder.path()
    }

    pub fn work(&self) -> PathBuf {
        self.top().join("work")
    }

    pub fn bin(&self) -> PathBuf {
        self.top().join("bin")
    }

    /// Writes schema.yaml.
    pub fn schema(&self, text: &str) -> Result<(), Failed> {
        Ok(fs::write(self.work().join("schema.yaml"), text)?)
    }

    /// Writes a file under the top folder, and the folders above it.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, Failed> {
        let path = self.top().join(name);
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Writes a program of a shell.
    pub fn script(&self, name: &str, text: &str) -> Result<PathBuf, Failed> {
        let path = self.write(name, &format!("#!/bin/sh\n{text}"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// What GitHub fetches for `uses: OWNER/driftline@…`, as a repository.
    pub fn action(&self) -> Result<PathBuf, Failed> {
        let folder = self.top().join("action");
        fs::create_dir_all(folder.join("scripts/ci"))?;
        for name in ["action.yml", "Cargo.toml"] {
            fs::copy(Path::new(ROOT).join(name), folder.join(name))?;
        }
        for entry in fs::read_dir(Path::new(ROOT).join("scripts/ci"))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join("scripts/ci").join(entry.file_name()))?;
        }
        commit(&folder)?;
        Ok(folder)
    }
}

/// The block of a page that is the file `name`.
pub fn block(page: &str, name: &str) -> Result<String, Failed> {
    let text = fs::read_to_string(Path::new(ROOT).join(page))?;
    let start = format!("```yaml {name}\n");
    let (_, rest) = text.split_once(&start).ok_or_else(|| format!("{page} has no {name}"))?;
    let (block, _) = rest.split_once("```\n").ok_or("a block has no end")?;
    Ok(block.to_owned())
}
