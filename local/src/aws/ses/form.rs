//! The parameters of a Query request.

use std::collections::BTreeMap;

use super::faults;
use crate::aws::fault::Fault;

/// Parameters that nobody has taken yet.
#[derive(Debug)]
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes the members of a list of texts.
    pub(super) fn take_list(&mut self, name: &str) -> Vec<String> {
        (1..).map_while(|idx| self.take(&format!("{name}.member.{idx}"))).collect()
    }

    /// Refuses what is left: parameters that are not known here, and empty lists, which SES takes for an empty address.
    pub(super) fn finish(self) -> Result<(), Fault> {
        match self.0.into_keys().next() {
            Some(name) => Err(faults::invalid(format!("parameter {name} is empty or not known here"))),
            None => Ok(()),
        }
    }
}
