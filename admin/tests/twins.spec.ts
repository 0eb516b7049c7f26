import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const TAB = 'Link Companies to IT GLUE';

const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('rowheader') });
const map = (page: Page) => page.getByRole('button', { name: 'map companies', exact: true }).click();

test('a name that Autotask has twice is ambiguous: counted, filtered, never green by itself', async ({
  visitor,
  product,
}) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  await map(page);
  await page.getByText(/^Auto-matched, unsaved \(\d+\)$/).click();
  const matched = rows(page).first();
  const organization = (await matched.getByRole('rowheader').textContent()) ?? '';
  const picker = matched.getByRole('button', { name: /^Autotask company of / });
  const companyName = (await picker.textContent()) ?? '';
  await page.getByRole('button', { name: 'Discard' }).click();

  const fields = { companyName, companyType: 1, isActive: true, city: 'Elsewhere' };
  await product.control('POST', 'edits', { op: 'insert', entity: 'Companies', fields });
  await visitor.runNow();
  await visitor.open(TAB);
  await map(page);
  await page.getByText(/^Ambiguous \(1\)$/).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText(organization);
  await expect(rows(page).first()).toContainText('ambiguous');
  await expect(rows(page).first()).toContainText('several companies have this name, here or there');
  await visitor.expectAccessible();
});

test('IT Glue companies of one name are told apart by their id, by eye and by ear', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const signs = page.getByText(/^twin, id \d+$/);
  await expect(signs).toHaveCount(2);
  const twins = rows(page).filter({ has: signs });
  const pickers = twins.getByRole('button', { name: /^Autotask company of .*, id \d+: Open$/ });
  await expect(pickers).toHaveCount(2);
  const names = await Promise.all([0, 1].map((at) => pickers.nth(at).getAttribute('aria-label')));
  expect(new Set(names).size).toBe(2);
  expect(new Set(names.map((name) => name?.replace(/, id \d+/, ''))).size, 'of one name').toBe(1);
  await visitor.expectAccessible();
});
