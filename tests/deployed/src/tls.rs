//! The simulator behind TLS, with a certificate of an authority that lives as long as the test.

use anyhow::Context;
use autotask_simulator::{Config, Simulator};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What the simulator lets in.
pub(crate) const USERNAME: &str = "lciapi+deployed@example.invalid";
/// Appears in nothing that leaves the functions, except in requests to Autotask.
pub(crate) const PASSWORD: &str = "canary & correct horse 4711";
/// The tracking identifier.
pub(crate) const INTEGRATION_CODE: &str = "DEPLOYEDDEPLOYEDDEPLOYED01";

/// An Autotask that speaks https.
#[derive(Debug)]
pub(crate) struct Autotask {
    /// Stops when this is dropped.
    _simulator: Simulator,
    /// Host and port, as the deployment's parameter wants them.
    pub(crate) host: String,
    /// The certificate of its authority.
    pub(crate) authority_pem: String,
}

impl Autotask {
    /// Starts the simulator and the TLS front before it.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = format!("localhost:{}", listener.local_addr()?.port());
        let simulator = Simulator::start(Config {
            public_url: Some(format!("https://{host}")),
            user: USERNAME.to_owned(),
            password: PASSWORD.to_owned(),
            integration_code: Some(INTEGRATION_CODE.to_owned()),
            ..Config::small()
        });
        let simulator = simulator.await?;
        let inner = simulator.base_url();
        let inner = inner.strip_prefix("http://").context("the simulator has no plain address")?.to_owned();
        let (acceptor, authority_pem) = acceptor()?;
        tokio::spawn(serve(listener, acceptor, inner));
        Ok(Self { _simulator: simulator, host, authority_pem })
    }
}

/// Passes bytes on; a connection that fails is its caller's to notice.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor, inner: String) {
    while let Ok((outside, _)) = listener.accept().await {
        let (acceptor, inner) = (acceptor.clone(), inner.clone());
        tokio::spawn(async move {
            let mut outside = acceptor.accept(outside).await?;
            let mut inside = TcpStream::connect(inner).await?;
            tokio::io::copy_bidirectional(&mut outside, &mut inside).await
        });
    }
}

fn acceptor() -> anyhow::Result<(TlsAcceptor, String)> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &authority)?.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), pem("CERTIFICATE", authority.der())))
}

/// A PEM text (RFC 7468).
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<&str> =
        (0..encoded.len()).step_by(64).filter_map(|at| encoded.get(at..encoded.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
