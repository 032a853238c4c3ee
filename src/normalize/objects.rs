//! Views, triggers, routines, events and sequences as a server keeps them.

use std::collections::BTreeSet;

use super::charset::{self, Collated};
use super::options::storable;
use super::{Context, expression, types};
use crate::model::{
    Column, ColumnType, DefaultValue, Event, Expression, IntegerSize, Object, ParameterType,
    Routine, Schedule, Schema, Sequence, Sign, TextSize, Trigger,
};
use crate::server::{Capability, Fault, Server};
use crate::syntax::lexer::{Dialect, TokenKind, lex};
use crate::syntax::temporal;

/// Normalizes every object of the schema, except for the queries of views.
pub(super) fn normalize(schema: &mut Schema, context: &Context) {
    let outer = context.collated();
    for object in schema.objects.values_mut() {
        match object {
            Object::View(view) => definer(&mut view.definer, context),
            Object::Trigger(it) => trigger(it, context),
            Object::Routine(it) => routine(it, context, outer.as_ref()),
            Object::Event(it) => event(it, context),
            Object::Sequence(it) => sequence(it),
        }
    }
}

/// Definers differ between environments, so they are compared only if schema.yaml says so.
fn definer(definer: &mut Option<String>, context: &Context) {
    if !context.compares_definers {
        *definer = None;
    }
}

fn trigger(trigger: &mut Trigger, context: &Context) {
    definer(&mut trigger.definer, context);
    sql_mode(&mut trigger.sql_mode, context.server);
    body(&mut trigger.body);
}

fn routine(routine: &mut Routine, context: &Context, outer: Option<&Collated>) {
    definer(&mut routine.definer, context);
    sql_mode(&mut routine.sql_mode, context.server);
    body(&mut routine.body);
    routine.comment = storable(&routine.comment);
    let types = routine.parameters.iter_mut().map(|parameter| &mut parameter.ty);
    for ty in types.chain(&mut routine.returns) {
        parameter_type(ty, context.server, outer);
    }
}

/// Normalizes the type of a parameter as that of a column. The character set and collation are left
/// out if they are the database's own, because a parameter that names none gets these.
fn parameter_type(ty: &mut ParameterType, server: Server, outer: Option<&Collated>) {
    if ty.ty == ColumnType::Json && !server.can(Capability::JsonType) {
        ty.ty = ColumnType::Text { size: TextSize::Long, length: None };
        ty.charset = Some("utf8mb4".to_owned());
        ty.collation = Some("utf8mb4_bin".to_owned());
    }
    let mut column = Column::new("", ty.ty.clone());
    column.charset.clone_from(&ty.charset);
    column.collation.clone_from(&ty.collation);
    types::column(&mut column, server);
    charset::column(&mut column, server, outer);
    types::members(&mut column);
    // How long a text may be depends on its character set.
    if column.charset.is_some() || !column.ty.has_charset() {
        types::too_long(&mut column, server);
    }
    let is_outer = column.collation.as_ref() == outer.map(|outer| &outer.collation);
    ty.ty = column.ty;
    ty.charset = column.charset.filter(|_| !is_outer);
    ty.collation = column.collation.filter(|_| !is_outer);
}

fn event(event: &mut Event, context: &Context) {
    definer(&mut event.definer, context);
    sql_mode(&mut event.sql_mode, context.server);
    body(&mut event.body);
    event.comment = storable(&event.comment);
    if context.server.has(Fault::EventCommentLosesBlanks) {
        event.comment.truncate(event.comment.trim_end_matches(' ').len());
    }
    if let Some(zone) = &mut event.time_zone
        && zone.eq_ignore_ascii_case("system")
    {
        zone.make_ascii_uppercase();
    }
    match &mut event.schedule {
        Schedule::At(at) => moment(at),
        Schedule::Every { interval: text, unit, starts, ends } => {
            unit.make_ascii_uppercase();
            *text = interval(text, unit);
            starts.iter_mut().chain(ends).for_each(moment);
        }
    }
}

/// A date and time that is a literal, spelled as a server shows it: `2030-01-01 00:00:00`. `None`
/// if it isn't a literal.
pub(crate) fn literal_moment(moment: &Expression) -> Option<String> {
    match expression::constant(moment) {
        Some(DefaultValue::Literal(text)) => temporal::datetime(&text, 0),
        _ => None,
    }
}

/// Spells a date and time that is a literal as a server shows it.
fn moment(moment: &mut Expression) {
    *moment = match literal_moment(moment) {
        Some(text) => expression::with_canonical(&Expression::new(format!("'{text}'"))),
        None => expression::with_canonical(moment),
    };
}

/// The value of an interval. For MINUTE_SECOND, `'1:90'` is `2:30`: a server carries what is too
/// much for one part over to the next, and removes leading zeros (found by trial). The parts may be
/// separated by any characters.
fn interval(text: &str, unit: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text);
    // How many of each part make one of the next part, beginning with the smallest.
    let (limits, separators): (&[u64], &[&str]) = match unit {
        "YEAR_MONTH" => (&[12], &["-"]),
        "DAY_HOUR" => (&[24], &[" "]),
        "DAY_MINUTE" => (&[60, 24], &[":", " "]),
        "DAY_SECOND" => (&[60, 60, 24], &[":", ":", " "]),
        "HOUR_MINUTE" | "MINUTE_SECOND" => (&[60], &[":"]),
        "HOUR_SECOND" => (&[60, 60], &[":", ":"]),
        _ => {
            let digits = inner.trim_start_matches('0');
            let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
            let digits = if digits.is_empty() { "0" } else { digits };
            return if is_number { digits } else { inner }.to_owned();
        }
    };
    let numbers: Option<Vec<u64>> = inner
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect();
    let Some(mut numbers) = numbers.filter(|numbers| numbers.len() == limits.len() + 1) else {
        return inner.to_owned();
    };
    numbers.reverse();
    for (place, limit) in limits.iter().enumerate() {
        let carried = numbers[place] / limit;
        numbers[place] %= limit;
        numbers[place + 1] = numbers[place + 1].saturating_add(carried);
    }
    let mut spelled = numbers.last().map(u64::to_string).unwrap_or_default();
    for (number, separator) in numbers.iter().zip(separators).rev() {
        spelled.push_str(&format!("{separator}{number}"));
    }
    spelled
}

/// Removes comments, white space and semicolons around a body, and the carriage returns that some
/// editors write at the end of lines. They are not part of the body.
fn body(body: &mut String) {
    if body.contains('\r') {
        *body = body.replace("\r\n", "\n");
    }
    let Ok(tokens) = lex(body, Dialect::default()) else { return };
    let is_part = |kind: TokenKind| !matches!(kind, TokenKind::Symbol(b';') | TokenKind::End);
    let first = tokens.iter().find(|token| is_part(token.kind));
    let last = tokens.iter().rfind(|token| is_part(token.kind));
    let (Some(first), Some(last)) = (first, last) else { return };
    // The first or the last word may be inside a versioned comment.
    let head = body.get(..first.start).filter(|head| head.contains("/*!") || head.contains("/*M!"));
    let tail = body.get(last.end..).filter(|tail| tail.trim_start().starts_with("*/"));
    let start = if head.is_some() { 0 } else { first.start };
    let end = if tail.is_some() { body.len() } else { last.end };
    if let Some(inner) = body.get(start..end) {
        *body = inner.trim().to_owned();
    }
}

/// SQL modes as a sorted set. A combined mode is kept, and the modes that it stands for are added.
fn sql_mode(sql_mode: &mut Option<String>, server: Server) {
    let Some(text) = sql_mode else { return };
    let mut modes: BTreeSet<String> = BTreeSet::new();
    for mode in text.split(',').map(|mode| mode.trim().to_ascii_uppercase()) {
        modes.extend(server.combined_modes(&mode).iter().map(|mode| (*mode).to_owned()));
        if !mode.is_empty() {
            modes.insert(mode);
        }
    }
    *text = modes.into_iter().collect::<Vec<_>>().join(",");
}

/// Fills in the defaults of a sequence (MariaDB "CREATE SEQUENCE"; the bounds were found by trial).
fn sequence(sequence: &mut Sequence) {
    let usual = ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Signed, width: None };
    let mut ty = sequence.ty.take().unwrap_or(usual);
    if let ColumnType::Integer { width, .. } = &mut ty {
        *width = None;
    }
    let falls = *sequence.increment.get_or_insert(1) < 0;
    let (lowest, highest) = bounds(&ty, falls);
    let (first, last) = outermost(&ty);
    let minimum = sequence.minimum.map_or(lowest, |it| it.clamp(first, last));
    let maximum = sequence.maximum.map_or(highest, |it| it.clamp(first, last));
    (sequence.minimum, sequence.maximum) = (Some(minimum), Some(maximum));
    sequence.start.get_or_insert(if falls { maximum } else { minimum });
    sequence.cache.get_or_insert(1000);
    sequence.ty = Some(ty);
    let engine = sequence.engine.get_or_insert_with(|| "InnoDB".to_owned());
    if engine.eq_ignore_ascii_case("innodb") {
        "InnoDB".clone_into(engine);
    }
    sequence.comment = storable(&sequence.comment);
}

/// The widest bounds of a sequence of this type. A server replaces wider ones by these (found by
/// trial).
fn outermost(ty: &ColumnType) -> (i128, i128) {
    let (_, last) = bounds(ty, false);
    let (first, _) = bounds(ty, true);
    (first, last)
}

/// The default bounds of a sequence of this type. The server doesn't use the very first and last
/// value of the type. The default bounds of a signed type have only one sign.
fn bounds(ty: &ColumnType, falls: bool) -> (i128, i128) {
    let ColumnType::Integer { size, sign, .. } = ty else { return bounds_of(64, false, falls) };
    bounds_of(8 * u32::from(size.bytes()), *sign != Sign::Signed, falls)
}

fn bounds_of(bits: u32, is_unsigned: bool, falls: bool) -> (i128, i128) {
    let half = 1_i128 << (bits - 1);
    match (is_unsigned, falls) {
        (true, _) => (1, 2 * half - 2),
        (false, true) => (1 - half, -1),
        (false, false) => (1, half - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_spelled_as_servers_show_them() {
        assert_eq!(interval("'1'", "DAY"), "1");
        assert_eq!(interval("010", "DAY"), "10");
        assert_eq!(interval("1:90", "MINUTE_SECOND"), "2:30");
        assert_eq!(interval("'01:5'", "MINUTE_SECOND"), "1:5");
        assert_eq!(interval("1 25:61:1", "DAY_SECOND"), "2 2:1:1");
        assert_eq!(interval("1-13", "YEAR_MONTH"), "2-1");
        assert_eq!(interval("@x", "DAY"), "@x");
    }

    #[test]
    fn what_stands_around_a_body_goes() {
        let trimmed = |text: &str| {
            let mut text = text.to_owned();
            body(&mut text);
            text
        };
        assert_eq!(trimmed("\n begin\r\n do 1; end ;\n-- end\n"), "begin\n do 1; end");
        assert_eq!(trimmed("do '; -- ' ;"), "do '; -- '");
        assert_eq!(trimmed("/*!50100 do 1 */"), "/*!50100 do 1 */");
        assert_eq!(trimmed("do 'open"), "do 'open");
    }

    #[test]
    fn modes_are_a_set() {
        let spelled = |text: &str, server| {
            let mut text = Some(text.to_owned());
            sql_mode(&mut text, server);
            text.unwrap_or_default()
        };
        let mysql = Server::mysql(9, 7, 4);
        assert_eq!(spelled(" no_zero_date, ANSI_QUOTES", mysql), "ANSI_QUOTES,NO_ZERO_DATE");
        assert_eq!(
            spelled("ansi", mysql),
            "ANSI,ANSI_QUOTES,IGNORE_SPACE,ONLY_FULL_GROUP_BY,PIPES_AS_CONCAT,REAL_AS_FLOAT"
        );
        assert_eq!(spelled("", mysql), "");
    }

    #[test]
    fn sequences_get_the_bounds_of_their_type() {
        let of = |increment, ty: Option<ColumnType>| {
            let mut it = Sequence { increment, ty, ..Sequence::default() };
            sequence(&mut it);
            (it.start, it.minimum, it.maximum)
        };
        let int = |size, sign| Some(ColumnType::Integer { size, sign, width: Some(11) });
        let max = i128::from(i64::MAX);
        assert_eq!(of(None, None), (Some(1), Some(1), Some(max - 1)));
        assert_eq!(of(Some(-2), None), (Some(-1), Some(-max), Some(-1)));
        let tiny = int(IntegerSize::Tiny, Sign::Unsigned);
        assert_eq!(of(Some(-1), tiny), (Some(254), Some(1), Some(254)));
        let small = int(IntegerSize::Int, Sign::Signed);
        assert_eq!(of(None, small), (Some(1), Some(1), Some(2_147_483_646)));
        let mut wide = Sequence {
            ty: int(IntegerSize::Small, Sign::Unsigned),
            minimum: Some(0),
            maximum: Some(70_000),
            ..Sequence::default()
        };
        sequence(&mut wide);
        assert_eq!((wide.minimum, wide.maximum), (Some(1), Some(65_534)));
    }
}
