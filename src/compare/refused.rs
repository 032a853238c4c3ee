//! What is impossible in the desired schema: what the server doesn't have, and what it would
//! refuse.

use std::borrow::Cow;
use std::collections::HashSet;

use indexmap::IndexMap;

use super::Comparison;
use super::rules::RulesFrom;
use crate::diagnostic::{Diagnostic, MOST_ERRORS, Severity, in_order};
use crate::diff::Change;
use crate::model::{Element, ObjectKind, ObjectName, Partitioning, Schema, Table, same_name};
use crate::normalize::{assume_default, same_tables, unsupported};
use crate::renames::Renames;
use crate::source::Loaded;
use crate::validation::{ValidationError, unreadable_views, validate};

/// The validation errors of a schema that a server has accepted.
struct Taken {
    /// The titles of the errors, each with its table.
    of_tables: HashSet<(Option<String>, String)>,
    anywhere: HashSet<String>,
}

impl Taken {
    fn of(errors: Vec<ValidationError>) -> Self {
        let table = |error: &ValidationError| error.element.table_name().map(str::to_owned);
        Taken {
            of_tables: errors.iter().map(|it| (table(it), it.title.clone())).collect(),
            anywhere: errors.into_iter().map(|it| it.title).collect(),
        }
    }
}

/// The new schema with the partitions that its tables keep, because they limit what the server
/// allows.
fn with_kept_partitions<'a>(old: &Schema, new: &'a Schema) -> Cow<'a, Schema> {
    let keeps = |table: &Table| table.partitioning == Some(Partitioning::Keep);
    if !new.tables.values().any(keeps) {
        return Cow::Borrowed(new);
    }
    let renames = Renames::between(old, new);
    let mut whole = new.clone();
    for table in whole.tables.values_mut().filter(|table| keeps(table)) {
        let before = renames.old_table(&table.name).and_then(|name| old.tables.get(name));
        let kept = before.and_then(|before| before.partitioning.as_ref());
        table.partitioning = renames.partitioning(kept, &table.name);
    }
    Cow::Owned(whole)
}

impl Comparison {
    /// Everything that prevents a plan, in the order of the file.
    pub fn refused(&self) -> Vec<Diagnostic> {
        let mut refused = self.unsupported();
        refused.extend(self.validation_errors());
        refused.extend(self.unknown_renames());
        in_order(refused)
    }

    /// What the desired side uses and the server doesn't have, each at the first place in the file
    /// that uses it.
    pub fn unsupported(&self) -> Vec<Diagnostic> {
        let mut seen: IndexMap<String, (Element, usize)> = IndexMap::new();
        for (element, message) in unsupported(&self.new, &self.server) {
            seen.entry(message).or_insert((element, 0)).1 += 1;
        }
        let same = if self.context.folds_table_names { same_tables(&self.new) } else { Vec::new() };
        for (element, first) in same {
            let message = format!(
                "{element} and `{first}` are one name to this server, since its \
                 lower_case_table_names is not 0"
            );
            seen.entry(message).or_insert((element, 0)).1 += 1;
        }
        let diagnostic = |(message, (element, times)): (String, (Element, usize))| {
            let diagnostic = at_place(&self.to, &element, message);
            match times - 1 {
                0 => diagnostic,
                1 => diagnostic.with_help("so it is in one other place"),
                others => diagnostic.with_help(format!("so it is in {others} other places")),
            }
        };
        seen.into_iter().map(diagnostic).collect()
    }

    /// What the server would refuse in the changes to the desired side. What the other side already
    /// has was accepted by a server, and so was everything that was read from such a server.
    pub fn validation_errors(&self) -> Vec<Diagnostic> {
        let mut found = self.errors_compared_with(&self.old);
        if !found.is_empty() {
            let touched = self.touched_tables();
            found.retain(|error| self.is_in_plan(error, &touched));
        }
        self.as_diagnostics(found)
    }

    /// What the server would refuse of the desired side if the database were empty.
    pub fn errors_of_file(&self) -> Vec<Diagnostic> {
        self.as_diagnostics(self.errors_compared_with(&Schema::default()))
    }

    /// The tables that the plan makes, changes or drops.
    fn touched_tables(&self) -> HashSet<&str> {
        let names = self.difference.changes.iter().flat_map(|change| match change {
            Change::CreateTable(table) | Change::DropTable(table) => vec![table.name.as_str()],
            Change::RenameTable { from, to } => vec![from.as_str(), to.as_str()],
            Change::AlterTable { to, .. } => vec![to.name.as_str()],
            _ => Vec::new(),
        });
        names.collect()
    }

    /// Whether the plan touches the place of the error. A table that stays as it is was accepted by
    /// a server.
    fn is_in_plan(&self, error: &ValidationError, touched: &HashSet<&str>) -> bool {
        let Some(name) = error.element.table_name() else { return true };
        let is_touched = |name: &str| touched.contains(name);
        match &error.element {
            // The name of a CHECK must differ from those of all other CHECKs.
            Element::Check { .. } => !touched.is_empty(),
            Element::ForeignKey { foreign_key, .. } => {
                let table = self.new.table(name);
                let key = table.and_then(|table| table.foreign_key(foreign_key));
                is_touched(name) || key.is_none_or(|key| is_touched(&key.referenced_table))
            }
            _ => is_touched(name),
        }
    }

    fn errors_compared_with(&self, old: &Schema) -> Vec<ValidationError> {
        if self.to.was_taken_by(&self.server) {
            return Vec::new();
        }
        // Each may be a copy of a large schema, so make one at a time, and only if it is needed.
        let of = |mut schema: Cow<'_, Schema>, written: &Schema| {
            if self.context.charset.is_none() {
                assume_default(schema.to_mut(), self.server);
            }
            validate(&schema, written, &self.server)
        };
        let mut found = of(with_kept_partitions(old, &self.new), &self.to.schema);
        found.extend(self.unreadable_views(&self.new));
        if self.rules_from == RulesFrom::Nothing {
            found.retain(|error| !error.is_of_settings);
        }
        if !found.is_empty() {
            let mut of_old = of(Cow::Borrowed(old), &self.from.schema);
            of_old.extend(self.unreadable_views(old));
            let taken = Taken::of(of_old);
            found.retain(|error| !self.is_taken(&taken, error));
            found.retain(|error| !self.stays(old, &error.element));
        }
        found
    }

    fn as_diagnostics(&self, mut found: Vec<ValidationError>) -> Vec<Diagnostic> {
        let place = |error: &ValidationError| self.to.places.nearest(&error.element);
        found.sort_by_key(place);
        found.dedup_by(|a, b| a.title == b.title && place(a) == place(b));
        // Searching for a word takes time, and the last of many errors aren't shown.
        let late = found.iter_mut().skip(MOST_ERRORS);
        late.for_each(|error| error.words.clear());
        in_order(found.into_iter().map(|error| self.drawn(error)).collect())
    }

    /// The views that read something that doesn't exist. What is ignored or unsupported may exist.
    fn unreadable_views(&self, schema: &Schema) -> Vec<ValidationError> {
        let unsupported = self.old.unsupported.iter().chain(&self.new.unsupported);
        let names: Vec<&str> = unsupported.map(|object| object.name.as_str()).collect();
        let is_other = |name: &str| {
            self.ignored.name(ObjectKind::View, name)
                || self.ignored.name(ObjectKind::Sequence, name)
                || names.iter().any(|other| same_name(other, name))
        };
        unreadable_views(schema, &self.context, is_other)
    }

    /// A note for each view that can't be read on either side: the server keeps it, and refuses
    /// every query of it.
    pub(super) fn notes_of_broken_views(&self) -> Vec<Diagnostic> {
        let note = |error: ValidationError| {
            let mut diagnostic = self.drawn(error);
            diagnostic.severity = Severity::Note;
            diagnostic.help = vec![
                "the server keeps such a view, and refuses every query of it; drop or mend it"
                    .to_owned(),
            ];
            diagnostic
        };
        let of_old = self.unreadable_views(&self.old);
        let mut found = if of_old.is_empty() { of_old } else { self.unreadable_views(&self.new) };
        found.retain(|error| self.stays(&self.old, &error.element));
        in_order(found.into_iter().map(note).collect())
    }

    /// Whether the element is an object that doesn't change. If a change to its tables breaks it,
    /// that is a risk of the plan.
    fn stays(&self, old: &Schema, element: &Element) -> bool {
        let Element::Object { kind, name } = element else { return false };
        let name = ObjectName { kind: *kind, name: name.clone() };
        old.objects.get(&name).is_some_and(|was| self.new.objects.get(&name) == Some(was))
    }

    /// Whether the old side has the same error already.
    fn is_taken(&self, taken: &Taken, new: &ValidationError) -> bool {
        if new.is_of_server {
            return taken.anywhere.contains(&new.title);
        }
        let table = new.element.table_name();
        let before = || self.new.table(table?)?.renamed_from.as_deref();
        let has = |table: Option<&str>| {
            taken.of_tables.contains(&(table.map(str::to_owned), new.title.clone()))
        };
        has(table) || before().is_some_and(|before| has(Some(before)))
    }

    fn drawn(&self, error: ValidationError) -> Diagnostic {
        let places = &self.to.places;
        let word = error.words.iter().find_map(|word| {
            let of =
                |element: &Element| places.word(element, &self.to.files, &word.text, word.before);
            match places.get(&error.element) {
                Some(_) => of(&error.element),
                // A CHECK with a name from the server is in a column's definition.
                None => self.checked_columns(&error.element).iter().find_map(of),
            }
        });
        let mut diagnostic = match word.or_else(|| places.nearest(&error.element)) {
            Some(span) => Diagnostic::error(error.title, span, error.label),
            None => Diagnostic::without_place(error.title),
        };
        diagnostic.help = error.help;
        diagnostic.refused = Some(error.element);
        diagnostic
    }

    /// The columns with a CHECK in their definition, if the element is a CHECK.
    fn checked_columns(&self, element: &Element) -> Vec<Element> {
        let Element::Check { table, .. } = element else { return Vec::new() };
        let columns = self.to.schema.table(table).map_or(&[][..], |table| &table.columns);
        let checked = columns.iter().filter(|column| column.check.is_some());
        checked.map(|column| Element::column(table, &column.name)).collect()
    }
}

fn at_place(loaded: &Loaded, element: &Element, message: String) -> Diagnostic {
    let place = loaded.places.nearest(element);
    let diagnostic = Diagnostic::without_place(message).at(place, "");
    Diagnostic { refused: Some(element.clone()), ..diagnostic }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;
    use crate::source::dump::read_from;
    use crate::source::yaml::read_text;

    #[test]
    fn kept_partitions_need_their_columns() {
        let before = "tables:
  t:
    columns: { a: int not null, b: int }
    primary_key: [a]
    partitioning: { by: key (a), count: 4 }
";
        let refused = |after: &str| -> Vec<String> {
            let [from, to] = [before, after].map(|text| read_text("schema.yaml", text).unwrap());
            let comparison = Comparison::new(from, to, None).unwrap();
            comparison.refused().into_iter().map(|it| it.title).collect()
        };
        let kept = "tables: { t: { columns: { c: { type: int not null, renamed_from: a } }, primary_key: [c], partitioning: keep } }";
        assert!(refused(kept).is_empty());
        let lost = "tables: { t: { columns: { b: int }, partitioning: keep } }";
        assert_eq!(refused(lost), ["the table `t` has no column `a`"]);
    }

    fn file(text: &str) -> Loaded {
        read_from(text.as_bytes(), "schema.sql", None).unwrap()
    }

    fn refused(from: &str, to: &str) -> Vec<String> {
        let comparison = Comparison::new(file(from), file(to), Some(Server::mysql(9, 7, 4)));
        comparison.unwrap().refused().into_iter().map(|it| it.title).collect()
    }

    const BROKEN: &str = "create table t (price int, constraint c check (price == 1));\n";
    const OTHER: &str = "create table u (id int);\n";

    #[test]
    fn a_file_of_sql_written_by_a_server_is_accepted() {
        let said = ["syntax error in a CHECK: `==` isn't an operator"];
        assert_eq!(refused("", BROKEN), said);
        assert_eq!(refused(OTHER, &format!("{BROKEN}{OTHER}")), said);
        assert!(refused("", &format!("-- Server version\t9.7.2\n{BROKEN}")).is_empty());
        assert_eq!(refused("", &format!("-- Server version\t8.0.36\n{BROKEN}")), said);
    }

    #[test]
    fn what_the_plan_does_not_touch_does_not_prevent_it() {
        assert!(refused(BROKEN, &format!("{BROKEN}{OTHER}")).is_empty());
        let text = "create table t (d date default '2024-02-30', constraint c check (d));\n";
        assert!(refused(text, &format!("{text}{OTHER}")).is_empty());
    }
}
