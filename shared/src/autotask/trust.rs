//! Certificates that are trusted besides the system's own: a deployment against a test stack names its authority.

use reqwest::Certificate;

/// Parses a bundle and tries it out.
///
/// # Errors
/// Why it cannot be used; never its text.
pub fn certificates(pem: &str) -> Result<Vec<Certificate>, &'static str> {
    let found = Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| "it is not PEM")?;
    if found.is_empty() {
        return Err("it holds no certificate (-----BEGIN CERTIFICATE-----)");
    }
    let tried = reqwest::Client::builder().tls_certs_merge(found.clone()).build();
    tried.map(|_| found).map_err(|_| "it holds something else than certificates of authorities")
}

#[cfg(test)]
mod tests {
    use super::certificates;

    #[test]
    fn only_certificates_pass() {
        assert_eq!(certificates(include_str!("trust/authority.pem")).unwrap().len(), 1);
        let garbage = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";
        let other = "-----BEGIN PUBLIC KEY-----\nYWJj\n-----END PUBLIC KEY-----\n";
        for bad in ["", "x", other, garbage, "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----"] {
            assert!(certificates(bad).is_err(), "{bad}");
        }
    }
}
