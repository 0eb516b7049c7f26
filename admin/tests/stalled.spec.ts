import type { Page } from '@playwright/test';
import type { Product } from './support/product';
import { expect, test, type Visitor } from './support/fixtures';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const runs = (page: Page) => page.getByRole('table', { name: 'Runs, newest first' });

/** Begins an initial sync that takes its time. */
async function beginSlowly(visitor: Visitor, product: Product): Promise<void> {
  const { page } = visitor;
  await product.control('PATCH', 'config', { latency_ms: 1_500 });
  await visitor.signIn('admin', '/settings');
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await expect(runs(page).getByRole('row', { name: /Initial sync/ })).toContainText('Running');
}

/** The product's time goes on while its worker says nothing, as if that were gone. */
async function letItFallSilent(product: Product, byMs: number): Promise<void> {
  await product.control('POST', 'clock', { advance_ms: byMs });
}

async function finish(visitor: Visitor, product: Product): Promise<void> {
  await product.control('PATCH', 'config', { latency_ms: 0 });
  await visitor.waitForStatus('Healthy');
}

test('a run whose worker falls silent is stalled, is taken over by itself, and ends once', async ({
  visitor,
  product,
}) => {
  test.slow();
  const { page } = visitor;
  await beginSlowly(visitor, product);
  await product.control('PATCH', 'config', { latency_ms: 8_000 });
  const live = page.getByRole('region', { name: 'Run under way' });
  await expect(async () => {
    // It may be taken over before the page asks again; then it falls silent once more.
    await letItFallSilent(product, 10 * MINUTE_MS);
    await expect(live.getByText('Stalled', { exact: true })).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 90_000 });
  await expect(live).toContainText('It is taken over by itself.');
  await expect(live.getByText('Running', { exact: true })).toBeVisible({ timeout: 30_000 });
  await finish(visitor, product);
  await expect(runs(page).getByRole('row')).toHaveCount(2);
  await expect(runs(page).getByRole('row', { name: /Initial sync/ })).toContainText('Done');
  await page.goto(`${product.url}/outbox`);
  await expect(page.getByRole('link', { name: /complete/i })).toHaveCount(1);
});

test('a night that comes while the first sync is under way is skipped, and names the sync', async ({
  visitor,
  product,
}) => {
  test.slow();
  const { page } = visitor;
  await beginSlowly(visitor, product);
  await letItFallSilent(product, DAY_MS);
  await finish(visitor, product);
  const skipped = runs(page).getByRole('row', { name: /Nightly sync Schedule Skipped/ });
  await expect(skipped).toHaveCount(1);
  await expect(skipped).toContainText('An earlier sync was not over');
  await visitor.expectAccessible();
  await skipped.getByRole('link').click();
  await expect(page.getByText('so none was begun')).toBeVisible();
  await visitor.expectAccessible();
  await page.getByRole('link', { name: 'Show the sync that was not over' }).click();
  await expect(page.getByRole('heading', { name: /^Initial sync of/ })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the pull log' }).click();
  await page.getByRole('search').getByLabel('State').click();
  await page.getByRole('option', { name: 'Skipped' }).click();
  await expect(runs(page).getByRole('row')).toHaveCount(2);
});
