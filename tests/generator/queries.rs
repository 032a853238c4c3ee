//! Views on tables and on other views, as a server accepts them.

use driftline::model::{CheckOption, Security, SelectText, View, ViewAlgorithm};
use driftline::server::Server;

use super::objects::{Object, Part};
use super::pool;
use super::relations::{Callable, Output, Relation};
use super::seed::Dice;
use super::shape::{Shape, shape};
use super::values::{Sort, condition, expression, literal, quoted, sum, window};
use super::world::{Id, pick};

/// A table or view in FROM, with its alias.
struct Source<'a> {
    relation: &'a Relation,
    alias: String,
}

/// A column of the query.
struct Item {
    id: Id,
    text: String,
    /// Its alias; empty for the name that the server gives it.
    name: String,
    sort: Sort,
    /// The column, if it is nothing else.
    plain: bool,
}

/// Writes a view, and what a later view can read from it. `None` if what it read no longer exists.
pub fn view(
    object: &Object,
    relations: &[Relation],
    functions: &[Callable],
    server: &Server,
) -> Option<(View, Relation)> {
    let sources = sources(object, relations)?;
    let dice = &object.dice;
    let shape = shape(dice, server);
    let is_star = shape == Shape::Star && object.parts.len() < 3;
    let items = match is_star {
        true => all_of(&sources),
        false => items(object, &sources, functions, shape),
    };
    let mut text = select(object, &sources, &items, shape, is_star);
    match shape {
        Shape::Derived => text = format!("select * from ({text}) as `inner one`"),
        Shape::With => text = format!("with `first` as ({text}) select * from `first`"),
        Shape::JsonTable => {
            text = format!(
                "select `first`.* from ({text}) as `first` join json_table('[1, 2]', '$[*]' \
                 columns (`number` int path '$', `at` for ordinality)) as `listed`"
            );
        }
        _ => {}
    }
    let columns: Vec<String> = match dice[7] % 4 {
        1 if !is_star => items.iter().map(|it| pool::name(it.id as u8, it.id + 1000)).collect(),
        _ => Vec::new(),
    };
    let is_plain = matches!(shape, Shape::Plain) && sources.len() == 1;
    let algorithm = match dice[6] % 4 {
        1 if is_plain => ViewAlgorithm::Merge,
        2 => ViewAlgorithm::Temptable,
        _ => ViewAlgorithm::Undefined,
    };
    let takes_rows = is_plain
        && sources[0].relation.takes_rows
        && algorithm != ViewAlgorithm::Temptable
        && items.iter().any(|item| item.plain);
    let check_option = match dice[6] / 4 % 4 {
        1 if takes_rows => Some(CheckOption::Local),
        2 if takes_rows => Some(CheckOption::Cascaded),
        _ => None,
    };
    let security = if dice[6] / 16 % 4 == 1 { Security::Invoker } else { Security::Definer };
    let outputs = items.iter().enumerate().filter_map(|(at, item)| {
        let name = columns.get(at).unwrap_or(&item.name).clone();
        let output = Output { id: item.id, name, sort: item.sort, is_writable: false };
        (!output.name.is_empty()).then_some(output)
    });
    let relation = Relation {
        id: object.id,
        name: object.name.clone(),
        columns: outputs.collect(),
        is_table: false,
        takes_rows,
    };
    let name = object.name.clone();
    let select = SelectText::new(text);
    let view = View { name, columns, select, algorithm, security, check_option, definer: None };
    Some((view, relation))
}

/// What still exists of the view's tables and views, or another table. `None` if the view is
/// dropped with them.
fn sources<'a>(object: &Object, relations: &'a [Relation]) -> Option<Vec<Source<'a>>> {
    let mut sources: Vec<Source<'a>> = Vec::new();
    for (at, id) in object.reads.iter().enumerate() {
        let relation = match relations.iter().find(|relation| relation.id == *id) {
            Some(relation) => relation,
            None if (object.dice[7] / 4).is_multiple_of(2) => return None,
            None => pick(relations, object.dice[at])?,
        };
        let is_there = sources.iter().any(|source| source.relation.id == relation.id);
        let alias = match is_there || object.dice[3] / 16 % 2 == 1 {
            true => pool::name(object.dice[3], at as u32 + 1),
            false => relation.name.clone(),
        };
        sources.push(Source { relation, alias });
    }
    (!sources.is_empty()).then_some(sources)
}

fn reference(sources: &[Source<'_>], source: &Source<'_>, column: &Output, choice: u8) -> String {
    match sources.len() == 1 && choice.is_multiple_of(2) {
        true => quoted(&column.name),
        false => format!("{}.{}", quoted(&source.alias), quoted(&column.name)),
    }
}

/// All their columns.
fn all_of(sources: &[Source<'_>]) -> Vec<Item> {
    let all = sources[0].relation.columns.iter();
    let item = |column: &Output| Item {
        id: column.id,
        text: "*".to_owned(),
        name: column.name.clone(),
        sort: column.sort,
        plain: true,
    };
    all.map(item).collect()
}

fn items(
    object: &Object,
    sources: &[Source<'_>],
    functions: &[Callable],
    shape: Shape,
) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for part in &object.parts {
        let Some(mut item) = item(part, sources, functions, shape) else { continue };
        // Only a query that isn't part of another one may have names that the server gives.
        let unnamed = part.dice[4] % 8 == 1 && !item.plain;
        let outer = !matches!(shape, Shape::Derived | Shape::With | Shape::JsonTable);
        if !(unnamed && outer && item.text.len() < 40) {
            let same = |other: &Item| other.name.to_lowercase() == item.name.to_lowercase();
            if item.name.is_empty() || items.iter().any(same) {
                item.name = pool::name(part.dice[5], part.id);
                item.text = format!("{} as {}", item.text, quoted(&item.name));
            }
        }
        let is_twice = |other: &Item| other.text.to_lowercase() == item.text.to_lowercase();
        if !items.iter().any(is_twice) {
            items.push(item);
        }
    }
    if items.is_empty() {
        let (id, sums_up) = (object.id, shape == Shape::Grouped || shape == Shape::Rollup);
        let text = if sums_up { "count(*) as `n`" } else { "1 as `n`" }.to_owned();
        let name = "n".to_owned();
        items.push(Item { id, text, name, sort: Sort::Number, plain: false });
    }
    items
}

/// The column that a part uses, or another in its place; `None` if the part is dropped with it.
fn found<'a, 's>(part: &Part, sources: &'s [Source<'a>]) -> Option<(&'s Source<'a>, &'a Output)> {
    let columns = || {
        sources.iter().flat_map(|source| source.relation.columns.iter().map(move |it| (source, it)))
    };
    let own = columns().find(|(_, column)| Some(column.id) == part.of);
    own.or_else(|| {
        let all: Vec<_> = columns().collect();
        pick(&all, part.dice[1]).copied().filter(|_| part.dice[6].is_multiple_of(2))
    })
}

fn item(part: &Part, sources: &[Source<'_>], functions: &[Callable], shape: Shape) -> Option<Item> {
    let dice = &part.dice;
    let (source, column) = found(part, sources)?;
    let name = reference(sources, source, column, dice[3]);
    let plain = |text: String| Item {
        id: part.id,
        text,
        name: column.name.clone(),
        sort: column.sort,
        plain: true,
    };
    let computed = |(text, sort): (String, Sort)| Item {
        id: part.id,
        text,
        name: String::new(),
        sort,
        plain: false,
    };
    if matches!(shape, Shape::Grouped | Shape::Rollup) {
        return Some(match dice[0] % 3 {
            0 => plain(name),
            _ => computed(sum(column.sort, &name, dice[0] / 3)),
        });
    }
    if shape == Shape::Window && dice[0].is_multiple_of(2) {
        let text = window(column.sort, &name, dice[0] / 2);
        return Some(computed((text, Sort::Number)));
    }
    let called = part.calls.and_then(|id| functions.iter().find(|function| function.id == id));
    if let Some(function) = called {
        return Some(computed((call(function, column.sort, &name), function.returns)));
    }
    if shape == Shape::Nested && dice[0].is_multiple_of(2) {
        let inner = &sources[0].relation.name;
        let text = match dice[0] / 2 % 3 {
            0 => format!("(select count(*) from {})", quoted(inner)),
            1 => format!("exists (select 1 from {} as `i` where {name} is null)", quoted(inner)),
            _ => format!(
                "(select max(`i`.{0}) from {1} as `i`)",
                quoted_first(&sources[0]),
                quoted(inner)
            ),
        };
        let sort = if dice[0] / 2 % 3 == 2 { Sort::Other } else { Sort::Number };
        return Some(computed((text, sort)));
    }
    Some(match dice[0] % 3 {
        0 | 1 => plain(name),
        _ => computed(expression(column.sort, &name, dice[0] / 3)),
    })
}

/// The first column of a relation that can be compared.
fn quoted_first(source: &Source<'_>) -> String {
    let columns = &source.relation.columns;
    let comparable = columns.iter().find(|column| column.sort != Sort::Other);
    comparable.or(columns.first()).map_or("1".to_owned(), |column| quoted(&column.name))
}

/// A call with the column as an argument of a fitting type.
fn call(function: &Callable, sort: Sort, name: &str) -> String {
    let mut is_given = false;
    let mut argument = |wanted: &Sort| {
        if *wanted == sort && !is_given {
            is_given = true;
            return name.to_owned();
        }
        match wanted {
            Sort::Number => "1".to_owned(),
            Sort::Text => "'a'".to_owned(),
            Sort::Moment | Sort::Other => "null".to_owned(),
        }
    };
    let arguments: Vec<String> = function.parameters.iter().map(&mut argument).collect();
    format!("{}({})", quoted(&function.name), arguments.join(", "))
}

fn select(
    object: &Object,
    sources: &[Source<'_>],
    items: &[Item],
    shape: Shape,
    is_star: bool,
) -> String {
    let dice = &object.dice;
    let list: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
    let list = if is_star { star(sources, dice[4]) } else { list.join(", ") };
    let distinct = if shape == Shape::Distinct { "distinct " } else { "" };
    let mut text = format!("select {distinct}{list}\nfrom {}", from(sources, dice));
    let filter = filter(object, sources, shape);
    if let Some(filter) = filter {
        text.push_str(&format!("\nwhere {filter}"));
    }
    let keys: Vec<String> = object
        .parts
        .iter()
        .filter_map(|part| {
            let (source, column) = found(part, sources)?;
            let is_key = part.dice[0].is_multiple_of(3);
            is_key.then(|| reference(sources, source, column, part.dice[3]))
        })
        .collect();
    if matches!(shape, Shape::Grouped | Shape::Rollup) && !keys.is_empty() {
        text.push_str(&format!("\ngroup by {}", keys.join(", ")));
        if shape == Shape::Rollup {
            text.push_str(" with rollup");
        }
        if dice[5] % 3 == 1 {
            text.push_str("\nhaving count(*) > 1");
        }
    }
    let others: Vec<String> = items.iter().map(|item| literal(item.sort)).collect();
    match shape {
        Shape::Union => {
            let all = if dice[5].is_multiple_of(2) { "all " } else { "" };
            text.push_str(&format!("\nunion {all}select {}", others.join(", ")));
        }
        Shape::Except | Shape::Intersect => {
            let word = if shape == Shape::Except { "except" } else { "intersect" };
            text.push_str(&format!("\n{word} select {}", others.join(", ")));
        }
        Shape::Limited => {
            let column = items.iter().find(|item| item.plain && item.sort != Sort::Other);
            if let Some(column) = column {
                let way = if dice[5].is_multiple_of(2) { " desc" } else { "" };
                text.push_str(&format!("\norder by {}{way}", quoted(&column.name)));
            }
            if dice[5] % 3 != 1 {
                text.push_str("\nlimit 10");
            }
        }
        _ => {}
    }
    text
}

fn star(sources: &[Source<'_>], choice: u8) -> String {
    match sources.len() == 1 && choice.is_multiple_of(2) {
        true => "*".to_owned(),
        false => format!("{}.*", quoted(&sources[0].alias)),
    }
}

fn from(sources: &[Source<'_>], dice: &Dice) -> String {
    let named = |source: &Source<'_>| {
        let name = quoted(&source.relation.name);
        match source.alias == source.relation.name {
            true => name,
            false => format!("{name} as {}", quoted(&source.alias)),
        }
    };
    let mut text = named(&sources[0]);
    for source in &sources[1..] {
        let number = |source: &Source<'_>| {
            let column = source.relation.columns.iter().find(|it| it.sort == Sort::Number)?;
            Some(format!("{}.{}", quoted(&source.alias), quoted(&column.name)))
        };
        let on = match (number(&sources[0]), number(source)) {
            (Some(left), Some(right)) => format!("{left} = {right}"),
            _ => "1 = 1".to_owned(),
        };
        let name = named(source);
        text.push_str(&match dice[4] % 6 {
            0 | 1 => format!("\njoin {name} on {on}"),
            2 => format!("\nleft join {name} on {on}"),
            3 => format!("\nright join {name} on {on}"),
            4 => format!("\ncross join {name}"),
            _ => format!(", {name}"),
        });
    }
    text
}

fn filter(object: &Object, sources: &[Source<'_>], shape: Shape) -> Option<String> {
    let dice = &object.dice;
    let part = object.parts.first().filter(|_| dice[3] % 16 > 7)?;
    let (source, column) = found(part, sources)?;
    let name = reference(sources, source, column, dice[3]);
    let simple = condition(column.sort, &name, dice[3]);
    if shape == Shape::Nested && column.sort == Sort::Number {
        let inner = quoted(&source.relation.name);
        return Some(format!(
            "{simple} and {name} in (select `i`.{} from {inner} as `i`)",
            quoted(&column.name)
        ));
    }
    Some(simple)
}
