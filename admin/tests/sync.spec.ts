import { expect, test } from './support/fixtures';

const ROOT = '/v1/integrations/autotask';

interface RunRow {
  kind: string;
  state: string;
}

test('a save that is clicked twice starts one initial sync', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).dblclick();
  await visitor.waitForStatus('Healthy');
  const { runs } = await catalogue.get<{ runs: RunRow[] }>(`${ROOT}/runs`);
  expect(runs.filter((run) => run.kind === 'initial')).toHaveLength(1);
});

test('settings without a password are no login yet, and say so', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel('Enter the API User Name As Specified in Autotask').fill(product.username);
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Saved without a password');
});

test('saved without the tick nothing starts; the tick that comes later starts the initial sync', async ({
  visitor,
}) => {
  const { page, catalogue } = visitor;
  await visitor.signIn('admin', '/settings');
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await expect(page.getByText('Settings saved').last()).toBeVisible();
  expect((await catalogue.get<{ runs: RunRow[] }>(`${ROOT}/runs`)).runs).toEqual([]);
  await visitor.waitForStatus('Saved, not active');
  await expect(page.getByTestId('status-help')).toContainText('Check “Autotask Integration Active”');
  await page.getByRole('link', { name: 'Integrations' }).first().click();
  const source = page.getByRole('region', { name: 'Autotask', exact: true });
  await expect(source).toContainText('Saved, not active');
  await expect(source).toContainText('the initial sync then starts');
  await expect(source).not.toContainText('Not set up');
  await visitor.expectAccessible();
  await source.getByRole('link', { name: 'Open settings' }).click();
  await page.getByLabel('Autotask Integration Active').check();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Healthy');
});

test('unticking Active while it loads stops the run, and ticking it goes on', async ({
  visitor,
  product,
}) => {
  const { page } = visitor;
  await product.control('PATCH', 'config', { latency_ms: 1_500 });
  await visitor.signIn('admin', '/settings');
  const active = page.getByLabel('Autotask Integration Active');
  await active.check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('First sync under way');
  await active.uncheck();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Paused');
  const runs = page.getByRole('table', { name: 'Runs, newest first' });
  await expect(runs.getByRole('row', { name: /Initial sync/ })).toContainText('Stopped');
  await visitor.expectAccessible();
  await product.control('PATCH', 'config', { latency_ms: 0 });
  await active.check();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Healthy');
});

test('the form is set up over a slow line', async ({ visitor }) => {
  test.slow();
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  const line = await page.context().newCDPSession(page);
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    // A phone at the edge of its cell.
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 25_000,
  });
  await page.reload();
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await expect(page.getByText('Connection Successful.', { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Healthy');
  await visitor.open('Company Mapping');
  await expect(page.getByRole('table', { name: 'Companies' }).getByRole('rowheader').first()).toBeVisible({
    timeout: 20_000,
  });
});

test('what changed in Autotask is told beside each company', async ({ visitor, product }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  const rows = (await catalogue.companies()).filter((row) => row.is_active);
  const [renamed, inactive, twin] = rows;
  if (!renamed || !inactive || !twin) throw new Error('the demo has too few companies');
  const update = { op: 'update', entity: 'Companies' };
  await product.control('POST', 'edits', [
    { ...update, id: Number(renamed.key), fields: { companyName: 'Renamed Holdings' } },
    { ...update, id: Number(inactive.key), fields: { isActive: false } },
    { op: 'insert', entity: 'Companies', fields: { companyName: twin.name, companyType: 1, isActive: true } },
  ]);
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog', { name: 'Run now' }).getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('row', { name: /Nightly sync Run now Done/ })).toBeVisible({ timeout: 30_000 });
  await visitor.open('Company Mapping');
  const search = page.getByLabel('Search name, city or id');
  const shown = page.getByRole('table', { name: 'Companies' });
  await search.fill(renamed.key);
  await expect(shown.getByRole('rowheader')).toHaveCount(1);
  await expect(shown.getByRole('rowheader')).toHaveText(`Renamed Holdingswas ${renamed.name}`);
  await expect(shown.getByRole('checkbox'), 'a rename keeps the choice').toBeChecked();
  await search.fill(inactive.key);
  await expect(shown.getByText('inactive in Autotask')).toBeVisible();
  await expect(shown.getByRole('rowheader')).toHaveCount(1);
  await expect(shown.getByRole('rowheader')).toContainText('inactive in Autotask');
  await expect(shown.getByRole('checkbox'), 'flagged, not taken out').toBeChecked();
  await search.fill(twin.name);
  await expect(shown.getByText(`twin, id ${twin.key}`)).toBeVisible();
  await expect(shown.getByRole('row', { name: /new/ })).toHaveCount(1);
  await visitor.expectAccessible();
});
