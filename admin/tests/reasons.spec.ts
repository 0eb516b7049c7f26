import { expect, test } from './support/fixtures';

test('a control that cannot be used says why', async ({ visitor }) => {
  const { page, product } = visitor;
  await visitor.signIn('admin', '/settings');
  const run = page.getByRole('button', { name: 'Run now' });
  await expect(run).toBeDisabled();
  await expect(run).toHaveAccessibleDescription('“Run now” needs the integration to be active and saved.');
  await expect(page.getByText('“Run now” needs the integration')).toBeVisible();
  await page.getByLabel('Autotask Integration Active').check();
  const save = page.getByRole('button', { name: 'Save Settings' });
  await expect(save).toBeDisabled();
  await expect(save).toHaveAccessibleDescription('Enter the API user name to save.');
  await visitor.expectAccessible();
  await page.getByRole('button', { name: 'Discard changes' }).click();

  await page.goto(`${product.url}/#/write-back`);
  await expect(page.getByRole('switch')).toBeDisabled();
  await expect(page.getByText('Enter the API user in the settings of Autotask first')).toBeVisible();
  await visitor.expectAccessible();

  await page.goto(`${product.url}/#/write-back/locks`);
  const lock = page.getByRole('button', { name: 'Lock', exact: true });
  await expect(lock).toBeDisabled();
  await expect(lock).toHaveAccessibleDescription('Choose a client or enter an asset to lock it.');
  await page.getByLabel('or asset, by Autotask’s id').fill('7');
  await expect(lock).toBeEnabled();
  await visitor.expectAccessible();
});
