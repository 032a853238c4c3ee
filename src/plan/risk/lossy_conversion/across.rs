//! What happens to values that get a type of another class, such as numbers that become texts, or
//! members and times that become numbers.

use crate::model::{Column, ColumnType, Sign};
use crate::plan::risk::lossy_conversion::{
    LossyConversion, Room, changes, fractions, integer_range, loses, outside, room, sign_of,
};
use crate::server::{Capability, Server};

/// The classes of types between which conversions differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// INT and its like, YEAR, DECIMAL, FLOAT, DOUBLE.
    Number,
    Bits,
    /// DATE, TIME, DATETIME, TIMESTAMP.
    Temporal,
    Text,
    Bytes,
    /// ENUM and SET.
    Members,
    Json,
    /// UUID, INET4, INET6, VECTOR and the spatial types, each of which stores bytes in an encoding
    /// of its own.
    Encoded,
}

fn class(ty: &ColumnType) -> Class {
    match ty {
        ColumnType::Integer { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Float { .. }
        | ColumnType::Double { .. }
        | ColumnType::Year => Class::Number,
        ColumnType::Bit { .. } => Class::Bits,
        ColumnType::Date
        | ColumnType::Time { .. }
        | ColumnType::Datetime { .. }
        | ColumnType::Timestamp { .. } => Class::Temporal,
        ColumnType::Char { .. } | ColumnType::Varchar { .. } | ColumnType::Text { .. } => {
            Class::Text
        }
        ColumnType::Binary { .. } | ColumnType::Varbinary { .. } | ColumnType::Blob { .. } => {
            Class::Bytes
        }
        ColumnType::Enum { .. } | ColumnType::Set { .. } => Class::Members,
        ColumnType::Json => Class::Json,
        ColumnType::Uuid
        | ColumnType::Inet4
        | ColumnType::Inet6
        | ColumnType::Vector { .. }
        | ColumnType::Geometry { .. } => Class::Encoded,
    }
}

/// What is lost when texts are read as something else.
const TEXTS: &str = "the texts as they were written";

/// What happens for a pair of classes. The outer `None` says that there is no special rule for it
/// here.
pub(in crate::plan) fn across(
    from: &Column,
    to: &Column,
    server: &Server,
) -> Option<Option<LossyConversion>> {
    use Class::{Bits, Bytes, Encoded, Json, Members, Number, Temporal, Text};
    let (old, new) = (&from.ty, &to.ty);
    let is_json_type = server.can(Capability::JsonType);
    Some(match (class(old), class(new)) {
        (Number | Bits, Members) => number_to_members(old, new),
        (Members, Number | Bits) => members_to_number(old, new),
        (Members, Temporal) => {
            loses("fails on members that aren't dates or times", "the members of the list")
        }
        (Members, Bytes) if matches!(new, ColumnType::Binary { .. }) => {
            loses("fills values up with zero bytes", "the lengths of values")
        }
        (Number | Bits, Temporal) => number_to_temporal(new),
        (Temporal, Number | Bits) => temporal_to_number(old, new),
        (Number | Temporal | Bits, Bytes) if matches!(new, ColumnType::Binary { .. }) => {
            loses("fills values up with zero bytes, and fails on longer ones", "the values as such")
        }
        (Bits, Text | Bytes) => loses(
            "bits become bytes or digits, depending on the server, and fail where these aren't text or \
             don't fit",
            "the bits",
        ),
        (Number, Text | Bytes) if matches!(old, ColumnType::Float { .. }) => {
            let rest = longer_than_room(14, to);
            loses(format!("keeps about 6 digits{rest}"), "the last digits")
        }
        (Text | Bytes, Number | Bits) => loses(
            format!("fails on values that aren't numbers or don't fit{}", rounding(new)),
            TEXTS,
        ),
        (Text | Bytes, Temporal) => {
            loses("fails on values that aren't dates or times; others are rewritten", TEXTS)
        }
        (Text | Bytes, Members) => loses(
            "values become the members that the collation takes as equal, numbers those in that \
             place of the list; fails on values that aren't members",
            TEXTS,
        ),
        (Text, Json) if is_json_type => loses(
            "fails on values that aren't JSON; others are rewritten, of keys that are there \
             twice the last",
            TEXTS,
        ),
        (Number, Json) if matches!(old, ColumnType::Decimal { .. } | ColumnType::Float { .. }) => {
            loses("keeps about 15 digits, and none for the sake of the scale", "the last digits")
        }
        (Json, Number | Bits) => loses(
            format!("fails on values that aren't numbers or don't fit{}", rounding(new)),
            "the values as JSON",
        ),
        (Json, Temporal) => {
            loses("fails on values that aren't dates or times", "the values as JSON")
        }
        (Json, Members) => loses("fails on values that aren't members", "the values as JSON"),
        (Json, Bytes) if is_json_type => {
            let rest = longer_than_room(u64::from(u32::MAX), to);
            loses(
                format!("values become bytes, which no longer are JSON{rest}"),
                "the values as JSON",
            )
        }
        // On these servers JSON is stored as a text.
        (Json, Bytes) if matches!(new, ColumnType::Binary { .. }) => {
            let rest = longer_than_room(u64::from(u32::MAX), to);
            loses(format!("fills values up with zero bytes{rest}"), "the lengths of values")
        }
        (Encoded, Bytes) => encoded_to_bytes(old, to),
        (Bytes, Encoded) if !matches!(new, ColumnType::Geometry { .. }) => {
            changes("bytes are taken for what they encode in the new type; fails on others")
        }
        (Encoded, Bits) => loses(
            "fails, or keeps no more than the last byte of each value, as the server likes",
            "all but the last byte",
        ),
        (Encoded, Encoded) if (old, new) == (&ColumnType::Inet4, &ColumnType::Inet6) => loses(
            "addresses become those of IPv6, which the reverse may refuse; fails where the server \
             takes none for another",
            "the addresses as such",
        ),
        _ => return None,
    })
}

/// The number of bytes in which each value is stored. `None` if it varies.
fn encoded_bytes(ty: &ColumnType) -> Option<u64> {
    match ty {
        ColumnType::Inet4 => Some(4),
        ColumnType::Uuid | ColumnType::Inet6 => Some(16),
        ColumnType::Vector { dimensions } => Some(u64::from(*dimensions) * 4),
        _ => None,
    }
}

fn encoded_to_bytes(from: &ColumnType, to: &Column) -> Option<LossyConversion> {
    const BYTES: &str = "values become the bytes that they are kept as, or the statement fails, as the \
                         server likes";
    let bytes = encoded_bytes(from);
    let rest = longer_than_room(bytes.unwrap_or(u64::from(u32::MAX)), to);
    match &to.ty {
        ColumnType::Binary { length } if bytes.is_none_or(|it| it < u64::from(*length)) => {
            loses(format!("{BYTES}; fills them up with zero bytes{rest}"), "the values as such")
        }
        _ => changes(format!("{BYTES}{rest}")),
    }
}

/// Says what happens to values that are longer than the new type allows, if there may be any.
fn longer_than_room(longest: u64, to: &Column) -> String {
    let (room, unit) = match room(to) {
        Some(Room::Characters(room)) => (room, "characters"),
        Some(Room::Bytes(room)) => (room, "bytes"),
        None => return String::new(),
    };
    match room < longest {
        true => format!(", and fails on values of more than {room} {unit}"),
        false => String::new(),
    }
}

fn rounding(to: &ColumnType) -> String {
    match fractions(to) {
        Some(digits) => format!("; rounds to {digits} digits after the point"),
        None => String::new(),
    }
}

/// The members of an ENUM or SET.
fn members(ty: &ColumnType) -> &[String] {
    match ty {
        ColumnType::Enum { members } | ColumnType::Set { members } => members,
        _ => &[],
    }
}

/// Whether a member looks like a number, so that it can be taken for a place in the list, or a
/// place for it.
pub(in crate::plan) fn is_numeric(member: &str) -> bool {
    !member.is_empty() && member.bytes().all(|byte| byte.is_ascii_digit())
}

fn number_to_members(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    let message = "a number becomes the member in that place of the list or, with some servers, the one \
                   that is written so, and 0 an empty text; fails on others";
    match from {
        ColumnType::Decimal { scale, .. } if *scale > 0 => {
            loses("fails on numbers that aren't members", "the numbers")
        }
        ColumnType::Float { .. } | ColumnType::Double { .. } => {
            loses(format!("{message}, and fractions may go"), "the numbers")
        }
        _ if members(to).iter().any(|member| is_numeric(member)) => loses(message, "the numbers"),
        _ => changes(message),
    }
}

fn members_to_number(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    let members = members(from);
    let places = match from {
        ColumnType::Set { .. } => {
            1_i128.checked_shl(u32::try_from(members.len()).unwrap_or(64)).unwrap_or(i128::MAX) - 1
        }
        _ => i128::try_from(members.len()).unwrap_or(i128::MAX),
    };
    let fails = match integer_range(to).and_then(|range| outside((1, places), range)) {
        Some(_) => ", and fails where it doesn't fit",
        None => "",
    };
    let message = format!("a member becomes the number of its place in the list{fails}");
    let returns = match to {
        ColumnType::Year => false,
        _ => fractions(to).is_none_or(|digits| digits == 0),
    };
    match returns && !members.iter().any(|member| is_numeric(member)) {
        true => changes(message),
        false => loses(message, "the members"),
    }
}

/// Numbers with fewer or more digits than usual mean a date or time too, but the reverse writes
/// them in another way: 200229 becomes 20200229.
fn number_to_temporal(to: &ColumnType) -> Option<LossyConversion> {
    let read = match to {
        ColumnType::Time { .. } => "HHMMSS, longer ones as dates with a time",
        _ => "YYYYMMDD or YYYYMMDDHHMMSS, shorter ones as dates of two-digit years",
    };
    loses(
        format!("numbers are read as {read}; fails on those that mean no date or time"),
        "the numbers",
    )
}

fn temporal_to_number(from: &ColumnType, to: &ColumnType) -> Option<LossyConversion> {
    let (digits, example, fsp) = match from {
        ColumnType::Date => (8, "20200229", 0),
        ColumnType::Time { fsp } => (7, "235959", *fsp),
        ColumnType::Datetime { fsp } | ColumnType::Timestamp { fsp } => {
            (14, "20200229235959", *fsp)
        }
        _ => return None,
    };
    let most = 10_i128.pow(digits) - 1;
    let signed = matches!(from, ColumnType::Time { .. });
    let fits = match to {
        ColumnType::Decimal { precision, scale, .. } => precision.saturating_sub(*scale) >= digits,
        ColumnType::Float { precision: Some(it), .. }
        | ColumnType::Double { precision: Some(it), .. } => {
            it.digits.saturating_sub(it.decimals) >= digits
        }
        ColumnType::Year => false,
        _ => integer_range(to).is_none_or(|(_, greatest)| greatest >= most),
    };
    let fails_often = !fits || signed && sign_of(to) != Sign::Signed;
    let message = format!(
        "dates and times become numbers such as {example}{}",
        if fails_often { ", and fail where these don't fit" } else { "" }
    );
    let keeps = match to {
        ColumnType::Float { .. } => false,
        ColumnType::Double { precision: None, .. } => fsp == 0,
        _ => fractions(to).unwrap_or(0) >= fsp,
    };
    match keeps {
        true => changes(message),
        false => loses(message, "the last digits of dates and times"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_numeric;

    #[test]
    fn only_digits_are_taken_for_a_place() {
        assert!(is_numeric("0") && is_numeric("12"));
        assert!(!is_numeric("") && !is_numeric("1a") && !is_numeric("-1"));
    }
}
