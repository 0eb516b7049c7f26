"""Runs the PyPI package autotask-client, unmodified, against the simulator.

Settings come from the client's own environment variables (AUTOTASK_API_URL and so on). Prints one line per
check and, last, `N passed, N failed`.
"""

import asyncio
import json
import os
import sys
import urllib.request

from autotask.client import AutotaskClient
from autotask.config import AutotaskConfig
from autotask.entities.manager import EntityManager
from autotask.exceptions import AutotaskAPIError, AutotaskAuthError
from autotask.query import Q

SIMULATOR = os.environ["AUTOTASK_API_URL"]
LIMIT_S = 120
PAGE_SIZE_RECORDS = 500
EVERYTHING = {"filter": [{"op": "gte", "field": "id", "value": 0}]}


def control(path):
    """Asks the simulator what is true; the client under test knows nothing of this."""
    with urllib.request.urlopen(f"{SIMULATOR}/_control/{path}", timeout=30) as answer:
        return answer.read().decode()


def truth(entity):
    """All rows of an entity, as the simulator holds them."""
    return [json.loads(line) for line in control(f"truth/{entity}").splitlines()]


def n_queries(entity):
    """How many pages of an entity were asked for so far."""
    endpoints = json.loads(control("counters"))["by_endpoint"]
    return endpoints.get(entity, {}).get("by_kind", {}).get("query", 0)


async def zone_leads_to_the_api(client):
    zone = await client.get("zoneInformation", params={"user": client.username})
    config = AutotaskConfig.from_env()
    config.api_url = zone["url"].rstrip("/").removesuffix("/ATServicesRest")
    async with AutotaskClient(config) as through_zone:
        answer = await through_zone.get("ThresholdInformation")
    assert answer["externalRequestThreshold"] == 10_000, answer


async def pages_give_every_company_once(client):
    companies = await EntityManager(client).query("Companies", Q(id__gte=0))
    wanted = [row["id"] for row in truth("Companies")]
    assert len(wanted) > 2 * PAGE_SIZE_RECORDS, f"{len(wanted)} companies do not fill three pages"
    assert [company.id for company in companies] == wanted
    n_pages = -(-len(wanted) // PAGE_SIZE_RECORDS)
    assert n_queries("Companies") == n_pages, n_queries("Companies")


async def count_agrees_with_the_rows(client):
    counted = await client.post("Companies/query/count", json=EVERYTHING)
    assert counted["queryCount"] == len(truth("Companies")), counted


async def texts_arrive_as_they_are(client):
    rows = await client.query_all("Companies", [{"op": "lte", "field": "id", "value": 10**9}], max_records=20)
    wanted = {row["id"]: row["companyName"] for row in truth("Companies")}
    assert len(rows) == 20
    for row in rows:
        assert row["companyName"] == wanted[row["id"]], row


async def filter_keeps_what_fits(client):
    rows = await EntityManager(client).query("ConfigurationItems", Q(isActive=True) & Q(id__gte=0))
    wanted = [row["id"] for row in truth("ConfigurationItems") if row["isActive"]]
    every = len(truth("ConfigurationItems"))
    assert 0 < len(wanted) < every, f"{len(wanted)} of {every} active: the filter shows nothing"
    assert [row["id"] for row in rows] == wanted


async def fields_and_picklists_are_described(client):
    manager = EntityManager(client)
    fields = {field["name"]: field for field in (await manager.field_info("ConfigurationItems"))["fields"]}
    assert fields["warrantyExpirationDate"]["dataType"] == "datetime", fields["warrantyExpirationDate"]
    assert fields["companyID"]["isReference"] is True
    types = await manager.resolve_picklist("ConfigurationItems", "configurationItemType")
    used = {row["configurationItemType"] for row in truth("ConfigurationItems")} - {None}
    assert used and used <= set(types), (used, types)


async def threshold_counts_our_calls(client):
    first = await client.get("ThresholdInformation")
    await client.get("Companies/0")
    second = await client.get("ThresholdInformation")
    assert second["currentTimeframeRequestCount"] > first["currentTimeframeRequestCount"] > 0


async def unknown_field_is_refused(client):
    try:
        await client.query_all("Companies", [{"op": "eq", "field": "noSuchField", "value": 1}])
    except AutotaskAPIError as error:
        assert error.status_code == 500 and "noSuchField" in error.response_body, error.response_body
    else:
        raise AssertionError("accepted")


async def wrong_secret_is_refused(_client):
    config = AutotaskConfig.from_env()
    config.secret = "wrong"
    async with AutotaskClient(config) as stranger:
        try:
            await stranger.get("ThresholdInformation")
        except AutotaskAuthError:
            return
    raise AssertionError("accepted")


CHECKS = [
    zone_leads_to_the_api,
    pages_give_every_company_once,
    count_agrees_with_the_rows,
    texts_arrive_as_they_are,
    filter_keeps_what_fits,
    fields_and_picklists_are_described,
    threshold_counts_our_calls,
    unknown_field_is_refused,
    wrong_secret_is_refused,
]


async def run_all():
    n_failed = 0
    async with AutotaskClient(AutotaskConfig.from_env()) as client:
        for check in CHECKS:
            try:
                await asyncio.wait_for(check(client), LIMIT_S)
                print(f"ok     autotask-client {check.__name__}")
            except Exception as error:  # every way of failing is one failed check
                n_failed += 1
                print(f"FAILED autotask-client {check.__name__}: {type(error).__name__}: {error}"[:2000])
    print(f"{len(CHECKS) - n_failed} passed, {n_failed} failed")
    return 1 if n_failed else 0


sys.exit(asyncio.run(run_all()))
