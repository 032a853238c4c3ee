//! What driftline.toml says, put where nothing was typed.

use std::env;
use std::path::PathBuf;

use anyhow::bail;

use super::arguments::{Command, DatabaseName, Desired, SchemaFile, SourceLookup};
use super::error::Result;
use crate::config::{Config, Environment};
use crate::source::live::{DatabaseUrl, UrlError};

/// The variable that names an environment if `--env` doesn't.
const VARIABLE: &str = "DRIFTLINE_ENV";

impl Command {
    /// Reads driftline.toml, if the command takes anything from it.
    pub(super) fn configure(&mut self) -> Result<()> {
        if self.schema_mut().is_none() && self.database_mut().is_none() {
            return Ok(());
        }
        let typed = self.schema_mut().and_then(|schema| schema.typed.clone());
        let config = Config::find(typed.as_deref())?;
        if let Some(schema) = self.schema_mut() {
            schema.configured = Some(config.schema_or_default());
            schema.configured_baseline.clone_from(&config.baseline);
        }
        if let Command::Graph(args) = self {
            args.views.clone_from(&config.graph_views);
        }
        if let Some(folder) = self.generated_mut() {
            *folder = folder.take().or_else(|| config.generated.clone());
        }
        if let Some(database) = self.database_mut() {
            database.configure(&config)?;
        }
        Ok(())
    }

    fn schema_mut(&mut self) -> Option<&mut SchemaFile> {
        match self {
            Command::Fmt(args) => Some(&mut args.schema),
            Command::New(args) => Some(&mut args.schema),
            Command::Pull(args) => Some(&mut args.schema),
            Command::Ping(args) => Some(&mut args.schema),
            Command::Wait(args) => Some(&mut args.schema),
            _ if self.target().is_some() => self.target_mut().map(|target| &mut target.schema),
            _ => self.desired_mut().map(|desired| &mut desired.schema),
        }
    }

    fn database_mut(&mut self) -> Option<&mut DatabaseName> {
        match self {
            Command::Pull(args) => Some(&mut args.database),
            Command::Ping(args) => Some(&mut args.database),
            Command::Wait(args) => Some(&mut args.database),
            _ if self.target().is_some() => self.target_mut().map(|target| &mut target.database),
            _ => self.desired_mut().map(|desired| &mut desired.database),
        }
    }

    fn generated_mut(&mut self) -> Option<&mut Option<PathBuf>> {
        match self {
            Command::Check(args) => Some(&mut args.generated),
            Command::Lint(args) => Some(&mut args.generated),
            Command::Generate(args) => Some(&mut args.generated),
            Command::New(args) => Some(&mut args.generated),
            _ => self.target_mut().map(|target| &mut target.generated),
        }
    }

    fn desired_mut(&mut self) -> Option<&mut Desired> {
        match self {
            Command::Check(args) => Some(&mut args.desired),
            Command::Baseline(args) => Some(&mut args.desired),
            Command::Diff(args) => Some(&mut args.desired),
            Command::Generate(args) => Some(&mut args.desired),
            Command::Inspect(args) => Some(&mut args.desired),
            Command::Explain(args) => Some(&mut args.desired),
            Command::Graph(args) => Some(&mut args.desired),
            Command::Lint(args) => Some(&mut args.desired),
            _ => None,
        }
    }
}

impl DatabaseName {
    fn configure(&mut self, config: &Config) -> anyhow::Result<()> {
        // An empty variable counts as unset. An empty argument doesn't: the run would use another
        // database than the one that was meant.
        let by_variable = || env::var(VARIABLE).ok().filter(|name| !name.is_empty());
        let name = self.env.clone().or_else(by_variable);
        self.environment = config.environment(name.as_deref())?;
        let environments = config.environments().iter();
        self.protected = environments.filter(|it| it.is_protected()).cloned().collect();
        self.history = config.history.clone();
        Ok(())
    }
}

impl SourceLookup {
    /// Whether a database is one that needs care: that of a protected environment, whatever URL
    /// leads to it, or any if a protected environment was named.
    pub(super) fn is_protected(&self, url: &DatabaseUrl) -> bool {
        // If a variable can't be read, the environment has no database that could be meant.
        let url_of = |environment: &Environment| {
            DatabaseUrl::from_variable(environment.url_variable(), &self.schema).ok().flatten()
        };
        let mut protected = self.protected.iter().filter_map(url_of);
        self.environment.is_protected() || protected.any(|other| other.names_same(url))
    }

    /// The URL of the default database. `None` if no environment was named and `DATABASE_URL` isn't
    /// set.
    pub(super) fn default_url(&self) -> anyhow::Result<Option<DatabaseUrl>> {
        let variable = self.environment.url_variable();
        let url = DatabaseUrl::from_variable(variable, &self.schema);
        let url = url.map_err(|error| match error {
            UrlError::Environment { .. } => error.into(),
            _ => anyhow::Error::from(error).context(variable.to_owned()),
        })?;
        if let (None, Some(name)) = (&url, self.environment.name()) {
            bail!(
                "environment `{name}` has its URL in {variable}, which is set neither in the \
                 environment nor in .env"
            );
        }
        Ok(url)
    }
}
