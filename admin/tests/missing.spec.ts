import type { Product } from './support/product';
import { expect, test, type Visitor } from './support/fixtures';

interface SourceAsset {
  id: number;
  companyID: number;
  serialNumber: string | null;
}

/** An asset of the source whose company is not shown. */
async function hiddenAsset(visitor: Visitor, product: Product): Promise<SourceAsset> {
  const rows = await visitor.catalogue.companies();
  const hidden = new Set(rows.filter((row) => !row.is_active).map((row) => Number(row.key)));
  const ids = await product.control<number[]>('GET', 'ids/ConfigurationItems');
  for (const id of ids.slice(0, 200)) {
    const asset = await product.control<SourceAsset>('GET', `record/ConfigurationItems/${id}`);
    if (hidden.has(asset.companyID) && asset.serialNumber) return asset;
  }
  throw new Error('the demo hides no asset');
}

test('a missing asset is explained, and the link leads to the row that mends it', async ({
  visitor,
  product,
}) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  const asset = await hiddenAsset(visitor, product);
  await page.getByRole('link', { name: 'Why is it missing?' }).click();
  await page.getByLabel('Asset or company').fill(String(asset.id));
  await page.getByRole('button', { name: 'Find out' }).click();
  const finding = page.getByRole('region', { name: new RegExp(`^Asset .* \\(id ${asset.id}\\)`) });
  await expect(finding).toContainText('Not shown');
  await expect(finding).toContainText('is not active in Company Mapping.');
  await visitor.expectAccessible();
  await finding.getByRole('link', { name: 'Go there' }).click();
  await expect(page.getByTestId('shown')).toContainText('1 company listed');
  await page.getByRole('table', { name: 'Companies' }).getByRole('checkbox').check();
  await visitor.effect();
  await visitor.save();
  const shown = (await catalogue.assetsOf(String(asset.companyID))).rows.map((row) => row.id);
  expect(shown).toContain(asset.id);
  await page.getByRole('link', { name: 'Why is it missing?' }).click();
  await page.getByLabel('Asset or company').fill(asset.serialNumber ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: new RegExp(`\\(id ${asset.id}\\)`) })).toContainText('Shown');
});

test('what was never seen is said so, with what to check', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.goto(`${visitor.product.url}/#/why-missing?query=no-such-serial`);
  await expect(page.getByText('Nothing of this name is known')).toBeVisible();
  await visitor.expectAccessible();
});

test('what waits for a decision is in the inbox, until it is decided', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await expect(page.getByText('Nothing waits for you')).toBeVisible();
  await visitor.expectAccessible();
  await product.control('POST', 'edits', {
    op: 'insert',
    entity: 'Companies',
    fields: { companyName: 'Brightwater Clinics', companyType: 1, isActive: true },
  });
  await page.getByRole('link', { name: 'Integrations' }).first().click();
  await page.getByRole('link', { name: 'Open settings' }).click();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog', { name: 'Run now' }).getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('row', { name: /Nightly sync Run now Done/ })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await expect(page.getByText('Undecided companies (1)')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Inbox 1 waiting/ })).toBeVisible();
  await visitor.expectAccessible();
  await page.getByRole('link', { name: 'Decide: Undecided companies' }).click();
  await page.getByText('Undecided (1)').click();
  await page.getByRole('checkbox', { name: 'Brightwater Clinics active' }).click();
  await visitor.save();
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await expect(page.getByText('Nothing waits for you')).toBeVisible();
});

test('from the start page, each answer is two clicks away', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.setUp();
  const asset = await hiddenAsset(visitor, product);
  const start = async () => {
    await page.goto(`${product.url}/#/`);
    await expect(page.getByRole('heading', { level: 1, name: 'Integrations' })).toBeVisible();
  };

  await test.step('the result of the last night', async () => {
    await start();
    await expect(page.getByText('Last run:')).toBeVisible();
    await page.getByRole('link', { name: 'Details' }).click();
    await expect(page.getByRole('table', { name: 'Records by entity' })).toBeVisible();
  });

  await test.step('why an asset is missing', async () => {
    await start();
    await page.getByRole('link', { name: 'Why is it missing?' }).click();
    await page.getByLabel('Asset or company').fill(String(asset.id));
    await page.getByRole('button', { name: 'Find out' }).click();
    await expect(page.getByText('is not active in Company Mapping.').first()).toBeVisible();
  });

  await test.step('what a mapping does, before it is saved', async () => {
    await start();
    await page.getByRole('main').getByRole('link', { name: 'Company Mapping' }).click();
    await page.getByRole('table', { name: 'Companies' }).getByRole('checkbox').first().click();
    expect(await visitor.effect()).toMatch(/Active companies: \d+ → \d+\. Shown assets/);
  });
});
