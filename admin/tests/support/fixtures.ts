import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Catalogue } from './catalogue';
import { Product } from './product';

const PULLED = /Nightly sync Run now (Done|Partly)/;

export type Who = 'admin' | 'reader' | 'other' | 'limited';

/** A signed-in person at the page. */
export class Visitor {
  readonly catalogue: Catalogue;

  constructor(
    readonly page: Page,
    readonly product: Product,
  ) {
    this.catalogue = new Catalogue(page, product.url);
  }

  async signIn(who: Who, view = '/'): Promise<void> {
    await this.page.goto(`${this.product.url}/#${view}`);
    await this.page.locator(`button[name=user][value=${who}]`).click();
    await expect(this.page.getByRole('main')).toBeVisible();
  }

  /** Fills in the demo's login. */
  async enterLogin(password = this.product.password): Promise<void> {
    await this.page
      .getByLabel('Enter the API User Name As Specified in Autotask')
      .fill(this.product.username);
    await this.page.getByLabel('Enter the API Password As Specified in Autotask').fill(password);
  }

  /** Sets the integration up and waits for the end of the initial sync. */
  async setUp(who: Who = 'admin', timeoutMs?: number): Promise<void> {
    await this.signIn(who, '/settings');
    await this.page.getByLabel('Autotask Integration Active').check();
    await this.enterLogin();
    await this.page.getByRole('button', { name: 'Save Settings' }).click();
    await this.waitForStatus('Healthy', timeoutMs);
  }

  /** Pulls what changed in Autotask meanwhile, and waits for the end. */
  async runNow(): Promise<void> {
    await this.page.goto(`${this.product.url}/#/settings`);
    await this.page.getByRole('button', { name: 'Run now' }).click();
    await this.page.getByRole('dialog', { name: 'Run now' }).getByRole('button', { name: 'Start' }).click();
    await expect(this.page.getByRole('row', { name: PULLED }).first()).toBeVisible({ timeout: 45_000 });
  }

  /** Opens a tab of the integration by a click. */
  async open(tab: string): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
    await expect(this.page.getByRole('heading', { level: 2, name: tab })).toBeVisible();
  }

  /** What saving would do, once it is worked out. */
  async effect(): Promise<string> {
    const effect = this.page.getByTestId('effect');
    await expect(effect).toContainText(/\d unsaved change/);
    await expect(effect).not.toContainText('Working out');
    await expect(this.page.getByRole('button', { name: 'Show effect' })).toBeVisible();
    return (await effect.textContent()) ?? '';
  }

  async save(): Promise<void> {
    await this.page.getByRole('button', { name: 'Save Changes' }).click();
    await expect(this.page.getByText('Changes saved').last()).toBeVisible();
    await expect(this.page.getByText('No unsaved changes.')).toBeVisible();
  }

  async waitForStatus(text: string, timeout = 45_000): Promise<void> {
    const status = this.page.getByRole('region', { name: 'Status' });
    await expect(status.getByText(text, { exact: true })).toBeVisible({ timeout });
  }

  /** No barrier that a machine can find, on what is shown now; rules that cannot judge it are left out by name. */
  async expectAccessible(unfit: string[] = []): Promise<void> {
    // What fades in has half its contrast; what turns for ever need not be waited for.
    await this.page.waitForFunction(() =>
      document
        .getAnimations()
        .every((one) => one.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY),
    );
    // The header of a dialog is no banner, being part of a section; the rule sees its role alone.
    const isInDialog = (await this.page.getByRole('dialog').count()) > 0;
    const { violations } = await new AxeBuilder({ page: this.page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .disableRules([...unfit, ...(isInDialog ? ['landmark-no-duplicate-banner', 'landmark-unique'] : [])])
      .analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
    expect(found).toEqual([]);
  }
}

/** What the console may not say. */
function watch(page: Page, heard: string[]): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      heard.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => heard.push(String(error)));
}

interface Fixtures {
  product: Product;
  visitor: Visitor;
  /** A second person with a browser of their own at the same product. */
  another: () => Promise<Visitor>;
  /** Console errors that the test expects, such as those of refused requests. */
  expectedErrors: RegExp[];
}

export const test = base.extend<Fixtures>({
  // A product of its own for every test: none sees what another did.
  product: async ({}, use) => {
    const product = await Product.start();
    await use(product);
    product.stop();
  },
  expectedErrors: async ({}, use) => use([]),
  visitor: async ({ page, product, expectedErrors }, use) => {
    const heard: string[] = [];
    watch(page, heard);
    await use(new Visitor(page, product));
    const unexpected = heard.filter((line) => !expectedErrors.some((pattern) => pattern.test(line)));
    expect(unexpected, 'the console must stay silent').toEqual([]);
  },
  another: async ({ browser, product }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      return new Visitor(await context.newPage(), product);
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };
