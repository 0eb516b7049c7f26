import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));
const MAX_KB = 150;

async function shoot(page: Page, name: string): Promise<void> {
  // At once, since a notice also goes by itself.
  await page.evaluate(() => {
    for (const one of document.querySelectorAll<HTMLElement>('button[aria-label=Dismiss]')) one.click();
  });
  await expect(page.getByRole('button', { name: 'Dismiss' })).toHaveCount(0);
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path, animations: 'disabled' });
  expect(statSync(path).size / 1024, `${name}.png, in KB`).toBeLessThanOrEqual(MAX_KB);
}

test('Autotask as the primary source', async ({ visitor, product }) => {
  const { page } = visitor;
  await page.setViewportSize({ width: 1120, height: 720 });
  await visitor.setUp();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await expect(page.getByText('Connection Successful.')).toBeVisible();
  await shoot(page, 'settings');
  await page.getByRole('heading', { name: 'Pull Log' }).scrollIntoViewIfNeeded();
  await shoot(page, 'pull-log');
  await page.getByRole('link', { name: 'Integrations' }).first().click();
  await expect(page.getByText('Last run:')).toBeVisible();
  await shoot(page, 'integrations');
  await page.getByRole('link', { name: 'Details' }).click();
  await expect(page.getByRole('table', { name: 'Records by entity' })).toBeVisible();
  await shoot(page, 'run');
  await visitor.open('Asset Mapping');
  await page.getByRole('combobox', { name: 'Laptop is shown as', exact: true }).selectOption('Ignore');
  await visitor.effect();
  await shoot(page, 'asset-mapping');
  await page.getByRole('button', { name: 'Discard' }).click();
  await visitor.open('Company Mapping');
  await page.getByRole('table', { name: 'Companies' }).getByRole('checkbox').first().click();
  await visitor.effect();
  await shoot(page, 'company-mapping');
  await page.getByRole('button', { name: 'Discard' }).click();
  await visitor.open('Asset Status Mapping');
  await shoot(page, 'asset-status-mapping');
  const [id] = await product.control<number[]>('GET', 'ids/ConfigurationItems');
  await page.goto(`${product.url}/#/why-missing?query=${id}`);
  await expect(page.getByRole('heading', { level: 2 }).last()).toContainText(`id ${id}`);
  await shoot(page, 'why-missing');
});

test('warranty write-back', async ({ visitor }) => {
  test.slow();
  const { page } = visitor;
  await page.setViewportSize({ width: 1280, height: 800 });
  await visitor.setUp();
  await page.getByRole('link', { name: 'Warranty write-back' }).click();
  await page.getByRole('switch').click();
  await expect(page.getByText('Configuration Items, Edit: Granted')).toBeVisible();
  await page.getByRole('button', { name: 'Make a plan' }).click();
  await expect(page.getByRole('table', { name: 'Rows of the plan' })).toContainText('Write');
  await shoot(page, 'write-back-plan');
  for (const nth of [0, 1, 2, 3, 4]) {
    await page
      .getByLabel(/^Pick (?!every)/)
      .nth(nth)
      .check();
  }
  await page.getByRole('button', { name: 'Approve 5 picked rows' }).click();
  await page.getByRole('button', { name: 'Write these dates' }).click();
  const job = page.getByRole('region', { name: 'Apply' });
  await expect(job.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await shoot(page, 'write-back-proof');
});

test('Autotask beside IT Glue', async ({ visitor }) => {
  const { page } = visitor;
  await page.setViewportSize({ width: 1120, height: 720 });
  await visitor.setUp('other');
  await visitor.open('Link Companies to IT GLUE');
  await page.getByRole('button', { name: 'map companies' }).click();
  await expect(page.getByTestId('matched')).toContainText('32 companies auto-matched');
  await visitor.effect();
  await shoot(page, 'link-companies');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await expect(page.getByText(/^Open links/)).toBeVisible();
  await shoot(page, 'inbox');
});
