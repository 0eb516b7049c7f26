import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const TAB = 'Asset Mapping';
const target = (page: Page, type: string) =>
  page.getByRole('combobox', { name: `${type} is shown as`, exact: true });

test('the effect shown before a save is what is shown after it, and an undo takes it back', async ({
  visitor,
}) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  await visitor.expectAccessible();
  await expect(page.getByRole('rowheader', { name: /^Laptop/ })).toContainText(/Categor(y|ies): .+ \(\d+\)/);
  const before = await catalogue.shownAssets();
  await target(page, 'Laptop').selectOption('Ignore');
  const effect = await visitor.effect();
  const removed = Number(/\+0, −(\d+), in \d+ compan/.exec(effect)?.[1]);
  expect(removed).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Show effect' }).click();
  const dialog = page.getByRole('dialog', { name: 'Effect of saving' });
  await expect(dialog.getByRole('table', { name: 'By type' }).getByRole('row')).toHaveCount(2);
  await visitor.expectAccessible();
  await page.keyboard.press('Escape');
  expect(await catalogue.shownAssets(), 'a preview stores nothing').toBe(before);

  await visitor.save();
  expect(await catalogue.shownAssets()).toBe(before - removed);
  await expect(page.getByRole('row', { name: /^Laptop/ })).toContainText('chosen');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  expect(await catalogue.shownAssets()).toBe(before);
});

test('history names every save, and leads back to a version', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  await target(page, 'Server').selectOption('Storage');
  await visitor.save();
  await target(page, 'Server').selectOption('Ignore');
  await visitor.save();
  // Of a large version not every row is told.
  await page.route('**/asset-types/versions?*', async (route) => {
    const response = await route.fetch();
    const { versions, ...rest } = (await response.json()) as { versions: { version: number }[] };
    const told = versions.map((one) => (one.version === 2 ? { ...one, n_changes: 900 } : one));
    await route.fulfill({ response, json: { ...rest, versions: told } });
  });
  await page.getByRole('button', { name: 'History' }).click();
  const history = page.getByRole('dialog', { name: 'History' });
  await history
    .getByRole('button', { name: /^Version 2: Saved, 900 rows, .* by admin@demo\.example$/ })
    .click();
  const changes = history.getByRole('table', { name: 'Changes of version 2' });
  await expect(changes.getByRole('row', { name: /^Server/ })).toContainText('Storage');
  await visitor.expectAccessible();
  await expect(history.getByText('The first 1 of 900 rows that it changed are listed.')).toBeVisible();
  await history.getByRole('button', { name: 'Go back to version 2' }).click();
  await expect(page.getByText('Went back')).toBeVisible();
  await expect(target(page, 'Server')).toHaveValue('storage');
});

test('a type of one’s own is added by the save that uses it', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  await page.getByRole('button', { name: 'Add own type' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add own type' });
  await dialog.getByLabel('Name').fill('server');
  await expect(dialog.getByText('There is a type of this name already.')).toBeVisible();
  await visitor.expectAccessible();
  await dialog.getByLabel('Name').fill('Hypervisor guest');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await target(page, 'Virtual Machine').selectOption('Hypervisor guest (new)');
  await visitor.save();
  await page.reload();
  await expect(target(page, 'Virtual Machine').locator('option:checked')).toHaveText('Hypervisor guest');
});

test('suggestions are confirmed together, and filters count what they leave', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const table = page.getByRole('table', { name: 'Asset types' });
  const n = await table.getByText('suggested').count();
  await page.getByRole('button', { name: `Confirm ${n} suggestions` }).click();
  expect(await visitor.effect()).toContain('Shown assets stay the same.');
  await visitor.save();
  await expect(table.getByText('chosen')).toHaveCount(n);
  const open = page.getByText(/^Not chosen yet \(\d+\)$/);
  const nOpen = Number(/\d+/.exec((await open.textContent()) ?? '')?.[0]);
  await open.click();
  await expect(table.getByRole('rowheader')).toHaveCount(nOpen);
  await page.getByLabel('Search asset types').fill('no such type');
  await expect(page.getByText('No type fits')).toBeVisible();
});

test('two admins at once: rows of both are chosen, and nobody’s other row is lost', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const colleague = await another();
  await colleague.signIn('admin', '/asset-types');
  await target(page, 'Laptop').selectOption('Workstation');
  await target(page, 'Server').selectOption('Storage');
  await target(colleague.page, 'Laptop').selectOption('Ignore');
  await target(colleague.page, 'Firewall').selectOption('Other');
  await colleague.save();

  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved meanwhile' });
  const rows = dialog.getByRole('table', { name: 'Rows that both changed' });
  await expect(rows.getByRole('row')).toHaveCount(2);
  await expect(rows.getByRole('radio', { name: 'Laptop: theirs, Ignore' })).toBeChecked();
  await visitor.expectAccessible();
  await rows.getByRole('radio', { name: 'Laptop: yours, Workstation' }).check();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByText('Changes saved')).toBeVisible();
  await page.reload();
  await expect(target(page, 'Laptop')).toHaveValue('workstation');
  await expect(target(page, 'Server')).toHaveValue('storage');
  await expect(target(page, 'Firewall'), 'the colleague’s row').toHaveValue('other');
});

test('rows of a conflict that are too many to be listed stay as the other one saved them', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const colleague = await another();
  await colleague.signIn('admin', '/asset-types');
  await target(page, 'Laptop').selectOption('Workstation');
  await target(page, 'Server').selectOption('Storage');
  await target(colleague.page, 'Laptop').selectOption('Ignore');
  await colleague.save();
  // As of more conflicts than an answer lists.
  await page.route('**/asset-types', async (route) => {
    if (route.request().method() !== 'PUT') return route.fallback();
    const response = await route.fetch();
    const body = (await response.json()) as { error?: { details: { conflicts: unknown[] } } };
    if (body.error) body.error.details.conflicts = [];
    await route.fulfill({ response, json: body });
  });
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved meanwhile' });
  await expect(dialog).toContainText('1 more row that both of you changed is not listed: theirs stay there.');
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByText('Changes saved')).toBeVisible();
  await page.reload();
  await expect(target(page, 'Laptop'), 'the colleague’s row').toHaveValue('ignore');
  await expect(target(page, 'Server')).toHaveValue('storage');
});

test('unsaved changes are guarded', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  await target(page, 'Laptop').selectOption('Ignore');
  await page.getByRole('tab', { name: 'Company Mapping' }).click();
  const guard = page.getByRole('dialog', { name: 'Leave without saving?' });
  await guard.getByRole('button', { name: 'Stay' }).click();
  await expect(target(page, 'Laptop')).toHaveValue('ignore');
  await page.getByRole('tab', { name: 'Company Mapping' }).click();
  await guard.getByRole('button', { name: 'Leave and lose the changes' }).click();
  await expect(page.getByRole('table', { name: 'Companies' })).toBeVisible();
  await visitor.open(TAB);
  await expect(page.getByText('No unsaved changes.')).toBeVisible();
});

test('CSV holds every row with its choice', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const n = await page.getByRole('table', { name: 'Asset types' }).getByRole('rowheader').count();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('asset-types.csv');
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(n + 1);
  expect(lines.some((line) => line.includes('Laptop'))).toBe(true);
});
