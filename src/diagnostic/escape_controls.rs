//! Makes text from a database or a file safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes every control character except newline and tab, and every character that changes the
/// direction of writing, as in `\u{1b}`, so that a name can't move the cursor or hide what follows
/// it.
pub fn escape_controls(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            // Writing to a String can't fail.
            let _ = write!(safe, "\\u{{{:x}}}", c as u32);
        } else {
            safe.push(c);
        }
    }
    safe
}

/// The same on one line, and so that a CI service doesn't read it as a command. A name can't begin
/// a new line that looks like driftline's own.
pub fn one_line(text: &str) -> String {
    let safe = escape_controls(text).replace('\n', "\\n").replace('\t', "\\t");
    match safe.trim_start().starts_with("::") {
        true => format!("`{safe}`"),
        false => safe,
    }
}

/// The same text with several lines, none of which a CI service reads as a command. Such a service
/// looks for `::` at the start of a line.
pub fn without_commands(text: &str) -> String {
    let safe = |line: &str| match line.trim_start().starts_with("::") {
        true => format!("\\{line}"),
        false => line.to_owned(),
    };
    escape_controls(text).split_inclusive('\n').map(safe).collect()
}

/// Whether a character controls the terminal instead of being shown.
pub fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Replaces the harmful characters by the same number of bytes, so that places in the text stay
/// right.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_harmful(c) && c != '\r') {
        return Cow::Borrowed(text);
    }
    let mask = |c: char| match (is_harmful(c) && c != '\r', c.len_utf8()) {
        (true, 1) => '?',
        (true, 2) => '·',
        (true, _) => '\u{fffd}',
        (false, _) => c,
    };
    Cow::Owned(text.chars().map(mask).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_escaped_and_letters_are_not() {
        assert_eq!(one_line("a\nin sync\t\u{1b}"), "a\\nin sync\\t\\u{1b}");
        assert_eq!(without_commands("a\n ::b\n::c::"), "a\n\\ ::b\n\\::c::");
        assert_eq!(one_line("::error::a"), "`::error::a`");
        assert_eq!(
            escape_controls("a\u{1b}[2Jb\r\n\tü\u{202e}x"),
            "a\\u{1b}[2Jb\\u{d}\n\tü\\u{202e}x"
        );
    }

    #[test]
    fn masking_keeps_every_place() {
        let text = "a\u{1b}\u{9b}\u{202e}\u{85}é😀";
        assert_eq!(masked(text), "a?·\u{fffd}·é😀");
        assert_eq!(masked(text).len(), text.len());
    }
}
