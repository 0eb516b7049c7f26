import { expect, test } from './support/fixtures';

test('the form can be filled in, tested and saved by keyboard alone', async ({ visitor, product }) => {
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByRole('tab', { name: 'Settings and Pull Log' }).focus();
  const reach = async (name: string) => {
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab');
      const reached = await page.evaluate(() => {
        const it = document.activeElement;
        const label = it instanceof HTMLInputElement ? it.labels?.[0]?.textContent : it?.textContent;
        return label ?? '';
      });
      if (reached.includes(name)) return;
    }
    throw new Error(`${name} is not reached by the keyboard`);
  };
  await reach('Autotask Integration Active');
  await page.keyboard.press('Space');
  await reach('Enter the API User Name');
  await page.keyboard.type(product.username);
  await reach('Enter the API Password');
  await page.keyboard.type(product.password);
  await reach('Test Settings');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Connection Successful.')).toBeVisible();
  await page.getByRole('button', { name: 'Test Settings' }).focus();
  await reach('Save Settings');
  await page.keyboard.press('Enter');
  await visitor.waitForStatus('Healthy');
});

test('every screen is free of barriers, at 200 % zoom and on a phone, too', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('button', { name: 'Configuration Instructions' }).click();
  const help = page.getByRole('dialog', { name: 'Configuration Instructions' });
  await expect(help).toContainText('API Tracking Identifier');
  await visitor.expectAccessible();
  await help.getByRole('tab', { name: 'Autotask besides IT Glue' }).click();
  await expect(help).toContainText('Contract Visibility');
  await visitor.expectAccessible();
  await help.getByRole('button', { name: 'Close' }).click();
  for (const view of ['/integrations', '/settings', '/nowhere']) {
    await page.goto(`${visitor.product.url}/#${view}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const [width, height] of [
      [1280, 900],
      // A window of 1280 pixels, zoomed to 200 %.
      [640, 450],
      [360, 740],
    ] as const) {
      await page.setViewportSize({ width, height });
      await visitor.expectAccessible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${view} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
    }
  }
});
