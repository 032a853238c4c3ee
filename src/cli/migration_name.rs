//! How a new migration is called.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use jiff::{Timestamp, ToSpan as _};

use super::error::{Result, bail};
use crate::migration;

/// The name of a migration that isn't written yet.
pub(super) struct MigrationName {
    /// 14 digits, which are a time in UTC.
    pub(super) version: String,
    /// The names of its files without their endings.
    pub(super) name: String,
    /// The first line of its files.
    pub(super) title: String,
}

impl MigrationName {
    /// The name of the next migration in a folder.
    pub(super) fn next(folder: &Path, message: &str) -> Result<MigrationName> {
        MigrationName::after(&newest_version(folder)?, message)
    }

    /// The name of a migration that follows another one.
    pub(super) fn after(version: &str, message: &str) -> Result<MigrationName> {
        let slug = slug(message);
        if slug.is_empty() {
            bail!("the message has no letter or digit to name the migration by");
        }
        let version = version_after(version)?;
        let name = format!("{version}_{slug}");
        let title = format!("{name}: {message}");
        Ok(MigrationName { version, name, title })
    }
}

/// The newest version of which there is a file. Empty if there is none.
fn newest_version(folder: &Path) -> anyhow::Result<String> {
    let mut newest = String::new();
    for entry in fs::read_dir(folder).with_context(|| format!("can't list {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(found) = migration::version(&name).filter(|found| *found > newest.as_str()) {
            newest = found.to_owned();
        }
    }
    Ok(newest)
}

/// The UTC time as `20261122101500`. If the clock is behind `newest`, it is the version after that
/// one, because versions only increase.
pub(super) fn version_after(newest: &str) -> anyhow::Result<String> {
    let version = |time: Timestamp| time.strftime("%Y%m%d%H%M%S").to_string();
    let now = version(Timestamp::now());
    if now.as_str() > newest {
        return Ok(now);
    }
    let next = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", newest)
        .and_then(|newest| newest.checked_add(1.second()))
        .and_then(|next| next.to_zoned(jiff::tz::TimeZone::UTC))
        .with_context(|| format!("{newest} isn't a version that another can follow"))?;
    Ok(version(next.timestamp()))
}

/// `Add report status!` → `add_report_status`
fn slug(message: &str) -> String {
    let words: Vec<String> = message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_").chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::{slug, version_after};

    #[test]
    fn a_slug_is_lower_case_words() {
        assert_eq!(slug("  Add report-status, v2! "), "add_report_status_v2");
        assert_eq!(slug("Über/../x"), "über_x");
        assert_eq!(slug("!?"), "");
    }

    #[test]
    fn a_version_follows_one_of_the_future() {
        assert_eq!(version_after("29991231235959").unwrap(), "30000101000000");
        assert!(version_after("99999999999999").is_err());
    }
}
