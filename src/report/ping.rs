//! A server that was reached, and what the account may do there.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::json::{JSON_VERSION, ServerJson, print, server_json};
use super::one_line;
use crate::source::live::{DatabaseUrl, NeededRight, ReachedServer, RightsTask};

/// What `ping` shows, besides what the server says.
#[derive(Debug, Clone, Copy)]
pub struct PingReport<'a> {
    /// The URL.
    pub url: &'a DatabaseUrl,
    /// The name of the environment, if one was named.
    pub environment: Option<&'a str>,
    /// Whether driftline.toml says that the database is protected.
    pub is_protected: bool,
    /// What the server says.
    pub reached: &'a ReachedServer,
}

/// What `ping` prints for a person.
pub fn ping_text(report: &PingReport<'_>) -> String {
    let PingReport { url, environment, is_protected, reached } = report;
    let mut lines = vec![format!("{} answers", one_line(&url.label())), String::new()];
    let mut say =
        |name: &str, words: String| lines.push(format!("{name:<12} {}", one_line(&words)));
    if let Some(name) = environment {
        say("environment", (*name).to_owned());
    }
    if *is_protected {
        say("protected", "yes".to_owned());
    }
    let newer = reached.server.newer_than_known();
    let support = newer.unwrap_or_else(|| "supported".to_owned());
    say("server", format!("{} ({}), {support}", reached.server, reached.version));
    let roles = reached.roles.as_ref().map(|roles| format!(", as {roles}")).unwrap_or_default();
    say("account", format!("{}{roles}", reached.account));
    say(
        "connection",
        match &reached.tls {
            Some(tls) => format!("{}, {}", tls.version, tls.cipher),
            None => "without TLS".to_owned(),
        },
    );
    say("latency", format!("{:.2} ms", reached.latency.as_secs_f64() * 1000.0));
    say("read-only", read_only_words(reached));
    for task in reached.rights.tasks() {
        lines.push(String::new());
        lines.extend(task_lines(reached, task));
    }
    if url.database().is_none() {
        lines.push(String::new());
        lines.push("rights on a database are unknown: the URL names none".to_owned());
    }
    lines.join("\n") + "\n"
}

fn read_only_words(reached: &ReachedServer) -> String {
    let state = &reached.read_only;
    let account = match state.may_write {
        Some(true) => "this account may change it all the same",
        Some(false) => "nothing can be changed by this account",
        None => "whether this account may change it all the same is unknown",
    };
    match state.variables.as_slice() {
        [] => "no".to_owned(),
        variables => format!("yes ({}): {account}", variables.join(", ")),
    }
}

fn task_lines(reached: &ReachedServer, task: RightsTask) -> Vec<String> {
    let rights = &reached.rights;
    let words = task_words(task);
    let mut lines = vec![format!("{words}: {}", held_word(rights.may(task)))];
    let of_task: Vec<&NeededRight> = rights.of(task).collect();
    let width = of_task.iter().map(|it| it.what.width()).max().unwrap_or_default();
    for group in of_task.chunk_by(|one, other| one.what == other.what) {
        let named = |held: Option<bool>| -> Vec<&str> {
            group.iter().filter(|it| it.held == held).map(|it| it.right).collect()
        };
        let (lacking, unknown) = (named(Some(false)), named(None));
        let (held, note) = match (lacking.is_empty(), unknown.is_empty()) {
            (true, true) => (Some(true), String::new()),
            (true, false) => (None, unknown.join(", ")),
            (false, _) => (Some(false), lacking.join(", ")),
        };
        let what = group.first().map(|it| it.what).unwrap_or_default();
        let line = format!("  {what:<width$}  {:<7}  {note}", held_word(held));
        lines.push(line.trim_end().to_owned());
    }
    lines.extend(rights.grants(task).iter().map(|grant| format!("  {};", one_line(grant))));
    lines
}

fn task_words(task: RightsTask) -> &'static str {
    match task {
        RightsTask::Read => "check, diff, pull",
        RightsTask::AskServer => "--ask-server",
        RightsTask::Migrate => "migrate",
        RightsTask::Definers => "definers",
        RightsTask::Blockers => "blockers",
    }
}

fn held_word(held: Option<bool>) -> &'static str {
    match held {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

#[derive(Serialize)]
struct PingJson<'a> {
    version: u32,
    endpoint: String,
    database: Option<&'a str>,
    environment: Option<&'a str>,
    protected: bool,
    server: ServerJson,
    reported_version: &'a str,
    comment: &'a str,
    newer_than_known: bool,
    account: &'a str,
    roles: Option<&'a str>,
    tls: Option<TlsJson<'a>>,
    latency_ms: f64,
    read_only: &'a [&'static str],
    may_write: Option<bool>,
    tasks: Vec<TaskJson>,
}

#[derive(Serialize)]
struct TlsJson<'a> {
    version: &'a str,
    cipher: &'a str,
}

#[derive(Serialize)]
struct TaskJson {
    task: &'static str,
    may: Option<bool>,
    rights: Vec<RightJson>,
    grants: Vec<String>,
}

#[derive(Serialize)]
struct RightJson {
    what: &'static str,
    right: &'static str,
    held: Option<bool>,
}

/// What `ping` prints with `--format json`.
pub fn ping_json(report: &PingReport<'_>) -> serde_json::Result<String> {
    let PingReport { url, environment, is_protected, reached } = report;
    print(&PingJson {
        version: JSON_VERSION,
        endpoint: url.endpoint(),
        database: url.database(),
        environment: *environment,
        protected: *is_protected,
        server: server_json(&reached.server),
        reported_version: &reached.version,
        comment: &reached.comment,
        newer_than_known: reached.server.newer_than_known().is_some(),
        account: &reached.account,
        roles: reached.roles.as_deref(),
        tls: reached.tls.as_ref().map(|tls| TlsJson { version: &tls.version, cipher: &tls.cipher }),
        latency_ms: (reached.latency.as_secs_f64() * 1_000_000.0).round() / 1000.0,
        read_only: &reached.read_only.variables,
        may_write: reached.read_only.may_write,
        tasks: reached.rights.tasks().into_iter().map(|task| task_json(reached, task)).collect(),
    })
}

fn task_json(reached: &ReachedServer, task: RightsTask) -> TaskJson {
    let rights = reached.rights.of(task);
    TaskJson {
        task: task_key(task),
        may: reached.rights.may(task),
        rights: rights
            .map(|it| RightJson { what: it.what, right: it.right, held: it.held })
            .collect(),
        grants: reached.rights.grants(task),
    }
}

fn task_key(task: RightsTask) -> &'static str {
    match task {
        RightsTask::Read => "read",
        RightsTask::AskServer => "ask-server",
        RightsTask::Migrate => "migrate",
        RightsTask::Definers => "definers",
        RightsTask::Blockers => "blockers",
    }
}
