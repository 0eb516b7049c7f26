//! The issuer's URL, kept in the state folder.
//!
//! It is the address that `lci serve` listens on, so that discovery works for any OIDC client. With `--listen` on port 0
//! it changes with every start, and so tokens of an earlier start end with it, whatever their `exp`.

use std::io::{ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, bail};

/// Where `lci serve` listens unless it is told otherwise.
pub(crate) const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

const FILE: &str = "issuer-url";

/// The URL of a listener; one that listens everywhere is named by loopback.
pub(super) fn url_of(listen: SocketAddr) -> String {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, listen.port()))
}

/// Writes the URL; a reader sees the old one or the new one.
pub(super) fn save(state: &Path, url: &str) -> anyhow::Result<()> {
    let file = state.join(FILE);
    let failed = || format!("failed to write {}", file.display());
    std::fs::create_dir_all(state).with_context(failed)?;
    let mut temporary = tempfile::NamedTempFile::new_in(state).with_context(failed)?;
    writeln!(temporary, "{url}").with_context(failed)?;
    temporary.persist(&file).with_context(failed)?;
    Ok(())
}

/// Reads the URL; none before the first `lci serve`.
pub(super) fn load(state: &Path) -> anyhow::Result<Option<String>> {
    let file = state.join(FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("failed to read {}", file.display())),
    };
    let url = text.trim_end();
    if !url.starts_with("http://") || url.contains(char::is_whitespace) {
        bail!("{} holds no URL: delete it, and start `lci serve` again", file.display());
    }
    Ok(Some(url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{FILE, load, save, url_of};

    #[test]
    fn a_listener_has_a_url_that_can_be_called() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:81", "http://127.0.0.1:81"),
            ("[::]:81", "http://[::1]:81"),
        ] {
            assert_eq!(url_of(listen.parse().unwrap()), url);
        }
    }

    #[test]
    fn the_last_address_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()).unwrap(), None);
        for url in ["http://127.0.0.1:1", "http://127.0.0.1:2"] {
            save(folder.path(), url).unwrap();
            assert_eq!(load(folder.path()).unwrap().as_deref(), Some(url));
        }
        std::fs::write(folder.path().join(FILE), "rubbish").unwrap();
        assert!(load(folder.path()).is_err());
    }
}
