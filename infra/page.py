"""Puts the built admin page where the stack's CloudFront distribution serves it; `cargo xtask deploy` runs this.

Files under assets/ carry a hash of their content in their names: browsers keep them for ever. Everything else is asked
for anew at each visit, so that a new deployment is seen at once and nothing has to be invalidated. New files come before
the pages that name them, and former assets stay for a while, so that a page that is open goes on working.
What is there already is not sent again.
"""

import argparse
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3

INDEX = "index.html"
# Where the issuer sends admins back to: a view that is not behind the hash, since codes come in the query.
CALLBACK = "callback"
CONFIG = "config.json"
ASSETS = "assets/"
FOR_EVER, ANEW = "public, max-age=31536000, immutable", "no-cache"
KEEP_FORMER = timedelta(days=30)
# By name, not by the machine's table of types, which differs from machine to machine.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stack-name", required=True)
    parser.add_argument("--built", type=Path, required=True, help="folder with the built page")
    parser.add_argument("--region")
    parser.add_argument("--profile")
    asked = parser.parse_args()
    if not (asked.built / INDEX).is_file():
        parser.error(f"there is no {INDEX} in {asked.built}: build the page first (npm run build in admin/)")
    session = boto3.Session(region_name=asked.region, profile_name=asked.profile)
    outputs = outputs_of(session, asked.stack_name)
    n_sent, n_files = put(session.client("s3"), outputs["PageBucketName"], files(asked.built, config(outputs)))
    print(f"admin page: {n_sent} of {n_files} files sent; {outputs['PageUrl']}")


def outputs_of(session, stack_name):
    stack = session.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def config(outputs):
    """What the page reads before anything else; nothing of it is secret."""
    config = {
        "issuer": outputs["SignInIssuer"],
        "client_id": outputs["SignInClientId"],
        # The page's own origin.
        "api_base": "",
        "scope": "openid email",
        "claims": {"tenant": outputs["SignInTenantClaim"], "role": outputs["SignInRoleClaim"]},
    }
    if sign_in := outputs.get("SignInPageUrl"):
        # Cognito does not end sessions as OpenID Connect says.
        back = f"client_id={config['client_id']}&logout_uri={outputs['PageUrl']}/"
        config["sign_out_url"] = f"{sign_in}/logout?{back}"
    return config


def files(built, config):
    """Key -> (bytes, type), pages last."""
    found = {}
    for path in sorted(built.rglob("*")):
        key = path.relative_to(built).as_posix()
        # Hidden files are the build's own.
        if path.is_file() and not any(part.startswith(".") for part in key.split("/")):
            found[key] = (path.read_bytes(), TYPES.get(path.suffix, "application/octet-stream"))
    found[CONFIG] = (json.dumps(config, indent=2).encode(), TYPES[".json"])
    found[CALLBACK] = found[INDEX]
    pages = [CONFIG, CALLBACK, INDEX]
    return {key: found[key] for key in sorted(found, key=lambda key: (key in pages, not key.startswith(ASSETS), key))}


def put(s3, bucket, wanted):
    there = {
        stored["Key"]: stored
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for stored in page.get("Contents", [])
    }
    n_sent = 0
    for key, (body, media_type) in wanted.items():
        # Under the keys of S3 the tag of a file that was sent in one part is its MD5.
        if key in there and there[key]["ETag"].strip('"') == hashlib.md5(body, usedforsecurity=False).hexdigest():
            continue
        caching = FOR_EVER if key.startswith(ASSETS) else ANEW
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=media_type, CacheControl=caching)
        n_sent += 1
    for key in there.keys() - wanted.keys():
        is_old = there[key]["LastModified"] < datetime.now(UTC) - KEEP_FORMER
        if is_old or not key.startswith(ASSETS):
            s3.delete_object(Bucket=bucket, Key=key)
    return n_sent, len(wanted)


if __name__ == "__main__":
    main()
