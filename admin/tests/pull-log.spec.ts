import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

async function downloaded(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

const runs = (page: Page) => page.getByRole('table', { name: 'Runs, newest first' });

test('a rejected record is found by two clicks, with its reason', async ({ visitor, product }) => {
  const { page } = visitor;
  const garble = { garble: { wrong_type: { field: 'companyName', value: 7 } }, row_idx: 3 };
  await product.control('POST', 'faults', {
    entity: 'Companies',
    call: 'query',
    times: 1,
    action: { kind: 'garble', ...garble },
  });
  await visitor.signIn('admin', '/settings');
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Partly');
  await page.getByRole('link', { name: 'Integrations' }).first().click();
  await page.getByRole('link', { name: 'Details' }).click();
  const rejected = page.getByRole('table', { name: 'Rejected records' });
  await expect(rejected.getByRole('row')).toHaveCount(2);
  await expect(rejected).toContainText('companyName');
  await visitor.expectAccessible();
});

test('run now of one entity reads that entity alone', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('button', { name: 'Run now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run now' });
  for (const name of ['Assets', 'Contacts', 'Products', 'Asset types', 'Asset categories']) {
    await dialog.getByLabel(name, { exact: true }).uncheck();
  }
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(runs(page).getByRole('row', { name: /Nightly sync Run now Done/ })).toBeVisible({
    timeout: 30_000,
  });
  await runs(page).getByRole('link').first().click();
  const counts = page.getByRole('table', { name: 'Records by entity' });
  await expect(counts.getByRole('row')).toHaveCount(2);
  await expect(counts.getByRole('row', { name: /^Companies/ })).toContainText('Done');
});

test('filters stand in the address and survive a reload; CSV holds what they leave', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await expect(runs(page).getByRole('row')).toHaveCount(2);
  const csv = await downloaded(page, 'CSV');
  expect(csv).toContain('run,kind,trigger,state,started_at');
  expect(csv).toMatch(/initial,first_save,done,.*,assets,2000,2000,/);
  await page.getByRole('search').getByLabel('Kind').click();
  await page.getByRole('option', { name: 'Nightly sync' }).click();
  await expect(page.getByText('No run fits these filters')).toBeVisible();
  expect(page.url()).toContain('kind=nightly');
  await page.reload();
  await expect(page.getByText('No run fits these filters')).toBeVisible();
  expect((await downloaded(page, 'CSV')).trim().split('\n')).toHaveLength(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(runs(page).getByRole('row')).toHaveCount(2);
  await page.getByLabel('From', { exact: true }).fill('2020-01-01');
  await page.getByLabel('To', { exact: true }).fill('2020-01-31');
  await expect(page.getByText('No run fits these filters')).toBeVisible();
});

test('the support bundle holds the facts and nobody’s name', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('button', { name: 'Support bundle' }).click();
  await expect(page.getByRole('region', { name: 'Content of the bundle' })).toContainText(
    '"status": "healthy"',
  );
  await visitor.expectAccessible();
  const bundle = await downloaded(page, 'Download');
  expect(bundle).toContain('"kind": "initial"');
  expect(bundle).not.toContain(product.username);
  expect(bundle).not.toContain(product.password);
  expect(bundle).not.toContain('admin@demo.example');
});

test('held deletions wait for a person, who confirms them where they are listed', async ({
  visitor,
  product,
}) => {
  const { page } = visitor;
  await visitor.setUp();
  const ids = await product.control<number[]>('GET', 'ids/ConfigurationItems');
  const gone = ids.slice(0, ids.length / 2);
  const order = { op: 'delete', entity: 'ConfigurationItems' };
  await product.control(
    'POST',
    'edits',
    gone.map((id) => ({ ...order, id })),
  );
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog', { name: 'Run now' }).getByRole('button', { name: 'Start' }).click();
  await visitor.waitForStatus('Held: needs you');
  await runs(page).getByRole('link').first().click();
  const held = page.getByRole('list', { name: 'Held deletions' });
  await expect(held).toContainText('Assets: 1,000 of 2,000');
  await visitor.expectAccessible();
  await page.getByRole('button', { name: 'They were really deleted' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm deletions' });
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Confirm deletions' }).click();
  await visitor.waitForStatus('Healthy');
  await runs(page).getByRole('link').first().click();
  const counts = page.getByRole('table', { name: 'Records by entity' });
  await expect(counts.getByRole('row', { name: /^Assets/ })).toContainText('1,000');
  await expect(held).toHaveCount(0);
});
