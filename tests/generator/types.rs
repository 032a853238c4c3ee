//! Types and their defaults.

use driftline::model::{
    ColumnType, DefaultValue, Expression, FloatPrecision, GeometryKind, IntegerSize, Sign, TextSize,
};
use driftline::server::{Capability, Server};

use super::seed::Dice;

const SIZES: [TextSize; 4] = [TextSize::Normal, TextSize::Tiny, TextSize::Medium, TextSize::Long];

const GEOMETRIES: [GeometryKind; 8] = [
    GeometryKind::Point,
    GeometryKind::Geometry,
    GeometryKind::LineString,
    GeometryKind::Polygon,
    GeometryKind::MultiPoint,
    GeometryKind::MultiLineString,
    GeometryKind::MultiPolygon,
    GeometryKind::GeometryCollection,
];

/// The type that the dice choose among those of the server.
pub fn column_type(dice: &Dice, server: &Server) -> ColumnType {
    let size = u32::from(dice[1]);
    let sign = [Sign::Signed, Sign::Unsigned, Sign::Zerofill][usize::from(dice[1] % 3)];
    let precision = (size % 2 == 1).then_some(FloatPrecision { digits: 7 + size % 3, decimals: 3 });
    let fsp = [0, 0, 3, 6][dice[1] as usize % 4];
    let text = SIZES[dice[1] as usize % 4];
    let width = |width| (dice[8] % 8 == 5).then_some(width);
    let integer = |size, width| ColumnType::Integer { size, sign, width };
    let length = match dice[8] % 16 {
        1 => 300,
        2 => 1000,
        _ => 1 + size,
    };
    let counted = (dice[8] % 8 == 3).then_some([30, 300, 70_000][dice[1] as usize % 3]);
    let can = |capability| server.can(capability);
    match dice[0] % 36 {
        1 | 2 => ColumnType::Varchar { length },
        3 => integer(IntegerSize::Big, width(7)),
        4 => ColumnType::Datetime { fsp },
        5 | 6 if counted.is_some() => ColumnType::Text { size: TextSize::Normal, length: counted },
        5 | 6 => ColumnType::Text { size: text, length: None },
        7 => ColumnType::Decimal { precision: 5 + size % 60, scale: size % 6, sign },
        8 => ColumnType::Integer { size: IntegerSize::Tiny, sign: Sign::Signed, width: Some(1) },
        9 => ColumnType::Char { length: size },
        10 => ColumnType::Enum { members: members(dice[1]) },
        11 => ColumnType::Set { members: members(dice[1]) },
        12 => ColumnType::Date,
        13 => ColumnType::Time { fsp },
        14 | 15 => ColumnType::Timestamp { fsp },
        16 => ColumnType::Year,
        17 | 18 | 33 => ColumnType::Json,
        19 if counted.is_some() => ColumnType::Blob { size: TextSize::Normal, length: counted },
        19 => ColumnType::Blob { size: text, length: None },
        20 => ColumnType::Binary { length: 1 + size % 255 },
        21 => ColumnType::Varbinary { length },
        22 => ColumnType::Float { precision, sign },
        23 => ColumnType::Double { precision, sign },
        24 => ColumnType::Bit { length: 1 + size % 64 },
        25 => integer(IntegerSize::Small, width(3)),
        26 => integer(IntegerSize::Medium, width(20)),
        27 | 28 => ColumnType::Geometry {
            kind: GEOMETRIES[dice[1] as usize % 8],
            srid: [None, Some(4326), Some(0)][dice[2] as usize % 3],
        },
        29 if can(Capability::UuidType) => ColumnType::Uuid,
        30 if can(Capability::Inet6Type) && size % 2 == 0 => ColumnType::Inet6,
        30 if can(Capability::Inet4Type) => ColumnType::Inet4,
        31 | 32 if can(Capability::VectorType) => ColumnType::Vector { dimensions: 1 + size },
        _ => integer(IntegerSize::Int, width(5)),
    }
}

fn members(choice: u8) -> Vec<String> {
    let all: &[&str] = match choice % 6 {
        0 => &["a", "b"],
        1 => &["a", "b", "c"],
        2 => &["c", "a", "b"],
        3 => &["a", "it's", "x\\y"],
        4 => &["a", "", "b c"],
        _ => &["a", "\"q\"", "(", "%"],
    };
    all.iter().map(|member| (*member).to_owned()).collect()
}

/// The character set and collation that the dice choose.
pub fn collation(choice: u8, server: &Server) -> (Option<String>, Option<String>) {
    let named = |charset: &str, collation: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(charset), some(collation))
    };
    match choice % 20 {
        1 => named("latin1", ""),
        2 => named("utf8mb4", "utf8mb4_bin"),
        3 => named("", "utf8mb4_unicode_ci"),
        4 => named("ascii", "ascii_bin"),
        5 => named("utf8mb3", ""),
        6 => named("utf8mb4", ""),
        7 => named("", "latin1_german2_ci"),
        8 if server.can(Capability::Uca1400Collations) => named("", "utf8mb4_uca1400_as_cs"),
        8 => named("", "utf8mb4_0900_as_cs"),
        9 => named("cp1251", "cp1251_general_ci"),
        10 => named("", "utf8mb4_general_ci"),
        11 => named("utf8mb3", "utf8mb3_bin"),
        12 => named("latin2", "latin2_general_ci"),
        _ => (None, None),
    }
}

/// The default that the dice choose for a column of the type, if any.
pub fn default(ty: &ColumnType, dice: &Dice, server: &Server) -> Option<DefaultValue> {
    let choice = dice[5];
    let literal = |all: &[&str]| {
        Some(DefaultValue::Literal(all[usize::from(choice / 4) % all.len()].to_owned()))
    };
    let expression = |text: &str| Some(DefaultValue::Expression(Expression::new(text)));
    let long = |text: &str| match server.can(Capability::LiteralTextDefaults) && choice % 8 == 1 {
        true => Some(DefaultValue::Literal("x'y\\".to_owned())),
        false => expression(text),
    };
    if choice % 4 != 1 && choice % 4 != 2 {
        return None;
    }
    let strings = ["", "x", "it's", "back\\slash", "0", "NULL", "a\"b", "current_timestamp", " "];
    match ty {
        ColumnType::Integer { .. } if choice % 8 == 2 => expression("1 + 1"),
        ColumnType::Integer { .. } => literal(&["0", "1", "7"]),
        ColumnType::Decimal { .. } => literal(&["0", "1.5", "10"]),
        ColumnType::Float { .. } | ColumnType::Double { .. } => literal(&["0", "1.5", "100"]),
        ColumnType::Bit { length } if *length > 2 => literal(&["101", "0", "1"]),
        ColumnType::Varchar { length } if *length > 36 && choice % 8 == 2 => expression("uuid()"),
        ColumnType::Char { length } | ColumnType::Varchar { length } if *length > 20 => {
            literal(&strings)
        }
        ColumnType::Varbinary { length } | ColumnType::Binary { length } if *length > 2 => {
            let bytes: [&[u8]; 4] = [b"ab", &[0xff, 0], b"", b"a'b"];
            Some(DefaultValue::Bytes(bytes[usize::from(choice / 4) % 4].to_vec()))
        }
        ColumnType::Text { .. } => long("'abc'"),
        ColumnType::Blob { .. } => expression("'abc'"),
        ColumnType::Enum { .. } | ColumnType::Set { .. } => literal(&["a"]),
        ColumnType::Date if choice % 8 == 2 => expression("curdate()"),
        ColumnType::Date => literal(&["2020-01-02"]),
        ColumnType::Time { .. } => literal(&["10:00:00", "00:00:00"]),
        ColumnType::Datetime { .. } | ColumnType::Timestamp { .. } if choice % 4 == 1 => {
            Some(DefaultValue::CurrentTimestamp)
        }
        ColumnType::Datetime { .. } | ColumnType::Timestamp { .. } => {
            literal(&["2020-01-02 03:04:05"])
        }
        ColumnType::Year => literal(&["2020", "0000", "2000"]),
        ColumnType::Json => expression("json_array()"),
        ColumnType::Inet6 => literal(&["::1"]),
        ColumnType::Inet4 => literal(&["127.0.0.1"]),
        ColumnType::Uuid if choice % 4 == 1 => expression("uuid()"),
        _ => None,
    }
}
