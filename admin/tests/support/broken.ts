import type { Page, Route } from '@playwright/test';
import { expect } from './fixtures';

/** How the API tells of a defect of its own. */
export const FAILURE = { code: 'internal', message: 'a defect of ours', request_id: 'R-79', details: {} };

/** What a screen says of a list that is not all there. */
export const shortfall = (page: Page) => page.getByTestId('shortfall');

export const fail = (route: Route) => route.fulfill({ status: 500, json: { error: FAILURE } });

/** Lets everything at a path fail until the answer is called. */
export async function breakDown(page: Page, path: RegExp): Promise<() => Promise<void>> {
  await page.route(path, fail);
  return () => page.unroute(path, fail);
}

/** Cuts a list into pages of some rows; until the answer is called, all but the first fail. */
export async function breakAfterFirst(page: Page, path: RegExp, rows: number): Promise<() => void> {
  let isBroken = true;
  await page.route(path, async (route) => {
    const url = new URL(route.request().url());
    if (isBroken && url.searchParams.has('cursor')) return fail(route);
    url.searchParams.set('limit', String(rows));
    return route.continue({ url: url.toString() });
  });
  return () => {
    isBroken = false;
  };
}

/** Mends a list that broke off, and asks for the rest of it. */
export async function askAgain(page: Page, mend: () => void): Promise<void> {
  mend();
  await shortfall(page).getByRole('button', { name: 'Try again' }).click();
  await expect(shortfall(page)).toHaveCount(0);
}

/** Something that happens once, and whoever waits for it. */
export function signal(): { happened: Promise<void>; happens: () => void } {
  let resolve: () => void;
  const happened = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { happened, happens: () => resolve() };
}
