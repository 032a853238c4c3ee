//! The parameters after the `?` of a database URL.

use std::path::PathBuf;
use std::time::Duration;

use super::url::{POOL_LIMIT, Tls, TlsMode, UrlError, decode};
use crate::diagnostic::near_name;

/// The parameters, with their defaults.
pub(super) struct Parameters {
    pub(super) password: Option<String>,
    pub(super) socket: Option<PathBuf>,
    pub(super) tls: Tls,
    pub(super) pool_max: usize,
    pub(super) connect_timeout: Duration,
    pub(super) read_timeout: Duration,
}

/// Every name, as MySQL's clients spell it; `_` may be written for `-`. `ssl` and the names that
/// begin with `ssl-verify`, `ssl-disabled` and `ssl-check-hostname` are those of SQLAlchemy's
/// drivers. `charset`, `collation` and `use-unicode` are accepted and change nothing here.
const NAMES: [&str; 19] = [
    "ssl-mode",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "sslmode",
    "ssl",
    "ssl-disabled",
    "ssl-verify-cert",
    "ssl-verify-identity",
    "ssl-check-hostname",
    "socket",
    "unix-socket",
    "pool-max",
    "connect-timeout",
    "password",
    "charset",
    "collation",
    "use-unicode",
    "read-timeout",
];

/// What the parameters about TLS say, before they are checked against each other.
#[derive(Default)]
struct TlsWishes {
    mode: Option<TlsMode>,
    enabled: Option<bool>,
    verify_certificate: Option<bool>,
    verify_identity: Option<bool>,
    ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Parameters {
    /// Reads `name=value&name=value`. Over a network TLS is required if no parameter is about it.
    /// Without TLS the password would be encrypted with a key that the server chose, and that an
    /// attacker in between could choose too.
    pub(super) fn parse(query: &str, is_this_machine: bool) -> Result<Self, UrlError> {
        let mut wishes = TlsWishes::default();
        let mut parameters = Parameters {
            password: None,
            socket: None,
            tls: Tls::default(),
            pool_max: POOL_LIMIT,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (written, value) = (decode(written)?, decode(value)?);
            let name = written.to_ascii_lowercase().replace('_', "-");
            parameters.set(&name, &written, value, &mut wishes)?;
        }
        let is_local = is_this_machine || parameters.socket.is_some();
        let unsaid = if is_local { TlsMode::Preferred } else { TlsMode::Required };
        parameters.tls = wishes.weigh(unsaid)?;
        Ok(parameters)
    }

    fn set(
        &mut self,
        name: &str,
        written: &str,
        value: String,
        wishes: &mut TlsWishes,
    ) -> Result<(), UrlError> {
        match name {
            "ssl-mode" | "sslmode" => wishes.mode = Some(tls_mode(written, &value)?),
            "ssl" => wishes.enabled = Some(boolean(written, &value)?),
            "ssl-disabled" => wishes.enabled = Some(!boolean(written, &value)?),
            "ssl-verify-cert" => wishes.verify_certificate = Some(boolean(written, &value)?),
            "ssl-verify-identity" | "ssl-check-hostname" => {
                wishes.verify_identity = Some(boolean(written, &value)?);
            }
            "ssl-ca" => wishes.ca = Some(path(written, value)?),
            "ssl-cert" => wishes.certificate = Some(path(written, value)?),
            "ssl-key" => wishes.key = Some(path(written, value)?),
            "socket" | "unix-socket" => self.socket = Some(path(written, value)?),
            "password" => self.password = Some(value),
            "pool-max" => {
                let most = number(written, &value, "a number from 1 to 10")?;
                self.pool_max = usize::try_from(most).unwrap_or(POOL_LIMIT).min(POOL_LIMIT);
            }
            "connect-timeout" => {
                let seconds = number(written, &value, "a number of seconds, at least 1")?;
                self.connect_timeout = Duration::from_secs(seconds.min(3600));
            }
            "read-timeout" => {
                let seconds = number(written, &value, "a number of seconds, at least 1")?;
                self.read_timeout = Duration::from_secs(seconds.min(86_400));
            }
            "charset" | "collation" | "use-unicode" => {}
            _ => return Err(unknown(written, name)),
        }
        Ok(())
    }
}

fn unknown(written: &str, name: &str) -> UrlError {
    let suggestion = match near_name(name, NAMES) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known are {}", NAMES.join(", ")),
    };
    UrlError::Parameter { name: written.to_owned(), suggestion }
}

fn wrong(name: &str, value: &str, expected: &str) -> UrlError {
    UrlError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    }
}

fn tls_mode(name: &str, value: &str) -> Result<TlsMode, UrlError> {
    match value.to_ascii_lowercase().replace('_', "-").as_str() {
        "disabled" | "disable" => Ok(TlsMode::Disabled),
        "preferred" | "prefer" => Ok(TlsMode::Preferred),
        "required" | "require" => Ok(TlsMode::Required),
        "verify-ca" => Ok(TlsMode::VerifyCa),
        "verify-identity" | "verify-full" => Ok(TlsMode::VerifyIdentity),
        _ => Err(wrong(
            name,
            value,
            "it is disabled, preferred, required, verify-ca or verify-identity",
        )),
    }
}

fn boolean(name: &str, value: &str) -> Result<bool, UrlError> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(wrong(name, value, "it is true or false")),
    }
}

fn path(name: &str, value: String) -> Result<PathBuf, UrlError> {
    if value.is_empty() {
        return Err(wrong(name, &value, "it is the path of a file"));
    }
    Ok(PathBuf::from(value))
}

fn number(name: &str, value: &str, expected: &str) -> Result<u64, UrlError> {
    value
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| wrong(name, value, &format!("it is {expected}")))
}

impl TlsWishes {
    /// The mode that all of them give. `ssl-mode` decides; without it the others do, as in the
    /// clients that have them; and if there are none, `unsaid`.
    fn weigh(self, unsaid: TlsMode) -> Result<Tls, UrlError> {
        if self.certificate.is_some() != self.key.is_some() {
            return Err(conflict("ssl-cert and ssl-key need each other"));
        }
        let mode = match self.mode {
            Some(mode) => {
                if (mode == TlsMode::Disabled) == self.enabled.unwrap_or(mode != TlsMode::Disabled)
                {
                    return Err(conflict("one switches TLS off and another asks for it"));
                }
                mode
            }
            None => self.implied_mode().unwrap_or(unsaid),
        };
        if mode == TlsMode::VerifyCa && self.ca.is_none() {
            return Err(conflict(
                "verify-ca needs ssl-ca, the file of the CA that signed the server's certificate",
            ));
        }
        Ok(Tls { mode, ca: self.ca, certificate: self.certificate, key: self.key })
    }

    fn implied_mode(&self) -> Option<TlsMode> {
        if self.enabled == Some(false) {
            return Some(TlsMode::Disabled);
        }
        match (self.verify_identity, self.verify_certificate, &self.ca) {
            (Some(true), _, _) => Some(TlsMode::VerifyIdentity),
            (_, Some(true), _) | (_, None, Some(_)) => Some(TlsMode::VerifyCa),
            (_, Some(false), Some(_)) => Some(TlsMode::Required),
            _ => (self.enabled == Some(true) || self.certificate.is_some())
                .then_some(TlsMode::Required),
        }
    }
}

fn conflict(reason: &str) -> UrlError {
    UrlError::Conflict { reason: reason.to_owned() }
}
