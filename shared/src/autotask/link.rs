//! Addresses of Autotask's own pages, for people to open.

use reqwest::Url;

/// Address of an asset's page; none if the base is no https address.
///
/// # Source
/// Autotask's ExecuteCommand, code `OpenInstalledProduct` (an asset's former name).
#[must_use]
pub fn asset_link(web_url: &str, asset_id: i64) -> Option<String> {
    let base = Url::parse(web_url).ok().filter(|url| url.scheme() == "https")?;
    let mut page = base.join("/Autotask/AutotaskExtend/ExecuteCommand.aspx").ok()?;
    page.query_pairs_mut()
        .append_pair("Code", "OpenInstalledProduct")
        .append_pair("InstalledProductID", &asset_id.to_string());
    Some(page.into())
}

#[cfg(test)]
mod tests {
    use super::asset_link;

    #[test]
    fn only_https_is_linked_to() {
        let want = "https://ww22.autotask.net/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenInstalledProduct&InstalledProductID=7";
        assert_eq!(asset_link("https://ww22.autotask.net/", 7).as_deref(), Some(want));
        for bad in ["", "ww22.autotask.net", "http://ww22.autotask.net/", "javascript:alert(1)"] {
            assert_eq!(asset_link(bad, 7), None, "{bad}");
        }
    }
}
