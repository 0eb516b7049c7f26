"""Starts the pinned emulator of AWS, taught eight things that it does not know.

Policy variables: `${aws:PrincipalTag/tenant}` in resources and conditions is replaced by what the caller's session says.
`dynamodb:LeadingKeys`: the partition keys that a request names become a condition key, so that a policy can bind them.
`secretsmanager:Name`: the name of a secret that is to be created.
The resource of a mail: the identity that the sender belongs to.
Numbers: a parameter of type Number stays text in the emulator's CloudFormation, and its Lambda stumbles over it.
CORS: its CloudFormation keeps the names as templates spell them, and its HTTP API reads those of requests.
Alarms on an expression: it knows alarms on one metric only, and judges none; such an alarm becomes one on its first metric.
An HTTP API behind CloudFront: an origin that is one of the emulator's own APIs is found there, and not on AWS.
Without the first four, statements of the roles would be refused, or would have to be tested in another form than
the deployed one. Each is what AWS documents; nothing else is changed.
"""

import json
import os
import re
from dataclasses import replace
from email.utils import parseaddr

from ministack.core import iam_actions, iam_evaluator
from ministack.services import cloudfront
from ministack.services.cloudformation import provisioners

VARIABLE = re.compile(r"\$\{([^}]+)\}")
# Whole numbers that parameters give.
NUMBERS = {"MaximumConcurrency", "ReservedConcurrentExecutions"}
HTTP_API = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
LITERALS = {"*": "*", "?": "?", "$": "$"}


def filled(text, ctx):
    """The text with its variables replaced; none if one has no value, for then the statement matches nothing."""
    is_whole = True

    def value(match):
        nonlocal is_whole
        name = match.group(1)
        found = LITERALS.get(name) or iam_evaluator._resolve_condition_key(name, ctx)
        is_whole = is_whole and isinstance(found, str)
        return str(found)

    filled_text = VARIABLE.sub(value, text)
    return filled_text if is_whole else None


def all_filled(texts, ctx):
    return [text for text in (filled(text, ctx) for text in texts) if text is not None]


def filled_statement(statement, ctx):
    conditions = {
        operator: {
            key: all_filled(expected if isinstance(expected, list) else [str(expected)], ctx)
            for key, expected in keys.items()
        }
        for operator, keys in statement.conditions.items()
    }
    # An empty list would stand for every resource.
    resources = all_filled(statement.resources, ctx) or (["-"] if statement.resources else [])
    return replace(statement, resources=resources, conditions=conditions)


def evaluate_filled(ctx, *layers):
    return evaluate(
        ctx, *([[filled_statement(statement, ctx) for statement in policy] for policy in layer] for layer in layers)
    )


def named_keys(body):
    """The partition keys that a request names: of single items, batches, transactions and queries."""
    data = json.loads(body or b"{}")
    requests = [data]
    for member in data.get("TransactItems", []):
        requests += member.values()
    for table in data.get("RequestItems", {}).values():
        puts = [request for wanted in (table if isinstance(table, list) else []) for request in wanted.values()]
        gets = [{"Key": key} for key in (table.get("Keys", []) if isinstance(table, dict) else [])]
        requests += puts + gets
    for request in requests:
        for item in (request.get("Key"), request.get("Item")):
            if item and "pk" in item:
                yield item["pk"]["S"]
        asked = re.search(r"\bpk\s*=\s*(:\w+)", request.get("KeyConditionExpression", ""))
        if asked:
            yield request["ExpressionAttributeValues"][asked.group(1)]["S"]


def context_with_keys(body):
    context = service_context(body)
    keys = sorted(set(named_keys(body)))
    return {**context, "dynamodb:LeadingKeys": keys} if keys else context


def context_with_name(service, action, body, params):
    context = request_context(service, action, body, params)
    if action != "secretsmanager:CreateSecret":
        return context
    return {**context, "secretsmanager:Name": json.loads(body or b"{}").get("Name")}


def resource_of_mail(service, method, path, headers, body, query_params, region, account_id):
    sender = query_params.get("Source") if service == "ses" else None
    if sender:
        sender = sender[0] if isinstance(sender, list) else sender
        return f"arn:aws:ses:{region}:{account_id}:identity/{parseaddr(sender)[1]}"
    return resource_arn(service, method, path, headers, body, query_params, region, account_id)


def with_numbers(apply):
    def apply_with_numbers(*arguments, **named):
        for properties in (argument for argument in arguments if isinstance(argument, dict)):
            for holder in (properties, properties.get("ScalingConfig") or {}):
                for name in NUMBERS & holder.keys():
                    holder[name] = int(holder[name])
        return apply(*arguments, **named)

    return apply_with_numbers


def spelled_as_in_requests(properties):
    cors = properties.get("CorsConfiguration") if isinstance(properties, dict) else None
    if not cors:
        return properties
    return {**properties, "CorsConfiguration": {name[0].lower() + name[1:]: value for name, value in cors.items()}}


def with_cors(apply):
    return lambda *arguments, **named: apply(*map(spelled_as_in_requests, arguments), **named)


def on_one_metric(properties):
    metrics = properties.get("Metrics") if isinstance(properties, dict) else None
    if not metrics:
        return properties
    first = next(metric["MetricStat"] for metric in metrics if "MetricStat" in metric)
    others = {name: value for name, value in properties.items() if name != "Metrics"}
    return {**others, **first["Metric"], "Period": first["Period"], "Statistic": first["Stat"]}


def with_expressions(apply):
    return lambda *arguments, **named: apply(*map(on_one_metric, arguments), **named)


def forward_to_origin(origin, method, uri, query_string, headers, *others, **named):
    api = HTTP_API.fullmatch(origin["domain_name"])
    if api and origin["protocol_policy"] == "https-only":
        port = int(os.environ["GATEWAY_PORT"])
        origin = {**origin, "domain_name": "127.0.0.1", "protocol_policy": "http-only", "http_port": port}
        # Its own name, unless the viewer's is passed on, which an API does not know.
        headers = {"host": f"{api.group(1)}.execute-api.{os.environ['MINISTACK_HOST']}", **headers}
    return forward(origin, method, uri, query_string, headers, *others, **named)


evaluate, service_context = iam_evaluator.evaluate, iam_actions.dynamodb_service_context
iam_evaluator.evaluate, iam_actions.dynamodb_service_context = evaluate_filled, context_with_keys
request_context, iam_actions.request_tag_context = iam_actions.request_tag_context, context_with_name
resource_arn, iam_actions.extract_resource_arn = iam_actions.extract_resource_arn, resource_of_mail
forward, cloudfront._forward_to_origin = cloudfront._forward_to_origin, forward_to_origin
for kind in ("AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"):
    handlers = provisioners._RESOURCE_HANDLERS[kind]
    handlers.update({step: with_numbers(handlers[step]) for step in ("create", "update")})
for kind, taught in (("AWS::ApiGatewayV2::Api", with_cors), ("AWS::CloudWatch::Alarm", with_expressions)):
    handlers = provisioners._RESOURCE_HANDLERS[kind]
    handlers.update({step: taught(handlers[step]) for step in ("create", "update")})

if __name__ == "__main__":
    from ministack.app import main

    main()
