import type { Page } from '@playwright/test';
import { expect, test, type Visitor } from './support/fixtures';

const target = (page: Page, type: string) =>
  page.getByRole('combobox', { name: `${type} is shown as`, exact: true });

/** The number of an asset type, by its name. */
async function typeId({ catalogue }: Visitor, name: string): Promise<number> {
  const { rows } = await catalogue.get<{ rows: { key: string; name: string }[] }>(
    '/v1/integrations/autotask/asset-types',
  );
  return Number(rows.find((row) => row.name === name)?.key);
}

test('types that are new, renamed and removed in Autotask: a badge, the same choice, still listed', async ({
  visitor,
}) => {
  const { page, product } = visitor;
  await visitor.setUp();
  await visitor.open('Asset Mapping');
  await target(page, 'Laptop').selectOption('Storage');
  await target(page, 'Server').selectOption('Ignore');
  await visitor.save();

  const entity = 'ConfigurationItemTypes';
  const [laptop, server] = [await typeId(visitor, 'Laptop'), await typeId(visitor, 'Server')];
  const { ids } = await product.control<{ ids: number[] }>('POST', 'edits', [
    { op: 'insert', entity, fields: { name: 'Badge reader', isActive: true } },
    { op: 'update', entity, id: laptop, fields: { name: 'Portable' } },
    { op: 'delete', entity, id: server },
  ]);
  const fields = { companyID: 0, referenceTitle: 'BADGE-1', isActive: true, configurationItemType: ids[0] };
  await product.control('POST', 'edits', { op: 'insert', entity: 'ConfigurationItems', fields });
  await visitor.runNow();

  await test.step('the inbox asks for a decision', async () => {
    await page.getByRole('link', { name: /Inbox/ }).click();
    await expect(page.getByRole('main')).toContainText('1 new asset type came from Autotask');
  });
  await page.goto(`${product.url}/#/asset-types`);
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('Badge reader')).toContainText('new');
  await expect(target(page, 'Portable'), 'a name may change, the choice is its number’s').toHaveValue(
    'storage',
  );
  await expect(row('Server')).toContainText('gone from Autotask');
  await expect(target(page, 'Server')).toHaveValue('ignore');
  await visitor.expectAccessible();
});

test('a company that vanishes from Autotask is flagged, and stays mapped', async ({ visitor }) => {
  const { page, product, catalogue } = visitor;
  await visitor.setUp();
  const gone = (await catalogue.companies()).find((row) => row.is_active && row.key !== '0');
  if (!gone) throw new Error('the demo has no active company');
  await product.control('POST', 'edits', { op: 'delete', entity: 'Companies', id: Number(gone.key) });
  await visitor.runNow();
  await visitor.open('Company Mapping');
  await page.getByLabel('Search name, city or id').fill(gone.key);
  const row = page.getByRole('row').filter({ hasText: 'gone from Autotask' });
  await expect(row).toContainText(gone.name);
  await expect(row.getByRole('checkbox'), 'flagged, not unmapped').toBeChecked();
  await visitor.expectAccessible();
});
