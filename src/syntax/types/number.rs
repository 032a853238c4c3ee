//! Reads the numeric types.

use super::optional_length;
use crate::model::{ColumnType, FloatPrecision, IntegerSize, Sign};
use crate::server::Vendor;
use crate::syntax::SqlError;
use crate::syntax::parser::Parser;

pub(super) fn integer_size(word: &str) -> Option<IntegerSize> {
    Some(match word {
        "TINYINT" | "INT1" => IntegerSize::Tiny,
        "SMALLINT" | "INT2" => IntegerSize::Small,
        "MEDIUMINT" | "MIDDLEINT" | "INT3" => IntegerSize::Medium,
        "INT" | "INTEGER" | "INT4" => IntegerSize::Int,
        "BIGINT" | "INT8" => IntegerSize::Big,
        _ => return None,
    })
}

pub(super) fn number_type(word: &str, parser: &mut Parser) -> Result<Option<ColumnType>, SqlError> {
    let sign = Sign::Signed;
    Ok(Some(match word {
        "BOOL" | "BOOLEAN" => ColumnType::Integer { size: IntegerSize::Tiny, sign, width: Some(1) },
        "DECIMAL" | "DEC" | "NUMERIC" | "FIXED" => decimal(parser)?,
        "FLOAT" => match digits(parser)? {
            (Some(bits), None) if bits > 24 => ColumnType::Double { precision: None, sign },
            written => ColumnType::Float { precision: float_precision(written), sign },
        },
        "FLOAT4" => ColumnType::Float { precision: float_precision(digits(parser)?), sign },
        "DOUBLE" => {
            parser.accept("PRECISION");
            ColumnType::Double { precision: float_precision(digits(parser)?), sign }
        }
        "REAL" | "FLOAT8" => {
            ColumnType::Double { precision: float_precision(digits(parser)?), sign }
        }
        "BIT" => {
            let token = parser.peek(1);
            // On MariaDB, bit(0) is bit(1).
            let is_mariadb = parser.server().is_some_and(|it| it.vendor == Vendor::MariaDb);
            let length = optional_length(parser)?.filter(|length| !is_mariadb || *length != 0);
            let length = length.unwrap_or(1);
            if !(1..=64).contains(&length) {
                return Err(SqlError::new("a BIT has 1 to 64 bits", token.start, token.end));
            }
            ColumnType::Bit { length }
        }
        _ => return Ok(None),
    }))
}

fn decimal(parser: &mut Parser) -> Result<ColumnType, SqlError> {
    let token = parser.peek(1);
    let (precision, scale) = digits(parser)?;
    let scale = scale.unwrap_or(0);
    // On the servers, decimal(0) is decimal(10).
    let precision = precision.filter(|&digits| digits > 0).unwrap_or(10);
    let refusal = if precision > 65 {
        Some("a DECIMAL has at most 65 digits")
    } else if scale > 38 {
        Some("a DECIMAL has at most 38 digits after the point")
    } else if scale > precision {
        Some("a DECIMAL can't have more digits after the point than in all")
    } else {
        None
    };
    match refusal {
        Some(message) => Err(SqlError::new(message, token.start, token.end)),
        None => Ok(ColumnType::Decimal { precision, scale, sign: Sign::Signed }),
    }
}

/// Reads `(M)` or `(M,D)`.
fn digits(parser: &mut Parser) -> Result<(Option<u32>, Option<u32>), SqlError> {
    if !parser.accept_symbol(b'(') {
        return Ok((None, None));
    }
    let all = parser.small_number("a number of digits")?;
    let after_point = if parser.accept_symbol(b',') {
        Some(parser.small_number("a number of digits")?)
    } else {
        None
    };
    parser.expect_symbol(b')')?;
    Ok((Some(all), after_point))
}

fn float_precision(written: (Option<u32>, Option<u32>)) -> Option<FloatPrecision> {
    let (Some(digits), Some(decimals)) = written else { return None };
    Some(FloatPrecision { digits, decimals })
}

pub(super) fn set_sign(
    parser: &mut Parser,
    ty: &mut ColumnType,
    wanted: Sign,
) -> Result<(), SqlError> {
    let sign = match ty {
        ColumnType::Integer { sign, .. }
        | ColumnType::Decimal { sign, .. }
        | ColumnType::Float { sign, .. }
        | ColumnType::Double { sign, .. } => sign,
        ColumnType::Year => {
            parser.next();
            return Ok(());
        }
        _ => return Err(parser.error("only a number is signed, unsigned or zerofill")),
    };
    *sign = match (*sign, wanted) {
        (Sign::Zerofill, _) | (_, Sign::Zerofill) => Sign::Zerofill,
        (Sign::Unsigned, _) | (_, Sign::Unsigned) => Sign::Unsigned,
        _ => Sign::Signed,
    };
    parser.next();
    Ok(())
}
