import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { BASE, switchOn } from './support/writeBack';

const card = (page: Page) => page.getByRole('region', { name: 'Which dates may be written' });

async function save(page: Page, mode: string): Promise<void> {
  await card(page).getByRole('radio', { name: mode }).check();
  await card(page).getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Policy saved').last()).toBeVisible();
  await expect(card(page)).toContainText('No unsaved changes.');
}

test('a saved policy names its own author and time, not those of the one before', async ({ visitor }) => {
  const { page } = visitor;
  await switchOn(visitor);
  // The first version is somebody else's.
  await page.route(`**${BASE}/policy`, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    const stored = (await response.json()) as { version: number };
    const former = { by: 'former@demo.example', at: '2020-01-01T12:00:00Z' };
    return route.fulfill({ response, json: { ...stored, ...(stored.version === 1 ? former : {}) } });
  });
  await page.getByRole('tab', { name: 'Policy' }).click();
  await expect(card(page)).toContainText('Nobody changed it yet.');
  await save(page, 'Fill blanks only');
  await expect(card(page)).toContainText(/Version 1, 1 Jan 2020, .* by former@demo\.example\./);
  await save(page, 'Prefer the latest');
  await expect(card(page)).toContainText(/Version 2, .* by admin@demo\.example\./);
  await expect(card(page)).not.toContainText('2020');
  await visitor.expectAccessible();
});

test('two admins save a policy at once: the second sees the first, and decides', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 409/);
  const { page } = visitor;
  await switchOn(visitor);
  await page.getByRole('tab', { name: 'Policy' }).click();
  await card(page).getByRole('radio', { name: 'Fill blanks only' }).check();
  const colleague = await another();
  await colleague.signIn('admin', '/write-back/policy');
  await save(colleague.page, 'Prefer the latest');
  await card(page).getByRole('button', { name: 'Save policy' }).click();
  const newer = card(page).getByRole('alert');
  await expect(newer).toContainText('admin@demo.example saved version 1');
  await expect(newer).toContainText('It is now: Prefer the latest');
  await visitor.expectAccessible();
  await newer.getByRole('button', { name: /^Keep mine/ }).click();
  await expect(newer).toHaveCount(0);
  await save(page, 'Fill blanks only');
  await expect(card(page)).toContainText('Version 2,');
});
