//! The bodies of triggers, routines and events.

use super::objects::{Object, Part};
use super::pool;
use super::relations::{Output, Relation};
use super::seed::Dice;
use super::values::{Sort, condition, expression, quoted};
use super::world::pick;

/// How text is written under an sql_mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Usual,
    AnsiQuotes,
    NoBackslashEscapes,
}

/// What a body can use.
pub struct Scope<'a> {
    pub mode: Mode,
    /// The existing tables and views.
    pub relations: &'a [Relation],
    /// The rows of a trigger: the words before their columns, with the table.
    pub rows: Option<(&'a [&'static str], &'a Relation)>,
    /// Whether it may set values in its row.
    pub sets_rows: bool,
    /// Parameters with their sorts of values.
    pub parameters: Vec<(String, Sort)>,
    /// What a function returns, as SQL.
    pub returns: Option<String>,
    /// Whether it may return rows to the client.
    pub shows_rows: bool,
}

/// A body from the parts of its object.
pub fn body(object: &Object, scope: &Scope<'_>) -> String {
    let statements: Vec<String> =
        object.parts.iter().map(|part| statement(object, part, scope)).collect();
    if let (Some(value), true) = (&scope.returns, object.dice[4].is_multiple_of(3)) {
        return format!("return {value}");
    }
    if let ([only], None, true) =
        (statements.as_slice(), &scope.returns, object.dice[4].is_multiple_of(3))
        && !only.contains('\n')
    {
        return only.clone();
    }
    let mut text = "begin".to_owned();
    if object.dice[4] % 4 == 1 {
        text.push_str("\n  declare n1 int default 0;\n  declare t1 varchar(20);");
    }
    for statement in &statements {
        for line in statement.lines() {
            text.push_str(&format!("\n  {line}"));
        }
        text.push(';');
    }
    if let Some(value) = &scope.returns {
        text.push_str(&format!("\n  return {value};"));
    }
    text.push_str(if object.dice[4] % 8 == 3 { "\n\n  -- the end; really\nend" } else { "\nend" });
    text
}

fn string(mode: Mode, choice: u8) -> &'static str {
    match (choice % 8, mode) {
        (0, _) => "'plain'",
        (1, _) => "'it''s; fine'",
        (2, Mode::Usual) => "\"dou'ble; `quoted`\"",
        (3, Mode::Usual) => r"'back\\slash \'and\' $$ // more'",
        (3, Mode::NoBackslashEscapes) => r"'one \'",
        (4, _) => "'größe 😀?'",
        (5, _) => "'-- no comment /* nor this */ # or this'",
        (6, _) => "'end'",
        _ => "''",
    }
}

fn statement(object: &Object, part: &Part, scope: &Scope<'_>) -> String {
    let dice = &part.dice;
    let text = string(scope.mode, dice[4]);
    let (value, sort) = value(part, scope);
    let asked = condition(sort, &value, dice[5]);
    let id = part.id;
    match dice[0] % 23 {
        0 => format!("set @v{id} = {text}"),
        1 | 2 => insert(object, part, scope).unwrap_or_else(|| "do 1".to_owned()),
        3 => format!(
            "if {asked} then\n  set @v{id} = {text};\nelseif 1 > 2 then\n  do 2;\nelse\n  do 3;\nend if"
        ),
        4 => "set @i = 0;\nwhile @i < 3 do\n  set @i = @i + 1;\nend while".to_string(),
        5 => format!("-- it's a comment; with a \"quote\" and {id}\ndo 1"),
        6 => "/* two\n   lines; */\ndo 1, # behind; it\n  2".to_owned(),
        7 => update(object, part, scope).unwrap_or_else(|| "do 1".to_owned()),
        8 => delete(object, part, scope).unwrap_or_else(|| "do 2".to_owned()),
        9 => format!("case @v{id}\n  when 1 then do 1;\n  else set @v{id} = {text};\nend case"),
        10 => format!("again{id}: loop\n  leave again{id};\nend loop again{id}"),
        11 => into(object, part, scope).unwrap_or_else(|| "do 3".to_owned()),
        12 => {
            format!(
                "begin\n  declare continue handler for not found set @v{id} = {text};\n  do 1;\nend"
            )
        }
        13 => "repeat\n  set @i = 1;\nuntil @i > 0 end repeat".to_string(),
        14 => {
            format!("if false then\n  signal sqlstate '45000' set message_text = {text};\nend if")
        }
        15 => "set @a = 1, @b = (select 2), @`c d` = @a + @b".to_owned(),
        16 => {
            let (made, _) = expression(sort, &value, dice[5]);
            format!("set @v{id} = {made}")
        }
        17 | 18 => assignment(part, scope).unwrap_or_else(|| format!("set @v{id} = {value}")),
        20 => cursor(object, part, scope).unwrap_or_else(|| "do 4".to_owned()),
        21 => format!(
            "begin\n  declare gone{id} condition for sqlstate '02000';\n  declare exit handler for gone{id}, sqlexception begin\n    set @v{id} = {text};\n  end;\n  do 1;\nend"
        ),
        22 => format!(
            "outer{id}: while @i < 3 do\n  set @i = @i + 1;\n  if @i = 2 then iterate outer{id}; end if;\n  leave outer{id};\nend while outer{id}"
        ),
        _ if scope.shows_rows => format!("select {text} as `it's`, {value} as v"),
        _ => "do 1, 2".to_owned(),
    }
}

/// A value that the part may use: of the row, a parameter, or a literal.
fn value(part: &Part, scope: &Scope<'_>) -> (String, Sort) {
    if let Some((words, relation)) = scope.rows
        && let Some(word) = pick(words, part.dice[6])
        && let Some(column) = own(part, relation)
    {
        return (format!("{word}.{}", quoted(&column.name)), column.sort);
    }
    match pick(&scope.parameters, part.dice[6]) {
        Some((name, sort)) => (quoted(name), *sort),
        None => ("1".to_owned(), Sort::Number),
    }
}

/// The column that the part is about, or another in its place.
fn own<'a>(part: &Part, relation: &'a Relation) -> Option<&'a Output> {
    let all = &relation.columns;
    let found = all.iter().find(|column| Some(column.id) == part.of);
    found.or_else(|| pick(all, part.dice[1]))
}

/// The table or view of a statement: the last one that the object uses, if it still exists.
fn target<'a>(object: &Object, scope: &Scope<'a>) -> Option<&'a Relation> {
    let last = object.reads.last()?;
    let found = scope.relations.iter().find(|relation| relation.id == *last);
    found.or_else(|| pick(scope.relations, object.dice[1]))
}

fn insert(object: &Object, part: &Part, scope: &Scope<'_>) -> Option<String> {
    let target = target(object, scope).filter(|target| target.is_table)?;
    let column = pick_writable(target, part.dice)?;
    let (value, _) = value(part, scope);
    let name = quoted(&target.name);
    Some(match part.dice[5] % 3 {
        0 => format!("insert into {name} ({}) values ({value})", quoted(&column.name)),
        1 => format!("insert ignore into {name} set {} = {value}", quoted(&column.name)),
        _ => format!(
            "insert into {name} ({0})\n  select {0} from {name} where false",
            quoted(&column.name)
        ),
    })
}

fn pick_writable(target: &Relation, dice: Dice) -> Option<&Output> {
    let all: Vec<&Output> = target.columns.iter().filter(|column| column.is_writable).collect();
    pick(&all, dice[2]).copied()
}

fn update(object: &Object, part: &Part, scope: &Scope<'_>) -> Option<String> {
    let target = target(object, scope).filter(|target| target.is_table)?;
    let column = pick_writable(target, part.dice)?;
    let name = quoted(&column.name);
    let asked = condition(column.sort, &name, part.dice[5]);
    Some(format!("update {} set {name} = {name} where {asked}", quoted(&target.name)))
}

fn delete(object: &Object, part: &Part, scope: &Scope<'_>) -> Option<String> {
    let target = target(object, scope).filter(|target| target.is_table)?;
    let column = pick(&target.columns, part.dice[2])?;
    let asked = condition(column.sort, &quoted(&column.name), part.dice[5]);
    Some(format!("delete from {} where {asked} and false", quoted(&target.name)))
}

fn into(object: &Object, part: &Part, scope: &Scope<'_>) -> Option<String> {
    let target = target(object, scope)?;
    let column = pick(&target.columns, part.dice[2])?;
    Some(format!(
        "select count(*), max(`x`.{}) into @n, @m from {} as `x`",
        quoted(&column.name),
        quoted(&target.name)
    ))
}

/// A loop over rows.
fn cursor(object: &Object, part: &Part, scope: &Scope<'_>) -> Option<String> {
    let target = target(object, scope)?;
    let column = pick(&target.columns, part.dice[2])?;
    let id = part.id;
    let name = quoted(&column.name);
    let asked = condition(column.sort, &name, part.dice[5]);
    Some(format!(
        "begin\n  declare done{id} int default false;\n  declare one{id} varchar(20);\n  \
         declare all{id} cursor for select {name} from {} where {asked};\n  \
         declare continue handler for not found set done{id} = true;\n  open all{id};\n  \
         each{id}: loop\n    fetch all{id} into one{id};\n    \
         if done{id} then leave each{id}; end if;\n  end loop;\n  close all{id};\nend",
        quoted(&target.name)
    ))
}

/// Sets another value in the row before it is written.
fn assignment(part: &Part, scope: &Scope<'_>) -> Option<String> {
    let (_, relation) = scope.rows.filter(|_| scope.sets_rows)?;
    let column = own(part, relation).filter(|column| column.is_writable)?;
    let name = quoted(&column.name);
    Some(format!("set new.{name} = new.{name}"))
}

/// A name for a parameter or a variable.
pub fn parameter_name(part: &Part) -> String {
    pool::name(part.dice[4], part.id)
}
