import { expect, test } from './support/fixtures';

/** The setup document of the product, "Lifecycle Insights Configuration", step by step. */
test('the story from credentials to the mail', async ({ visitor, product }) => {
  const { page } = visitor;
  // Slow enough for somebody to watch it load.
  await product.control('PATCH', 'config', { latency_ms: 1_500 });

  await test.step('1. Log into Lifecycle Insights', async () => {
    await visitor.signIn('admin');
  });

  await test.step('2. Integrations under Administration, then Autotask', async () => {
    const nav = page.getByRole('navigation', { name: 'Main' });
    await expect(nav.getByRole('heading', { name: 'Administration' })).toBeVisible();
    await nav
      .getByRole('list', { name: 'Administration' })
      .getByRole('link', { name: 'Integrations' })
      .click();
    await page.getByRole('main').getByRole('link', { name: 'Autotask', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Datto Autotask PSA Settings' })).toBeVisible();
    await expect(page.getByRole('tab').first()).toHaveText('Settings and Pull Log');
    await expect(
      page.getByRole('heading', { name: 'Configuration Settings for Autotask Data Integration' }),
    ).toBeVisible();
    await expect(page.getByText('Configuration Instructions', { exact: true })).toBeVisible();
  });

  await test.step('3. Fill in the form', async () => {
    const active = page.getByLabel('Autotask Integration Active');
    await expect(active).not.toBeChecked();
    await expect(active).toHaveAccessibleDescription(
      'When Checked, the integration will be considered Active and Lifecycle Insights will update data Nightly.',
    );
    await active.check();
    await visitor.enterLogin();
  });

  await test.step('4. Test Settings', async () => {
    await page.getByRole('button', { name: 'Test Settings' }).click();
    await expect(
      page.getByTestId('test-result').getByText('Connection Successful.', { exact: true }),
    ).toBeVisible();
    const runs = await page.getByRole('table', { name: 'Runs, newest first' }).count();
    expect(runs, 'testing starts nothing').toBe(0);
  });

  await test.step('5. Save Settings: the initial sync starts at once', async () => {
    await expect(page.getByTestId('unsaved')).toContainText('Saving starts the initial sync at once.');
    await page.getByRole('button', { name: 'Save Settings' }).click();
    await visitor.waitForStatus('First sync under way');
    await expect(page.getByTestId('progress')).toContainText(/[1-9]\d? % read/, { timeout: 30_000 });
  });

  await test.step('Its progress survives a reload', async () => {
    await page.reload();
    await expect(page.getByTestId('progress')).toContainText(/\d+ % read/);
    const stages = page.getByRole('table', { name: 'Progress by entity' });
    await expect(stages.getByRole('row', { name: /^Assets/ })).toContainText('2,000');
  });

  await test.step('The mail comes when it is complete, and leads back', async () => {
    await visitor.waitForStatus('Healthy');
    await page.goto(`${product.url}/outbox`);
    await page
      .getByRole('link', { name: /complete/i })
      .first()
      .click();
    await expect(page.getByRole('main').or(page.locator('body'))).toContainText('admin@demo.example');
    const mail = page.frameLocator('iframe');
    const link = await mail
      .locator('a[href*="/#/settings"], a[href*="/#/runs/"]')
      .first()
      .getAttribute('href');
    await page.goto(link ?? '');
    await expect(page.getByRole('heading', { level: 1, name: 'Datto Autotask PSA Settings' })).toBeVisible();
  });
});
