import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const TAB = 'Link Companies to IT GLUE';
const GREEN = 'rgb(230, 247, 234)';
const AMBER = 'rgb(255, 244, 214)';
const PLAIN = 'rgba(0, 0, 0, 0)';
/** What the demo's IT Glue and its Autotask have in common, by name. */
const N_MATCHED = 32;
const N_SUGGESTED = 3;

const table = (page: Page) => page.getByRole('table', { name: 'IT Glue companies' });
const rows = (page: Page) =>
  table(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') });
const counter = (page: Page) => page.getByTestId('matched');

async function mapCompanies(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'map companies', exact: true }).click();
  await expect(counter(page)).toContainText(
    `${N_MATCHED} companies auto-matched and not saved yet; 0 linked (0 of them auto-matched), 48 open of 48.`,
  );
}

async function expectColour(row: Locator, colour: string): Promise<void> {
  await expect(row.getByRole('rowheader')).toHaveCSS('background-color', colour);
}

async function filterBy(page: Page, name: string): Promise<void> {
  await page.getByText(new RegExp(`^${name} \\(\\d+\\)$`)).click();
}

/** The second setup document, step by step: linking. */
test('companies are matched, reviewed, changed and saved', async ({ visitor }) => {
  // A long way, with many looks at it.
  test.slow();
  const { page, catalogue } = visitor;

  await test.step('Autotask is a section beside IT Glue', async () => {
    await visitor.setUp('other');
    await page.getByRole('link', { name: 'Integrations' }).first().click();
    await expect(
      page.getByRole('heading', {
        name: 'PSA Integration - Configure your PSA to integrate with LCI Contracts.',
      }),
    ).toBeVisible();
    await visitor.expectAccessible();
    await page.getByRole('main').getByRole('link', { name: 'Autotask', exact: true }).click();
    await expect(page.getByRole('tab')).toHaveText(['Settings and Pull Log', TAB]);
    await visitor.open(TAB);
    await expect(counter(page)).toContainText('0 companies auto-matched');
    await visitor.expectAccessible();
  });

  await test.step('“map companies”: green rows and their counter', async () => {
    await mapCompanies(page);
    await filterBy(page, 'Auto-matched, unsaved');
    await expect(table(page)).toHaveAttribute('aria-rowcount', String(N_MATCHED + 1));
    const first = rows(page).first();
    await expectColour(first, GREEN);
    await expect(first).toContainText('auto-matched, unsaved');
    await expect(first.locator('svg').first()).toBeVisible();
    await expect(first).toContainText(/same name/);
    await visitor.expectAccessible();
  });

  await test.step('a suggestion is amber, and never ticked by itself', async () => {
    await filterBy(page, 'Suggested');
    await expect(rows(page)).toHaveCount(N_SUGGESTED);
    await expectColour(rows(page).first(), AMBER);
    await expect(rows(page).first()).toContainText('suggestion');
    await expect(rows(page).first()).toContainText(/\d+ %/);
    await visitor.expectAccessible();
    const stored = await catalogue.links();
    expect(stored.version, 'nothing is stored before it is saved').toBe(0);
    expect(stored.counters.linked).toBe(0);
  });

  const suggested = await rows(page).getByRole('rowheader').allTextContents();
  await test.step('one suggestion is taken, the other said not to be the same', async () => {
    await rows(page)
      .first()
      .getByRole('button', { name: /^Link / })
      .click();
    await rows(page)
      .first()
      .getByRole('button', { name: / is not / })
      .click();
    await filterBy(page, 'All');
    await page.getByLabel('Search companies').fill(suggested[0] ?? '');
    const taken = rows(page).filter({ hasText: 'linked, unsaved' });
    await expectColour(taken, GREEN);
    await expect(taken).toContainText('chosen by hand');
    await page.getByLabel('Search companies').fill('');
  });

  await test.step('an open row: ranked suggestions with reasons, a search, and an exclusion', async () => {
    await page.getByLabel('Search companies').fill('Quillfeather');
    await page.getByRole('button', { name: /^Autotask company of Quillfeather Orchards/ }).click();
    await page.getByLabel('Search a company for Quillfeather Orchards').fill('Dental');
    await expect(page.getByRole('option', { name: /Dental/ }).first()).toContainText(/id \d+/);
    await visitor.expectAccessible();
    await page.getByRole('option', { name: 'Leave unlinked on purpose' }).click();
    await expect(rows(page)).toContainText('excluded, unsaved');
    await page.getByLabel('Search companies').fill('');
  });

  await test.step('“Save Changes” at the top stores it, and no other way does', async () => {
    const save = await page.getByRole('button', { name: 'Save Changes' }).boundingBox();
    const top = await table(page).boundingBox();
    expect(save?.y).toBeLessThan(top?.y ?? 0);
    await page.getByRole('tab', { name: 'Settings and Pull Log' }).click();
    await page
      .getByRole('dialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Stay' })
      .click();
    expect((await catalogue.links()).version).toBe(0);
    await visitor.save();
    const stored = await catalogue.links();
    expect(stored.version).toBe(1);
    expect(stored.counters).toMatchObject({ linked: N_MATCHED + 1, auto: N_MATCHED, excluded: 1 });
    expect(stored.rows.filter((row) => row.rejected.length > 0)).toHaveLength(1);
  });

  await test.step('pressing it again is safe', async () => {
    await page.getByRole('button', { name: 'map companies', exact: true }).click();
    await expect(page.getByText('0 companies auto-matched. Review, then save.')).toBeVisible();
    await expect(page.getByText('No unsaved changes.')).toBeVisible();
    await filterBy(page, 'Suggested');
    await expect(rows(page), 'what was refused is not proposed again').toHaveCount(N_SUGGESTED - 2);
    await page.reload();
    await expect(counter(page)).toContainText(`${N_MATCHED + 1} linked (${N_MATCHED} of them auto-matched)`);
    expect((await catalogue.links()).version).toBe(1);
    await filterBy(page, 'Linked');
    await expectColour(rows(page).first(), GREEN);
  });

  await test.step('the pull log tells of it, and leads back to it', async () => {
    await page.getByRole('tab', { name: 'Settings and Pull Log' }).click();
    const line = page
      .getByRole('table', { name: 'Runs, newest first' })
      .getByRole('row', { name: /Auto-map/ });
    await expect(line).toContainText(
      `${N_MATCHED} companies linked as proposed, 3 decided by hand; version 1`,
    );
    await expect(line).toContainText('admin@other.example');
    await visitor.expectAccessible();
    await line.getByRole('link').click();
    await expect(counter(page)).toBeVisible();
  });
});

test('an undo takes back links, exclusions and what was said not to be the same', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const before = (await catalogue.links()).rows;
  await mapCompanies(page);
  await filterBy(page, 'Suggested');
  await rows(page)
    .first()
    .getByRole('button', { name: / is not / })
    .click();
  await filterBy(page, 'Open');
  await page.getByLabel('Search companies').fill('Quillfeather');
  await page.getByRole('button', { name: /^Autotask company of Quillfeather Orchards/ }).click();
  await page.getByRole('option', { name: 'Leave unlinked on purpose' }).click();
  await page.getByLabel('Search companies').fill('');
  await visitor.save();
  const saved = await catalogue.links();
  expect(saved.counters).toMatchObject({ linked: N_MATCHED, excluded: 1 });
  expect(saved.rows.filter((row) => row.rejected.length > 0)).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  expect((await catalogue.links()).rows).toEqual(before);
  await mapCompanies(page);
  await filterBy(page, 'Suggested');
  await expect(rows(page), 'what is refused no longer is suggested again').toHaveCount(N_SUGGESTED);
});

test('what is refused, excluded or taken back is amber no longer, saved or not', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  await mapCompanies(page);
  await filterBy(page, 'Auto-matched, unsaved');
  const matched = (await rows(page).getByRole('rowheader').first().textContent()) ?? '';
  await filterBy(page, 'Suggested');
  const [refused = '', excluded = ''] = await rows(page).getByRole('rowheader').allTextContents();
  await filterBy(page, 'All');
  const find = async (name: string) => {
    await page.getByLabel('Search companies').fill(name);
    return rows(page).filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  };

  const row = await find(refused);
  await row.getByRole('button', { name: / is not / }).click();
  await expect(row).toContainText('open, unsaved');
  await expectColour(row, PLAIN);
  await row.getByRole('button', { name: /^Take back that / }).click();
  await expectColour(row, AMBER);
  await row.getByRole('button', { name: / is not / }).click();
  await (await find(excluded)).getByRole('button', { name: /^Autotask company of/ }).click();
  await page.getByRole('option', { name: 'Leave unlinked on purpose' }).click();
  await visitor.save();
  await expect(await find(excluded)).toContainText('excluded');
  await expectColour(await find(excluded), PLAIN);
  await expect(await find(refused)).toContainText('Not the same as');
  await expect(await find(refused)).not.toContainText('suggestion');
  await expectColour(await find(refused), PLAIN);

  await (await find(matched)).getByRole('button', { name: /^Autotask company of/ }).click();
  await page.getByRole('option', { name: 'Take the choice back' }).click();
  await expectColour(await find(matched), PLAIN);
  await visitor.save();
  await expect(await find(matched)).toContainText('open');
  await expect(await find(matched)).toContainText('Not the same as');
  await expectColour(await find(matched), PLAIN);
  await visitor.expectAccessible();
});

test('the drop-down ranks by likeness, says why, and marks what is taken', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  await mapCompanies(page);
  await visitor.save();
  const [linked, open] = ['linked', 'open'].map(
    (state) => async () => (await catalogue.links()).rows.find((row) => row.state === state)?.name ?? '',
  );
  const taken = (await linked?.()) ?? '';
  const name = (await open?.()) ?? '';
  await page.getByLabel('Search companies').fill(taken);
  const own = page.getByRole('button', { name: `Autotask company of ${taken}` }).first();
  await own.click();
  await expect(page.getByRole('option').first()).toContainText(/\d\d %: same name/);
  await page.keyboard.press('Escape');
  await page.getByLabel('Search companies').fill(name);
  await page
    .getByRole('button', { name: `Autotask company of ${name}` })
    .first()
    .click();
  await page.getByLabel(`Search a company for ${name}`).fill(taken);
  const shared = page.getByRole('option', { name: /choosing it shares it/ }).first();
  await shared.click();
  await expect(rows(page).first()).toContainText('shared');
  await expect(page.getByTestId('effect')).toContainText(
    `Linked companies: ${N_MATCHED} → ${N_MATCHED + 1}.`,
  );
  await page.getByRole('button', { name: 'Show effect' }).click();
  const effect = page.getByRole('dialog', { name: 'Effect of saving' });
  await expect(effect).toContainText(`Linked companies: ${N_MATCHED} now, ${N_MATCHED + 1} then.`);
  await expect(effect).not.toContainText('Shown assets');
  await visitor.expectAccessible();
  await page.keyboard.press('Escape');
  await visitor.expectAccessible();
  await visitor.save();
  expect((await catalogue.links()).counters.linked).toBe(N_MATCHED + 1);
});

test('two admins link at once, and no link is lost', async ({ visitor, another, expectedErrors }) => {
  expectedErrors.push(/status of 409/);
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const colleague = await another();
  await colleague.signIn('other', '/company-links');
  await mapCompanies(page);
  await mapCompanies(colleague.page);
  await colleague.page.getByLabel('Search companies').fill('The MSP Itself');
  await colleague.page.getByRole('button', { name: /^Autotask company of The MSP Itself/ }).click();
  await colleague.page.getByRole('option', { name: 'Leave unlinked on purpose' }).click();
  await colleague.save();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved meanwhile' });
  const both = dialog.getByRole('row', { name: /The MSP Itself/ });
  await expect(both).toContainText('Left unlinked on purpose');
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByRole('dialog', { name: 'Somebody else saved meanwhile' })).toBeHidden();
  await expect(page.getByText('No unsaved changes.')).toBeVisible();
  expect((await catalogue.links()).counters).toMatchObject({ linked: N_MATCHED - 1, excluded: 1 });
});
