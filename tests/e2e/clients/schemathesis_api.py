"""The HTTP API of a running `lci serve --demo`, tested by schemathesis on the committed openapi.json.

Reads LCI_URL and LCI_OPENAPI, signs in as a browser does (Authorization Code with PKCE), sets the integration up, waits
for its first load, and lets schemathesis ask whatever the document allows and forbids. Ends with "N passed, M failed".
"""

import base64
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ["LCI_URL"]
SETTINGS = f"{URL}/v1/integrations/autotask/settings"
LOAD_LIMIT_S = 60
# Enough for every check to meet every route, in some two minutes.
MAX_EXAMPLES = "100"
RUN_LIMIT_S = 400
LEFT_OUT = [
    # Time zones, cursors, logins and idempotency keys are right or wrong by what they mean, which no schema tells.
    "positive_data_acceptance",
    # An HTTP API of API Gateway answers 404 where a path has no route for a method, and so does ours.
    "unsupported_method",
    "allow_header_conformance",
]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keeps the redirect, which carries the code."""

    def redirect_request(self, *_):
        return None


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token():
    verifier = unpadded(secrets.token_bytes(32))
    form = {
        "client_id": "lci-admin",
        "redirect_uri": f"{URL}/callback",
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "code_challenge": unpadded(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
        "user": "admin",
    }
    opener = urllib.request.build_opener(NoRedirect)
    try:
        opener.open(f"{URL}/oauth2/authorize", urllib.parse.urlencode(form).encode())
        sys.exit("signing in did not redirect")
    except urllib.error.HTTPError as redirect:
        location = urllib.parse.urlparse(redirect.headers["Location"])
    code = urllib.parse.parse_qs(location.query)["code"][0]
    exchange = {
        "grant_type": "authorization_code",
        "client_id": "lci-admin",
        "redirect_uri": f"{URL}/callback",
        "code": code,
        "code_verifier": verifier,
    }
    with urllib.request.urlopen(f"{URL}/oauth2/token", urllib.parse.urlencode(exchange).encode()) as answer:
        return json.load(answer)["id_token"]


def call(bearer, method="GET", body=None):
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(SETTINGS, data, headers, method=method)) as answer:
        return json.load(answer)


def set_up(bearer):
    user, password = os.environ["LCI_AUTOTASK_USER"], os.environ["LCI_AUTOTASK_PASSWORD"]
    call(bearer, "PUT", {"active": True, "username": user, "password": password, "version": 0})
    until = time.monotonic() + LOAD_LIMIT_S
    while not call(bearer)["last_run"]:
        if time.monotonic() > until:
            sys.exit("the first load does not end")
        time.sleep(0.05)


def test(bearer):
    command = [sys.executable, "-m", "schemathesis.cli", "run", os.environ["LCI_OPENAPI"], "--url", URL]
    command += ["--header", f"Authorization: Bearer {bearer}", "--checks", "all"]
    command += ["--exclude-checks", ",".join(LEFT_OUT), "--max-examples", MAX_EXAMPLES]
    command += ["--generation-deterministic", "--continue-on-failure", "--no-color", "--warnings", "off"]
    # It keeps files where it runs.
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=RUN_LIMIT_S)


def main():
    bearer = token()
    set_up(bearer)
    ended = test(bearer)
    sys.stdout.write(ended.stdout + ended.stderr)
    cases = re.search(r"(\d+) generated(?:, (\d+) found)?", ended.stdout)
    n_cases, n_found = (int(number or 0) for number in cases.groups()) if cases else (0, 1)
    if ended.returncode != 0:
        n_found = max(n_found, 1)
    print(f"{n_cases - min(n_found, n_cases)} passed, {n_found} failed", flush=True)
    sys.exit(1 if n_found else 0)


if __name__ == "__main__":
    main()
