//! Whether one type can hold every value of another.

mod across;

use std::collections::HashSet;

use crate::model::{Column, ColumnType, GeometryKind, Sign, TextSize, TypeClass};
use crate::server::{Server, bytes_per_character};
use across::across;
pub(in crate::plan) use across::is_numeric;

/// Why a new type can't hold every value of the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct LossyConversion {
    /// What happens, in a sentence without the column's name.
    pub(in crate::plan) message: String,
    /// What is lost without an error even on a strict server.
    pub(in crate::plan) silent: Option<&'static str>,
    /// Whether values become other values. If nothing is lost silently, the reverse restores the
    /// old ones.
    pub(in crate::plan) changes: bool,
}

fn fails(message: impl Into<String>) -> Option<LossyConversion> {
    Some(LossyConversion { message: message.into(), silent: None, changes: false })
}

fn loses(message: impl Into<String>, what: &'static str) -> Option<LossyConversion> {
    Some(LossyConversion { message: message.into(), silent: Some(what), changes: true })
}

fn changes(message: impl Into<String>) -> Option<LossyConversion> {
    Some(LossyConversion { message: message.into(), silent: None, changes: true })
}

/// What happens to values of the old column that the new column's type can't hold. `None` if it
/// holds all of them. Removed members of ENUM and SET are left to [`removed_members`].
pub(in crate::plan) fn lossy_conversion(
    from: &Column,
    to: &Column,
    server: &Server,
) -> Option<LossyConversion> {
    if from.ty == to.ty {
        return None;
    }
    if let Some(special) = across(from, to, server) {
        return special;
    }
    let (old, new) = (from.ty.class(), to.ty.class());
    match (old, new) {
        (TypeClass::Numeric, TypeClass::Numeric) => numeric(&from.ty, &to.ty),
        (TypeClass::Temporal, TypeClass::Temporal) => temporal(&from.ty, &to.ty),
        (TypeClass::Spatial, TypeClass::Spatial) => spatial(&from.ty, &to.ty),
        (TypeClass::Character | TypeClass::Binary, TypeClass::Character | TypeClass::Binary) => {
            text(from, to)
        }
        (_, TypeClass::Character | TypeClass::Binary) => as_text(&from.ty, to),
        (_, TypeClass::Temporal) => fails("fails on values that aren't dates or times"),
        (_, TypeClass::Numeric) => fails("fails on values that aren't numbers or don't fit"),
        (_, TypeClass::Spatial) => fails("fails on values that aren't geometry"),
        (_, TypeClass::Other) => match to.ty {
            ColumnType::Json => fails("fails on values that aren't JSON"),
            ColumnType::Vector { dimensions } => vector(&from.ty, dimensions),
            _ => fails("fails on values that the new type doesn't have"),
        },
    }
}

/// Some servers keep shorter vectors as they are and refuse longer ones. Others fill shorter ones
/// with zeros and silently cut longer ones.
fn vector(from: &ColumnType, dimensions: u32) -> Option<LossyConversion> {
    match from {
        ColumnType::Vector { dimensions: old } if *old <= dimensions => None,
        ColumnType::Vector { .. } => loses("fails on longer vectors or cuts them", "what is cut"),
        _ => fails("fails on values that aren't vectors"),
    }
}

/// The members of an ENUM or SET that the new one doesn't have.
pub(in crate::plan) fn removed_members<'a>(
    from: &'a ColumnType,
    to: &ColumnType,
) -> Vec<&'a String> {
    match (from, to) {
        (
            ColumnType::Enum { members } | ColumnType::Set { members },
            ColumnType::Enum { members: new } | ColumnType::Set { members: new },
        ) => {
            let new: HashSet<&String> = new.iter().collect();
            members.iter().filter(|member| !new.contains(member)).collect()
        }
        _ => Vec::new(),
    }
}

/// The least and the greatest value of a whole-number type.
fn integer_range(ty: &ColumnType) -> Option<(i128, i128)> {
    match ty {
        ColumnType::Integer { size, sign, .. } => Some(size.range(*sign)),
        ColumnType::Bit { length } => Some((0, (1_i128 << (*length).min(64)) - 1)),
        ColumnType::Year => Some((0, 2155)),
        _ => None,
    }
}

fn sign_of(ty: &ColumnType) -> Sign {
    match ty {
        ColumnType::Integer { sign, .. }
        | ColumnType::Decimal { sign, .. }
        | ColumnType::Float { sign, .. }
        | ColumnType::Double { sign, .. } => *sign,
        _ => Sign::Unsigned,
    }
}

/// The least and the greatest value of a type that has only whole numbers.
fn whole_range(ty: &ColumnType) -> Option<(i128, i128)> {
    match ty {
        ColumnType::Decimal { scale: 0, precision, .. } => Some(decimal_range(ty, *precision)),
        _ => integer_range(ty),
    }
}

/// The least and the greatest whole number with so many digits that a DECIMAL holds.
fn decimal_range(ty: &ColumnType, digits: u32) -> (i128, i128) {
    let most = 10_i128.checked_pow(digits).map_or(i128::MAX, |n| n - 1);
    (if sign_of(ty) == Sign::Signed { -most } else { 0 }, most)
}

fn numeric(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    if matches!(to, ColumnType::Year) {
        return loses(YEARS, "the numbers");
    }
    if let (Some(old), Some(new)) = (whole_range(from), integer_range(to)) {
        return outside(old, new);
    }
    if let (Some(old), ColumnType::Decimal { precision, scale, .. }) = (integer_range(from), to) {
        return outside(old, decimal_range(to, precision.saturating_sub(*scale)));
    }
    let loss = fractional(from, to);
    if sign_of(from) != Sign::Signed || sign_of(to) == Sign::Signed {
        return loss;
    }
    const NEGATIVE: &str = "fails on negative values";
    match loss {
        None => fails(NEGATIVE),
        Some(loss) => {
            Some(LossyConversion { message: format!("{}; {NEGATIVE}", loss.message), ..loss })
        }
    }
}

/// What happens if one of the types has fractions. The caller handles negative values.
fn fractional(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    match (from, to) {
        _ if integer_range(to).is_some() => {
            loses("rounds to whole numbers, and fails where these don't fit", "the fractions")
        }
        (
            ColumnType::Decimal { precision, scale, .. },
            ColumnType::Decimal { precision: new_precision, scale: new_scale, .. },
        ) => {
            let (whole, new_whole) =
                (precision.saturating_sub(*scale), new_precision.saturating_sub(*new_scale));
            if new_scale < scale {
                let most = (new_whole < whole).then_some(new_whole);
                loses(rounds(*new_scale, most), "the last digits")
            } else if new_whole < whole {
                fails(format!("fails on numbers of more than {new_whole} digits before the point"))
            } else {
                None
            }
        }
        (_, ColumnType::Decimal { precision, scale, .. }) => {
            loses(rounds(*scale, Some(precision.saturating_sub(*scale))), "the last digits")
        }
        _ => floating(from, to),
    }
}

/// What happens to numbers that become years.
const YEARS: &str = "1 to 69 become 2001 to 2069, 70 to 99 become 1970 to 1999; fails on others that \
    are no years from 1901 to 2155";

/// Says that fractions are rounded, and that numbers with more than `most` digits before the point
/// fail.
fn rounds(digits: u32, most: Option<u32>) -> String {
    let rounds = format!("rounds to {digits} digits after the point");
    match most {
        Some(most) => {
            format!("{rounds}, and fails on numbers of more than {most} digits before it")
        }
        None => rounds,
    }
}

/// The number of digits after the point. `None` if the type has no fixed number of them.
fn fractions(ty: &ColumnType) -> Option<u32> {
    match ty {
        ColumnType::Integer { .. } | ColumnType::Bit { .. } | ColumnType::Year => Some(0),
        ColumnType::Decimal { scale, .. } => Some(*scale),
        ColumnType::Float { precision, .. } | ColumnType::Double { precision, .. } => {
            precision.map(|precision| precision.decimals)
        }
        _ => None,
    }
}

fn outside(old: (i128, i128), new: (i128, i128)) -> Option<LossyConversion> {
    if new.0 <= old.0 && old.1 <= new.1 {
        return None;
    }
    if old.0 < new.0 && new.0 == 0 && old.1 <= new.1 {
        return fails("fails on negative values");
    }
    fails(format!("fails on values outside {} to {}", new.0.max(old.0), new.1))
}

/// What happens to numbers that become FLOAT or DOUBLE.
fn floating(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    let (exact, precision) = match to {
        ColumnType::Float { precision, .. } => (1_i128 << 24, precision),
        ColumnType::Double { precision, .. } => (1_i128 << 53, precision),
        _ => return None,
    };
    if let Some(precision) = precision {
        let same = match from {
            ColumnType::Float { precision: Some(old), .. }
            | ColumnType::Double { precision: Some(old), .. } => {
                old.decimals <= precision.decimals
                    && old.digits - old.decimals.min(old.digits)
                        <= precision.digits - precision.decimals.min(precision.digits)
            }
            _ => false,
        };
        if !same {
            let whole = precision.digits.saturating_sub(precision.decimals);
            return loses(rounds(precision.decimals, Some(whole)), "the last digits");
        }
    }
    match from {
        ColumnType::Float { .. } if matches!(to, ColumnType::Double { .. }) => {
            changes("values show digits that they did not have: 0.1 is 0.10000000149011612")
        }
        ColumnType::Float { .. } => None,
        ColumnType::Double { .. } if matches!(to, ColumnType::Double { .. }) => None,
        ColumnType::Double { .. } => loses(
            "keeps about 7 digits, and fails on values beyond 3.4e38 and -3.4e38",
            "the last digits",
        ),
        // FLOAT holds 6 decimal digits exactly, and DOUBLE 15.
        ColumnType::Decimal { precision, .. }
            if *precision <= if exact == 1 << 24 { 6 } else { 15 } =>
        {
            None
        }
        _ => match integer_range(from) {
            Some((least, most)) if -exact <= least && most <= exact => None,
            _ => loses("keeps about as many digits as the new type has", "the last digits"),
        },
    }
}

fn temporal(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    use ColumnType::{Date, Datetime, Time, Timestamp};
    let fsp = |ty: &ColumnType| match ty {
        Time { fsp } | Datetime { fsp } | Timestamp { fsp } => *fsp,
        _ => 0,
    };
    match (from, to) {
        (Datetime { .. } | Timestamp { .. }, Date) => {
            loses("drops the time of day", "the times of day")
        }
        (Datetime { .. } | Timestamp { .. }, Time { .. }) => loses("drops the date", "the dates"),
        (Time { .. }, _) if !matches!(to, Time { .. }) => {
            loses("gives each time the day on which the statement runs", "the times as such")
        }
        (Date, Time { .. }) => loses("drops the date", "the dates"),
        (Timestamp { .. }, Datetime { fsp: new }) if *new >= fsp(from) => changes(
            "writes each moment down as it reads in the time zone of the session that runs the \
             statement",
        ),
        _ if fsp(to) < fsp(from) => {
            let digits = fsp(to);
            loses(format!("rounds to {digits} digits of a second"), "the fractions of seconds")
        }
        (Date | Datetime { .. }, Timestamp { .. }) => changes(
            "reads each value in the time zone of the session that runs the statement, and fails on \
             those outside 1970 to 2038 or that this zone leaves out",
        ),
        _ => None,
    }
}

fn spatial(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    let (
        ColumnType::Geometry { kind: old, srid: old_srid },
        ColumnType::Geometry { kind: new, srid: new_srid },
    ) = (from, to)
    else {
        return None;
    };
    if old != new && *new != GeometryKind::Geometry {
        return fails("fails on geometries of another kind");
    }
    if new_srid.is_some() && old_srid != new_srid {
        return fails("fails on values of another spatial reference system");
    }
    None
}

/// How much a character or binary column can hold.
enum Room {
    Characters(u64),
    Bytes(u64),
}

fn room(column: &Column) -> Option<Room> {
    let bytes = |size: &TextSize| match size {
        TextSize::Tiny => 255,
        TextSize::Normal => 65_535,
        TextSize::Medium => 16_777_215,
        TextSize::Long => 4_294_967_295,
    };
    Some(match &column.ty {
        ColumnType::Char { length } | ColumnType::Varchar { length } => {
            Room::Characters(u64::from(*length))
        }
        ColumnType::Binary { length } | ColumnType::Varbinary { length } => {
            Room::Bytes(u64::from(*length))
        }
        ColumnType::Text { size, .. } | ColumnType::Blob { size, .. } => Room::Bytes(bytes(size)),
        ColumnType::Enum { members } => {
            Room::Characters(members.iter().map(|m| m.chars().count() as u64).max().unwrap_or(0))
        }
        ColumnType::Set { members } => {
            let characters: usize = members.iter().map(|member| member.chars().count() + 1).sum();
            Room::Characters(characters.saturating_sub(1) as u64)
        }
        _ => return None,
    })
}

fn text(from: &Column, to: &Column) -> Option<LossyConversion> {
    let set = |ty: &ColumnType| matches!(ty, ColumnType::Enum { .. } | ColumnType::Set { .. });
    if set(&to.ty) {
        return match (&from.ty, &to.ty) {
            (ColumnType::Set { members: old }, ColumnType::Set { members: new })
                if new.iter().filter(|it| old.contains(it)).ne(old.iter()) =>
            {
                changes("several members of one value are listed in the new order")
            }
            (ColumnType::Set { .. }, ColumnType::Enum { .. }) => {
                fails("fails on values of no member or of several")
            }
            _ if set(&from.ty) => None,
            _ => fails("fails on values that aren't members"),
        };
    }
    let (old, new) = (room(from)?, room(to)?);
    let width = |column: &Column| {
        column.charset.as_deref().map_or(4, |charset| u64::from(bytes_per_character(charset)))
    };
    let fits = match (&old, &new) {
        (Room::Characters(old), Room::Characters(new)) | (Room::Bytes(old), Room::Bytes(new)) => {
            old <= new
        }
        (Room::Characters(old), Room::Bytes(new)) => old * width(to).max(width(from)) <= *new,
        (Room::Bytes(old), Room::Characters(new)) => old <= new,
    };
    let longer = match new {
        Room::Characters(new) => format!("fails on values of more than {new} characters"),
        Room::Bytes(new) => format!("fails on values of more than {new} bytes"),
    };
    let is_read_as_text =
        from.ty.class() == TypeClass::Binary && to.ty.class() == TypeClass::Character;
    let mut failures: Vec<&str> = Vec::new();
    failures.extend((!fits).then_some(longer.as_str()));
    failures.extend(is_read_as_text.then_some(NO_TEXT));
    let also: String = failures.iter().map(|failure| format!("; {failure}")).collect();
    match (&from.ty, &to.ty) {
        (_, ColumnType::Char { .. })
            if !matches!(from.ty, ColumnType::Char { .. }) && !set(&from.ty) =>
        {
            loses(format!("drops spaces at the end of values{also}"), "spaces at the end of values")
        }
        (_, ColumnType::Binary { .. }) if from.ty != to.ty => {
            loses(format!("fills values up with zero bytes{also}"), "the lengths of values")
        }
        _ if failures.is_empty() => None,
        _ => fails(failures.join("; ")),
    }
}

const NO_TEXT: &str = "fails on bytes that aren't text in the new character set";

const NO_STORED_TEXT: &str = "values become bytes, and fail where they aren't text";

/// What happens if a value of another type becomes a text: it fails if the longest value doesn't
/// fit.
fn as_text(from: &ColumnType, to: &Column) -> Option<LossyConversion> {
    if matches!(to.ty, ColumnType::Enum { .. } | ColumnType::Set { .. }) {
        return fails("fails on values that aren't members");
    }
    let fraction = |fsp: &u32| if *fsp == 0 { 0 } else { u64::from(*fsp) + 1 };
    let longest = match from {
        ColumnType::Decimal { precision, .. } => u64::from(*precision) + 3,
        ColumnType::Float { .. } => 14,
        ColumnType::Double { .. } => 24,
        ColumnType::Date => 10,
        ColumnType::Time { fsp } => 10 + fraction(fsp),
        ColumnType::Datetime { fsp } | ColumnType::Timestamp { fsp } => 19 + fraction(fsp),
        ColumnType::Uuid => 36,
        ColumnType::Inet4 => 15,
        ColumnType::Inet6 => 39,
        ColumnType::Json => 4_294_967_295,
        ColumnType::Bit { .. } => return fails("bits become bytes"),
        ColumnType::Vector { .. } | ColumnType::Geometry { .. } => {
            return fails(NO_STORED_TEXT);
        }
        other => integer_range(other)
            .map_or(20, |(least, most)| least.to_string().len().max(most.to_string().len()) as u64),
    };
    let new = match room(to)? {
        Room::Characters(new) | Room::Bytes(new) => new,
    };
    if longest <= new {
        None
    } else {
        fails(format!("fails on values of more than {new} characters"))
    }
}

#[cfg(test)]
mod tests;
