import type { Page } from '@playwright/test';
import { expect, test, type Visitor } from './support/fixtures';

const ROOT = '/v1/integrations/autotask';
const WINDOWS = [
  [1280, 900],
  // The same window, zoomed to 200 %.
  [640, 450],
  [360, 740],
] as const;
const MAPPINGS = ['/asset-types', '/companies', '/asset-statuses'];

/** Opens a view and looks at it in every window. */
async function expectUsable(visitor: Visitor, view: string): Promise<void> {
  const { page } = visitor;
  await page.goto(`${visitor.product.url}/#${view}`);
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
  await expect(page.getByText(/^Loading /)).toHaveCount(0);
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width, height });
    await visitor.expectAccessible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${view} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
  }
}

async function newestRun(visitor: Visitor): Promise<string> {
  const { runs } = await visitor.catalogue.get<{ runs: { id: string }[] }>(`${ROOT}/runs`);
  return runs[0]?.id ?? '';
}

test('every screen beside Autotask’s own data is free of barriers in every window', async ({ visitor }) => {
  test.slow();
  await visitor.setUp();
  const run = `/runs/${await newestRun(visitor)}`;
  for (const view of [...MAPPINGS, run, '/why-missing', '/inbox']) await expectUsable(visitor, view);
});

test('every screen beside IT Glue is free of barriers in every window', async ({ visitor }) => {
  await visitor.setUp('other');
  for (const view of ['/integrations', '/settings', '/company-links']) await expectUsable(visitor, view);
});

test('a run is free of barriers in each of its states', async ({ visitor, expectedErrors }) => {
  expectedErrors.push(/status of 404/);
  test.slow();
  const { page } = visitor;
  await visitor.setUp();
  const id = await newestRun(visitor);
  const states = {
    queued: 'Queued',
    running: 'Running',
    throttled: 'Waiting',
    stalled: 'Stalled',
    partly: 'Partly done',
    failed: 'Failed',
    stopped: 'Stopped',
    credentials: 'Credentials refused',
    held: 'Held',
    skipped: 'Skipped',
  };
  const stored = await visitor.catalogue.get<Record<string, unknown>>(`${ROOT}/runs/${id}`);
  for (const [state, text] of Object.entries(states)) {
    await page.route(`**/runs/${id}`, async (route) => {
      const isOver = !['queued', 'running', 'throttled', 'stalled'].includes(state);
      const seen = {
        state,
        ended_at: isOver ? stored.ended_at : null,
        percent: isOver ? null : 40,
        time_left_s: 90,
        next_try_at: state === 'throttled' ? '2031-01-01T00:00:00Z' : null,
        error: isOver ? 'Autotask answered 500 to ConfigurationItems' : null,
        instead: state === 'skipped' ? id : null,
        notes: [{ entity: 'assets', text: 'the security level hides some of them' }],
        held: state === 'held' ? [{ entity: 'assets', n_missing: 900, n_live: 2_000 }] : [],
        rejected: [{ entity: 'companies', id: 7, field: 'companyName', reason: 'no text' }],
      };
      await route.fulfill({ json: { ...stored, ...seen } });
    });
    await page.goto(`${visitor.product.url}/#/runs/${id}`);
    await page.reload();
    await expect(page.getByRole('main').getByText(text, { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('table', { name: 'Rejected records' })).toBeVisible();
    await visitor.expectAccessible();
    await page.unrouteAll({ behavior: 'wait' });
  }
  await page.goto(`${visitor.product.url}/#/runs/none`);
  await expect(page.getByText('There is no such run')).toBeVisible();
  await visitor.expectAccessible();
});

test('before the first sync, each screen says where its rows come from', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.signIn('admin', '/integrations');
  await visitor.expectAccessible();
  for (const [view, text] of [
    ['/settings', 'No run yet'],
    ['/asset-types', '(no type)'],
    ['/companies', 'No companies yet'],
    ['/asset-statuses', 'Active'],
    ['/inbox', 'Nothing waits for you'],
    ['/company-links', 'This screen is for companies and assets from IT Glue'],
  ] as const) {
    await page.goto(`${visitor.product.url}/#${view}`);
    await expect(page.getByRole('main').getByText(text).first()).toBeVisible();
    await visitor.expectAccessible();
  }
});

test('what cannot be loaded says so on each screen, and can be tried again', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await visitor.setUp();
  for (const [view, path] of [
    ['/asset-types', 'asset-types'],
    ['/companies', 'companies?*'],
    ['/asset-statuses', 'asset-statuses'],
    ['/inbox', 'inbox'],
  ] as const) {
    const error = { code: 'internal', message: 'a defect of ours', request_id: 'R-78', details: {} };
    await page.route(`**${ROOT}/${path}`, (route) => route.fulfill({ status: 500, json: { error } }));
    await page.goto(`${visitor.product.url}/#${view}`);
    await page.reload();
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText('R-78');
    await visitor.expectAccessible();
    await page.unroute(`**${ROOT}/${path}`);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(alert).toHaveCount(0);
  }
});

/** What a person who may only look is not offered. */
async function expectReadOnly(page: Page): Promise<void> {
  await expect(page.getByText('Read only').first()).toBeVisible();
  for (const name of ['Save Changes', 'map companies', 'Matching rules', 'Add own type']) {
    await expect(page.getByRole('button', { name })).toHaveCount(0);
  }
  for (const control of await page.getByRole('table').getByRole('checkbox').all()) {
    await expect(control).toBeDisabled();
  }
  for (const control of await page.getByRole('table').getByRole('combobox').all()) {
    await expect(control).toBeDisabled();
  }
}

test('a reader sees every mapping, is offered no change, and is refused one by the API', async ({
  visitor,
  another,
}) => {
  await visitor.setUp();
  const reader = await another();
  const { page } = reader;
  let authorization = '';
  page.on('request', (request) => {
    authorization = request.headers().authorization ?? authorization;
  });
  await reader.signIn('reader', '/settings');
  for (const view of MAPPINGS) {
    await page.goto(`${reader.product.url}/#${view}`);
    await expect(page.getByRole('main').getByRole('rowheader').first()).toBeVisible();
    await expectReadOnly(page);
    await reader.expectAccessible();
  }
  const before = await visitor.catalogue.companies();
  const answer = await fetch(`${reader.product.url}${ROOT}/companies`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ version: 1, changes: [{ key: before[0]?.key, choice: null }] }),
  });
  expect(answer.status).toBe(403);
  expect(await visitor.catalogue.companies()).toEqual(before);
});
