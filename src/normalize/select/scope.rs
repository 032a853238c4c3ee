//! Finds the table of a column.

use super::column_info::ColumnInfo;
use crate::model::same_name;
use crate::model::tree::Node;

/// A table or query in FROM, which has one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Relation {
    /// The alias, or the name of the table. Empty for the result of UNION.
    pub(super) name: String,
    /// The table or view of the schema, if it is one.
    pub(super) table: Option<String>,
    /// Its columns, if they are known.
    pub(super) columns: Option<Vec<String>>,
    /// Its invisible columns, which `*` and NATURAL leave out.
    pub(super) hidden: Vec<String>,
    /// What is known of each of its columns; empty if nothing is known.
    pub(super) column_info: Vec<ColumnInfo>,
}

/// A column of a FROM, in the order in which `*` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StarColumn {
    pub(super) relation: usize,
    /// `None` stands for all columns of a relation whose columns aren't known.
    pub(super) column: Option<String>,
    /// Whether `*` leaves it out.
    pub(super) is_hidden: bool,
}

/// All tables of a FROM, and their columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Joined {
    pub(super) relations: Vec<Relation>,
    /// The columns in the order of `*`. If NATURAL or USING merges two columns, only the one whose
    /// values count.
    pub(super) shown: Vec<StarColumn>,
}

/// Where a name is looked up: first in this query, then in the enclosing one.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) joined: &'a Joined,
    pub(super) parent: Option<&'a Scope<'a>>,
}

/// The column that a name refers to.
pub(super) struct FoundColumn<'a> {
    pub(super) relation: &'a Relation,
    pub(super) column: String,
}

impl FoundColumn<'_> {
    pub(super) fn node(&self) -> Node {
        Node::Field { table: self.relation.name.clone(), column: self.column.to_lowercase() }
    }
}

impl Joined {
    pub(super) fn of(relation: Relation) -> Joined {
        let shown = |column: Option<&String>, is_hidden| StarColumn {
            relation: 0,
            column: column.cloned(),
            is_hidden,
        };
        let hidden = relation.hidden.iter().map(|it| shown(Some(it), true));
        let shown: Vec<StarColumn> = match &relation.columns {
            Some(columns) => {
                columns.iter().map(|it| shown(Some(it), false)).chain(hidden).collect()
            }
            None => vec![shown(None, false)],
        };
        Joined { relations: vec![relation], shown }
    }

    /// Both sides, one after the other.
    pub(super) fn and(mut self, other: Joined) -> Joined {
        let offset = self.relations.len();
        self.relations.extend(other.relations);
        self.shown.extend(
            other
                .shown
                .into_iter()
                .map(|shown| StarColumn { relation: shown.relation + offset, ..shown }),
        );
        self
    }

    /// The names of all columns, if all are known.
    pub(super) fn names(&self) -> Option<Vec<&str>> {
        self.shown.iter().map(|shown| shown.column.as_deref()).collect()
    }

    /// The names of the columns that `*` lists, if all are known.
    pub(super) fn visible_names(&self) -> Option<Vec<&str>> {
        let visible = self.shown.iter().filter(|shown| !shown.is_hidden);
        visible.map(|shown| shown.column.as_deref()).collect()
    }

    /// The column of that name, if there is exactly one. It is an error if that is uncertain.
    pub(super) fn unqualified(&self, name: &str) -> Result<Option<FoundColumn<'_>>, Unknown> {
        let mut found = None;
        let mut is_open = false;
        for shown in &self.shown {
            match &shown.column {
                Some(column) if same_name(column, name) && found.is_some() => return Err(Unknown),
                Some(column) if same_name(column, name) => found = Some((shown.relation, column)),
                Some(_) => {}
                None => is_open = true,
            }
        }
        if is_open {
            return match self.relations.as_slice() {
                [only] => Ok(Some(FoundColumn { relation: only, column: name.to_owned() })),
                _ => Err(Unknown),
            };
        }
        Ok(found.and_then(|(relation, column)| {
            let relation = self.relations.get(relation)?;
            Some(FoundColumn { relation, column: column.clone() })
        }))
    }

    /// The relation of that name. If there is none with exactly this name, one with another case is
    /// taken.
    pub(super) fn relation(&self, name: &str) -> Result<Option<usize>, Unknown> {
        let with = |is_it: &dyn Fn(&Relation) -> bool| {
            let mut places = (0..self.relations.len())
                .filter(|place| self.relations.get(*place).is_some_and(is_it));
            match (places.next(), places.next()) {
                (Some(_), Some(_)) => Err(Unknown),
                (found, _) => Ok(found),
            }
        };
        match with(&|relation| relation.name == name)? {
            Some(found) => Ok(Some(found)),
            None => with(&|relation| same_name(&relation.name, name)),
        }
    }
}

/// It is uncertain what the name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unknown;

impl<'a> Scope<'a> {
    /// What a name in a query refers to: `[[database.]table.]column`.
    pub(super) fn find(&self, path: &[String]) -> Result<FoundColumn<'a>, Unknown> {
        let (column, table) = match path {
            [column] => (column, None),
            [.., table, column] => (column, Some(table)),
            [] => return Err(Unknown),
        };
        let mut scope = Some(self);
        while let Some(here) = scope {
            let found = match table {
                Some(table) => here.joined.qualified(table, column)?,
                None => {
                    let found = here.joined.unqualified(column)?;
                    let is_open = here.joined.shown.iter().any(|shown| shown.column.is_none());
                    if is_open && here.parent.is_some() {
                        return Err(Unknown);
                    }
                    found
                }
            };
            if let Some(found) = found {
                return Ok(found);
            }
            scope = here.parent;
        }
        Err(Unknown)
    }
}

impl Scope<'_> {
    /// Whether certainly nothing has that name. In a query inside another one, a name without a
    /// table may also be that of an item of the outer query, so that is never certain.
    pub(super) fn lacks(&self, path: &[String]) -> bool {
        let (column, table) = match path {
            [column] => (column, None),
            [.., table, column] => (column, Some(table)),
            [] => return false,
        };
        let Some(table) = table else {
            return self.parent.is_none() && self.joined.lacks(column);
        };
        let mut scope = Some(self);
        while let Some(here) = scope {
            match here.joined.relation(table) {
                Err(Unknown) => return false,
                Ok(None) => {}
                Ok(Some(place)) => {
                    let relation = here.joined.relations.get(place);
                    if relation.is_none_or(|relation| !relation.lacks(column)) {
                        return false;
                    }
                }
            }
            scope = here.parent;
        }
        true
    }
}

impl Relation {
    fn lacks(&self, column: &str) -> bool {
        self.columns.as_ref().is_some_and(|columns| {
            !columns.iter().chain(&self.hidden).any(|name| same_name(name, column))
        })
    }
}

impl Joined {
    /// Whether certainly no table has a column of that name. The result of UNION isn't a table, so
    /// that is never certain there.
    pub(super) fn lacks(&self, column: &str) -> bool {
        self.relations.iter().all(|relation| !relation.name.is_empty() && relation.lacks(column))
    }

    fn qualified(&self, table: &str, column: &str) -> Result<Option<FoundColumn<'_>>, Unknown> {
        let Some(relation) = self.relation(table)?.and_then(|place| self.relations.get(place))
        else {
            return Ok(None);
        };
        let column = match &relation.columns {
            Some(columns) => {
                let mut all = columns.iter().chain(&relation.hidden);
                all.find(|name| same_name(name, column)).cloned()
            }
            None => Some(column.to_owned()),
        };
        Ok(column.map(|column| FoundColumn { relation, column }))
    }
}

impl Joined {
    /// The columns that `*`, `t.*` or `db.t.*` lists.
    pub(super) fn star(&self, path: &[String]) -> Option<Vec<(&Relation, String)>> {
        let only = match path.last() {
            Some(name) => Some(self.relation(name).ok()??),
            None => None,
        };
        if let Some(relation) = only.and_then(|place| self.relations.get(place)) {
            let columns = relation.columns.as_ref()?;
            return Some(columns.iter().map(|column| (relation, column.clone())).collect());
        }
        self.shown
            .iter()
            .filter(|shown| !shown.is_hidden)
            .map(|shown| Some((self.relations.get(shown.relation)?, shown.column.clone()?)))
            .collect()
    }

    /// Merges two sides that are joined by NATURAL or USING. The common columns come first; their
    /// values are those of the side that keeps all its rows. Then come the other columns of that
    /// side, then those of the other side.
    pub(super) fn merged(self, right: Joined, names: &[String], is_right: bool) -> Option<Joined> {
        let boundary = self.relations.len();
        let both = self.and(right);
        let (left, right): (Vec<StarColumn>, Vec<StarColumn>) =
            both.shown.into_iter().partition(|shown| shown.relation < boundary);
        let (first, second) = if is_right { (right, left) } else { (left, right) };
        let is_common = |shown: &StarColumn| {
            let column = shown.column.as_ref();
            column.is_some_and(|column| names.iter().any(|name| same_name(name, column)))
        };
        let (common, rest): (Vec<StarColumn>, Vec<StarColumn>) =
            first.into_iter().partition(is_common);
        let others = second.into_iter().filter(|shown| !is_common(shown));
        let shown = common.into_iter().chain(rest).chain(others).collect();
        Some(Joined { relations: both.relations, shown })
    }
}
