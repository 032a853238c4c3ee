//! Which names the text of an object speaks of.

use std::collections::HashSet;

use crate::model::Object;
use crate::syntax::lexer::{Dialect, Kind, Token, lex};

/// Every word and quoted name of the object's text, in lower case.
pub(super) fn words(object: &Object) -> HashSet<String> {
    let text = text_of(object);
    let dialect = dialect_of(object);
    let Ok(tokens) = lex(text, dialect) else { return HashSet::new() };
    tokens.iter().filter_map(|token| name(text, token)).collect()
}

/// The object's query or body; empty for a sequence.
fn text_of(object: &Object) -> &str {
    match object {
        Object::View(view) => &view.select.text,
        Object::Trigger(trigger) => &trigger.body,
        Object::Routine(routine) => &routine.body,
        Object::Event(event) => &event.body,
        Object::Sequence(_) => "",
    }
}

fn dialect_of(object: &Object) -> Dialect {
    let sql_mode = match object {
        Object::Trigger(trigger) => trigger.sql_mode.as_deref(),
        Object::Routine(routine) => routine.sql_mode.as_deref(),
        Object::Event(event) => event.sql_mode.as_deref(),
        Object::View(_) | Object::Sequence(_) => None,
    };
    Dialect::under(sql_mode.unwrap_or_default(), None)
}

/// The name that a token is, in lower case and without its quotes.
fn name(text: &str, token: &Token) -> Option<String> {
    let word = text.get(token.start..token.end)?;
    match token.kind {
        Kind::Word => Some(word.to_lowercase()),
        Kind::Quoted => {
            let quote = word.chars().next()?;
            let inner = word.strip_prefix(quote)?.strip_suffix(quote)?;
            Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()).to_lowercase())
        }
        _ => None,
    }
}

/// How sure it is that a text uses something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Use {
    /// A name may be of something else.
    Maybe,
    /// It names it.
    Certain,
}

/// The names of a text as they are put together by dots, in lower case.
#[derive(Debug)]
pub(in crate::plan) struct QualifiedNames {
    names: Vec<NameInText>,
}

#[derive(Debug)]
struct NameInText {
    /// `db`, `table`, `column`: as many as there are.
    parts: Vec<String>,
    /// The word before it, where it is one.
    before: Option<String>,
    /// Whether it is one of a list.
    is_listed: bool,
    /// Whether a parenthesis opens behind it: it is a function.
    is_call: bool,
    /// What the last part is called from there on: `reports r`, `reports as r`.
    alias: Option<String>,
}

/// Words that may stand behind a table and are no name for it.
const NO_ALIASES: &str = "and as asc between by case cross desc do else end except for force from \
    group having ignore in inner intersect into is join left like limit lock natural not offset on \
    or order outer partition right select set straight_join then union use using value values when \
    where window with";

/// Words that a table stands behind.
const BEFORE_TABLES: [&str; 7] =
    ["from", "join", "into", "update", "table", "straight_join", "truncate"];

impl QualifiedNames {
    /// Those of an object's query or body.
    pub(in crate::plan) fn of(object: &Object) -> QualifiedNames {
        let text = text_of(object);
        let tokens = lex(text, dialect_of(object)).unwrap_or_default();
        QualifiedNames::read(text, &tokens)
    }

    fn read(text: &str, tokens: &[Token]) -> QualifiedNames {
        let mut names: Vec<NameInText> = Vec::new();
        let mut at = 0;
        let mut before: Option<String> = None;
        while let Some(token) = tokens.get(at) {
            let Some(first) = name(text, token) else {
                before = None;
                at += 1;
                continue;
            };
            let mut parts = vec![first];
            let first_at = at;
            at += 1;
            while tokens.get(at).is_some_and(|dot| dot.kind == Kind::Symbol(b'.'))
                && let Some(next) = tokens.get(at + 1).and_then(|token| name(text, token))
            {
                parts.push(next);
                at += 2;
            }
            let is_listed = first_at
                .checked_sub(1)
                .and_then(|comma| tokens.get(comma))
                .is_some_and(|token| token.kind == Kind::Symbol(b','));
            let is_call = tokens.get(at).is_some_and(|next| next.kind == Kind::Symbol(b'('));
            let last = parts.last().cloned();
            names.push(NameInText {
                parts,
                before: before.take(),
                is_listed,
                is_call,
                alias: None,
            });
            before = last;
        }
        let follows: Vec<Option<String>> =
            names.iter().enumerate().map(|(place, _)| alias_behind(&names, place)).collect();
        for (chain, alias) in names.iter_mut().zip(follows) {
            chain.alias = alias;
        }
        QualifiedNames { names }
    }

    /// Whether the text uses a table. One that only stands in a list of names may be another thing.
    pub(in crate::plan) fn table(&self, table: &str) -> Option<Use> {
        let table = table.to_lowercase();
        let mut found = None;
        for chain in self.names.iter().filter(|chain| !chain.is_call) {
            let last = chain.parts.len() - 1;
            let is_last = chain.parts[last] == table;
            let stands_as_table =
                chain.before.as_deref().is_some_and(|word| BEFORE_TABLES.contains(&word));
            let is_qualifier = last > 0 && chain.parts[last - 1] == table;
            if is_last && stands_as_table || is_qualifier && !self.is_alias(&table) {
                return Some(Use::Certain);
            }
            if is_last && (chain.is_listed || chain.alias.is_some()) {
                found = Some(Use::Maybe);
            }
        }
        found
    }

    /// Whether the text uses a column. `tables` are the names, in lower case, of all tables there
    /// are; `rows_of` is the table whose rows NEW and OLD are, in a trigger.
    pub(in crate::plan) fn column(
        &self,
        table: &str,
        column: &str,
        tables: &HashSet<String>,
        rows_of: Option<&str>,
    ) -> Option<Use> {
        let (table, column) = (table.to_lowercase(), column.to_lowercase());
        let own_rows = rows_of.is_some_and(|name| name.to_lowercase() == table);
        let speaks_of_table = self.table(&table).is_some();
        let only_table = speaks_of_table && !self.speaks_of_others(&table, tables);
        let mut found = None;
        for chain in self.names.iter().filter(|chain| !chain.is_call) {
            if chain.parts.last() != Some(&column) {
                continue;
            }
            let certainty = match chain.parts.len().checked_sub(2).map(|at| &chain.parts[at]) {
                Some(owner) => {
                    let is_row = matches!(owner.as_str(), "new" | "old") && rows_of.is_some();
                    if is_row {
                        own_rows.then_some(Use::Certain)
                    } else if *owner == table || self.alias_of(owner) == Some(&table) {
                        Some(Use::Certain)
                    } else {
                        None
                    }
                }
                None if !speaks_of_table || chain.before.as_deref() == Some("as") => None,
                None if only_table && rows_of.is_none() && !self.names(&column) => {
                    Some(Use::Certain)
                }
                None => Some(Use::Maybe),
            };
            found = found.max(certainty);
        }
        found
    }

    fn is_alias(&self, name: &str) -> bool {
        self.names.iter().any(|chain| chain.alias.as_deref() == Some(name))
    }

    /// The table that an alias stands for.
    fn alias_of(&self, alias: &str) -> Option<&String> {
        let named = self.names.iter().find(|chain| chain.alias.as_deref() == Some(alias))?;
        named.parts.last()
    }

    /// Whether the text gives something that name.
    fn names(&self, name: &str) -> bool {
        let is_named =
            |chain: &NameInText| {
                chain.before.as_deref().is_some_and(|before| {
                    matches!(before, "as" | "declare" | "in" | "out" | "inout")
                }) && chain.parts.first().is_some_and(|first| first == name)
            };
        self.names.iter().any(is_named)
    }

    fn speaks_of_others(&self, table: &str, tables: &HashSet<String>) -> bool {
        tables.iter().any(|other| other != table && self.table(other).is_some())
    }
}

/// The other name that the chain at a place gets, as far as it can be one.
fn alias_behind(names: &[NameInText], place: usize) -> Option<String> {
    let own = names.get(place)?.parts.last()?;
    let mut next = names.get(place + 1)?;
    if next.before.as_ref() != Some(own) {
        return None;
    }
    if next.parts.len() == 1 && next.parts[0] == "as" {
        next = names.get(place + 2)?;
        if next.before.as_deref() != Some("as") {
            return None;
        }
    }
    let alias = next.parts.first()?;
    let is_name = next.parts.len() == 1 && !next.is_call;
    let is_keyword = NO_ALIASES.split_whitespace().any(|word| word == alias);
    (is_name && !is_keyword).then(|| alias.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> QualifiedNames {
        QualifiedNames::read(text, &lex(text, Dialect::default()).unwrap())
    }

    fn of_reports(text: &str) -> Option<Use> {
        let tables = ["reports".to_owned(), "users".to_owned()].into();
        names(text).column("reports", "state", &tables, None)
    }

    #[test]
    fn tables_and_columns_are_different_names() {
        let uses = |text: &str| names(text).table("reports");
        assert_eq!(uses("select 1 from reports"), Some(Use::Certain));
        assert_eq!(uses("select `db`.`Reports`.`a` from t"), Some(Use::Certain));
        assert_eq!(uses("select 1 from `db`.`reports` `r`"), Some(Use::Certain));
        assert_eq!(uses("select reports(1) from t"), None);
        assert_eq!(uses("select a as reports from t"), None);
        assert_eq!(uses("select 'reports' from t"), None);
        assert_eq!(uses("select * from t, reports r"), Some(Use::Maybe));
        assert_eq!(uses("select * from t, reports where 1"), Some(Use::Maybe));
    }

    #[test]
    fn columns_are_found_with_and_without_their_table() {
        assert_eq!(of_reports("select state from reports"), Some(Use::Certain));
        assert_eq!(of_reports("select r.state from reports as r"), Some(Use::Certain));
        assert_eq!(of_reports("select r.state from reports r join users"), Some(Use::Certain));
        assert_eq!(of_reports("select u.state from reports r join users u"), None);
        assert_eq!(of_reports("select state from reports join users"), Some(Use::Maybe));
        assert_eq!(of_reports("select state from users"), None);
        assert_eq!(of_reports("select 1 as state from reports"), None);
        assert_eq!(of_reports("select 'state', state() from reports"), None);
        let rows =
            |text: &str| names(text).column("reports", "state", &HashSet::new(), Some("reports"));
        assert_eq!(rows("set new.state = 1"), Some(Use::Certain));
        assert_eq!(rows("insert into t values (old.id)"), None);
    }
}
