//! Spells dates and times as the servers do, with all digits of every part.

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// `2020-1-2` → `2020-01-02`. A year of two digits is between 1970 and 2069 (MySQL manual, 13.2.9
/// "2-Digit Years in Dates").
pub(crate) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(digits) = all_digits(text) {
        let (year, rest) = match digits.len() {
            8 => digits.split_at(4),
            6 => digits.split_at(2),
            _ => return None,
        };
        return date_of(&[year, &rest[..2], &rest[2..]]);
    }
    let parts: Vec<&str> = text.split(|c: char| c.is_ascii_punctuation()).collect();
    date_of(&parts)
}

fn date_of(parts: &[&str]) -> Option<String> {
    let [year, month, day] = parts else { return None };
    let year = four_digits(year)?;
    let (month, day) = (two_digits(month)?, two_digits(day)?);
    (month <= 12 && day <= 31).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The year that is written with two or four digits.
pub(crate) fn four_digits(text: &str) -> Option<u32> {
    let digits = all_digits(text)?;
    let number: u32 = digits.parse().ok()?;
    match digits.len() {
        1 | 2 if number < 70 => Some(2000 + number),
        1 | 2 => Some(1900 + number),
        4 => Some(number),
        _ => None,
    }
}

fn two_digits(text: &str) -> Option<u32> {
    if text.len() > 2 { None } else { all_digits(text)?.parse().ok() }
}

fn all_digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// A time with `fsp` fractional digits: `1:2:3` → `01:02:03`, `10:0` → `10:00:00`.
pub(crate) fn time(text: &str, fsp: u32) -> Option<String> {
    let (clock, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let (sign, clock) = match clock.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", clock),
    };
    let clock = match all_digits(clock) {
        // A number is read from its end, so `100` is one minute.
        Some(digits) if digits.len() <= 7 => {
            let padded = format!("{digits:0>6}");
            let (hours, rest) = padded.split_at(padded.len() - 4);
            format!("{hours}:{}:{}", &rest[..2], &rest[2..])
        }
        _ => clock.to_owned(),
    };
    let mut parts: Vec<&str> = clock.split(':').collect();
    if parts.len() == 2 {
        parts.push("0");
    }
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let hours: u32 = all_digits(hours)?.parse().ok()?;
    let (minutes, seconds) = (two_digits(minutes)?, two_digits(seconds)?);
    if hours > 838 || minutes > 59 || seconds > 59 {
        return None;
    }
    let fraction = fraction_of(fraction, fsp)?;
    Some(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}"))
}

/// `.5` with 3 digits → `.500`. `None` if digits would be lost, because some servers round and
/// others cut.
fn fraction_of(digits: &str, fsp: u32) -> Option<String> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fsp = fsp as usize;
    if digits.len() > fsp && digits[fsp..].bytes().any(|byte| byte != b'0') {
        return None;
    }
    match fsp {
        0 => Some(String::new()),
        _ => Some(format!(".{:0<fsp$}", &digits[..digits.len().min(fsp)])),
    }
}

/// A date and time with `fsp` fractional digits: `2020-1-1` → `2020-01-01 00:00:00`.
pub(crate) fn datetime(text: &str, fsp: u32) -> Option<String> {
    let text = text.trim();
    if let Some(digits) = all_digits(text)
        && matches!(digits.len(), 12 | 14)
    {
        let (day, clock) = digits.split_at(digits.len() - 6);
        let clock = format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..]);
        return Some(format!("{} {}", date(day)?, time(&clock, fsp)?));
    }
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, "0:0:0"));
    let clock = clock.trim();
    let clock = if clock.contains(':') { clock.to_owned() } else { format!("{clock}:0") };
    Some(format!("{} {}", date(day)?, time(&clock, fsp)?))
}

/// `2020-01-01 00:00:00+02:00` → `2019-12-31 22:00:00`. A literal may end in an offset (MySQL
/// manual, 13.2.2 "The DATE, DATETIME, and TIMESTAMP Types"). It is converted to UTC, the time zone
/// in which servers are read.
pub(crate) fn in_utc(text: &str) -> Option<String> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (sign, clock) = match offset.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let fraction = local.split_once('.').map_or("", |(_, fraction)| fraction);
    let fsp = u32::try_from(fraction.len()).ok().filter(|fsp| *fsp <= 6)?;
    let local: DateTime = datetime(local, fsp)?.parse().ok()?;
    let seconds = i64::from(sign * i32::try_from(hours * 60 + minutes).ok()? * 60);
    let utc = local.checked_sub(SignedDuration::from_secs(seconds)).ok()?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{}{point}{fraction}", utc.strftime("%Y-%m-%d %H:%M:%S")))
}

fn fsp_of(text: &str) -> u32 {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    u32::try_from(digits).unwrap_or(7)
}

/// The text of `TIME'…'`, which keeps as many fractional digits as are written.
pub(crate) fn time_literal(text: &str) -> Option<String> {
    time(text, fsp_of(text))
}

/// The text of `TIMESTAMP'…'`, which keeps as many fractional digits as are written.
pub(crate) fn datetime_literal(text: &str) -> Option<String> {
    datetime(text, fsp_of(text))
}

/// A time, rounded to `fsp` fractional digits: `10:00:00.9` → `10:00:01`.
pub(crate) fn rounded_time(text: &str, fsp: u32) -> Option<String> {
    let exact = time(text, 6)?;
    let (sign, clock) = match exact.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", exact.as_str()),
    };
    let mut parts = clock.splitn(3, ':').map(|part| part.replace('.', "").parse::<u64>().ok());
    let (hours, minutes, micros) = (parts.next()??, parts.next()??, parts.next()??);
    let unit = 10_u64.pow(6 - fsp.min(6));
    let micros = (hours * 3600 + minutes * 60) * 1_000_000 + micros;
    let micros = (micros + unit / 2) / unit * unit;
    let seconds = micros / 1_000_000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let clock = format!("{sign}{hours}:{minutes}:{}.{:06}", seconds % 60, micros % 1_000_000);
    time(&clock, fsp)
}

/// A date and time, rounded to `fsp` fractional digits.
pub(crate) fn rounded_datetime(text: &str, fsp: u32) -> Option<String> {
    let exact = datetime(text, 6)?;
    let (day, clock) = exact.split_once(' ')?;
    let rounded = rounded_time(clock, fsp)?;
    let Some(clock) = rounded.strip_prefix("24:") else { return Some(format!("{day} {rounded}")) };
    let next: jiff::civil::Date = day.parse().ok()?;
    Some(format!("{} 00:{clock}", next.tomorrow().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_all_its_digits() {
        assert_eq!(date("2020-1-2").as_deref(), Some("2020-01-02"));
        assert_eq!(date("20200102").as_deref(), Some("2020-01-02"));
        assert_eq!(date("20-1-2").as_deref(), Some("2020-01-02"));
        assert_eq!(date("0000-00-00").as_deref(), Some("0000-00-00"));
        assert_eq!(time("10:0", 0).as_deref(), Some("10:00:00"));
        assert_eq!(time("100", 0).as_deref(), Some("00:01:00"));
        assert_eq!(time("-1:2:3", 3).as_deref(), Some("-01:02:03.000"));
        assert_eq!(datetime("2020-01-01", 0).as_deref(), Some("2020-01-01 00:00:00"));
        assert_eq!(datetime("20200102030405", 1).as_deref(), Some("2020-01-02 03:04:05.0"));
        assert_eq!(datetime("2020-01-01T1:2:3", 0).as_deref(), Some("2020-01-01 01:02:03"));
    }

    #[test]
    fn fractions_are_rounded_away_on_demand_only() {
        assert_eq!(time("10:00:00.9", 0), None);
        assert_eq!(rounded_time("10:59:59.95", 0).as_deref(), Some("11:00:00"));
        let carried = rounded_datetime("2020-12-31 23:59:59.9", 0);
        assert_eq!(carried.as_deref(), Some("2021-01-01 00:00:00"));
    }

    /// MySQL 9.7 keeps these values in a session in UTC.
    #[test]
    fn an_offset_is_taken_off() {
        for (written, kept) in [
            ("1970-01-01 00:00:01+00:00", Some("1970-01-01 00:00:01")),
            ("2020-01-01 00:00:00+02:00", Some("2019-12-31 22:00:00")),
            ("2020-03-01 00:00:00.250-05:30", Some("2020-03-01 05:30:00.250")),
            ("2020-01-01 00:00:00", None),
            ("2020-01-01", None),
            ("+02:00", None),
        ] {
            assert_eq!(in_utc(written).as_deref(), kept, "{written}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in ["", "-", "é", "2020-é-1", "1:2:3:4", "99999999", "0.é", ":", "-:", "12345é"]
        {
            let _ = (date(text), time(text, 9), datetime(text, 9), rounded_datetime(text, 9));
            let _ = in_utc(text);
        }
    }
}
