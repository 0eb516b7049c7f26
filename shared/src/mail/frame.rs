//! For whom mails are written, and where their links lead.

use jiff::tz::TimeZone;

use crate::store::TenantId;
use shared_core::instant;
use shared_core::settings::Settings;

/// What all mails of a tenant have in common.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The tenant.
    pub tenant: TenantId,
    /// What the tenant calls itself.
    pub tenant_name: String,
    /// Where the pages are.
    pub app_url: AppUrl,
    /// IANA name of the tenant's time zone; an unknown one is shown as UTC.
    pub time_zone: String,
    /// Recipients: the admin who saved the settings, and the list.
    pub to: Vec<String>,
    /// Addresses that our calls come from, if the deployment has fixed ones.
    pub egress_addresses: Vec<String>,
}

impl Frame {
    /// For whom mails of a tenant are written: the admin who saved, and the list.
    #[must_use]
    pub fn of(settings: &Settings, tenant: &TenantId, app_url: &AppUrl) -> Self {
        let mut to = vec![settings.saved_by.clone()];
        to.extend(settings.recipients.iter().filter(|address| **address != settings.saved_by).cloned());
        Self {
            tenant: tenant.clone(),
            tenant_name: tenant.to_string(),
            app_url: app_url.clone(),
            time_zone: settings.time_zone.clone(),
            to,
            egress_addresses: Vec::new(),
        }
    }

    /// An instant as the tenant's clocks show it, with the name of their zone.
    pub(super) fn instant(&self, at_ms: u64) -> String {
        let Some(at) = instant::at(at_ms) else { return "an unknown time".to_owned() };
        let (zone, name) = match TimeZone::get(&self.time_zone) {
            Ok(zone) => {
                let name = zone.iana_name().unwrap_or("UTC").to_owned();
                (zone, name)
            }
            Err(_) => (TimeZone::UTC, "UTC".to_owned()),
        };
        format!("{} ({name})", at.to_zoned(zone).strftime("%-d %b %Y, %H:%M"))
    }
}

/// The base of all links: an `https` address, or an `http` one on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUrl(String);

/// An address that links cannot begin with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("APP_URL must be an https address without user, query and fragment (http only on loopback)")]
pub struct BadAppUrl;

/// A page that mails link to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Page<'a> {
    Settings,
    Run(&'a str),
    AssetTypes,
    AssetStatuses,
    Companies,
    WriteBackPlan(&'a str),
}

impl AppUrl {
    /// Parses the base of all links.
    ///
    /// # Errors
    /// [`BadAppUrl`].
    pub fn parse(text: &str) -> Result<Self, BadAppUrl> {
        let url = reqwest::Url::parse(text).map_err(|_| BadAppUrl)?;
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_fit = url.scheme() == "https" || (url.scheme() == "http" && is_loopback);
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_fit || !is_bare {
            return Err(BadAppUrl);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The base as text, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Pages are told by the fragment, so that one static file serves them all.
    pub(super) fn link(&self, page: Page<'_>) -> String {
        let base = &self.0;
        match page {
            Page::Settings => format!("{base}/#/settings"),
            Page::Run(run_id) => format!("{base}/#/runs/{}", encoded(run_id)),
            Page::WriteBackPlan(plan_id) => format!("{base}/#/write-back/plans/{}", encoded(plan_id)),
            Page::AssetTypes => format!("{base}/#/asset-types"),
            Page::AssetStatuses => format!("{base}/#/asset-statuses"),
            Page::Companies => format!("{base}/#/companies"),
        }
    }
}

fn encoded(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
}

#[cfg(test)]
mod tests {
    use super::{AppUrl, Page};

    #[test]
    fn links_begin_with_a_safe_address() {
        for bad in [
            "",
            "acme.example",
            "http://acme.example",
            "javascript:alert(1)",
            "https://u:p@acme.example",
            "https://acme.example/?a",
            "https://acme.example/#a",
        ] {
            assert!(AppUrl::parse(bad).is_err(), "{bad}");
        }
        let url = AppUrl::parse("https://lci.example/autotask/").unwrap();
        assert_eq!(url.link(Page::Run("0001-a/\"<")), "https://lci.example/autotask/#/runs/0001-a%2F%22%3C");
        assert!(AppUrl::parse("http://127.0.0.1:8080").is_ok());
    }
}
