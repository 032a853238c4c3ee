//! Divides a Python module into its statements, as far as it takes to find what its top level
//! assigns to a name (The Python Language Reference, 2. "Lexical analysis").

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PythonToken {
    /// A name, a keyword or a number.
    Word(String),
    /// A string; `None` for one whose value isn't known without running it.
    Text(Option<String>),
    /// Any other character.
    Symbol(char),
}

/// The statements that stand at the left margin, in order. What is indented belongs to the
/// statement above it and is left out.
pub(super) fn statements(text: &str) -> Vec<Vec<PythonToken>> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text) };
    let mut statements = Vec::new();
    let mut line = Vec::new();
    // A statement goes on over the end of the line within brackets.
    let mut depth = 0usize;
    let mut is_indented = reader.rest.starts_with([' ', '\t']);
    while let Some(c) = reader.next() {
        match c {
            '\n' | ';' if depth == 0 => {
                if !line.is_empty() && !is_indented {
                    statements.push(std::mem::take(&mut line));
                }
                line.clear();
                if c == '\n' {
                    is_indented = reader.rest.starts_with([' ', '\t', '\u{c}']);
                }
            }
            '#' => reader.skip_while(|c| c != '\n'),
            '\\' if reader.rest.starts_with('\n') => _ = reader.next(),
            c if c.is_whitespace() => {}
            '"' | '\'' => line.push(PythonToken::Text(reader.string(c, ""))),
            c if is_word(c) => {
                let word = reader.word(c);
                let quote = reader.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
                match quote.filter(|_| is_prefix(&word)) {
                    Some(quote) => {
                        reader.next();
                        line.push(PythonToken::Text(reader.string(quote, &word.to_lowercase())));
                    }
                    None => line.push(PythonToken::Word(word)),
                }
            }
            c => {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                line.push(PythonToken::Symbol(c));
            }
        }
    }
    if !line.is_empty() && !is_indented {
        statements.push(line);
    }
    statements
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a word right before a quote belongs to the string.
fn is_prefix(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt"
    )
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        // Every kind of line end is the same to Python.
        if c == '\r' {
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
            return Some('\n');
        }
        Some(c)
    }

    fn skip_while(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(|c| c != '\r' && is_skipped(c));
    }

    fn word(&mut self, first: char) -> String {
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        let word = format!("{first}{}", &self.rest[..end]);
        self.rest = &self.rest[end..];
        word
    }

    /// The value of a string after its first quote.
    fn string(&mut self, quote: char, prefix: &str) -> Option<String> {
        let triple = format!("{quote}{quote}");
        let is_triple = self.rest.starts_with(&triple);
        let end = if is_triple { format!("{quote}{triple}") } else { quote.to_string() };
        if is_triple {
            self.rest = &self.rest[triple.len()..];
        }
        let is_raw = prefix.contains('r');
        let mut value = Some(String::new());
        loop {
            if let Some(rest) = self.rest.strip_prefix(&end) {
                self.rest = rest;
                break;
            }
            let c = self.next()?;
            match c {
                // An error in Python too.
                '\n' if !is_triple => return None,
                // A quote after a backslash doesn't end even a raw string.
                '\\' => {
                    let escaped = self.next()?;
                    let text = match escaped {
                        _ if is_raw => Some(format!("\\{escaped}")),
                        '\n' => Some(String::new()),
                        '\\' | '\'' | '"' => Some(escaped.to_string()),
                        // No revision's name needs any other.
                        _ => None,
                    };
                    value = value.zip(text).map(|(value, text)| value + &text);
                }
                c => value.iter_mut().for_each(|value| value.push(c)),
            }
        }
        value.filter(|_| !prefix.contains(['b', 'f', 't']))
    }
}
