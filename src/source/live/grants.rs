//! What SHOW GRANTS says about a database.

use std::collections::{BTreeMap, BTreeSet};

/// The rights that an account has on a whole database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    names: BTreeSet<String>,
    /// Rights on everything but this database (MySQL 8.4 Reference Manual, 8.2.12 "Privilege
    /// Restriction Using Partial Revokes").
    revoked: BTreeSet<String>,
    /// What counts of the grants on this database, for the account and, if they are looked up
    /// apart, for its roles. A partial revoke doesn't take these away.
    own: Vec<Counting>,
    /// Whether the account may SELECT from `mysql.proc`, MariaDB's table of routines.
    reads_routines: bool,
    lookup: GrantLookup,
}

/// How a server finds the grants that count for a database, if several patterns match its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum GrantLookup {
    /// MySQL: the most specific pattern (MySQL 8.4 Reference Manual, 8.2.7 "Access Control, Stage
    /// 2").
    #[default]
    MostSpecific,
    /// MySQL, while a role is active: the pattern that comes first in the order of bytes, among
    /// those of the account and of its roles (found by trial on 9.7).
    First,
    /// MySQL with `partial_revokes`: there are no patterns, and `\_` isn't `_`.
    Literal,
    /// MariaDB: the most specific pattern of the account, that of all its roles together, and that
    /// of PUBLIC (found by trial on 10.11 and 11.8).
    Apart,
}

/// The patterns that count, each with its rights. Of several it isn't known which one counts.
type Counting = BTreeMap<String, BTreeSet<String>>;

/// One line of SHOW GRANTS.
struct Grant<'g> {
    rights: Vec<&'g str>,
    on: &'g str,
    to: &'g str,
    is_revoke: bool,
}

impl Rights {
    /// The rights on `database` that the lines of SHOW GRANTS give.
    pub(super) fn on(database: &str, lines: &[String], lookup: GrantLookup) -> Rights {
        let grants: Vec<Grant<'_>> = lines.iter().filter_map(|line| Grant::parse(line)).collect();
        let mut rights = Rights { lookup, ..Rights::default() };
        // The patterns that match, by whose they are.
        let mut matching: BTreeMap<&str, Counting> = BTreeMap::new();
        for grant in &grants {
            let names = || grant.rights.iter().map(|it| (*it).to_owned());
            match grant.on {
                "*.*" if !grant.is_revoke => rights.names.extend(names()),
                on if grant.is_revoke => {
                    if database_of(on).as_deref() == Some(database) {
                        rights.revoked.extend(names());
                    }
                }
                on => {
                    if matches!(on, "`mysql`.*" | "`mysql`.`proc`") {
                        rights.reads_routines |= grant.has("SELECT");
                    }
                    let of = if lookup == GrantLookup::Apart { grant.owner() } else { "" };
                    if let Some(pattern) = pattern_of(on).filter(|it| lookup.matches(it, database))
                    {
                        let patterns = matching.entry(of).or_default();
                        patterns.entry(pattern).or_default().extend(names());
                    }
                }
            }
        }
        rights.own = matching.into_values().map(|patterns| lookup.counting(patterns)).collect();
        rights
    }

    /// Whether the account has a right on this database.
    pub(super) fn has(&self, name: &str) -> bool {
        const ALL: [&str; 2] = ["ALL PRIVILEGES", "ALL"];
        let held = |rights: &BTreeSet<String>| {
            rights.contains(name) || ALL.iter().any(|all| rights.contains(*all))
        };
        self.own.iter().any(|counting| counting.values().all(held))
            || held(&self.names) && !held(&self.revoked)
    }

    /// The database as GRANT has to name it, so that the rights come to those that count today: a
    /// grant by another name would hide them, or be hidden by them. If only broader patterns match, or
    /// several count alike, it is the name without wildcards, which counts before all of them.
    pub(super) fn name_in_grant(&self, database: &str) -> String {
        let counting = || self.own.iter().filter(|it| it.len() == 1).flat_map(BTreeMap::keys);
        let is_name =
            |pattern: &&String| self.lookup == GrantLookup::First || unescaped(pattern) == database;
        match counting().find(is_name) {
            Some(pattern) => pattern.clone(),
            None if self.own.is_empty() || self.lookup == GrantLookup::Literal => {
                database.to_owned()
            }
            None => database.replace('_', "\\_").replace('%', "\\%"),
        }
    }

    /// Whether the account has a right on all databases, without any partial revoke.
    pub(super) fn has_everywhere(&self, name: &str) -> bool {
        (self.names.contains(name) || self.names.contains("ALL PRIVILEGES"))
            && self.revoked.is_empty()
    }

    /// Whether the account has a right that isn't about databases, such as PROCESS.
    pub(super) fn has_global(&self, name: &str) -> bool {
        self.names.contains(name) || self.names.contains("ALL PRIVILEGES")
    }

    /// Whether the account may SELECT from MariaDB's table of routines.
    pub(super) fn reads_routines(&self) -> bool {
        self.reads_routines || self.has_everywhere("SELECT")
    }
}

impl GrantLookup {
    fn matches(self, pattern: &str, database: &str) -> bool {
        match self {
            GrantLookup::Literal => pattern == database,
            _ => matches(pattern, database),
        }
    }

    /// Those of one account's matching patterns that count. Which one of several equally specific
    /// patterns counts depends on the server's version, and on what was granted first.
    fn counting(self, patterns: Counting) -> Counting {
        if self == GrantLookup::First {
            return patterns.into_iter().take(1).collect();
        }
        let most = patterns.keys().map(|pattern| specificity(pattern)).max();
        patterns.into_iter().filter(|(pattern, _)| Some(specificity(pattern)) == most).collect()
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
        // MySQL has no space between those that aren't on databases, as SET_ANY_DEFINER.
        let rights = rights.split(',').map(str::trim).collect();
        Some(Grant { rights, on, to: account, is_revoke })
    }

    /// Whose grants it is looked up with on MariaDB, where an account has a host and a role none.
    fn owner(&self) -> &'static str {
        match self.to {
            "PUBLIC" => "public",
            to if split_outside(to, "@").is_some() => "account",
            _ => "roles",
        }
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
    pattern_of(on).map(|name| unescaped(&name))
}

fn unescaped(pattern: &str) -> String {
    pattern.replace("\\_", "_").replace("\\%", "%")
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

    fn rights(lines: &[&str], lookup: GrantLookup) -> Rights {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Rights::on("my_shop", &lines, lookup)
    }

    fn has(lines: &[&str], right: &str) -> bool {
        rights(lines, GrantLookup::MostSpecific).has(right)
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
    fn rights_that_are_not_about_databases() {
        let lines = [
            "GRANT PROCESS, EVENT ON *.* TO `a`@`%`",
            "GRANT BACKUP_ADMIN,SET_ANY_DEFINER ON *.* TO `a`@`%`",
            "REVOKE EVENT ON `other`.* FROM `a`@`%`",
        ];
        let rights = rights(&lines, GrantLookup::MostSpecific);
        assert!(rights.has_global("PROCESS") && rights.has_global("SET_ANY_DEFINER"));
        assert!(!rights.has_global("SUPER"));
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
        assert_eq!(rights(&lines, GrantLookup::MostSpecific).name_in_grant("my_shop"), "my\\_shop");
    }

    #[test]
    fn of_two_patterns_that_say_the_same_much_both_have_to_grant_a_right() {
        let lines = [
            "GRANT TRIGGER, EVENT ON `my%`.* TO `a`@`%`",
            "GRANT EVENT, SELECT ON `my_shop`.* TO `a`@`%`",
        ];
        assert!(has(&lines, "EVENT"));
        assert!(!has(&lines, "TRIGGER"));
        assert!(!has(&lines, "SELECT"));
        // A grant by the name without wildcards counts before both.
        let name =
            |lines: &[&str]| rights(lines, GrantLookup::MostSpecific).name_in_grant("my_shop");
        assert_eq!(name(&lines), "my\\_shop");
        assert_eq!(name(&lines[..1]), "my\\_shop");
        assert_eq!(name(&lines[1..]), "my_shop");
        assert_eq!(name(&[]), "my_shop");
    }

    #[test]
    fn mariadb_looks_up_what_is_granted_to_roles_apart() {
        let lines = ["GRANT TRIGGER ON `my%`.* TO `r`", "GRANT SELECT ON `my\\_shop`.* TO `a`@`%`"];
        let apart = rights(&lines, GrantLookup::Apart);
        assert!(apart.has("TRIGGER") && apart.has("SELECT"));
        let of_roles = [
            "GRANT `s` TO `r`",
            "GRANT TRIGGER ON `my%`.* TO `s`",
            "GRANT EVENT ON `my\\_shop`.* TO `r`",
            "GRANT SELECT ON `my\\_shop`.* TO `s`",
        ];
        let apart = rights(&of_roles, GrantLookup::Apart);
        assert!(apart.has("EVENT") && apart.has("SELECT") && !apart.has("TRIGGER"));
    }

    #[test]
    fn while_a_role_is_active_on_mysql_the_first_pattern_counts() {
        let lines =
            ["GRANT SELECT ON `my\\_shop`.* TO `a`@`%`", "GRANT TRIGGER ON `my%`.* TO `a`@`%`"];
        let first = rights(&lines, GrantLookup::First);
        assert!(first.has("TRIGGER") && !first.has("SELECT"));
        assert_eq!(first.name_in_grant("my_shop"), "my%");
    }

    #[test]
    fn with_partial_revokes_there_are_no_patterns() {
        let literal = |line: &str| rights(&[line], GrantLookup::Literal).has("EVENT");
        assert!(literal("GRANT EVENT ON `my_shop`.* TO `a`@`%`"));
        assert!(!literal("GRANT EVENT ON `my\\_shop`.* TO `a`@`%`"));
        assert!(!literal("GRANT EVENT ON `my%`.* TO `a`@`%`"));
    }
}
