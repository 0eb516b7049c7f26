import { breakDown, fail, signal } from './support/broken';
import { expect, test } from './support/fixtures';
import { BASE } from './support/writeBack';

test.beforeEach(({ expectedErrors }) => {
  expectedErrors.push(/status of (409|500)/);
});

test('a drop-down that cannot be filled says why, and can be asked again', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open('Link Companies to IT GLUE');
  const mend = await breakDown(page, /\/suggestions\?/);
  await page.getByLabel('Search companies').fill('Quillfeather');
  await page.getByRole('button', { name: /^Autotask company of Quillfeather Orchards/ }).click();
  const list = page.getByRole('listbox', { name: 'Companies for Quillfeather Orchards' });
  await expect(list).toContainText('a defect of ours');
  await expect(list.getByRole('option', { name: 'Leave unlinked on purpose' })).toBeVisible();
  await visitor.expectAccessible();
  await mend();
  await list.getByRole('option', { name: 'Try again' }).click();
  await expect(list).not.toContainText('a defect of ours');
  await expect(list.getByRole('option', { name: 'Try again' })).toHaveCount(0);
  await page.getByLabel('Search a company for Quillfeather Orchards').fill('Dental');
  await expect(list.getByRole('option', { name: /Dental/ }).first()).toContainText(/id \d+/);
});

test('an undo that fails says so, and what was saved stays', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open('Company Mapping');
  await page.getByRole('checkbox').first().click();
  await visitor.save();
  const saved = await catalogue.companies();
  const mend = await breakDown(page, /\/companies\/revert/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('This could not be undone')).toBeVisible();
  await expect(page.getByText('a defect of ours (reference R-79)')).toBeVisible();
  await visitor.expectAccessible();
  expect(await catalogue.companies()).toEqual(saved);
  await mend();
  await page.getByRole('button', { name: 'History' }).click();
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.getByRole('button', { name: /^Version 1:/ }).click();
  await dialog.getByRole('button', { name: 'Go back to version 1' }).click();
  await expect(page.getByText('Went back')).toBeVisible();
  expect(await catalogue.companies()).not.toEqual(saved);
});

test('a support bundle that cannot be made is asked for again', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  const mend = await breakDown(page, /\/autotask\/runs\?limit=10/);
  await page.getByRole('button', { name: 'Support bundle' }).click();
  const dialog = page.getByRole('dialog', { name: 'Support bundle' });
  await expect(dialog.getByRole('alert')).toContainText('The bundle could not be loaded');
  await visitor.expectAccessible();
  await mend();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('region', { name: 'Content of the bundle' })).toContainText(
    '"kind": "initial"',
  );
});

test('a lock that somebody else was faster than is entered once more by a click', async ({
  visitor,
  product,
}) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  const [mine, theirs] = await product.control<number[]>('GET', 'ids/ConfigurationItems');
  await page.goto(`${product.url}/#/write-back/locks`);
  await page.getByLabel('or asset, by Autotask’s id').fill(String(mine));
  await page.getByLabel('Why').fill('leased');
  await catalogue.put(`${BASE}/locks`, {
    version: 0,
    changes: [{ asset_id: theirs, is_locked: true, note: 'theirs' }],
  });
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByText('It was not locked')).toBeVisible();
  const table = page.getByRole('table', { name: 'Locked assets' });
  await expect(table).toContainText('theirs');
  await expect(page.getByLabel('Why')).toHaveValue('leased');
  await visitor.expectAccessible();
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(table).toContainText('leased');
  await expect(table).toContainText('theirs');
});

test('a look at the settings that is older than a save does not undo what is shown', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  const [asked, saved, told] = [signal(), signal(), signal()];
  await page.route(
    /\/autotask\/settings$/,
    async (route) => {
      // What was stored before the save, told after it.
      const response = await route.fetch();
      asked.happens();
      await saved.happened;
      // A look that was called off takes no answer.
      await route.fulfill({ response }).catch(() => undefined);
      told.happens();
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await asked.happened;
  await page.getByLabel('Autotask Integration Active').uncheck();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await visitor.waitForStatus('Paused');
  saved.happens();
  await told.happened;
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await visitor.waitForStatus('Paused', 1);
  await expect(page.getByLabel('Autotask Integration Active')).not.toBeChecked();
});

test('a list of clients that cannot be read is asked for again', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.route(/\/autotask\/companies\?/, fail);
  await page.goto(`${product.url}/#/write-back/locks`);
  const alert = page.getByRole('alert', { name: 'The companies to choose from could not be loaded' });
  await expect(alert).toBeVisible();
  await visitor.expectAccessible();
  await page.unroute(/\/autotask\/companies\?/, fail);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Client' }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
});
