//! Why a TLS connection failed, and what to do.

use rustls::CertificateError;

use super::error::LiveError;
use super::url::{DatabaseUrl, TlsMode};

/// An error of the library about a certificate of either side, or about the protocol.
pub(super) fn refused(url: &DatabaseUrl, error: &rustls::Error) -> LiveError {
    if !is_of_version_one(error) {
        return failed(url, error.to_string());
    }
    LiveError::Tls {
        endpoint: url.endpoint(),
        reason: "the server's certificate is of X.509 version 1, which names no host and isn't \
                 taken in any `ssl-mode`"
            .to_owned(),
        advice: "Give the server one of version 3, as `openssl x509 -req … -extfile FILE` makes \
                 where the file says `subjectAltName=DNS:…`; its CA may stay as it is"
            .to_owned(),
    }
}

/// Whether a server's certificate was refused because of its version 1. A CA's certificate may have
/// it.
fn is_of_version_one(error: &rustls::Error) -> bool {
    let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error else {
        return false;
    };
    let error = other.0.downcast_ref::<webpki::Error>();
    matches!(error, Some(webpki::Error::UnsupportedCertVersion))
}

/// Any other reason.
pub(super) fn failed(url: &DatabaseUrl, reason: String) -> LiveError {
    let advice = match url.tls.mode {
        TlsMode::VerifyIdentity => {
            "`ssl-ca` must name the CA that signed the server's certificate, and the certificate \
             this host; `ssl-mode=verify-ca` does not look at the host's name"
        }
        TlsMode::VerifyCa => "`ssl-ca` must name the CA that signed the server's certificate",
        _ => "`ssl-mode=disabled` in the URL does without TLS",
    };
    LiveError::Tls { endpoint: url.endpoint(), reason, advice: advice.to_owned() }
}

/// The file of the client's key has no key.
pub(super) fn without_key(url: &DatabaseUrl) -> LiveError {
    LiveError::Tls {
        endpoint: url.endpoint(),
        reason: "the file of `ssl-key` holds no private key".to_owned(),
        advice: "It holds one in PEM".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;
    use rustls::pki_types::CertificateDer;

    use super::*;

    #[test]
    fn a_certificate_of_version_1_is_recognized_by_its_error() {
        let url: DatabaseUrl = "mysql://root@db.example/x?ssl-mode=required".parse().unwrap();
        let certificate =
            CertificateDer::from(include_bytes!("certificates/version_one.der").as_slice());
        let error = webpki::EndEntityCert::try_from(&certificate).err().unwrap();
        let error = CertificateError::Other(OtherError(Arc::new(error)));
        let said = refused(&url, &error.into()).to_string();
        assert!(said.contains("X.509 version 1") && said.contains("-extfile"), "{said}");
        assert!(!said.contains("does without TLS"), "{said}");
        let said = refused(&url, &CertificateError::UnknownIssuer.into()).to_string();
        assert!(said.contains("UnknownIssuer"), "{said}");
    }
}
