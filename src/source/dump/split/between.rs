//! What may come between statements, and what may not.

use std::io::{self, BufRead};

use super::marks::{Mark, mark};
use super::{
    LONGEST_COMMENT, LONGEST_SHOWN, Reading, SplitError, SplitProblem, Splitter, push_up_to,
};

impl<R: BufRead> Splitter<R> {
    /// The start of a comment that no server executes.
    pub(super) fn comment_between(&mut self) -> Result<Option<Vec<u8>>, SplitError> {
        // Here the client takes `--` for a comment whatever follows it.
        if self.window.peek(0)? == Some(b'#') || self.window.starts_with(b"--")? {
            let text = self.rest_of_line()?;
            match mark(&text) {
                Some(Mark::Up) => self.carries_out = true,
                Some(Mark::Down) if self.carries_out => self.skip_down_part()?,
                _ => {}
            }
            return Ok(Some(text));
        }
        if !self.window.starts_with(b"/*")? || self.holds_statement()? {
            return Ok(None);
        }
        let opening = self.here("this comment is never closed");
        let mut text = Vec::new();
        while let Some(byte) = self.window.peek(0)? {
            let closes = text.len() >= 2 && self.window.starts_with(b"*/")?;
            self.window.advance();
            push_up_to(&mut text, byte, LONGEST_COMMENT);
            if closes {
                self.window.advance();
                return Ok(Some(text));
            }
        }
        Err(opening.into())
    }

    /// Skips the part of a migration that reverses it.
    fn skip_down_part(&mut self) -> io::Result<()> {
        while self.window.peek(0)?.is_some() {
            if self.is_up_mark()? {
                break;
            }
            self.rest_of_line()?;
        }
        Ok(())
    }

    fn is_up_mark(&mut self) -> io::Result<bool> {
        Ok(mark(&self.window.upcoming(LONGEST_SHOWN)?) == Some(Mark::Up))
    }

    /// Whether a migration tool's mark begins here, which ends a statement.
    pub(super) fn is_mark(&mut self) -> io::Result<bool> {
        Ok(self.window.starts_with(b"--")? && mark(&self.window.upcoming(LONGEST_SHOWN)?).is_some())
    }

    /// Whether a comment to the end of the line begins here, within a statement.
    pub(super) fn is_line_comment(&mut self) -> io::Result<bool> {
        if self.window.peek(0)? == Some(b'#') {
            return Ok(true);
        }
        let after = if self.window.starts_with(b"--")? { self.window.peek(2)? } else { Some(b'x') };
        Ok(after.is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()))
    }

    /// Whether the comment that begins here is an executable one with a word in it.
    fn holds_statement(&mut self) -> io::Result<bool> {
        Ok(!self.first_word()?.is_empty())
    }

    /// The word that begins here, in upper case. If a versioned comment begins here, the first word
    /// in it. Empty if there is no word.
    pub(super) fn first_word(&mut self) -> io::Result<String> {
        let mut offset = 0;
        let for_mariadb = self.window.starts_with(b"/*M!")?;
        if for_mariadb || self.window.starts_with(b"/*!")? {
            offset = if for_mariadb { 4 } else { 3 };
            while offset < 12 && self.window.peek(offset)?.is_some_and(|byte| byte.is_ascii_digit())
            {
                offset += 1;
            }
            offset = self.past_blanks(offset)?;
        }
        self.word_at(offset)
    }

    /// Whether a compound statement outside of routines begins here. What it does is only known
    /// when it runs (MariaDB "Using Compound Statements Outside of Stored Programs").
    pub(super) fn begins_block(&mut self, word: &str) -> io::Result<bool> {
        if word != "BEGIN" {
            return Ok(matches!(word, "IF" | "CASE" | "FOR" | "LOOP" | "REPEAT" | "WHILE"));
        }
        let next = self.past_blanks(word.len())?;
        Ok(self.word_at(next)? == "NOT")
    }

    /// The offset after the white space that begins at `offset`.
    fn past_blanks(&mut self, mut offset: usize) -> io::Result<usize> {
        let most = offset + 60;
        while offset < most
            && self.window.peek(offset)?.is_some_and(|byte| byte.is_ascii_whitespace())
        {
            offset += 1;
        }
        Ok(offset)
    }

    /// The word at `offset`, in upper case.
    fn word_at(&mut self, mut offset: usize) -> io::Result<String> {
        let mut word = String::new();
        while let Some(byte) = self.window.peek(offset)? {
            if !(byte.is_ascii_alphabetic() || byte == b'_') || word.len() > 32 {
                break;
            }
            word.push(char::from(byte.to_ascii_uppercase()));
            offset += 1;
        }
        Ok(word)
    }

    /// Consumes the rest of the line; returns its beginning.
    pub(super) fn rest_of_line(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        while let Some(byte) = self.window.peek(0)? {
            self.window.advance();
            if byte == b'\n' {
                break;
            }
            push_up_to(&mut text, byte, LONGEST_COMMENT);
        }
        Ok(text)
    }

    /// Stops at what a line may not begin with, outside quotes and comments: a conflict marker of a
    /// merge, or, within data and the like, a statement before which a `;` is missing.
    pub(super) fn refuse_at_line_start(
        &mut self,
        within: Option<&Reading>,
    ) -> Result<(), SplitError> {
        if self.window.column != 1 {
            return Ok(());
        }
        for marker in [b"<<<<<<< ", b"||||||| ", b">>>>>>> "] {
            if self.window.starts_with(marker)? {
                let problem = self.here("this is the mark of a merge that isn't finished");
                return Err(problem.with_help("resolve the conflict first").into());
            }
        }
        if !within.is_some_and(Reading::holds_no_statement) {
            return Ok(());
        }
        let start = self.past_blanks(0)?;
        let word = self.word_at(start)?;
        if !matches!(word.as_str(), "CREATE" | "ALTER" | "DROP") {
            return Ok(());
        }
        let next = self.past_blanks(start + word.len())?;
        if next > start + word.len() && KINDS.contains(&self.word_at(next)?.as_str()) {
            let problem = self.here("a statement begins here, and no `;` ends the one before it");
            return Err(problem.into());
        }
        Ok(())
    }

    /// What is wrong at the next byte.
    pub(super) fn here(&mut self, message: &str) -> SplitProblem {
        let (line, column) = (self.window.line, self.window.column);
        let shown = self.shown().unwrap_or_default();
        SplitProblem { message: message.to_owned(), help: None, line, column, shown }
    }

    /// The beginning of what comes next, no longer than the line.
    pub(super) fn shown(&mut self) -> io::Result<Vec<u8>> {
        let mut upcoming = self.window.upcoming(LONGEST_SHOWN)?;
        let end = upcoming.iter().position(|byte| *byte == b'\n');
        upcoming.truncate(end.unwrap_or(upcoming.len()));
        Ok(upcoming)
    }
}

/// Words after CREATE, ALTER or DROP that, at the start of a line, can only begin a new statement.
const KINDS: &[&str] = &[
    "DATABASE",
    "EVENT",
    "FUNCTION",
    "INDEX",
    "OR",
    "PROCEDURE",
    "SCHEMA",
    "SEQUENCE",
    "TABLE",
    "TRIGGER",
    "UNIQUE",
    "VIEW",
];
