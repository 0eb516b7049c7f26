import { expect, test } from './support/fixtures';

const USERNAME = 'Enter the API User Name As Specified in Autotask';

test('an expired session is renewed in a window, and what was entered stays', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 401/);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel(USERNAME).fill('half@entered.example');
  // From here on the API takes the token for an old one.
  await page.route('**/v1/**', (route) =>
    route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Unauthorized"}' }),
  );
  await page.getByRole('search').getByLabel('Kind').click();
  await page.getByRole('option', { name: 'Nightly sync' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
  await expect(dialog).toContainText('admin@demo.example');
  await visitor.expectAccessible();
  await page.unroute('**/v1/**');
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel(USERNAME)).toHaveValue('half@entered.example');
  await expect(page.getByText('No run fits these filters')).toBeVisible();
});

test('somebody else who renews a session does not find what was entered', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 401/);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel(USERNAME).fill('half@entered.example');
  await page.route('**/v1/**', (route) =>
    route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Unauthorized"}' }),
  );
  await page.getByRole('search').getByLabel('Kind').click();
  await page.getByRole('option', { name: 'Nightly sync' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
  await expect(dialog).toBeVisible();
  await page.unroute('**/v1/**');
  // The issuer asks anew who it is.
  await page.context().clearCookies();
  const opened = page.waitForEvent('popup');
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await (await opened).locator('button[name=user][value=other]').click();
  await expect(page.getByRole('alert')).toContainText('You signed in as admin@other.example of other');
  await expect(page.getByLabel(USERNAME)).toHaveCount(0);
  await visitor.expectAccessible();
});

test('offline is said, and ends by itself', async ({ visitor, context, expectedErrors }) => {
  expectedErrors.push(/ERR_INTERNET_DISCONNECTED/);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await expect(page.getByLabel(USERNAME)).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText('You are offline')).toBeVisible();
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  await expect(page.getByText('The test could not be made')).toBeVisible();
  await expect(page.getByText(/cannot be reached/)).toBeVisible();
  await visitor.expectAccessible();
  await context.setOffline(false);
  await expect(page.getByText('You are offline')).toBeHidden();
});

test('a slow network shows that something is coming', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.signIn('admin');
  await page.route('**/v1/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.goto(`${visitor.product.url}/#/settings`);
  await page.reload();
  await expect(page.getByText('Loading the settings …')).toBeAttached();
  await visitor.expectAccessible();
  await expect(page.getByLabel(USERNAME)).toBeVisible();
});

test('a state that cannot be refreshed says how old it is', async ({ visitor, expectedErrors }) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await page.clock.install();
  await visitor.signIn('admin', '/integrations');
  await expect(page.getByText('Not set up')).toBeVisible();
  const error = { code: 'internal', message: 'a defect of ours', request_id: 'R-80', details: {} };
  await page.route('**/v1/**/settings', (route) => route.fulfill({ status: 500, json: { error } }));
  await page.clock.fastForward(60_000);
  const note = page.getByRole('alert');
  await expect(note).toContainText('The state of the integration could not be refreshed');
  await expect(note).toContainText(/What is shown was read .*\d\d:\d\d/);
  await page.unroute('**/v1/**/settings');
  await note.getByRole('button', { name: 'Try again' }).click();
  await expect(note).toHaveCount(0);
});

test('an error says what to do, with its reference, and can be tried again', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await page.route('**/v1/**/settings', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      body: JSON.stringify({
        error: { code: 'internal', message: 'a defect of ours', request_id: 'R-77', details: {} },
      }),
    }),
  );
  await visitor.signIn('admin', '/settings');
  await expect(page.getByRole('alert')).toContainText('The settings could not be loaded');
  await expect(page.getByRole('alert')).toContainText('R-77');
  await visitor.expectAccessible();
  await page.unroute('**/v1/**/settings');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel(USERNAME)).toBeVisible();
});
