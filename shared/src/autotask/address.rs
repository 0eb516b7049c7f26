//! Where credentials may be sent.
//!
//! Zone answers come from outside; before anything secret is sent to the host they name, it must match the allowed
//! pattern, speak https, and lie at a public address. Plain http is for loopback and only where the deployment says so.

use std::net::{IpAddr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Hosts of the real service: numbered zones and the two pre-release zones with names.
pub const DEFAULT_HOSTS: &str = "webservices*.autotask.net,prde.autotask.net,pres.autotask.net";
/// Discovery of the real service.
pub const DEFAULT_DISCOVERY_URL: &str = "https://webservices.autotask.net";
/// Hosts of IT Glue's three data centers.
pub const IT_GLUE_HOSTS: &str = "api.itglue.com,api.eu.itglue.com,api.au.itglue.com";
/// Longest text that a `*` stands for.
const MAX_STAR_CHARS: usize = 6;

/// An address that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("address {url:?} is refused: {why}")]
pub struct BadAddress {
    /// The address, without user information.
    pub url: String,
    /// Why it is refused.
    pub why: &'static str,
}

/// Which hosts may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Comma-separated host patterns, each with an optional port; `*` stands for up to 6 of `0-9a-z`.
    pub hosts: String,
    /// Whether plain http to loopback addresses is allowed (only in `lci`).
    pub allow_loopback_http: bool,
}

impl Default for AddressPolicy {
    fn default() -> Self {
        Self { hosts: DEFAULT_HOSTS.to_owned(), allow_loopback_http: false }
    }
}

impl AddressPolicy {
    /// Parses and checks an address.
    ///
    /// # Errors
    /// [`BadAddress`] naming the rule that it breaks.
    pub fn check(&self, text: &str) -> Result<Url, BadAddress> {
        let refuse = |why| BadAddress { url: text.chars().take(200).collect(), why };
        let url = Url::parse(text).map_err(|_| refuse("it is no URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress { url: String::new(), why: "it carries user information" });
        }
        if self.allow_loopback_http && url.scheme() == "http" && is_loopback(&url) {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return Err(refuse("it is not https"));
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(443);
        if self.hosts.split(',').any(|pattern| matches_host(pattern.trim(), host, port)) {
            Ok(url)
        } else {
            Err(refuse("its host is not among the allowed ones"))
        }
    }

    /// IT Glue's own hosts.
    #[must_use]
    pub fn it_glue() -> Self {
        Self { hosts: IT_GLUE_HOSTS.to_owned(), allow_loopback_http: false }
    }

    /// Whether only public addresses may be connected to: as long as the hosts are the real service's.
    #[must_use]
    pub fn wants_public_addresses(&self) -> bool {
        [DEFAULT_HOSTS, IT_GLUE_HOSTS].contains(&self.hosts.as_str()) && !self.allow_loopback_http
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        None => false,
    }
}

fn matches_host(pattern: &str, host: &str, port: u16) -> bool {
    let (name, wanted_port) = match pattern.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().unwrap_or(443)),
        None => (pattern, 443),
    };
    if wanted_port != port {
        return false;
    }
    let Some((head, tail)) = name.split_once('*') else { return name == host };
    host.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)).is_some_and(|star| {
        star.len() <= MAX_STAR_CHARS && star.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
    })
}

/// Resolves names, and refuses addresses that are not public.
#[derive(Debug)]
pub struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the host has no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            let is_benchmark = a == 198 && (b == 18 || b == 19);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || ip.is_documentation()
                || is_shared
                || is_benchmark
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(ip) => {
            !(ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressPolicy, is_public};

    #[test]
    fn only_allowed_hosts_over_https_pass() {
        let policy = AddressPolicy::default();
        let check = |url: &str, ok| assert_eq!(policy.check(url).is_ok(), ok, "{url}");
        check("https://webservices.autotask.net/ATServicesRest/", true);
        check("https://webservices22.autotask.net/ATServicesRest/", true);
        check("https://prde.autotask.net/", true);
        check("http://webservices22.autotask.net/", false);
        check("https://webservices22.autotask.net:8443/", false);
        check("https://webservices22.autotask.net.evil.example/", false);
        check("https://webservices.evil.autotask.net/", false);
        check("https://webservices1234567.autotask.net/", false);
        check("https://user:pass@webservices22.autotask.net/", false);
        check("https://127.0.0.1/", false);
        check("http://127.0.0.1:80/", false);
        check("not a url", false);
    }

    #[test]
    fn it_glue_has_three_hosts_and_no_more() {
        let policy = AddressPolicy::it_glue();
        let check = |url: &str, ok| assert_eq!(policy.check(url).is_ok(), ok, "{url}");
        check("https://api.itglue.com", true);
        check("https://api.eu.itglue.com/", true);
        check("https://api.au.itglue.com", true);
        check("http://api.itglue.com", false);
        check("https://api.us.itglue.com", false);
        check("https://api.itglue.com.evil.example", false);
        check("https://itglue.com", false);
        check("https://webservices22.autotask.net/", false);
        check("http://127.0.0.1:8090", false);
        assert!(policy.wants_public_addresses() && AddressPolicy::default().wants_public_addresses());
        assert!(AddressPolicy::default().check("https://api.itglue.com").is_err());
    }

    #[test]
    fn loopback_http_needs_the_deployments_word_and_stays_on_loopback() {
        let policy = AddressPolicy { allow_loopback_http: true, ..AddressPolicy::default() };
        let check = |url: &str, ok| assert_eq!(policy.check(url).is_ok(), ok, "{url}");
        check("http://127.0.0.1:8089/", true);
        check("http://localhost:8089/", true);
        check("http://[::1]:8089/", true);
        check("http://10.0.0.1:8089/", false);
        check("http://localhost.evil.example/", false);
    }

    #[test]
    fn a_test_stack_may_name_its_own_host_and_port() {
        let policy = AddressPolicy { hosts: "autotask.test:8443".to_owned(), allow_loopback_http: false };
        assert!(policy.check("https://autotask.test:8443/").is_ok());
        assert!(policy.check("https://autotask.test/").is_err());
    }

    #[test]
    fn private_addresses_are_not_public() {
        for ip in [
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        assert!(is_public("8.8.8.8".parse().unwrap()));
    }
}
