import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const TAB = 'Link Companies to IT GLUE';

const rules = (page: Page) => page.getByRole('dialog', { name: 'Matching rules' });

async function nMatched(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'map companies', exact: true }).click();
  await expect(page.getByText(/companies auto-matched\. Review, then save\./).last()).toBeVisible();
  const text = (await page.getByTestId('matched').textContent()) ?? '';
  return Number(/^\d+/.exec(text)?.[0]);
}

test('a company type that is left out turns from green to amber, and can be chosen by hand', async ({
  visitor,
}) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const all = await nMatched(page);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Matching rules' }).click();
  await visitor.expectAccessible();
  await rules(page).getByRole('checkbox', { name: 'Customer' }).check();
  await rules(page).getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('effect')).toContainText('1 unsaved change.');
  expect(await nMatched(page), 'what is not saved yet counts already').toBeLessThan(all);
  await page.getByText(/^Suggested \(\d+\)$/).click();
  const first = page.getByRole('table', { name: 'IT Glue companies' }).getByRole('row').nth(1);
  await expect(first).toContainText('the company of this name was left out');
  await visitor.expectAccessible();
  await first.getByRole('button', { name: /^Link / }).click();
  await visitor.save();
  await page.reload();
  await page.getByRole('button', { name: 'Matching rules' }).click();
  await expect(rules(page).getByRole('checkbox', { name: 'Customer' })).toBeChecked();
});

test('strictness is saved, told in the history, and taken back by it', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const all = await nMatched(page);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Matching rules' }).click();
  await rules(page).getByLabel('Only suggest where one side has a legal form').check();
  await rules(page).getByRole('button', { name: 'Done' }).click();
  expect(await nMatched(page)).toBeLessThan(all);
  await page.getByRole('tab', { name: 'Settings and Pull Log' }).click();
  const guard = page.getByRole('dialog', { name: 'Leave without saving?' });
  await visitor.expectAccessible();
  await guard.getByRole('button', { name: 'Stay' }).click();
  await visitor.save();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  await page.getByRole('button', { name: 'History' }).click();
  const history = page.getByRole('dialog', { name: 'History' });
  await history.getByRole('button', { name: /^Version 1: Saved, \d+ rows and the matching rules/ }).click();
  await expect(history.getByRole('table', { name: 'Changes of version 1' })).toBeVisible();
  const changed = history.getByRole('table', { name: 'Matching rules' });
  await expect(changed.getByRole('row', { name: /^Only suggest .* legal form off on$/ })).toBeVisible();
  await visitor.expectAccessible();
  await history.getByRole('button', { name: 'Close' }).click();
  expect(await nMatched(page)).toBe(all);
});

test('a row is linked by keyboard alone', async ({ visitor }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  await page.getByLabel('Search companies').focus();
  await page.keyboard.type('Quillfeather');
  await expect(page.getByRole('table', { name: 'IT Glue companies' }).getByRole('rowheader')).toHaveCount(1);
  const isAt = (name: string) =>
    page.evaluate(
      (wanted) =>
        (
          document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent
        )?.startsWith(wanted),
      name,
    );
  const reach = async (name: string, key: string) => {
    for (let n = 0; n < 60 && !(await isAt(name)); n += 1) await page.keyboard.press(key);
    expect(await isAt(name), `${name} is reached by ${key}`).toBe(true);
  };
  await reach('Autotask company of Quillfeather', 'Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Search a company for Quillfeather' })).toBeFocused();
  await page.keyboard.type('Dental');
  await expect(page.getByRole('option', { name: /Dental/ }).first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /Quillfeather/ })).toContainText('linked, unsaved');
  await reach('Save Changes', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No unsaved changes.')).toBeVisible();
  expect((await catalogue.links()).counters.linked).toBe(1);
});

test('two admins change the matching rules at once, and neither takes back the other’s', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page, catalogue } = visitor;
  await visitor.setUp('other');
  await visitor.open(TAB);
  const colleague = await another();
  await colleague.signIn('other', '/company-links');
  await expect(colleague.page.getByTestId('matched')).toBeVisible();
  await page.getByRole('button', { name: 'Matching rules' }).click();
  await rules(page).getByRole('checkbox', { name: 'Customer' }).check();
  await rules(page).getByRole('button', { name: 'Done' }).click();
  await colleague.page.getByRole('button', { name: 'Matching rules' }).click();
  await rules(colleague.page).getByRole('checkbox', { name: 'Vendor' }).check();
  await rules(colleague.page).getByLabel('Only suggest where one side has a legal form').check();
  await rules(colleague.page).getByRole('button', { name: 'Done' }).click();
  await colleague.save();

  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved meanwhile' });
  const told = dialog.getByRole('table', { name: 'Matching rules' });
  await expect(told.getByRole('row', { name: /legal form/ })).toContainText('offonon');
  await expect(told.getByRole('row', { name: /Never matched: Vendor/ })).toContainText('offonon');
  await expect(told.getByRole('row', { name: /Never matched: Customer/ })).toContainText('offoffon');
  await expect(dialog).toContainText('No row was changed by both of you');
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByText('0 rows changed, and the matching rules.')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Matching rules' }).click();
  for (const name of ['Customer', 'Vendor']) {
    await expect(rules(page).getByRole('checkbox', { name })).toBeChecked();
  }
  await expect(rules(page).getByLabel('Only suggest where one side has a legal form')).toBeChecked();
  expect((await catalogue.links()).version).toBe(2);
});
