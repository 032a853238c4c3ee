//! A page of documentation: its blocks, and how they are run.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;

use crate::places::Folder;
use crate::session::{Session, normalized};
use crate::support::servers::TestServer;

/// Where blocks are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Clone,
    Server,
    Python,
    Alembic,
}

impl Place {
    fn of_word(word: &str) -> Place {
        match word {
            "clone" => Place::Clone,
            "server" => Place::Server,
            "python" => Place::Python,
            "alembic" => Place::Alembic,
            _ => panic!("`{word}` is no place where a block is run"),
        }
    }
}

/// A block between two lines of backquotes.
#[derive(Debug, Clone)]
pub struct Block {
    /// The text after the opening backquotes.
    pub info: String,
    /// The number of its first line, from 0.
    pub first: usize,
    pub lines: Vec<String>,
    /// The run of blocks to which it belongs: a place, and which of the page's parts.
    part: Option<(Place, usize)>,
}

/// A command, with its output in the page.
#[derive(Debug, Clone)]
pub struct Command {
    pub text: String,
    pub output: Vec<String>,
    /// The number of the first line of output, from 0.
    first: usize,
}

impl Block {
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The commands of a `console` block: lines after `$ `, with those that follow a `\`.
    pub fn commands(&self) -> Vec<Command> {
        let mut commands: Vec<Command> = Vec::new();
        if self.info != "console" {
            return commands;
        }
        let mut goes_on = false;
        for (at, line) in self.lines.iter().enumerate() {
            let next = self.first + at + 1;
            if let Some(text) = line.strip_prefix("$ ") {
                commands.push(Command { text: text.to_owned(), output: Vec::new(), first: next });
            } else if let Some(last) = commands.last_mut() {
                if goes_on {
                    last.text.push_str(&format!("\n{line}"));
                    last.first = next;
                } else {
                    last.output.push(line.clone());
                }
            }
            goes_on = (goes_on || line.starts_with("$ ")) && line.ends_with('\\');
        }
        commands
    }
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path in the project.
    pub name: String,
    blocks: Vec<Block>,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Page {
    /// README.md and every page of docs/.
    pub fn all() -> Vec<Page> {
        let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> =
            docs.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
        paths.push(root().join("README.md"));
        paths.sort();
        paths.iter().map(|path| Page::read(path)).collect()
    }

    fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        Page { name, blocks: blocks(&text), text }
    }

    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub fn has(&self, place: Place) -> bool {
        self.blocks.iter().any(|block| block.part.is_some_and(|(it, _)| it == place))
    }

    /// Runs the blocks of a place, and compares the output.
    pub fn run(&self, place: Place, server: Option<&TestServer>) -> Result<(), Failed> {
        let printed = self.printed(place, server)?;
        for (command, output) in printed {
            let wanted = normalized(&command.output);
            let got = normalized(&output);
            if wanted != got {
                let line = command.first;
                return Err(format!(
                    "{}:{line}: `{}` prints\n{}\nand the page has\n{}\n\
                     (DRIFTLINE_UPDATE_DOCS=1 writes it anew)",
                    self.name,
                    command.text,
                    got.join("\n"),
                    wanted.join("\n")
                )
                .into());
            }
        }
        Ok(())
    }

    /// The output of each command of a place.
    fn printed(
        &self,
        place: Place,
        server: Option<&TestServer>,
    ) -> Result<Vec<(Command, Vec<String>)>, Failed> {
        let mut printed = Vec::new();
        let mut current: Option<(usize, Folder, Session)> = None;
        for block in &self.blocks {
            let Some((_, part)) = block.part.filter(|(it, _)| *it == place) else { continue };
            if current.as_ref().is_none_or(|(number, ..)| *number != part) {
                let folder = Folder::make(place, server)?;
                let session = Session::begin(&folder)?;
                current = Some((part, folder, session));
            }
            let Some((_, folder, session)) = &mut current else { continue };
            match block.info.split_once(' ') {
                Some(("diff", file)) => folder
                    .edit(file, &block.lines)
                    .map_err(|why| format!("{}:{}: {why}", self.name, block.first))?,
                Some((_, file)) => folder.write(file, &block.text())?,
                None => {}
            }
            for command in block.commands() {
                let output = session.run(&command.text)?;
                printed.push((command, output));
            }
        }
        Ok(printed)
    }

    /// Writes the output into the page where it differs.
    pub fn update(&self, server: Option<&TestServer>) -> Result<(), Failed> {
        let mut printed = Vec::new();
        if self.has(Place::Clone) {
            printed.extend(self.printed(Place::Clone, None)?);
        }
        if self.has(Place::Python) && crate::support::python::python().is_some() {
            printed.extend(self.printed(Place::Python, None)?);
        }
        if self.has(Place::Server) && server.is_some() {
            printed.extend(self.printed(Place::Server, server)?);
        }
        let has_both = server.is_some() && crate::support::python::python().is_some();
        if self.has(Place::Alembic) && has_both {
            printed.extend(self.printed(Place::Alembic, server)?);
        }
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        printed.sort_by_key(|(command, _)| command.first);
        for (command, output) in printed.into_iter().rev() {
            if normalized(&command.output) != normalized(&output) {
                let end = command.first + command.output.len();
                lines.splice(command.first..end, output);
            }
        }
        let text = lines.join("\n") + "\n";
        if text != self.text {
            fs::write(root().join(&self.name), text)?;
        }
        Ok(())
    }
}

/// The blocks of a text.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut part = None;
    let mut parts = 0;
    let mut left_out = false;
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        if open && line == "```" {
            open = false;
        } else if open {
            blocks.last_mut().unwrap().lines.push(line.to_owned());
        } else if let Some(info) = line.strip_prefix("```") {
            let part = if left_out { None } else { part };
            let first = at + 1;
            blocks.push(Block { info: info.to_owned(), first, lines: Vec::new(), part });
            (open, left_out) = (true, false);
        } else if let Some(comment) = line.strip_prefix("<!-- ") {
            let comment = comment.trim_end_matches("-->").trim();
            if let Some(word) = comment.strip_prefix("test: ") {
                parts += 1;
                part = Some((Place::of_word(word), parts));
            } else if comment.starts_with("not run: ") {
                left_out = true;
            }
        }
    }
    blocks
}
