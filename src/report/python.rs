//! Text as Python writes it.

use std::fmt::Write as _;

use crate::diagnostic::is_harmful;

/// A string literal over as many lines as the text has (The Python Language Reference, 2.4.1
/// "String and Bytes literals").
pub(super) fn long_string(text: &str) -> String {
    let mut literal = String::from("\"\"\"");
    let mut chars = text.chars().peekable();
    let mut is_after_quote = false;
    while let Some(c) = chars.next() {
        // Three quotes would end it, and so would one before the three that do.
        let is_in_run = is_after_quote || matches!(chars.peek(), None | Some('"'));
        match c {
            '"' if is_in_run => literal.push_str("\\\""),
            '\n' => literal.push(c),
            c => push(&mut literal, c),
        }
        is_after_quote = c == '"';
    }
    literal.push_str("\"\"\"");
    literal
}

/// A string literal on one line.
pub(super) fn string(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\n' => literal.push_str("\\n"),
            c => push(&mut literal, c),
        }
    }
    literal.push('"');
    literal
}

fn push(literal: &mut String, c: char) {
    match c {
        '\\' => literal.push_str("\\\\"),
        '\t' => literal.push_str("\\t"),
        // Python takes a lone CR for the end of a line. The byte order mark isn't seen.
        c if is_harmful(c) || c == '\u{feff}' => {
            // Writing to a string doesn't fail.
            let _ = match u32::from(c) {
                code @ ..=0xff => write!(literal, "\\x{code:02x}"),
                code => write!(literal, "\\u{code:04x}"),
            };
        }
        c => literal.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{long_string, string};

    #[test]
    fn nothing_in_a_text_ends_the_string() {
        for (text, literal) in [
            ("a", r#""""a""""#),
            (r#"a "b" c"#, r#""""a "b" c""""#),
            (r#"a "b""#, r#""""a "b\"""""#),
            ("\"\"", "\"\"\"\\\"\\\"\"\"\""),
            (r#"a"""b"#, r#""""a\"\"\"b""""#),
            (r"a\:b\", r#""""a\\:b\\""""#),
            ("a\r\nb\tc\0é\u{202e}", "\"\"\"a\\x0d\nb\\tc\\x00é\\u202e\"\"\""),
        ] {
            assert_eq!(long_string(text), literal, "{text}");
        }
        assert_eq!(string("a\"\n\\"), "\"a\\\"\\n\\\\\"");
    }
}
