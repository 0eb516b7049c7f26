import { expect, test } from './support/fixtures';

const PULLS = [
  'Pull Contracts from Datto Autotask',
  'Pull Tickets from Datto Autotask',
  'Pull Opportunities from Datto Autotask',
];
const WRITE_BACK = 'Write warranty expiration dates back to Autotask';

/** The setup document “Supplement IT Glue with Autotask”, up to the links. */
test('the form beside IT Glue: what is pulled is ticked, tested by right, and saved', async ({
  visitor,
  product,
}) => {
  const { page } = visitor;
  // The security level of the document lacks what opportunities need.
  await product.control('POST', 'rights', { Opportunities: 'forbidden' });
  await visitor.signIn('other');
  await page.getByRole('main').getByRole('link', { name: 'Autotask', exact: true }).click();
  await expect(page.getByLabel(WRITE_BACK), 'assets are those of IT Glue').toHaveCount(0);
  for (const name of PULLS) await expect(page.getByLabel(name)).not.toBeChecked();
  for (const name of PULLS) await page.getByLabel(name).check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  const row = (name: RegExp) => page.getByRole('row', { name });
  await expect(row(/^Opportunities: read/)).toHaveAttribute('data-state', 'missing');
  await expect(row(/^Contracts: read/)).toContainText('Granted');
  await expect(row(/^Tickets: read/)).toContainText('Granted');
  await visitor.expectAccessible();
  await product.control('POST', 'rights', { Opportunities: 'full' });
  await page.getByLabel('Autotask Integration Active').check();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await expect(page.getByText('Connection Successful.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Healthy');
  await page.reload();
  for (const name of PULLS) await expect(page.getByLabel(name)).toBeChecked();
});

test('beside Autotask’s own data, the write-back is offered, off by itself', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await expect(page.getByLabel(WRITE_BACK)).not.toBeChecked();
});

test('an address of screens beside Autotask’s own data says whose they are, and changes nothing', async ({
  visitor,
}) => {
  const { page, product } = visitor;
  await visitor.setUp('other');
  for (const view of ['asset-types', 'companies', 'asset-statuses']) {
    await page.goto(`${product.url}/#/${view}`);
    await expect(page.getByText('This screen is for companies and assets from Autotask')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save Changes' })).toHaveCount(0);
  }
  await visitor.expectAccessible();
  await page.getByRole('main').getByRole('link', { name: 'Settings and Pull Log' }).click();
  await expect(page.getByLabel('Autotask Integration Active')).toBeVisible();
});

test('beside IT Glue no write-back is offered, and its address says why', async ({ visitor }) => {
  const { page, product } = visitor;
  await visitor.setUp('other');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation.getByRole('link', { name: 'Why is it missing?' })).toBeVisible();
  await expect(navigation.getByRole('link', { name: 'Warranty write-back' })).toHaveCount(0);
  await page.goto(`${product.url}/#/write-back/policy`);
  await expect(page.getByText('Nothing is written back beside IT Glue')).toBeVisible();
  await expect(page.getByRole('tab')).toHaveCount(0);
  await visitor.expectAccessible();
});
