//! Makes two sources comparable and compares them. Every command that shows a difference begins
//! here.

mod answer;
mod differing;
mod expired_events;
mod explain;
mod forgotten;
mod lenient;
mod not_covered;
mod notes;
mod refused;
mod renames;
mod rules;
mod spelled;
mod uncompared;
mod unknown_renames;
mod unreported;
mod unseen;
mod unshown;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

pub(crate) use forgotten::forget_in;
pub(crate) use unshown::members as unshown_members;

use crate::diagnostic::Diagnostic;
use crate::diff::{Change, Difference, diff};
use crate::model::{Element, Object, ObjectKind, ObjectName, Schema, SchemaCounts, Table};
use crate::normalize::expression::assume_canonical;
use crate::normalize::{Context, leave_undeclared_keys, normalize, read_types_of, spell_tables_as};
use crate::plan::{Plan, plan};
use crate::server::Server;
use crate::source::{Compared, Loaded};
pub use differing::NewElements;
pub use explain::{ExplainedSide, ExplainedVerdict, Explanation};
pub use rules::RulesFrom;
pub use spelled::spell_as_before;
pub use unseen::Unseen;

/// Two sources and the result of comparing them.
#[derive(Debug)]
pub struct Comparison {
    /// The present state, from which the plan starts.
    pub from: Loaded,
    /// The desired state, to which the plan leads.
    pub to: Loaded,
    /// The server whose rules decide what is equal, and for which the plan is.
    pub server: Server,
    /// Where that server is known from.
    pub rules_from: RulesFrom,
    /// The database's defaults in this comparison.
    pub context: Context,
    /// `from`, normalized and without ignored tables.
    pub old: Schema,
    /// `to`, normalized and without ignored tables.
    pub new: Schema,
    /// What differs.
    pub difference: Difference,
    /// The statements that close the difference.
    pub plan: Plan,
    /// What one side has and the account on the other doesn't see.
    pub unseen: Vec<Unseen>,
    /// Changes that look like undeclared renames; their places are in the files of `to`.
    pub notes: Vec<Diagnostic>,
    /// What is left out of both sides.
    ignored: Ignored,
}

impl Comparison {
    /// Compares two sources. `flavor` overrides the server of the sources.
    pub fn new(from: Loaded, to: Loaded, flavor: Option<Server>) -> Result<Comparison> {
        let (server, rules_from) = rules::rules(&from, &to, flavor);
        let (mut from, mut to) = (from.read_as(server), to.read_as(server));
        spell_tables_alike(&mut from, &mut to);
        let ignored = Ignored::of(&[&from, &to])?;
        let mut notes = notes::of(&from, &to, server, flavor.is_some(), &ignored);
        let (mut old, mut new) = (without(&from.schema, &ignored), without(&to.schema, &ignored));
        notes.extend(lenient::take_engines((&from, &old), (&to, &mut new), server));
        let given = lenient::take_engines((&to, &new), (&from, &mut old), server);
        from.notes.extend(given);
        for (schema, loaded) in [(&mut old, &from), (&mut new, &to)] {
            if let Some(source) = loaded.server.filter(|it| it.vendor != server.vendor) {
                read_types_of(schema.to_mut(), source, server);
            }
        }
        spell_as_before(&old, &mut new, &mut to.places);
        let sides = [(&*old, from.is_declared), (&*new, to.is_declared)];
        let mut context = Context::between(server, sides[0], sides[1]);
        if let Some(implicit) = from.implicit_timestamps.or(to.implicit_timestamps) {
            context.implicit_timestamps = implicit;
        }
        context.folds_table_names = from.folds_table_names || to.folds_table_names;
        context.compares_definers = from.settings.compare_definers || to.settings.compare_definers;
        let (old, mut new) = thread::scope(|scope| {
            let normalizing = scope.spawn(|| normalize(&old, &context));
            let new = normalize(&new, &context);
            (normalizing.join(), new)
        });
        let mut old = old.map_err(|_| anyhow!("{} can't be normalized", from.label))?;
        leave_undeclared_keys(&mut old, &mut new, &server);
        forgotten::forget_foreign_keys((&from, &mut old), &to, &server);
        forgotten::forget_foreign_keys((&to, &mut new), &from, &server);
        if from.is_declared && !to.is_declared {
            unreported::ignore_unreported(&old, &mut new);
        } else if !from.is_declared {
            unreported::take_unreported(&mut old, &new);
        }
        if context.collation.is_none() && !(from.is_declared && to.is_declared) {
            unreported::leave_default_collations(&mut old, &new, &server);
        }
        notes.extend(unshown::take_of_file((&from, &mut old), (&to, &new)));
        notes.extend(unshown::take_of_file((&to, &mut new), (&from, &old)));
        lenient::take_of_either((&mut from, &mut old), (&mut to, &mut new), server);
        if from.now.is_some() {
            notes.extend(unshown::members(&to));
        }
        expired_events::take_off(&from, &mut to, &old, &mut new);
        to.notes.extend(notes);
        not_covered::leave_out((&mut from, &mut old), (&mut to, &mut new));
        let unseen = unseen::leave_out((&from, &mut old), (&to, &mut new));
        let compared = from.settings.compare.with(to.settings.compare);
        uncompared::take_over(compared, &old, (&mut new, &mut to.places), &server);
        let rules = (context, rules_from, ignored);
        let mut comparison = Comparison::of_normalized(from, to, rules, old, new);
        comparison.unseen = unseen;
        let notes = comparison.notes_of_broken_views();
        comparison.to.notes.extend(notes);
        Ok(comparison)
    }

    /// Compares again after the schemas were changed (a server was asked about expressions).
    pub fn again(self, old: Schema, new: Schema) -> Comparison {
        let rules = (self.context, self.rules_from, self.ignored);
        let again = Comparison::of_normalized(self.from, self.to, rules, old, new);
        Comparison { unseen: self.unseen, ..again }
    }

    /// Compares a side after statements have run on it with what it should be then, by the rules of
    /// this comparison.
    pub fn held_against(&self, mut found: Loaded, mut goal: Loaded) -> Comparison {
        spell_tables_alike(&mut found, &mut goal);
        let context = self.context.clone().in_database(&found.schema);
        let of = |schema: &Schema| normalize(schema, &context);
        let before = without(&found.schema, &self.ignored);
        let mut after = without(&goal.schema, &self.ignored);
        lenient::take_engines((&found, &before), (&goal, &mut after), self.server);
        spell_as_before(&before, &mut after, &mut goal.places);
        let (mut old, mut new) = (of(&before), of(&after));
        leave_undeclared_keys(&mut old, &mut new, &self.server);
        unshown::take_of_file((&found, &mut old), (&goal, &new));
        lenient::take_of_server((&found, &old), (&goal, &mut new), self.server);
        expired_events::take_off(&found, &mut goal, &old, &mut new);
        let after = (&mut new, &mut goal.places);
        uncompared::take_over(self.compared(), &old, after, &self.server);
        let rules = (context, self.rules_from, self.ignored.clone());
        Comparison::of_normalized(found, goal, rules, old, new)
    }

    /// What is compared: what neither source leaves out.
    fn compared(&self) -> Compared {
        self.from.settings.compare.with(self.to.settings.compare)
    }

    fn of_normalized(
        from: Loaded,
        to: Loaded,
        (context, rules_from, ignored): (Context, RulesFrom, Ignored),
        old: Schema,
        new: Schema,
    ) -> Comparison {
        let server = context.server;
        let difference = diff(&old, &new, &server);
        let plan = plan(&old, &new, &difference, &server);
        let notes = Vec::new();
        let mut comparison = Comparison {
            from,
            to,
            server,
            rules_from,
            context,
            old,
            new,
            difference,
            plan,
            unseen: Vec::new(),
            notes,
            ignored,
        };
        comparison.notes = comparison.undeclared_renames();
        comparison
    }

    /// The same comparison, but texts that can't be understood count as changed if they differ.
    /// That is right between two files that the same people write.
    pub fn with_texts_as_meaning(self) -> Comparison {
        if self.difference.uncertain.is_empty() {
            return self;
        }
        let (mut old, mut new) = (self.old.clone(), self.new.clone());
        for schema in [&mut old, &mut new] {
            for table in schema.tables.values_mut() {
                for (_, expression) in table.expressions_mut() {
                    *expression = assume_canonical(expression);
                }
            }
            for object in schema.objects.values_mut() {
                if let Object::View(view) = object
                    && view.select.canonical.is_none()
                {
                    view.select = assume_canonical(&view.select);
                }
            }
        }
        self.again(old, new)
    }

    /// Whether the two are in sync, as far as is known.
    pub fn is_in_sync(&self) -> bool {
        self.difference.changes.is_empty() && self.is_complete()
    }

    /// Whether everything on both sides was seen and compared.
    pub fn is_complete(&self) -> bool {
        self.difference.uncertain.is_empty()
            && self.unseen.is_empty()
            && self.difference.unsupported.iter().all(|object| object.kind != "table")
    }

    /// The size of what was compared: the union of both sides, without primary keys.
    pub fn counts(&self) -> SchemaCounts {
        let mut counts = self.new.counts();
        let renamed: HashMap<&str, &str> = self
            .difference
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::RenameTable { from, to } => Some((from.as_str(), to.as_str())),
                _ => None,
            })
            .collect();
        for table in self.old.tables.values() {
            let name = renamed.get(table.name.as_str()).copied().unwrap_or(&table.name);
            let other = self.new.table(name);
            let only_old = |known: &dyn Fn(&Table) -> bool| other.is_none_or(|other| !known(other));
            counts.tables += usize::from(other.is_none());
            let indexes = table.indexes.iter();
            counts.indexes +=
                indexes.filter(|it| only_old(&|other| other.index(&it.name).is_some())).count();
            let keys = table.foreign_keys.iter();
            counts.foreign_keys +=
                keys.filter(|it| only_old(&|other| other.foreign_key(&it.name).is_some())).count();
        }
        for name in self.old.objects.keys().filter(|name| !self.new.objects.contains_key(*name)) {
            *counts.objects.entry(name.kind).or_default() += 1;
        }
        counts
    }

    /// `schema.yaml:41`: the place of an element in one source, or else in the other.
    pub fn place(&self, element: &Element) -> Option<String> {
        place_in(&self.to, element).or_else(|| place_in(&self.from, element))
    }
}

/// If a server loses the case of table names, its tables are spelled like those of the other side,
/// which usually is a file.
fn spell_tables_alike(from: &mut Loaded, to: &mut Loaded) {
    if from.folds_table_names {
        spell_tables_as(&mut from.schema, &to.schema);
    } else if to.folds_table_names {
        spell_tables_as(&mut to.schema, &from.schema);
    }
}

/// `schema.yaml:41`, the place of the element itself in that source.
pub fn place_in(loaded: &Loaded, element: &Element) -> Option<String> {
    loaded.places.get(element).map(|span| loaded.files.line_label(span))
}

/// The tables and objects that one of the sources says to ignore.
#[derive(Debug, Clone)]
struct Ignored {
    tables: GlobSet,
    objects: BTreeMap<ObjectKind, GlobSet>,
}

impl Ignored {
    fn of(sources: &[&Loaded]) -> Result<Self> {
        let settings = || sources.iter().map(|loaded| &loaded.settings);
        let folds = sources.iter().any(|loaded| loaded.folds_table_names);
        let tables = settings().flat_map(|settings| &settings.ignore_tables);
        let mut objects = BTreeMap::new();
        for kind in ObjectKind::MODELLED {
            let globs = settings().filter_map(|settings| settings.ignore_objects.get(&kind));
            objects.insert(kind, globs_of(kind.section(), globs.flatten(), folds)?);
        }
        Ok(Ignored { tables: globs_of("tables", tables, folds)?, objects })
    }

    fn table(&self, name: &str) -> bool {
        self.tables.is_match(name)
    }

    /// Whether an object's name is ignored. Views and sequences share the tables' namespace, and
    /// their globs too.
    fn name(&self, kind: ObjectKind, name: &str) -> bool {
        let like_table = matches!(kind, ObjectKind::View | ObjectKind::Sequence);
        self.objects.get(&kind).is_some_and(|globs| globs.is_match(name))
            || like_table && self.table(name)
    }

    /// A trigger is ignored with its table.
    fn object(&self, name: &ObjectName, object: &Object) -> bool {
        self.name(name.kind, &name.name)
            || matches!(object, Object::Trigger(trigger) if self.table(&trigger.table))
    }
}

fn globs_of<'g>(
    section: &str,
    globs: impl Iterator<Item = &'g String>,
    folds: bool,
) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let parsed = GlobBuilder::new(glob).case_insensitive(folds).build();
        set.add(parsed.with_context(|| format!("ignore.{section}: `{glob}`"))?);
    }
    set.build().with_context(|| format!("ignore.{section}: all globs together are too many"))
}

fn without<'a>(schema: &'a Schema, ignored: &Ignored) -> Cow<'a, Schema> {
    if !schema.tables.keys().any(|name| ignored.table(name))
        && !schema.objects.iter().any(|(name, object)| ignored.object(name, object))
        && !schema.unsupported.iter().any(|object| ignored.name(object.kind, &object.name))
    {
        return Cow::Borrowed(schema);
    }
    let mut schema = schema.clone();
    schema.tables.retain(|name, _| !ignored.table(name));
    schema.objects.retain(|name, object| !ignored.object(name, object));
    schema.unsupported.retain(|object| !ignored.name(object.kind, &object.name));
    Cow::Owned(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::read_text;

    #[test]
    fn what_is_ignored_is_not_compared() {
        let from = "tables: { t: { columns: { id: int } } }
views: { v1: select 1, w: select 2 }
procedures: { p: { body: do 1 } }
functions: { v1: { returns: int, body: return 1 } }
triggers: { g: { table: t, when: before insert, body: do 1 } }
";
        let to = "ignore: { tables: [t], views: [v*], procedures: ['*'] }\ntables: {}\n";
        let [from, to] = [from, to].map(|text| read_text("schema.yaml", text).unwrap());
        let comparison = Comparison::new(from, to, None).unwrap();
        let names = comparison.old.objects.keys();
        let left: Vec<String> = names.map(|name| Element::object(name).to_string()).collect();
        assert_eq!(left, ["views.w", "functions.v1"]);
        assert!(comparison.old.tables.is_empty());
    }

    const MIXED: &str = "tables:
  Users: { columns: { Id: int }, primary_key: [Id] }
  Orders:
    columns: { Id: int, UserId: int }
    primary_key: [Id]
    foreign_keys: { fk: { columns: [UserId], references: Users(Id) } }
views:
  Names: select U.Id, X.Id as b from Users U join (select Id from Orders O) X on U.Id = X.Id
  Plain: select Users.Id from Users
  Common: with C as (select 1 as a) select C.a from C
triggers:
  Users_ai: { table: Users, when: after insert, body: insert into Orders (Id) values (new.Id) }
";

    /// The same schema as a server with lower_case_table_names=1 stores it.
    const LOWER: &str = "tables:
  users: { columns: { Id: int }, primary_key: [Id] }
  orders:
    columns: { Id: int, UserId: int }
    primary_key: [Id]
    foreign_keys: { fk: { columns: [UserId], references: users(Id) } }
views:
  names: select u.Id AS Id, x.Id AS b from users u join (select o.Id AS Id from orders o) x on u.Id = x.Id
  plain: select users.Id AS Id from users
  common: with c as (select 1 AS a) select c.a AS a from c
triggers:
  Users_ai: { table: users, when: after insert, body: insert into Orders (Id) values (new.Id) }
";

    fn compared(from: &str, to: &str, folds: bool) -> Comparison {
        let [mut from, to] = [from, to].map(|text| read_text("schema.yaml", text).unwrap());
        from.folds_table_names = folds;
        from.is_declared = false;
        Comparison::new(from, to, None).unwrap()
    }

    #[test]
    fn the_case_of_table_names_matters_only_if_the_server_keeps_it() {
        assert!(compared(LOWER, MIXED, true).is_in_sync());
        let strictly = compared(LOWER, MIXED, false);
        assert_eq!(strictly.difference.changes.len(), 11);
        let ignoring = format!("ignore: {{ tables: ['U*', 'O*', 'Plain', 'Names'] }}\n{MIXED}");
        let comparison = compared(LOWER, &ignoring, true);
        assert!(comparison.old.tables.is_empty() && comparison.is_in_sync());
    }

    #[test]
    fn two_names_that_are_one_to_the_server_are_refused() {
        let both = "tables: { Users: { columns: { a: int } } }\nviews: { users: select 1 }\n";
        assert!(compared("tables: {}\n", both, false).unsupported().is_empty());
        let refused = compared("tables: {}\n", both, true).unsupported();
        let titles: Vec<&str> = refused.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(
            titles,
            ["views.users and `Users` are one name to this server, since its \
              lower_case_table_names is not 0"]
        );
    }
}
