//! Calls of AWS, signed with given credentials: root's for the test itself, a role's to see what it may do.
//!
//! Raw requests instead of SDK clients: seven services are called, some dozen times in all.

use anyhow::{Context, bail, ensure};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use std::time::SystemTime;

/// Where the stack lies.
pub(crate) const REGION: &str = "eu-west-1";
/// Key and secret of the emulator's root.
pub(crate) const ROOT_KEY: &str = "test";

/// Somebody who calls AWS.
#[derive(Debug, Clone)]
pub(crate) struct Aws {
    endpoint: String,
    credentials: Credentials,
    http: Client,
}

/// What AWS said.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    /// The body.
    pub(crate) text: String,
}

impl Answer {
    /// The body of a call that had to succeed.
    pub(crate) fn ok(self) -> anyhow::Result<String> {
        ensure!(self.status.is_success(), "{}: {}", self.status, self.text);
        Ok(self.text)
    }

    /// The same as JSON.
    pub(crate) fn json(self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.ok()?)?)
    }

    /// Nothing, if the call was refused for want of a right; an error in every other case.
    pub(crate) fn denied(self) -> anyhow::Result<()> {
        let is_denied = !self.status.is_success() && self.text.contains("AccessDenied");
        ensure!(is_denied, "not denied: {}: {}", self.status, self.text);
        Ok(())
    }
}

impl Aws {
    /// Root.
    pub(crate) fn root(endpoint: &str) -> Self {
        let credentials = Credentials::new(ROOT_KEY, ROOT_KEY, None, None, "root");
        Self { endpoint: endpoint.to_owned(), credentials, http: Client::new() }
    }

    /// A call of a service that speaks JSON; the target names version and operation.
    pub(crate) async fn json(&self, service: &str, target: &str, body: &Value) -> anyhow::Result<Answer> {
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target)];
        self.send(service, Method::POST, "/", &headers, body.to_string()).await
    }

    /// A call of DynamoDB.
    pub(crate) async fn dynamodb(&self, operation: &str, body: &Value) -> anyhow::Result<Answer> {
        self.json("dynamodb", &format!("DynamoDB_20120810.{operation}"), body).await
    }

    /// A call of Secrets Manager.
    pub(crate) async fn secrets(&self, operation: &str, body: &Value) -> anyhow::Result<Answer> {
        self.json("secretsmanager", &format!("secretsmanager.{operation}"), body).await
    }

    /// A call of SQS.
    pub(crate) async fn sqs(&self, operation: &str, body: &Value) -> anyhow::Result<Answer> {
        self.json("sqs", &format!("AmazonSQS.{operation}"), body).await
    }

    /// A call of a service that speaks the query protocol: form in, XML out.
    pub(crate) async fn query(&self, service: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let mut url = reqwest::Url::parse("http://form/")?;
        url.query_pairs_mut().extend_pairs(form);
        self.send(service, Method::POST, "/", &headers, url.query().unwrap_or_default().to_owned()).await
    }

    /// Invokes a function and waits for its answer.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> anyhow::Result<Answer> {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let headers = [("content-type", "application/json")];
        self.send("lambda", Method::POST, &path, &headers, event.to_string()).await
    }

    /// A reading call of a service that speaks REST.
    pub(crate) async fn get(&self, service: &str, path: &str) -> anyhow::Result<Answer> {
        self.send(service, Method::GET, path, &[], String::new()).await
    }

    /// Takes a role on, with session tags.
    pub(crate) async fn assume(
        &self,
        role_arn: &str,
        tags: &[(&str, &str)],
    ) -> anyhow::Result<Result<Self, Answer>> {
        let keys: Vec<(String, String)> = (1..=tags.len())
            .map(|n| (format!("Tags.member.{n}.Key"), format!("Tags.member.{n}.Value")))
            .collect();
        let mut form = vec![("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", role_arn)];
        form.push(("RoleSessionName", "lci-test"));
        for ((key, value), tag) in keys.iter().zip(tags) {
            form.extend([(key.as_str(), tag.0), (value.as_str(), tag.1)]);
        }
        let answer = self.query("sts", &form).await?;
        if !answer.status.is_success() {
            return Ok(Err(answer));
        }
        let text = answer.text;
        let part =
            |name| element(&text, name).map(str::to_owned).with_context(|| format!("no {name} in {text}"));
        let credentials = Credentials::new(
            part("AccessKeyId")?,
            part("SecretAccessKey")?,
            Some(part("SessionToken")?),
            None,
            "role",
        );
        Ok(Ok(Self { credentials, ..self.clone() }))
    }

    async fn send(
        &self,
        service: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> anyhow::Result<Answer> {
        let url = format!("{}{path}", self.endpoint);
        let identity = self.credentials.clone().into();
        let settings = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let signable = SignableRequest::new(
            method.as_str(),
            &url,
            headers.iter().copied(),
            SignableBody::Bytes(body.as_bytes()),
        )?;
        let (instructions, _) = sign(signable, &settings)?.into_parts();
        let mut request = self.http.request(method, &url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in instructions.headers() {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await?;
        Ok(Answer { status: answer.status(), text: answer.text().await? })
    }
}

/// The text of the first element of that name.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// An output of a stack, from the answer of DescribeStacks.
pub(crate) fn output(xml: &str, key: &str) -> anyhow::Result<String> {
    for member in xml.split("<member>").skip(1) {
        if element(member, "OutputKey") == Some(key) {
            return element(member, "OutputValue").map(str::to_owned).context("an output has no value");
        }
    }
    bail!("the stack has no output {key}")
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn outputs_are_found_by_their_key() {
        let member = |key: &str, value: &str| {
            format!("<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>")
        };
        let xml = format!("<Outputs>{}{}</Outputs>", member("A", "1"), member("B", "2"));
        assert_eq!(output(&xml, "B").unwrap(), "2");
        assert!(output(&xml, "C").is_err());
    }
}
