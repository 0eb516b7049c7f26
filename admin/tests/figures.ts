import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { Product } from './support/product';

/** How long a person waits for a screen, and for a filter, at most. */
const SCREEN_MS = 1_000;
const FILTER_MS = 100;
/** One alone may meet a pause of the machine, or none. */
const LETTERS = ['d', 'a', 's', 'm', 'c', 'r', 'l'];
const SCREENS = [
  ['Asset Mapping', 'Asset types', 'Search asset types'],
  ['Company Mapping', 'Companies', 'Search name, city or id'],
  ['Link Companies to IT GLUE', 'IT Glue companies', 'Search companies'],
] as const;

interface Line {
  what: string;
  measured: string;
  limit: string;
  isHeld: boolean;
}

/** By the page's own clock: from the click until a frame is drawn in which the table has a row. */
function timeOfOpening(page: Page, tab: string, table: string): Promise<number> {
  return page.evaluate(
    async ([name, label]) => {
      const find = () => document.querySelector(`table[aria-label="${label ?? ''}"] th[scope=row]`);
      const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')];
      const began = performance.now();
      tabs.find((one) => one.textContent === name)?.click();
      while (!find()) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return performance.now() - began;
    },
    [tab, table],
  );
}

/** From the keystroke of a search until the table that it leaves is drawn; it must leave another one. */
async function timeOfFilter(page: Page, field: string, table: string, letter: string): Promise<number> {
  await page.evaluate(
    ([label, name]) => {
      const input = document.querySelector(`input[aria-label="${name ?? ''}"]`);
      const rows = document.querySelector(`table[aria-label="${label ?? ''}"]`);
      if (!input || !rows) throw new Error('no table to be searched');
      input.addEventListener(
        'input',
        () => {
          const began = performance.now();
          // The last change of the rows is what counts; a table that stays as it is was right at once.
          rows.setAttribute('data-filter-ms', '0');
          const observer = new MutationObserver(() => {
            requestAnimationFrame(() =>
              rows.setAttribute('data-filter-ms', String(performance.now() - began)),
            );
          });
          observer.observe(rows, { childList: true, subtree: true });
          setTimeout(() => observer.disconnect(), 500);
        },
        { once: true },
      );
    },
    [table, field],
  );
  const all = (await page.getByRole('table', { name: table }).getAttribute('aria-rowcount')) ?? '';
  await page.getByLabel(field).press(letter);
  await page.waitForTimeout(600);
  const ms = await page.getByRole('table', { name: table }).getAttribute('data-filter-ms');
  await page.getByLabel(field).fill('');
  await expect(page.getByRole('table', { name: table })).toHaveAttribute('aria-rowcount', all);
  return Number(ms);
}

/** Frames in which some of the window over the table showed no row, while it is scrolled through. */
function blankFrames(page: Page, table: string): Promise<{ nFrames: number; nBlank: number }> {
  return page.evaluate(async (label) => {
    const rows = document.querySelector(`table[aria-label="${label}"]`);
    const view = rows?.closest('section');
    if (!view) throw new Error('no table to be scrolled');
    let [nFrames, nBlank] = [0, 0];
    view.scrollIntoView({ block: 'end' });
    const step = view.clientHeight * 0.9;
    for (let n = 0; n < 200 && view.scrollTop + view.clientHeight < view.scrollHeight - 1; n += 1) {
      view.scrollTop += step;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const box = view.getBoundingClientRect();
      const at = (y: number) =>
        document.elementFromPoint(box.left + 40, y)?.closest('tr[data-index], thead') ?? null;
      nFrames += 1;
      if (![0.3, 0.6, 0.95].every((share) => at(box.top + box.height * share))) nBlank += 1;
    }
    view.scrollTop = 0;
    return { nFrames, nBlank };
  }, table);
}

const size = (process.env.SIZE ?? 'large') as 'small' | 'medium' | 'large';

test.use({
  product: async ({}, use) => {
    const product = await Product.start(size);
    await use(product);
    product.stop();
  },
});

test('figures', async ({ visitor, another, product }) => {
  const lines: Line[] = [];
  const add = (what: string, ms: number, limit: number) =>
    lines.push({ what, measured: `${ms.toFixed(0)} ms`, limit: `${limit} ms`, isHeld: ms > 0 && ms < limit });

  const beside = await another();
  for (const [who, one] of [
    ['admin', visitor],
    ['other', beside],
  ] as const) {
    await one.setUp(who, 600_000);
    const { page } = one;
    const isPrimary = who === 'admin';
    for (const [tab, table, field] of SCREENS.filter(([tab]) => isPrimary !== tab.startsWith('Link'))) {
      await page.reload();
      await expect(page.getByRole('tab', { name: tab })).toBeVisible();
      add(`${tab}: usable after the click`, await timeOfOpening(page, tab, table), SCREEN_MS);
      const isComplete = page.getByRole('button', { name: /^(Activate|map companies)/ });
      if (tab !== 'Asset Mapping') await expect(isComplete).toBeEnabled({ timeout: 30_000 });
      const filtered: number[] = [];
      for (const letter of LETTERS) filtered.push(await timeOfFilter(page, field, table, letter));
      // Some letters are in every name that is in sight.
      const ordered = filtered.filter((ms) => ms > 0).toSorted((one, other) => one - other);
      add(`${tab}: a letter of the filter, the middle one`, ordered[ordered.length >> 1] ?? 0, FILTER_MS);
      add(`${tab}: a letter of the filter, the slowest`, ordered.at(-1) ?? 0, FILTER_MS);
      const { nFrames, nBlank } = await blankFrames(page, table);
      const measured = `${nBlank} of ${nFrames} frames`;
      lines.push({ what: `${tab}: blank rows while scrolling`, measured, limit: '0', isHeld: nBlank === 0 });
      await page.goto(`${product.url}/#/settings`);
    }
  }
  const width = Math.max(...lines.map((line) => line.what.length));
  for (const { what, measured, limit, isHeld } of lines) {
    const verdict = isHeld ? 'held' : 'NOT HELD';
    process.stdout.write(`${what.padEnd(width)}  ${measured.padStart(16)}  at most ${limit}  ${verdict}\n`);
  }
  expect(lines.filter((line) => !line.isHeld).map((line) => line.what)).toEqual([]);
});
