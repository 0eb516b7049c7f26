import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const TAB = 'Link Companies to IT GLUE';
const card = (page: Page) => page.getByRole('region', { name: 'IT Glue', exact: true });

interface Records {
  rows: { id: number; company_id: number }[];
}

/** The second setup document, step by step: from the form to what arrives for linked companies. */
test('tickets, contracts and opportunities arrive for linked companies alone', async ({
  visitor,
  expectedErrors,
}) => {
  // An unlinked company is asked for as well.
  expectedErrors.push(/404/);
  test.slow();
  const { page, catalogue } = visitor;

  await test.step('fill in the form, test, save', async () => {
    await visitor.signIn('other', '/settings');
    await expect(page.getByRole('radio', { name: 'IT Glue' })).toBeChecked();
    await page.getByLabel('Pull Contracts from Datto Autotask').check();
    await page.getByLabel('Pull Tickets from Datto Autotask').check();
    await page.getByLabel('Pull Opportunities from Datto Autotask').check();
    await page.getByLabel('Autotask Integration Active').check();
    await visitor.enterLogin();
    await page.getByRole('button', { name: 'Test Settings' }).click();
    await expect(page.getByTestId('test-result')).toContainText('Connection Successful.');
    await page.getByRole('button', { name: 'Save Settings' }).click();
    await visitor.waitForStatus('Healthy');
    await visitor.expectAccessible();
  });

  await test.step('the run says what belongs to nobody yet', async () => {
    await page.getByRole('link', { name: 'Integrations' }).first().click();
    await page.getByRole('link', { name: 'Details' }).click();
    const remarks = page.getByRole('list', { name: 'Remarks' });
    await expect(remarks).toContainText(/[\d,]+ tickets belong to [\d,]+ companies that are not linked/);
    await expect(page.getByRole('rowheader', { name: 'Assets' })).toHaveCount(0);
  });

  await test.step('“map companies”, review, “Save Changes”', async () => {
    await page.getByRole('link', { name: 'Integrations' }).first().click();
    await page.getByRole('main').getByRole('link', { name: TAB }).click();
    await page.getByRole('button', { name: 'map companies', exact: true }).click();
    await expect(page.getByTestId('matched')).toContainText('32 companies auto-matched');
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await expect(page.getByTestId('matched')).toContainText('32 linked');
  });

  await test.step('their records arrive, and nobody else’s', async () => {
    await page.getByRole('tab', { name: 'Settings and Pull Log' }).click();
    await expect(page.getByRole('row', { name: /Nightly sync .* Done/ })).toBeVisible({ timeout: 90_000 });
    const { rows } = await catalogue.links();
    const linked = rows.flatMap(
      (row) => (row as unknown as { choice?: { company_id?: number } }).choice?.company_id ?? [],
    );
    expect(linked).toHaveLength(32);
    const tickets = await Promise.all(
      linked.map((id) => catalogue.get<Records>(`/v1/companies/${id}/tickets`)),
    );
    const all = tickets.flatMap((page) => page.rows);
    expect(all.length).toBeGreaterThan(0);
    expect(all.every((ticket) => linked.includes(ticket.company_id))).toBe(true);
    const busiest = linked[tickets.findIndex((page) => page.rows.length > 0)];
    await page.goto(`${visitor.product.url}/#/clients/${busiest}`);
    await expect(page.getByRole('heading', { name: 'Tickets by month' })).toBeVisible();
    await visitor.expectAccessible();
    const unlinked = (await catalogue.companies()).find(({ key }) => !linked.includes(Number(key)));
    await page.goto(`${visitor.product.url}/#/clients/${unlinked?.key}`);
    await expect(page.getByText('Nothing is shown of this company')).toBeVisible();
    await visitor.expectAccessible();
  });

  await test.step('what is unticked stays, with its date', async () => {
    await page.goto(`${visitor.product.url}/#/settings`);
    await page.getByLabel('Pull Tickets from Datto Autotask').uncheck();
    await page.getByRole('button', { name: 'Save Settings' }).click();
    await expect(page.getByTestId('unsaved')).toBeHidden();
    const { rows } = await catalogue.links();
    const linked = rows as unknown as { choice?: { company_id?: number } }[];
    const first = linked.find((row) => row.choice?.company_id)?.choice?.company_id;
    await page.goto(`${visitor.product.url}/#/clients/${first}`);
    const stale = page.getByRole('alert').filter({ hasText: 'Not up to date' });
    await expect(stale).toContainText(/Tickets are no longer pulled: what is shown is as of .* \(.+\)\./);
    await expect(stale).not.toContainText('Contracts');
    await visitor.expectAccessible();
  });
});

test('a key of IT Glue is tested and saved, and a wrong one changes nothing', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/409/);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByRole('radio', { name: 'IT Glue' }).check();
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await expect(card(page).getByTestId('it-glue-note')).toContainText('No API key is stored yet.');
  await visitor.waitForStatus('Healthy');
  await card(page).getByLabel('API key', { exact: true }).fill('ITG.wrong');
  await card(page).getByRole('button', { name: 'Test IT Glue' }).click();
  await expect(card(page).getByRole('alert')).toContainText('IT Glue refused the API key');
  await card(page).getByRole('button', { name: 'Save IT Glue' }).click();
  await expect(card(page).getByText('nothing was saved')).toBeVisible();
  await visitor.expectAccessible();
  await card(page).getByLabel('API key', { exact: true }).fill('ITG.simulated-key-of-us');
  await card(page).getByRole('button', { name: 'Test IT Glue' }).click();
  await expect(card(page).getByRole('status')).toContainText('Connection Successful.');
  await card(page).getByRole('button', { name: 'Save IT Glue' }).click();
  await expect(card(page).getByTestId('it-glue-note')).toContainText('API key: stored');
  await expect(card(page).getByTestId('it-glue-note')).toContainText(/\d+ organizations, read/, {
    timeout: 60_000,
  });
  await visitor.expectAccessible();
});
