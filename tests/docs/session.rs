//! A shell in which the commands of a page are run, one after the other.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use libtest_mimic::Failed;

use crate::places::{Folder, Words};

/// What the shell prints after each command.
const END: &str = "-- the end of a command of a page --";

pub struct Session {
    shell: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    command: Words,
    shown: Words,
}

impl Session {
    pub fn begin(folder: &Folder) -> Result<Session, Failed> {
        let mut shell = Command::new("bash");
        shell.args(["--noprofile", "--norc"]).current_dir(folder.work());
        shell.env("PATH", folder.path()?).env("COLUMNS", "100").env("PYTHONDONTWRITEBYTECODE", "1");
        for variable in
            ["DATABASE_URL", "DRIFTLINE_ENV", "DRIFTLINE_PASSWORD", "NO_COLOR", "CLICOLOR_FORCE"]
        {
            shell.env_remove(variable);
        }
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut shell = shell.spawn()?;
        let input = shell.stdin.take().ok_or("the shell takes no input")?;
        let output = BufReader::new(shell.stdout.take().ok_or("the shell prints nothing")?);
        let (command, shown) = folder.words();
        Ok(Session { shell, input, output, command, shown })
    }

    /// Runs a command; returns the lines of its output.
    pub fn run(&mut self, text: &str) -> Result<Vec<String>, Failed> {
        let text = (self.command)(text);
        writeln!(self.input, "{{ {text}\n}} </dev/null 2>&1\necho; echo '{END}'")?;
        self.input.flush()?;
        let mut lines: Vec<String> = Vec::new();
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err(format!("the shell ended in `{text}`:\n{}", lines.join("\n")).into());
            }
            let line = line.trim_end_matches('\n');
            if line == END {
                break;
            }
            // The progress line when a server takes long.
            if !(line.starts_with("reading ") && line.ends_with('…')) {
                lines.push((self.shown)(line).trim_end().to_owned());
            }
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        Ok(lines)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = (self.shell.kill(), self.shell.wait());
    }
}

/// Replaces what differs between runs and servers: times, versions of migrations, versions of
/// servers, and the modes of their sessions.
pub fn normalized(lines: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = lines.iter().map(|line| normalized_line(line)).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn normalized_line(line: &str) -> String {
    let line = line.trim_end();
    let line = match line.rsplit_once(" in ") {
        Some((before, time)) if time.ends_with(" ms") || time.ends_with(" s") => {
            format!("{before} in [time]")
        }
        _ => line.to_owned(),
    };
    let line = without_numbers(&line, "MySQL ", "[server]");
    let line = without_numbers(&line, "MariaDB ", "[server]");
    let line = without_numbers(&line, "mysql:", "[flavor]");
    let line = without_numbers(&line, "mariadb:", "[flavor]");
    without_versions(&without_modes(line))
}

/// Without the modes of a session, which are each server's default.
fn without_modes(line: String) -> String {
    const SET: &str = "SESSION sql_mode = '";
    match line.split_once(SET).and_then(|(before, modes)| Some((before, modes.split_once('\'')?))) {
        Some((before, (_, after))) => format!("{before}{SET}[modes]'{after}"),
        None => line,
    }
}

/// Replaces a word and the number with dots after it by another word.
fn without_numbers(line: &str, word: &str, other: &str) -> String {
    let mut parts = line.split(word);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_number = rest.len() < part.len();
        text.push_str(if is_number { other } else { word });
        text.push_str(if is_number { rest } else { part });
    }
    text
}

/// Without the 14 digits of a migration's version.
fn without_versions(line: &str) -> String {
    let mut text = String::new();
    let mut digits = String::new();
    for c in line.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        text.push_str(if digits.len() == 14 { "[version]" } else { &digits });
        digits.clear();
        text.push(c);
    }
    text.trim_end().to_owned()
}
