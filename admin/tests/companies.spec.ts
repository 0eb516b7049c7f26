import type { Page } from '@playwright/test';
import type { CompanyRow } from './support/catalogue';
import { expect, test, type Visitor } from './support/fixtures';

const TAB = 'Company Mapping';
const tick = (page: Page, name: string) =>
  page.getByRole('checkbox', { name: `${name.trim()} active`, exact: true });

/** Companies that are not shown although they are active in Autotask, those of most assets first. */
async function hidden(visitor: Visitor): Promise<CompanyRow[]> {
  const rows = (await visitor.catalogue.companies()).filter((row) => !row.is_active && row.is_source_active);
  return rows.sort((a, b) => b.n_assets - a.n_assets);
}

/** Narrows the table down to one company, since it draws only what is in sight. */
async function find(page: Page, row: CompanyRow | undefined): Promise<CompanyRow> {
  if (!row) throw new Error('the demo has no such company');
  await page.getByLabel('Search name, city or id').fill(row.key);
  await expect(tick(page, row.name)).toBeVisible();
  return row;
}

test('activating a company shows its assets, as the effect said', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  await visitor.expectAccessible();
  const company = await find(page, (await hidden(visitor))[0]);
  const before = await catalogue.shownAssets();
  const nActive = (await catalogue.companies()).filter((row) => row.is_active).length;
  await tick(page, company.name).check();
  const effect = await visitor.effect();
  expect(effect).toContain(`Active companies: ${nActive} → ${nActive + 1}.`);
  expect(effect).toContain(`Shown assets: +${company.n_assets}, −0, in 1 company.`);
  await visitor.save();
  await expect(page.getByTestId('shown')).toContainText(`active ${nActive + 1}`);
  expect(await catalogue.shownAssets()).toBe(before + company.n_assets);
  expect((await catalogue.assetsOf(company.key)).rows).toHaveLength(company.n_assets);
});

test('filters, type and search narrow the list, and the bulk buttons take what is left', async ({
  visitor,
}) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const rows = await catalogue.companies();
  const vendors = rows.filter((row) => row.type_name === 'Vendor' && !row.is_active);
  expect(vendors.length).toBeGreaterThan(1);
  await page.getByText(/^Not active \(\d+\)$/).click();
  await page.getByRole('combobox', { name: 'Company type' }).click();
  await page.getByRole('option', { name: 'Vendor' }).click();
  await expect(page.getByTestId('shown')).toContainText(`${vendors.length} companies listed`);
  await page.getByRole('button', { name: `Activate ${vendors.length} listed`, exact: true }).click();
  expect(await visitor.effect()).toContain(`${vendors.length} unsaved changes.`);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('No unsaved changes.')).toBeVisible();
  await page.getByLabel('Search name, city or id').fill('no such company');
  await expect(page.getByText('No company fits')).toBeVisible();
  await visitor.expectAccessible();
});

/** What the plan of the demo's user `limited` allows. */
const PLAN_LIMIT = 12;

test('the first load fills the plan, and a save over it is refused with its count', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page, catalogue } = visitor;
  await visitor.setUp('limited');
  await visitor.open(TAB);
  await expect(page.getByTestId('shown')).toContainText(
    `active ${PLAN_LIMIT} of ${PLAN_LIMIT} that your plan allows.`,
  );
  const before = await catalogue.companies();
  const refusal = `your plan allows ${PLAN_LIMIT} active companies, and this would make ${PLAN_LIMIT + 1}: nothing was saved`;
  const company = await find(page, (await hidden(visitor))[0]);
  await tick(page, company.name).check();
  await expect(page.getByRole('alert', { name: refusal })).toBeVisible();
  await expect(page.getByTestId('effect')).toContainText(`12 → 13 of ${PLAN_LIMIT} allowed`);
  const save = page.getByRole('button', { name: 'Save Changes' });
  await expect(save).toBeDisabled();
  await visitor.expectAccessible();

  // Somebody quicker than the effect is refused by the server.
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.route('**/companies/preview', () => undefined);
  await page.getByLabel('Search name, city or id').fill('');
  await page.getByRole('button', { name: /^Activate \d+ listed$/ }).click();
  await save.click();
  await expect(page.getByRole('alert').filter({ hasText: 'Nothing was saved' })).toContainText(
    `your plan allows ${PLAN_LIMIT} active companies, and this would make ${before.length}`,
  );
  expect(await catalogue.companies()).toEqual(before);
});

test('one company takes the place of another within the plan', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp('limited');
  await visitor.open(TAB);
  const out = await find(
    page,
    (await catalogue.companies()).find((row) => row.is_active),
  );
  await tick(page, out.name).uncheck();
  const into = await find(page, (await hidden(visitor))[0]);
  await tick(page, into.name).check();
  expect(await visitor.effect()).toContain(`12 → 12 of ${PLAN_LIMIT} allowed`);
  await visitor.save();
  const active = (await catalogue.companies()).filter((row) => row.is_active).map((row) => row.key);
  expect(active).toHaveLength(PLAN_LIMIT);
  expect(active).toContain(into.key);
  expect(active).not.toContain(out.key);
});

test('edits of different rows both stay, one save after the other', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open(TAB);
  const [one, two] = await hidden(visitor);
  const colleague = await another();
  await colleague.signIn('admin', '/companies');
  const mine = await find(page, one);
  await tick(page, mine.name).check();
  const theirs = await find(colleague.page, two);
  await tick(colleague.page, theirs.name).check();
  await colleague.save();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved meanwhile' });
  await expect(dialog).toContainText('They changed other rows than you did, so both can stay.');
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByText('Changes saved')).toBeVisible();
  const active = (await catalogue.companies()).filter((row) => row.is_active).map((row) => row.key);
  expect(active).toEqual(expect.arrayContaining([mine.key, theirs.key]));
});

test('an inactive asset can be kept out by its status', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  await visitor.open('Asset Status Mapping');
  await visitor.expectAccessible();
  const before = await catalogue.shownAssets();
  const picker = page.getByRole('combobox', { name: 'Inactive is shown as', exact: true });
  await picker.selectOption('Ignore');
  const removed = Number(/−(\d+), in/.exec(await visitor.effect())?.[1]);
  expect(removed).toBeGreaterThan(0);
  await visitor.save();
  expect(await catalogue.shownAssets()).toBe(before - removed);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  await expect(picker).toHaveValue('');
  expect(await catalogue.shownAssets()).toBe(before);

  // None comes or goes, and still it is an effect: by a status of one's own.
  await page.getByRole('button', { name: 'Add own status' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add own status' });
  await dialog.getByLabel('Name').fill('spare');
  await expect(dialog.getByText('There is a status of this name already.')).toBeVisible();
  await dialog.getByLabel('Name').fill('On the shelf');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await picker.selectOption('On the shelf (new)');
  expect(await visitor.effect()).toContain(`${removed} assets with another type or status.`);
  await page.getByRole('button', { name: 'Show effect' }).click();
  const states = page.getByRole('table', { name: 'By status' });
  await expect(states.getByRole('row', { name: /^On the shelf/ })).toContainText(`+${removed}`);
  await visitor.expectAccessible();
  await page.keyboard.press('Escape');
  await visitor.save();
  await page.reload();
  await expect(picker.locator('option:checked')).toHaveText('On the shelf');
  expect(await catalogue.shownAssets()).toBe(before);
});
