//! Text from a database or a file, made fit for a terminal.

use std::fmt::Write;

/// The text with every control character but newline and tab, and every character that changes
/// the direction of writing, spelled out as `\u{1b}`: a name can't move the cursor or hide what
/// follows it.
pub fn harmless(text: &str) -> String {
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

fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn escapes_are_spelled_out_and_letters_are_not() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\n\tü\u{202e}x"), "a\\u{1b}[2Jb\\u{d}\n\tü\\u{202e}x");
    }
}
