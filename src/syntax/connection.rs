//! Passwords in the option CONNECTION. They are not part of a schema and are never kept.

use crate::model::HIDDEN_PASSWORD;

/// The words that a password follows: `PWD=secret;` of ODBC, `password "secret"` of SPIDER,
/// `&password=secret` of JDBC.
const WORDS: [&str; 3] = ["password", "passwd", "pwd"];

/// The text of a CONNECTION with [`HIDDEN_PASSWORD`] in place of its passwords. A password is in a
/// URL (MySQL 18.8.2.1 "Creating a FEDERATED Table Using CONNECTION") or follows a word (MariaDB
/// "Using CONNECT - ODBC", "Spider Table Parameters"). In doubt, more is hidden than necessary.
pub(crate) fn without_passwords(text: &str) -> String {
    let text = in_url(text).unwrap_or_else(|| text.to_owned());
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = first_word(rest) {
        let (before, value) = rest.split_at(start);
        kept.push_str(before);
        let length = value_length(value);
        if length > 0 {
            kept.push_str(HIDDEN_PASSWORD);
        }
        rest = value.get(length..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// `mysql://user:***@host/…`. A password may contain `@` and `/`, so everything up to the last `@`
/// belongs to it.
fn in_url(text: &str) -> Option<String> {
    let user = text.find("://")? + "://".len();
    let host = user + text[user..].rfind('@')?;
    let password = user + text[user..host].find(':')? + 1;
    (password < host).then(|| format!("{}{HIDDEN_PASSWORD}{}", &text[..password], &text[host..]))
}

/// Where the first value begins that follows one of the words.
fn first_word(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let after = |word: &&str| {
        lower.match_indices(*word).find_map(|(at, _)| {
            let end = at + word.len();
            let rest = &text[end..];
            let value = rest.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let is_named = match quote {
                // Without a second quote, this quote closes the text that contains the word, and
                // doesn't open a value.
                Some(quote) => rest.get(1..).is_some_and(|it| it.contains(quote)),
                None => rest.len() > value.len() && !value.is_empty(),
            };
            is_named.then(|| end + rest.len() - value.len())
        })
    };
    WORDS.iter().filter_map(after).min()
}

/// The length of a value. It ends at its closing quote, or at a character that separates values.
fn value_length(value: &str) -> usize {
    let closing = match value.chars().next() {
        Some('"') => Some('"'),
        Some('\'') => Some('\''),
        Some('{') => Some('}'),
        _ => None,
    };
    match closing {
        Some(closing) => value.get(1..).and_then(|it| it.find(closing)).map(|at| at + 2),
        None => value.find(|c: char| matches!(c, ';' | '&' | ',') || c.is_whitespace()),
    }
    .unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        for (given, kept) in [
            ("mysql://u:p@h:3306/db/t", "mysql://u:***@h:3306/db/t"),
            ("mysql://u:p@/:x@h/db/t", "mysql://u:***@h/db/t"),
            ("mysql://u@h:3306/db/t", "mysql://u@h:3306/db/t"),
            ("mysql://h:3306/db/t", "mysql://h:3306/db/t"),
            ("mysql://u:***@h/db/t", "mysql://u:***@h/db/t"),
            ("server/t", "server/t"),
            ("DSN=x;UID=u;PWD=s;Y=1", "DSN=x;UID=u;PWD=***;Y=1"),
            ("DSN=x;pwd = {a;b};Y=1", "DSN=x;pwd = ***;Y=1"),
            ("jdbc:mysql://h/d?user=u&password=s&x=1", "jdbc:mysql://h/d?user=u&password=***&x=1"),
            ("jdbc:mysql://h/d?password=a@b", "jdbc:mysql://h/d?password=***"),
            ("host \"h\", password \"s, t\", port \"1\"", "host \"h\", password ***, port \"1\""),
            ("password 'é", "password ***"),
            ("password\"s\"", "password***"),
            ("DSN=x;password\n=\ts\nY=1", "DSN=x;password\n=\t***\nY=1"),
            ("DSN=x;PWD=s;SSLPWD=t", "DSN=x;PWD=***;SSLPWD=***"),
            ("srv \"password\"", "srv \"password\""),
            ("a password", "a password"),
        ] {
            assert_eq!(without_passwords(given), kept, "{given}");
            assert_eq!(without_passwords(kept), kept, "{kept}");
        }
    }
}
