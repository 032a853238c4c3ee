//! Waits until a server can be used: it answers, accepts the login, and has the database.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::connect::{Connection, Opened, open};
use super::error::LiveError;
use super::url::{DatabaseUrl, Deadline};
use crate::server::Server;

/// A server that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyServer {
    /// What it is.
    pub server: Server,
    /// Whether it was started so that nobody can reach it over a network. The images of MySQL and
    /// MariaDB start such a server while they initialize a new database, and stop it afterwards.
    pub skips_network: bool,
}

/// The pause before the second try. It doubles with each try.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a server that refuses the account or the database is asked again, because they may be
/// made in this moment: over a network, and by a socket, where an image's temporary server answers
/// before it has them.
const GRACE: Duration = Duration::from_secs(5);
const GRACE_BY_SOCKET: Duration = Duration::from_secs(30);

/// What an error says about the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prospect {
    /// The server may be starting.
    Starting,
    /// The server answers, and what it refuses may still be made.
    Refusing,
    /// Time changes nothing.
    Hopeless,
}

/// Waits until the database that the URL names can be used, at most until the URL's deadline. Without
/// a database in the URL, until the login is accepted.
pub fn wait(url: &DatabaseUrl, deadline: Deadline) -> Result<ReadyServer, LiveError> {
    let url = url.clone().with_deadline(Some(deadline));
    let grace = if url.socket.is_some() { GRACE_BY_SOCKET } else { GRACE };
    let mut refusing_since = None;
    let mut pause = FIRST_PAUSE;
    let mut last = None;
    loop {
        let error = match open(&url) {
            Ok(opened) => return ready(opened),
            // The limit ended this try, and an earlier one may say more.
            Err(error @ LiveError::Late { .. }) => {
                return Err(not_ready(last.unwrap_or(error), deadline));
            }
            Err(error) => error,
        };
        match prospect(&error) {
            Prospect::Hopeless => return Err(error),
            Prospect::Starting => refusing_since = None,
            Prospect::Refusing => {
                let since = *refusing_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= grace {
                    return Err(error);
                }
            }
        }
        let left = deadline.left();
        if left.is_zero() {
            return Err(not_ready(error, deadline));
        }
        sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
        last = Some(error);
    }
}

fn ready(opened: Opened) -> Result<ReadyServer, LiveError> {
    let Opened { mut connection, server, .. } = opened;
    let skips_network = skips_network(&mut connection)?;
    Ok(ReadyServer { server, skips_network })
}

fn skips_network(connection: &mut Connection) -> Result<bool, LiveError> {
    Ok(connection.setting("skip_networking")?.is_some_and(|it| it != 0))
}

fn not_ready(last: LiveError, deadline: Deadline) -> LiveError {
    match last {
        LiveError::Late { .. } => last,
        last => LiveError::NotReady { seconds: deadline.seconds(), last: Box::new(last) },
    }
}

fn prospect(error: &LiveError) -> Prospect {
    match error {
        // A port that a container's proxy listens on accepts connections and closes them while
        // nothing listens behind it.
        LiveError::Unreachable { .. }
        | LiveError::NotADatabase { .. }
        | LiveError::ConnectionLost { .. }
        | LiveError::Silent { .. }
        | LiveError::TooManyConnections { .. }
        | LiveError::Locked { .. }
        | LiveError::Changing { .. } => Prospect::Starting,
        // ER_SERVER_OFFLINE_MODE
        LiveError::Server { code: 3032, .. } => Prospect::Starting,
        // ER_HOST_IS_BLOCKED: it stays so until an administrator flushes the hosts.
        LiveError::Server { code: 1129, .. } => Prospect::Hopeless,
        LiveError::WrongPassword { .. }
        | LiveError::UnknownDatabase { .. }
        | LiveError::NoRights { .. }
        | LiveError::Server { .. } => Prospect::Refusing,
        LiveError::Url(_)
        | LiveError::NoDatabase { .. }
        | LiveError::Tls { .. }
        | LiveError::Late { .. }
        | LiveError::NotReady { .. }
        | LiveError::UnsupportedServer { .. }
        | LiveError::Unreadable { .. }
        | LiveError::Refused { .. } => Prospect::Hopeless,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_get_better_is_waited_for() {
        let endpoint = || "h:3306".to_owned();
        let server = |code| LiveError::Server {
            endpoint: endpoint(),
            code,
            state: String::new(),
            message: String::new(),
        };
        let unknown =
            LiveError::UnknownDatabase { endpoint: endpoint(), database: "shop".to_owned() };
        let unreachable =
            LiveError::Unreachable { endpoint: endpoint(), reason: "refused".to_owned() };
        let tls =
            LiveError::Tls { endpoint: endpoint(), reason: String::new(), advice: String::new() };
        for (error, expected) in [
            (unreachable, Prospect::Starting),
            (server(3032), Prospect::Starting),
            (unknown, Prospect::Refusing),
            // The host may not log in, or the account asks for a plugin that driftline hasn't.
            (server(1130), Prospect::Refusing),
            (server(2059), Prospect::Refusing),
            (server(1129), Prospect::Hopeless),
            (tls, Prospect::Hopeless),
        ] {
            assert_eq!(prospect(&error), expected, "{error}");
        }
    }
}
