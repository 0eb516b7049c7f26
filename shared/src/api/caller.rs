//! Who calls: read from the claims that the gateway verified, and from nowhere else.

use std::collections::HashMap;

use super::error::{ApiError, Code};
use crate::store::TenantId;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// May look.
    Reader,
    /// May change.
    Admin,
}

/// Names of the claims; parameters of the deployment, since issuers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNames {
    /// Holds the tenant.
    pub tenant: String,
    /// Holds `admin` or `reader`.
    pub role: String,
    /// Holds the e-mail address.
    pub email: String,
    /// Holds how many companies the plan allows; absent for any number.
    pub plan_limit: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        let [tenant, role, email, plan_limit] = ["tenant", "role", "email", "plan_limit"].map(str::to_owned);
        Self { tenant, role, email, plan_limit }
    }
}

/// The person or program behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose data; the only source of the tenant in the whole product.
    pub tenant: TenantId,
    /// What is allowed.
    pub role: Role,
    /// E-mail address, for mails and the audit trail.
    pub email: String,
    /// Companies that the plan allows to be active; none for any number.
    pub plan_limit: Option<u32>,
}

impl Caller {
    /// Reads the caller from verified claims.
    ///
    /// # Errors
    /// [`Code::Unauthorized`] without claims, [`Code::Forbidden`] when one is missing or unusable.
    pub fn from_claims(claims: &HashMap<String, String>, names: &ClaimNames) -> Result<Self, ApiError> {
        if claims.is_empty() {
            return Err(ApiError::new(Code::Unauthorized, "sign in: the request carries no verified token"));
        }
        let claim = |name: &str| claims.get(name).map(String::as_str).unwrap_or_default();
        let unusable = |name: &str| {
            ApiError::new(Code::Forbidden, format!("the token's claim {name:?} is missing or unusable"))
        };
        let tenant = TenantId::parse(claim(&names.tenant)).map_err(|_| unusable(&names.tenant))?;
        let role = match claim(&names.role) {
            "admin" => Role::Admin,
            "reader" => Role::Reader,
            _ => return Err(unusable(&names.role)),
        };
        let email = claim(&names.email);
        if email.is_empty() || email.len() > 254 || email.chars().any(char::is_control) {
            return Err(unusable(&names.email));
        }
        let plan_limit = match claim(&names.plan_limit) {
            "" => None,
            number => Some(number.parse().map_err(|_| unusable(&names.plan_limit))?),
        };
        Ok(Self { tenant, role, email: email.to_owned(), plan_limit })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Caller, ClaimNames, Role};
    use crate::api::Code;

    fn read(claims: &[(&str, &str)]) -> Result<Caller, Code> {
        let claims: HashMap<String, String> =
            claims.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Caller::from_claims(&claims, &ClaimNames::default()).map_err(|error| error.code)
    }

    #[test]
    fn only_complete_claims_make_a_caller() {
        let whole = [("tenant", "acme"), ("role", "admin"), ("email", "a@acme.example")];
        assert_eq!(read(&whole).unwrap().role, Role::Admin);
        assert_eq!(read(&whole).unwrap().plan_limit, None);
        assert_eq!(read(&[("plan_limit", "25"), whole[0], whole[1], whole[2]]).unwrap().plan_limit, Some(25));
        assert_eq!(read(&[("plan_limit", "all"), whole[0], whole[1], whole[2]]), Err(Code::Forbidden));
        assert_eq!(read(&[]), Err(Code::Unauthorized));
        for (at, bad) in [(0, "ACME#x"), (0, ""), (1, "root"), (2, ""), (2, "a@b\r\nBcc: c@d")] {
            let mut claims = whole;
            claims[at].1 = bad;
            assert_eq!(read(&claims), Err(Code::Forbidden), "{bad:?}");
        }
    }
}
