//! The ordinary SDK clients, bound to the loopback endpoints.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Region};

use super::{AwsLoopback, REGION};

/// Builds a client of one service; the builders of the services share no trait.
macro_rules! client {
    ($service:ident, $loopback:expr) => {{
        let config = $service::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url($loopback.endpoint())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::from_keys($loopback.access_key.clone(), "local", None))
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(timeouts())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        $service::Client::from_conf(config)
    }};
}

impl AwsLoopback {
    /// A client of SQS.
    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        client!(aws_sdk_sqs, self)
    }

    /// A client of SES, version 1.
    pub(crate) fn ses(&self) -> aws_sdk_ses::Client {
        client!(aws_sdk_ses, self)
    }

    /// A client of Secrets Manager.
    pub(crate) fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        client!(aws_sdk_secretsmanager, self)
    }
}

fn timeouts() -> TimeoutConfig {
    // A long poll of SQS lasts up to 20 seconds.
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(30))
        .build()
}
