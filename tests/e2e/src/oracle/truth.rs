//! Reads the truth of a simulator, in this process or another, row by row.

use super::columns::{Kind, columns};
use super::{Exported, Labels, Picklists};
use crate::http::{self, Call};
use autotask_simulator::Config;
use serde_json::Value;
use std::io::BufRead;

/// A simulator as the oracle sees it.
#[derive(Debug, Clone)]
pub struct Source {
    base_url: String,
    picklists: Picklists,
}

impl Source {
    /// Meets a simulator. Asks it once, over the API, for its picklists: forget its counters afterwards.
    ///
    /// # Errors
    /// It is not there, or does not let us in.
    pub fn meet(base_url: &str, config: &Config) -> anyhow::Result<Self> {
        let headers = [
            ("UserName", config.user.as_str()),
            ("Secret", config.password.as_str()),
            ("ApiIntegrationCode", config.integration_code.as_deref().unwrap_or("oracle")),
        ];
        let path = format!(
            "{}/ATServicesRest/V1.0/ConfigurationItems/entityInformation/fields",
            if config.zone_path.is_empty() { String::new() } else { format!("/{}", config.zone_path) }
        );
        let call = Call { base_url, method: "GET", path: &path, headers: &headers, body: "" };
        let answer: Value = serde_json::from_reader(http::open(call)?)?;
        Ok(Self { base_url: base_url.to_owned(), picklists: Picklists::read(&answer)? })
    }

    /// The names of this moment.
    ///
    /// # Errors
    /// The simulator is gone.
    pub fn labels(&self) -> anyhow::Result<Labels> {
        let lines = self.lines("Products", "name,manufacturerName,manufacturerProductName")?;
        let products: Vec<Value> =
            lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<anyhow::Result<_>>()?;
        Ok(Labels::new(&self.picklists, &products))
    }

    /// The rows that an export must hold, ascending by id, without holding them all.
    ///
    /// # Errors
    /// The simulator is gone.
    pub fn rows(
        &self,
        entity: Exported,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Value>> + use<>> {
        let is_field = |column: &&super::Column| column.name != "id" && column.kind != Kind::UserDefined;
        let fields: Vec<&str> = columns(entity).iter().filter(is_field).map(|column| column.field).collect();
        let lines = self.lines(entity.source().route(), &fields.join(","))?;
        Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
    }

    fn lines(&self, route: &str, fields: &str) -> anyhow::Result<std::io::Lines<impl BufRead + use<>>> {
        let path = format!("/_control/truth/{route}?fields={fields}");
        let call = Call { base_url: &self.base_url, method: "GET", path: &path, headers: &[], body: "" };
        Ok(http::open(call)?.lines())
    }
}
