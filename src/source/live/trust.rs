//! Which CAs a TLS connection trusts: with `ssl-ca` that file's alone.
//!
//! The driver adds the file's CAs to the public ones, which it always trusts. With `verify-ca`, which
//! doesn't look at the host's name, anyone with a certificate for any name could then stand between.
//! So a signature that a public CA made counts as none while such a connection is opened: what
//! is left of the driver's CAs is the file's.

use std::cell::RefCell;
use std::path::Path;
use std::sync::OnceLock;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    TrustAnchor,
};

/// The CAs of a file.
pub(super) type Anchors = Vec<TrustAnchor<'static>>;

thread_local! {
    /// The CAs that are trusted alone by the connection that this thread opens.
    static ALONE: RefCell<Option<Anchors>> = const { RefCell::new(None) };
}

/// The CAs of a file in PEM or DER, or why there are none.
pub(super) fn anchors(path: &Path) -> Result<Anchors, String> {
    let data = std::fs::read(path).map_err(|error| error.to_string())?;
    let in_pem: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&data).collect();
    let mut certificates = in_pem.map_err(|error| error.to_string())?;
    if certificates.is_empty() && !data.is_empty() {
        certificates.push(CertificateDer::from(data));
    }
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        store.add(certificate).map_err(|error| error.to_string())?;
    }
    if store.is_empty() {
        return Err("it holds no certificate".to_owned());
    }
    Ok(store.roots)
}

/// Opens a connection that trusts these CAs alone, or without any the driver's. It has to be
/// opened in this very thread. `None` where that can't be had.
pub(super) fn trusting<T>(alone: Option<Anchors>, open: impl FnOnce() -> T) -> Option<T> {
    // Before any connection: the first one of all would settle it otherwise, whatever it trusts.
    if !is_installed() && alone.is_some() {
        return None;
    }
    ALONE.set(alone);
    let opened = open();
    ALONE.set(None);
    Some(opened)
}

/// Whether TLS asks [`Watched`] about the signatures of certificates: it does unless another part of
/// the process has chosen otherwise before.
fn is_installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let provider = ring::default_provider();
        let algorithms = watched(provider.signature_verification_algorithms, |key| {
            is_public(webpki_roots::TLS_SERVER_ROOTS, key)
        });
        let provider = CryptoProvider { signature_verification_algorithms: algorithms, ..provider };
        provider.install_default().is_ok()
    })
}

/// Whether a key is that of one of the CAs.
fn is_public(anchors: &[TrustAnchor<'_>], key: &[u8]) -> bool {
    // What is kept of a CA ends with the bits of its key, and those alone are handed over here.
    !key.is_empty() && anchors.iter().any(|it| it.subject_public_key_info.ends_with(key))
}

/// The same algorithms for certificates, without the signatures of those that aren't trusted. They
/// live as long as the process.
fn watched(
    algorithms: WebPkiSupportedAlgorithms,
    public: fn(&[u8]) -> bool,
) -> WebPkiSupportedAlgorithms {
    let each = algorithms.all.iter().map(|inner| {
        let watched: &'static dyn SignatureVerificationAlgorithm =
            Box::leak(Box::new(Watched { inner: *inner, public }));
        watched
    });
    let all: Vec<_> = each.collect();
    WebPkiSupportedAlgorithms { all: all.leak(), ..algorithms }
}

/// An algorithm that takes no signature of a public CA where others are trusted alone.
#[derive(Debug)]
struct Watched {
    inner: &'static dyn SignatureVerificationAlgorithm,
    public: fn(&[u8]) -> bool,
}

impl SignatureVerificationAlgorithm for Watched {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let refused = ALONE.with_borrow(|alone| {
            // A public CA may be the file's too, by name.
            let alone = alone.as_ref().filter(|alone| !is_public(alone, public_key));
            alone.is_some() && (self.public)(public_key)
        });
        if refused {
            return Err(InvalidSignature);
        }
        self.inner.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature_alg_id()
    }

    fn fips(&self) -> bool {
        self.inner.fips()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier;
    use rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    const ONE: &[u8] = include_bytes!("trust/one.der");
    const OTHER: &[u8] = include_bytes!("trust/other.der");
    /// A certificate for `db.example` that ONE has signed.
    const SERVER: &[u8] = include_bytes!("trust/server.der");

    fn roots(cas: &[&'static [u8]]) -> RootCertStore {
        let mut store = RootCertStore::empty();
        for ca in cas {
            store.add(CertificateDer::from(*ca)).unwrap();
        }
        store
    }

    /// ONE is a public CA here.
    fn public(key: &[u8]) -> bool {
        is_public(&roots(&[ONE]).roots, key)
    }

    /// Whether the server's certificate is taken by a driver that trusts ONE, as a public CA, and
    /// OTHER, as a file's, while these are trusted alone.
    fn is_taken(alone: Option<Anchors>) -> bool {
        let provider = ring::default_provider();
        let signature_verification_algorithms =
            watched(provider.signature_verification_algorithms, public);
        let provider = CryptoProvider { signature_verification_algorithms, ..provider };
        let verifier = WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots(&[ONE, OTHER])),
            Arc::new(provider),
        );
        let verifier = verifier.build().unwrap();
        let (server, name) = (CertificateDer::from(SERVER), ServerName::try_from("db.example"));
        ALONE.set(alone);
        let taken = verifier.verify_server_cert(&server, &[], &name.unwrap(), &[], UnixTime::now());
        ALONE.set(None);
        taken.is_ok()
    }

    #[test]
    fn a_file_is_trusted_alone() {
        assert!(is_taken(None));
        assert!(is_taken(Some(roots(&[ONE]).roots)));
        assert!(is_taken(Some(roots(&[OTHER, ONE]).roots)));
        assert!(!is_taken(Some(roots(&[OTHER]).roots)));
    }

    #[test]
    fn every_public_ca_of_the_driver_is_known_by_its_key() {
        assert!(webpki_roots::TLS_SERVER_ROOTS.len() > 50);
        for anchor in webpki_roots::TLS_SERVER_ROOTS {
            let info = anchor.subject_public_key_info.as_ref();
            // Of every kind of key that CAs have, the last 32 bytes are a part.
            assert!(is_public(webpki_roots::TLS_SERVER_ROOTS, &info[info.len() - 32..]));
        }
        assert!(!is_public(webpki_roots::TLS_SERVER_ROOTS, &[7; 65]));
        assert!(!is_public(webpki_roots::TLS_SERVER_ROOTS, &[]));
    }

    #[test]
    fn a_file_without_a_certificate_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(anchors(&path).is_err(), "{text}");
        }
        std::fs::write(&path, ONE).unwrap();
        assert_eq!(anchors(&path).unwrap().len(), 1);
    }
}
