//! Comparing two texts of SHOW CREATE TABLE, apart from the code that is tested.

/// The text without the table's next AUTO_INCREMENT value.
pub fn without_auto_increment(text: &str) -> String {
    let Some(start) = text.rfind(" AUTO_INCREMENT=") else { return text.to_owned() };
    let after = &text[start + " AUTO_INCREMENT=".len()..];
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{rest}", &text[..start])
}

/// Whether two texts say the same table where a server remembers how a thing was written: a
/// character set or collation that is inherited anyway (which the servers' dictionaries show in
/// effect, so that it isn't compared here), RESTRICT and NO ACTION, USING BTREE, the row format that
/// is InnoDB's default, and the order of keys.
pub fn same_but_for_spelling(a: &str, b: &str) -> bool {
    essence(a) == essence(b)
}

fn essence(text: &str) -> Vec<String> {
    let text = without_auto_increment(text);
    let mut columns = Vec::new();
    let mut keys = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_end_matches(',');
        let line = plain_line(line);
        if line.starts_with('`') || line.starts_with("CREATE") || line.starts_with(')') {
            columns.push(line);
        } else {
            keys.push(line);
        }
    }
    keys.sort();
    columns.extend(keys);
    columns
}

fn plain_line(line: &str) -> String {
    const SAID_OR_NOT: [&str; 8] = [
        " ON DELETE RESTRICT",
        " ON UPDATE RESTRICT",
        " ON DELETE NO ACTION",
        " ON UPDATE NO ACTION",
        " USING BTREE",
        " ROW_FORMAT=DYNAMIC",
        " DEFAULT CHARSET=",
        " COLLATE=",
    ];
    let mut line = line.to_owned();
    for clause in SAID_OR_NOT {
        line = without_clause(&line, clause, clause.ends_with('='));
    }
    for clause in [" CHARACTER SET ", " COLLATE "] {
        line = without_clause(&line, clause, true);
    }
    line
}

/// The line without a clause, and without the word after it where it has a value.
fn without_clause(line: &str, clause: &str, has_value: bool) -> String {
    let Some(start) = line.find(clause) else { return line.to_owned() };
    let mut rest = &line[start + clause.len()..];
    if has_value {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    }
    format!("{}{}", &line[..start], without_clause(rest, clause, has_value))
}
