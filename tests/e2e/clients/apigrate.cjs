// Runs the npm package @apigrate/autotask-restapi, unmodified, against the simulator.
//
// Settings come from the environment (AUTOTASK_API_URL and so on). Prints one line per check and, last,
// `N passed, N failed`. The client sets an https.Agent, which Node's fetch does not look at, so plain http works.
"use strict";

const assert = require("node:assert/strict");
const { AutotaskRestApi, AutotaskApiError } = require("@apigrate/autotask-restapi");

const { AUTOTASK_API_URL, AUTOTASK_USERNAME, AUTOTASK_SECRET, AUTOTASK_INTEGRATION_CODE } = process.env;
const LIMIT_MS = 120_000;
const PAGE_SIZE_RECORDS = 500;
const EVERYTHING = { filter: [{ op: "gte", field: "id", value: 0 }] };

/** Asks the simulator what is true; the client under test knows nothing of this. */
async function control(path) {
  const answer = await fetch(`${AUTOTASK_API_URL}/_control/${path}`);
  assert.ok(answer.ok, `control ${path}: ${answer.status}`);
  return answer.text();
}

/** All rows of an entity, as the simulator holds them. */
async function truth(entity) {
  const lines = (await control(`truth/${entity}`)).split("\n");
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

function connect(secret = AUTOTASK_SECRET) {
  const options = { base_url: `${AUTOTASK_API_URL}/ATServicesRest/` };
  return new AutotaskRestApi(AUTOTASK_USERNAME, secret, AUTOTASK_INTEGRATION_CODE, options);
}

/** Pages as the client's maintainer advises: by the last id seen. */
async function queryAll(entity, filter) {
  const rows = [];
  for (let lastId = -1; ; ) {
    const paged = { filter: [...filter, { op: "gt", field: "id", value: lastId }], maxRecords: PAGE_SIZE_RECORDS };
    const { items } = await entity.query(paged);
    rows.push(...items);
    if (items.length < PAGE_SIZE_RECORDS) return rows;
    lastId = items.at(-1).id;
  }
}

const checks = {
  async zoneLeadsToTheApi(api) {
    await api.ThresholdInformation.get("");
    assert.equal(api.zoneInfo.url, `${AUTOTASK_API_URL}/ATServicesRest/`);
    assert.equal(typeof api.zoneInfo.ci, "number");
  },

  async pagesGiveEveryCompanyOnce(api) {
    const rows = await queryAll(api.Companies, []);
    const wanted = (await truth("Companies")).map((row) => row.id);
    assert.ok(wanted.length > 2 * PAGE_SIZE_RECORDS, `${wanted.length} companies do not fill three pages`);
    assert.deepEqual(rows.map((row) => row.id), wanted);
    const { by_endpoint } = JSON.parse(await control("counters"));
    assert.equal(by_endpoint.Companies.by_kind.query, Math.ceil(wanted.length / PAGE_SIZE_RECORDS));
  },

  async pageTellsOfTheNextOne(api) {
    const first = await api.Companies.query(EVERYTHING);
    assert.equal(first.items.length, PAGE_SIZE_RECORDS);
    assert.equal(first.pageDetails.count, PAGE_SIZE_RECORDS);
    assert.match(first.pageDetails.nextPageUrl, /\/Companies\/query\/next/i);
    assert.equal(first.pageDetails.prevPageUrl, null);
  },

  async countAgreesWithTheRows(api) {
    const { queryCount } = await api.Companies.count(EVERYTHING);
    assert.equal(queryCount, (await truth("Companies")).length);
  },

  async filterKeepsWhatFits(api) {
    const rows = await queryAll(api.ConfigurationItems, [{ op: "eq", field: "isActive", value: true }]);
    const every = await truth("ConfigurationItems");
    const wanted = every.filter((row) => row.isActive).map((row) => row.id);
    assert.ok(wanted.length > 0 && wanted.length < every.length, "the filter shows nothing");
    assert.deepEqual(rows.map((row) => row.id), wanted);
  },

  async includedFieldsAreTheOnlyOnes(api) {
    const { items } = await api.Contacts.query({ ...EVERYTHING, includeFields: ["id", "companyID"], maxRecords: 3 });
    assert.equal(items.length, 3);
    for (const row of items) {
      assert.equal(typeof row.companyID, "number");
      assert.ok(!("emailAddress" in row), JSON.stringify(row));
    }
  },

  async fieldsAndPicklistsAreDescribed(api) {
    const { fields } = await api.ConfigurationItems.fieldInfo();
    const named = Object.fromEntries(fields.map((field) => [field.name, field]));
    assert.equal(named.warrantyExpirationDate.dataType, "datetime");
    assert.equal(named.companyID.isReference, true);
    const values = named.configurationItemType.picklistValues;
    assert.ok(values.length > 1 && values.every((value) => typeof value.value === "string" && value.label));
    const { info } = await api.ConfigurationItems.info();
    assert.deepEqual([info.canQuery, info.canDelete, info.hasUserDefinedFields], [true, false, true]);
    const described = await api.ConfigurationItems.udfInfo();
    assert.ok(described.fields.length > 0);
  },

  async thresholdCountsOurCalls(api) {
    const first = await api.ThresholdInformation.get("");
    await api.Companies.get(0);
    const second = await api.ThresholdInformation.get("");
    assert.equal(first.externalRequestThreshold, 10_000);
    assert.ok(second.currentTimeframeRequestCount > first.currentTimeframeRequestCount);
  },

  async unknownFieldIsRefused(api) {
    const asked = api.Companies.query({ filter: [{ op: "eq", field: "noSuchField", value: 1 }] });
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof AutotaskApiError);
      assert.equal(error.status, 500);
      assert.match(error.details.errors.join(), /noSuchField/);
      return true;
    });
  },

  async wrongSecretIsRefused() {
    await assert.rejects(connect("wrong").ThresholdInformation.get(""), { status: 401 });
  },
};

function withinLimit(work) {
  const limit = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS} ms`)), LIMIT_MS).unref();
  });
  return Promise.race([work, limit]);
}

async function runAll() {
  const api = connect();
  let nFailed = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await withinLimit(check(api));
      console.log(`ok     @apigrate/autotask-restapi ${name}`);
    } catch (error) {
      nFailed += 1;
      console.log(`FAILED @apigrate/autotask-restapi ${name}: ${String(error).slice(0, 2000)}`);
    }
  }
  console.log(`${Object.keys(checks).length - nFailed} passed, ${nFailed} failed`);
  process.exit(nFailed === 0 ? 0 : 1);
}

runAll();
