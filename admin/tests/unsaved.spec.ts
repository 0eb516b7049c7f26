import type { Page } from '@playwright/test';
import { signal } from './support/broken';
import { expect, test } from './support/fixtures';

const links = (page: Page) => page.getByRole('table', { name: 'IT Glue companies' });

async function mapCompanies(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'map companies', exact: true }).click();
  await expect(page.getByTestId('matched')).toContainText(/^32 companies auto-matched/);
}

test('a company that an unsaved row has can be shared with another one on purpose', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open('Link Companies to IT GLUE');
  await mapCompanies(page);
  await page.getByText(/^Auto-matched, unsaved/).click();
  const matched = (await links(page).getByRole('rowheader').first().textContent()) ?? '';
  await page.getByText(/^All \(/).click();
  await page.getByLabel('Search companies').fill('Quillfeather');
  await page.getByRole('button', { name: /^Autotask company of Quillfeather Orchards/ }).click();
  await page.getByLabel('Search a company for Quillfeather Orchards').fill(matched);
  await page
    .getByRole('option', { name: /choosing it shares it/ })
    .first()
    .click();
  await expect(links(page)).toContainText('shared');
  await page.getByLabel('Search companies').fill(matched);
  // The row that shares it names the company as well.
  const header = page.getByRole('rowheader', { name: matched, exact: true });
  await expect(links(page).getByRole('row').filter({ has: header })).toContainText('shared');
  await visitor.expectAccessible();
  await visitor.effect();
  await visitor.save();
  expect((await catalogue.links()).counters.linked).toBe(33);
});

test('stricter rules take back what was matched and not saved', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open('Link Companies to IT GLUE');
  await mapCompanies(page);
  await page.getByRole('button', { name: 'Matching rules' }).click();
  const rules = page.getByRole('dialog', { name: 'Matching rules' });
  await rules.getByRole('checkbox', { name: 'Customer' }).check();
  await rules.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'map companies', exact: true }).click();
  await expect(page.getByTestId('matched')).not.toContainText(/^32 companies auto-matched/);
  await page.getByText(/^Auto-matched, unsaved/).click();
  await expect(links(page)).not.toContainText('Customer');
});

test('a type of one’s own is saved by itself, and is no name that is taken', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open('Asset Mapping');
  await page.getByRole('button', { name: 'Add own type' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add own type' });
  await dialog.getByLabel('Name').fill('ignore');
  await expect(dialog.getByRole('button', { name: 'Add' })).toBeDisabled();
  await dialog.getByLabel('Name').fill('Kiosk');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByTestId('effect')).toContainText('1 unsaved change.');
  await visitor.save();
  await page.reload();
  await expect(
    page
      .getByRole('combobox', { name: 'Laptop is shown as', exact: true })
      .getByRole('option', { name: 'Kiosk' }),
  ).toBeAttached();
});

test('what is entered while the settings are being saved stays', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  const [asked, entered] = [signal(), signal()];
  await page.route(
    /\/autotask\/settings$/,
    async (route) => {
      asked.happens();
      await entered.happened;
      await route.continue();
    },
    { times: 1 },
  );
  await page.getByLabel('Pull Tickets from Datto Autotask').check();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await asked.happened;
  await page.getByLabel('Pull Contracts from Datto Autotask').check();
  entered.happens();
  await expect(page.getByText('Settings saved').last()).toBeVisible();
  await expect(page.getByLabel('Pull Contracts from Datto Autotask')).toBeChecked();
  await expect(page.getByLabel('Pull Tickets from Datto Autotask')).toBeChecked();
  await expect(page.getByRole('button', { name: 'Discard changes' })).toBeEnabled();
});

test('what a test said goes with what it was about', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await expect(page.getByText('Connection Successful.')).toBeVisible();
  await page.getByLabel('Pull Tickets from Datto Autotask').check();
  await expect(page.getByText('Connection Successful.')).toHaveCount(0);
});

test('the tabs stand in the order of the setup document', async ({ visitor }) => {
  await visitor.signIn('admin', '/settings');
  await expect(visitor.page.getByRole('tab')).toHaveText([
    'Settings and Pull Log',
    'Asset Mapping',
    'Company Mapping',
    'Asset Status Mapping',
  ]);
});

test('an undo is no conflict with what was changed since', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await visitor.open('Company Mapping');
  await page.getByRole('checkbox').first().click();
  await visitor.save();
  await page.getByRole('checkbox').nth(1).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  await visitor.save();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
