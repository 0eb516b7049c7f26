import type { Page } from '@playwright/test';
import { expect, type Visitor, type Who } from './fixtures';
import type { Product } from './product';

export const BASE = '/v1/integrations/autotask/warranty-writeback';
export const NEW_DATE = '2031-03-31';
export const VENDOR = { kind: 'vendor', name: 'dell' };
/** Most rows of one request. */
export const CHUNK = 5_000;

export interface Row {
  asset_id: number;
  company_id: number;
  company: string;
  held: string | null;
  proposed: string | null;
  decision: string;
  result: string | null;
}

export interface PlanRows {
  plan: { id: string; n_writes: number; n_rows: number };
  rows: Row[];
}

export const table = (page: Page) => page.getByRole('table', { name: 'Rows of the plan' });
export const shown = (page: Page) => page.getByTestId('shown');

/** A vendor's date for every asset, or only for some, as Lifecycle Insights hands them over. */
export async function handOver({ catalogue, product }: Visitor, only?: number[]): Promise<void> {
  const ids = only ?? (await product.control<number[]>('GET', 'ids/ConfigurationItems'));
  const fetched_at = new Date().toISOString();
  for (let from = 0; from < ids.length; from += CHUNK) {
    const part = ids.slice(from, from + CHUNK);
    const warranties = part.map((asset_id) => ({ asset_id, date: NEW_DATE, source: VENDOR, fetched_at }));
    const told = await catalogue.put<{ n_saved: number; refused: unknown[] }>('/v1/warranties', {
      warranties,
    });
    expect(told.refused).toEqual([]);
  }
}

/** The date that the simulated Autotask holds. */
export async function heldIn(product: Product, id: number): Promise<string | null> {
  const record = await product.control<Record<string, string | null>>(
    'GET',
    `record/ConfigurationItems/${id}`,
  );
  return record.warrantyExpirationDate?.slice(0, 10) ?? null;
}

/** Sets up, opens the screen and switches the write-back on. */
export async function switchOn(visitor: Visitor, who: Who = 'admin'): Promise<void> {
  const { page } = visitor;
  await visitor.setUp(who);
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Warranty write-back' })
    .click();
  await page.getByRole('switch').click();
  await expect(page.getByText('Write-back switched on')).toBeVisible();
  await expect(page.getByText('Configuration Items, Edit: Granted')).toBeVisible();
}

export async function makePlan({ page, catalogue }: Visitor): Promise<PlanRows> {
  await page.getByRole('button', { name: 'Make a plan' }).click();
  await expect(page.getByTestId('plan-summary')).toBeVisible();
  const id = new URL(page.url()).hash.split('/').at(-1)?.replace(/\?.*/, '') ?? '';
  return catalogue.get<PlanRows>(`${BASE}/plans/${id}?decision=write&limit=1000`);
}

/** The rows of the client with the fewest of them, but enough for all canaries. */
export function smallestClient(writes: Row[]): Row[] {
  const clients = [...new Set(writes.map((row) => row.company_id))];
  const rows = clients.map((id) => writes.filter((row) => row.company_id === id));
  const [least] = rows.filter((one) => one.length > 3).sort((one, other) => one.length - other.length);
  return least ?? [];
}

export async function approve(page: Page, button: RegExp | string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page
    .getByRole('dialog', { name: 'Write to Autotask?' })
    .getByRole('button', { name: 'Write these dates' })
    .click();
}
