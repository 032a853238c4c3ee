//! Reads the environment and `.env`, without changing the environment of the process.

use std::path::{Path, PathBuf};

use super::url::{DatabaseUrl, UrlError};

impl DatabaseUrl {
    /// The database that a variable such as `DATABASE_URL` names, in the environment or else in
    /// `.env` of the working directory, or else in `.env` next to the schema file.
    pub fn from_variable(name: &str, schema: &Path) -> Result<Option<Self>, UrlError> {
        let Some(url) = variable(name, &dotenv_files(schema))? else { return Ok(None) };
        let url: DatabaseUrl = url.parse()?;
        Ok(Some(url.for_schema(schema)))
    }

    /// The same URL, whose password is also looked for in `.env` next to the schema file.
    pub fn for_schema(self, schema: &Path) -> Self {
        DatabaseUrl { dotenv: dotenv_files(schema), ..self }
    }
}

/// Where variables are looked for after the environment, in this order.
fn dotenv_files(schema: &Path) -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from(".env")];
    let env_file = schema.with_file_name(".env");
    if !files.contains(&env_file) {
        files.push(env_file);
    }
    files
}

/// A variable's value, from the environment or else from a `.env` file. An empty one counts as
/// unset.
pub(super) fn variable(name: &str, dotenv: &[PathBuf]) -> Result<Option<String>, UrlError> {
    if let Some(value) = std::env::var(name).ok().filter(|value| !value.is_empty()) {
        return Ok(Some(value));
    }
    for file in dotenv {
        if let Some(value) = in_file(name, file)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn in_file(name: &str, dotenv: &Path) -> Result<Option<String>, UrlError> {
    // A missing or unreadable file is no error: most projects have none.
    let Ok(text) = std::fs::read_to_string(dotenv) else { return Ok(None) };
    let mut found = None;
    let mut failed = false;
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        match line {
            Ok((key, value)) if key == name => found = Some(value),
            Ok(_) => {}
            Err(dotenvy::Error::LineParse(..)) => failed = true,
            // Reading failed: the same error would come again and again.
            Err(_) => break,
        }
    }
    // Lines about other variables may be invalid.
    if failed && found.is_none() && text.lines().any(|line| assigns(line, name)) {
        return Err(UrlError::Environment { name: name.to_owned() });
    }
    Ok(found.filter(|value| !value.is_empty()))
}

/// Whether a line is meant for the variable.
fn assigns(line: &str, name: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, UrlError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, text).unwrap();
        in_file("DATABASE_URL", &path)
    }

    #[test]
    fn the_file_is_read_and_the_environment_is_unchanged() {
        let text = "A=1\nexport DATABASE_URL='mysql://u:p#$w@h/d' # mine\n";
        assert_eq!(read(text), Ok(Some("mysql://u:p#$w@h/d".to_owned())));
        assert_eq!(read("A=1\n"), Ok(None));
        assert_eq!(read("DATABASE_URL=\n"), Ok(None));
        assert_eq!(in_file("DATABASE_URL", Path::new("no/such/.env")), Ok(None));
        assert!(std::env::var("A").is_err());
    }

    #[test]
    fn a_bad_line_is_an_error_only_for_our_variable_and_is_never_shown() {
        assert_eq!(
            read("this is no line\nDATABASE_URL=mysql://h/d\n"),
            Ok(Some("mysql://h/d".to_owned()))
        );
        let error = read("DATABASE_URL=mysql://u:secret word@h/d\n").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
