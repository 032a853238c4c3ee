//! From a URL to the driver's options: where to connect, as whom, and how the connection is
//! protected.

use std::path::Path;
use std::time::Duration;

use mysql_async::{ClientIdentity, Opts, OptsBuilder, SslOpts};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};

use super::error::LiveError;
use super::url::{DatabaseUrl, Secret, TlsMode};

/// The largest packet in bytes, sent or received. The statement that makes the largest table is a
/// few MiB.
const LARGEST_PACKET: usize = 64 << 20;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    /// Not at all.
    None,
    /// By TLS, as the URL says.
    Tls,
    /// By TLS with a certificate that the CA signed, whatever host it names.
    TlsOfAnyHost,
}

/// The name with which the driver ignores the host's name. With
/// `with_danger_skip_domain_validation` the driver takes an error to be about the name only if the
/// error's text contains this word, and that text contains the name that was asked for. The
/// certificate's signatures are checked before its names.
const ANY_HOST: &str = "NotValidForName";

pub(super) fn options(
    url: &DatabaseUrl,
    password: Option<&Secret>,
    protection: Protection,
) -> Result<Opts, LiveError> {
    let attributes = [("program_name", env!("CARGO_PKG_NAME"))]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let tls = match protection {
        Protection::None => None,
        protection => Some(tls_options(url, protection)?),
    };
    let options = OptsBuilder::default()
        .ip_or_hostname(host(url))
        .tcp_port(url.port)
        .socket(url.socket.as_ref().map(|path| path.to_string_lossy().into_owned()))
        // Otherwise the driver would switch from TCP to a socket that the server names.
        .prefer_socket(false)
        .user(Some(url.user()))
        .pass(password.map(|password| password.0.clone()))
        .db_name(url.database.clone())
        .ssl_opts(tls)
        // A connection that is gone is noticed within a minute, however long a query may take.
        .tcp_keepalive(Some(Duration::from_secs(30)))
        // Set here, so that the driver doesn't query them.
        .max_allowed_packet(Some(LARGEST_PACKET))
        .wait_timeout(Some(28_800))
        .connect_attributes(attributes.into_iter().collect());
    Ok(options.into())
}

/// The host without the brackets that a URL puts around an IPv6 address.
fn host(url: &DatabaseUrl) -> &str {
    url.host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether the server's certificate is verified.
pub(super) fn verifies(url: &DatabaseUrl) -> bool {
    matches!(url.tls.mode, TlsMode::VerifyCa | TlsMode::VerifyIdentity)
}

fn tls_options(url: &DatabaseUrl, protection: Protection) -> Result<SslOpts, LiveError> {
    let tls = &url.tls;
    let mut options = SslOpts::default().with_danger_accept_invalid_certs(!verifies(url));
    if let Some(path) = tls.ca.as_ref().filter(|_| verifies(url)) {
        // With a CA of the user's own the public ones don't count.
        let roots = read_certificates(path).map_err(|reason| LiveError::Tls {
            endpoint: url.endpoint(),
            reason: format!("the file of `ssl-ca`, {}, can't be used: {reason}", path.display()),
            advice: "It has to be the CA's certificate, in PEM or DER".to_owned(),
        })?;
        options = options
            .with_root_certs(roots.into_iter().map(|it| it.to_vec().into()).collect())
            .with_disable_built_in_roots(true);
    }
    if let Some((certificate, key)) = tls.certificate.clone().zip(tls.key.clone()) {
        options =
            options.with_client_identity(Some(ClientIdentity::new(certificate.into(), key.into())));
    }
    let host = host(url);
    if !verifies(url) && ServerName::try_from(host).is_err() {
        // TLS can't carry this name (such as `127.1`), and here nobody verifies it.
        options = options.with_danger_tls_hostname_override(Some("localhost"));
    }
    if protection == Protection::TlsOfAnyHost {
        options = options
            .with_danger_skip_domain_validation(true)
            .with_danger_tls_hostname_override(Some(ANY_HOST));
    }
    Ok(options)
}

/// The certificates of a PEM or DER file that can be a CA's, or why there are none.
fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let data = std::fs::read(path).map_err(|error| error.to_string())?;
    // Some editors put a byte order mark at the start.
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&data).to_vec();
    let in_pem: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&data).collect();
    let in_pem = in_pem.map_err(|error| error.to_string())?;
    let (certificates, unusable) = match in_pem.is_empty() {
        true => (vec![CertificateDer::from(data)], "it holds no certificate"),
        false => (in_pem, "a certificate in it is damaged"),
    };
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store.add(certificate.clone()).map_err(|_| unusable.to_owned())?;
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        for text in
            ["", "no certificate", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read_certificates(&path).unwrap_err(), "it holds no certificate", "{text}");
        }
        for text in [
            "-----BEGIN CERTIFICATE-----\nAAAA\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(read_certificates(&path).is_err(), "{text}");
        }
        // A CA may be of any version of X.509.
        std::fs::write(&path, include_bytes!("certificates/version_one.der")).unwrap();
        assert_eq!(read_certificates(&path).unwrap().len(), 1);
        let certificate = include_bytes!("certificates/one.der");
        std::fs::write(&path, certificate).unwrap();
        assert_eq!(read_certificates(&path).unwrap().len(), 1);
        std::fs::write(&path, [b"\xef\xbb\xbf".as_slice(), certificate].concat()).unwrap();
        assert_eq!(read_certificates(&path).unwrap().len(), 1);
    }
}
