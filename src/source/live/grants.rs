//! What SHOW GRANTS says about a database.

use std::collections::BTreeSet;

/// The rights that an account has on a whole database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    names: BTreeSet<String>,
    /// Rights on everything but this database (MySQL 8.4 Reference Manual, 8.2.12 "Privilege
    /// Restriction Using Partial Revokes").
    revoked: BTreeSet<String>,
    /// Rights that are granted on this database itself, which a partial revoke doesn't take away.
    own: BTreeSet<String>,
    /// Whether the account may SELECT from `mysql.proc`, MariaDB's table of routines.
    reads_routines: bool,
}

/// One line of SHOW GRANTS.
struct Grant<'g> {
    rights: Vec<&'g str>,
    on: &'g str,
    to: &'g str,
    is_revoke: bool,
}

impl Rights {
    /// The rights on `database` that the lines of SHOW GRANTS give.
    pub(super) fn on(database: &str, lines: &[String]) -> Rights {
        let grants: Vec<Grant<'_>> = lines.iter().filter_map(|line| Grant::parse(line)).collect();
        let mut rights = Rights::default();
        for grant in &grants {
            let names = || grant.rights.iter().map(|it| (*it).to_owned());
            match grant.on {
                "*.*" if !grant.is_revoke => rights.names.extend(names()),
                "`mysql`.*" | "`mysql`.`proc`" if !grant.is_revoke => {
                    rights.reads_routines |= grant.has("SELECT");
                }
                on if grant.is_revoke && database_of(on).as_deref() == Some(database) => {
                    rights.revoked.extend(names());
                }
                _ => {}
            }
        }
        // If several patterns match, a server takes the most specific one (MySQL 8.4 Reference
        // Manual, 8.2.7 "Access Control, Stage 2"), for each account and role.
        let accounts: BTreeSet<&str> = grants.iter().map(|grant| grant.to).collect();
        for account in accounts {
            let of_account = grants.iter().filter(|it| it.to == account && !it.is_revoke);
            let matching = of_account.filter_map(|grant| {
                let pattern = pattern_of(grant.on)?;
                matches(&pattern, database).then(|| (specificity(&pattern), grant))
            });
            let best = matching.max_by_key(|(specificity, _)| *specificity);
            if let Some((_, grant)) = best {
                rights.own.extend(grant.rights.iter().map(|it| (*it).to_owned()));
            }
        }
        rights
    }

    /// Whether the account has a right on this database.
    pub(super) fn has(&self, name: &str) -> bool {
        const ALL: [&str; 2] = ["ALL PRIVILEGES", "ALL"];
        let held = |rights: &BTreeSet<String>| {
            rights.contains(name) || ALL.iter().any(|all| rights.contains(*all))
        };
        held(&self.own) || held(&self.names) && !held(&self.revoked)
    }

    /// Whether the account has a right on all databases, without any partial revoke.
    pub(super) fn has_everywhere(&self, name: &str) -> bool {
        (self.names.contains(name) || self.names.contains("ALL PRIVILEGES"))
            && self.revoked.is_empty()
    }

    /// Whether the account may SELECT from MariaDB's table of routines.
    pub(super) fn reads_routines(&self) -> bool {
        self.reads_routines || self.has_everywhere("SELECT")
    }
}

impl<'g> Grant<'g> {
    /// `GRANT a, b ON c TO d …` or `REVOKE a, b ON c FROM d`; `None` for the grant of a role.
    fn parse(line: &'g str) -> Option<Grant<'g>> {
        let (rest, to, is_revoke) = match line.strip_prefix("GRANT ") {
            Some(rest) => (rest, " TO ", false),
            None => (line.strip_prefix("REVOKE ")?, " FROM ", true),
        };
        let (rights, rest) = split_outside(rest, " ON ")?;
        let (on, rest) = split_outside(rest, to)?;
        let account = split_outside(rest, " ").map_or(rest, |(account, _)| account);
        Some(Grant { rights: rights.split(", ").collect(), on, to: account, is_revoke })
    }

    fn has(&self, name: &str) -> bool {
        self.rights.iter().any(|it| *it == name || *it == "ALL PRIVILEGES")
    }
}

/// Splits a text at the first place where a word stands outside quotes.
fn split_outside<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '`' | '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, _) if text[at..].starts_with(word) => {
                return Some((&text[..at], &text[at + word.len()..]));
            }
            _ => {}
        }
    }
    None
}

/// The pattern in `` `pattern`.* ``, as it is spelled there.
fn pattern_of(on: &str) -> Option<String> {
    let name = on.strip_suffix(".*")?.strip_prefix('`')?.strip_suffix('`')?;
    Some(name.replace("``", "`"))
}

/// The database in `` `database`.* `` of a partial revoke, which is no pattern.
fn database_of(on: &str) -> Option<String> {
    pattern_of(on).map(|name| name.replace("\\_", "_").replace("\\%", "%"))
}

/// Whether a pattern of GRANT, with `%`, `_` and `\`, matches a name.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    // The position of the last `%`, and how much of the name it has matched.
    let mut last = None;
    let (mut at, mut of_name) = (0, 0);
    while of_name < name.len() {
        match pattern.get(at) {
            Some('%') => {
                last = Some((at, of_name));
                at += 1;
                continue;
            }
            Some('_') => {
                at += 1;
                of_name += 1;
                continue;
            }
            Some('\\') if pattern.get(at + 1) == name.get(of_name) => {
                at += 2;
                of_name += 1;
                continue;
            }
            Some(c) if *c != '\\' && Some(c) == name.get(of_name) => {
                at += 1;
                of_name += 1;
                continue;
            }
            _ => {}
        }
        let Some((star, taken)) = last else { return false };
        last = Some((star, taken + 1));
        at = star + 1;
        of_name = taken + 1;
    }
    pattern.iter().skip(at).all(|c| *c == '%')
}

/// How specific a pattern is: its length before the first wildcard. One without a wildcard is the
/// most specific.
fn specificity(pattern: &str) -> usize {
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '%' | '_' if !escaped => return at,
            _ => escaped = false,
        }
    }
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(lines: &[&str], right: &str) -> bool {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Rights::on("my_shop", &lines).has(right)
    }

    #[test]
    fn rights_apply_to_the_database() {
        let one = |line: &str, right: &str| has(&[line], right);
        assert!(one("GRANT SELECT, SHOW VIEW ON `my\\_shop`.* TO `a`@`%`", "SHOW VIEW"));
        assert!(one("GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION", "TRIGGER"));
        assert!(one("GRANT EVENT ON `my%`.* TO `a`@`%`", "EVENT"));
        assert!(one("GRANT EVENT ON `my_shop`.* TO `a`@`%`", "EVENT"));
        assert!(one("GRANT EVENT ON `%s_op`.* TO `a`@`%`", "EVENT"));
        assert!(!one("GRANT EVENT ON `zz%`.* TO `a`@`%`", "EVENT"));
        assert!(!one("GRANT EVENT ON `my\\%`.* TO `a`@`%`", "EVENT"));
        assert!(!one("GRANT EVENT ON `_`.* TO `a`@`%`", "EVENT"));
        assert!(!one("GRANT EVENT ON `other`.* TO `a`@`%`", "EVENT"));
        assert!(!one("GRANT TRIGGER ON `my_shop`.`t` TO `a`@`%`", "TRIGGER"));
        assert!(!one("GRANT `role` TO `a`@`%`", "TRIGGER"));
        assert!(!one("GRANT SELECT (`x ON *.* TO y`), TRIGGER ON `z`.`t` TO `a`@`%`", "TRIGGER"));
    }

    #[test]
    fn a_partial_revoke_takes_rights_granted_on_everything() {
        let all = "GRANT SELECT, TRIGGER ON *.* TO `a`@`%`";
        assert!(!has(&[all, "REVOKE TRIGGER ON `my_shop`.* FROM `a`@`%`"], "TRIGGER"));
        assert!(has(&[all, "REVOKE TRIGGER ON `other`.* FROM `a`@`%`"], "TRIGGER"));
        assert!(has(&[all, "REVOKE TRIGGER ON `my_shop`.* FROM `a`@`%`"], "SELECT"));
    }

    #[test]
    fn the_more_specific_of_two_patterns_counts() {
        let lines =
            ["GRANT TRIGGER ON `my%`.* TO `a`@`%`", "GRANT SELECT ON `my\\_shop`.* TO `a`@`%`"];
        assert!(has(&lines, "SELECT"));
        assert!(!has(&lines, "TRIGGER"));
        let role = ["GRANT TRIGGER ON `my%`.* TO `r`", "GRANT SELECT ON `my\\_shop`.* TO `a`@`%`"];
        assert!(has(&role, "TRIGGER"));
    }
}
