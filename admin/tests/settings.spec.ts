import { expect, test } from './support/fixtures';

const REFUSED = /the server responded with a status of 4(22|29|09)/;
const USERNAME = 'Enter the API User Name As Specified in Autotask';
const PASSWORD = 'Enter the API Password As Specified in Autotask';

test('a wrong password is named, costs one login, and holds the next try off', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(REFUSED);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await visitor.enterLogin('wrong');
  const test = page.getByRole('button', { name: 'Test Settings' });
  await test.click();
  const result = page.getByTestId('test-result');
  await expect(result.getByRole('alert')).toContainText(/password/i);
  await expect(result).not.toContainText('Connection Successful');
  await expect(result).toContainText('e-mail support with the reference');
  const pause = page.getByTestId('hold-off');
  await expect(pause).toContainText('The last login was refused or got no answer');
  await expect(pause).toContainText('check user name and password there. “Test Settings” waits for that:');
  await expect(pause).toContainText('Meanwhile you can save: the integration is not active');
  await expect(pause).not.toContainText('try again in');
  await expect(test).toBeDisabled();
  await expect(test).toHaveAccessibleDescription(/The last login was refused/);
  await visitor.expectAccessible();
  const colleague = await another();
  await colleague.signIn('admin', '/settings');
  await expect(colleague.page.getByTestId('hold-off'), 'whoever looks').toContainText('The last login was');

  const leftS = async () => Number(/^\d+/.exec(await pause.getByRole('timer').innerText())?.[0]);
  const before = await leftS();
  await expect.poll(leftS, 'it counts down').toBeLessThan(before);

  const save = page.getByRole('button', { name: 'Save Settings' });
  const active = page.getByLabel('Autotask Integration Active');
  await active.check();
  await expect(save).toBeDisabled();
  await expect(pause).toContainText('“Test Settings” and “Save Settings” wait for that:');
  await expect(pause).toContainText('with “Autotask Integration Active” unchecked, saving needs no login.');
  await active.uncheck();
  await save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(test).toBeEnabled({ timeout: 30_000 });
  await expect(pause).toHaveText('A login may be tried again now.');
});

test('a missing right is a red row that names the box', async ({ visitor, product }) => {
  const { page } = visitor;
  await product.control('POST', 'rights', { Products: 'forbidden' });
  await visitor.signIn('admin', '/settings');
  await visitor.enterLogin();
  await page.getByRole('button', { name: 'Test Settings' }).click();
  const row = page.getByRole('row', { name: /^Products: read/ });
  await expect(row).toHaveAttribute('data-state', 'missing');
  await expect(row).toContainText('Not granted');
  await expect(row).toContainText('Inventory > Products: View = All');
  await expect(page.getByTestId('test-result')).not.toContainText('Connection Successful');
  const contracts = page.getByRole('row', { name: /^Contracts/ });
  await expect(contracts).toContainText('not needed');
  await visitor.expectAccessible();
});

test('blanks are told, not trimmed', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel(USERNAME).fill(' a@b.example ');
  await expect(page.getByLabel(USERNAME)).toHaveAccessibleDescription(/Begins or ends with a blank/);
  await expect(page.getByLabel(USERNAME)).toHaveValue(' a@b.example ');
});

test('dead credentials are saved only on request, and never activated', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(REFUSED);
  const { page } = visitor;
  await visitor.signIn('admin', '/settings');
  await page.getByLabel('Autotask Integration Active').check();
  await visitor.enterLogin('wrong');
  await page.getByRole('button', { name: 'Save Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Autotask refused these credentials' });
  await expect(dialog).toContainText('nothing was saved');
  await visitor.expectAccessible();
  // The pause after the refusal that was just made.
  await page.waitForTimeout(1_500);
  await dialog.getByRole('button', { name: 'Save anyway, not active' }).click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(page.getByLabel('Autotask Integration Active')).not.toBeChecked();
  await expect(page.getByTestId('password-note')).toContainText('Password: stored, changed on');
  await expect(page.getByLabel(PASSWORD)).toHaveValue('');
});

test('nothing secret is kept in the browser or comes back from the API', async ({ visitor, product }) => {
  const { page } = visitor;
  const bodies: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/v1/')) bodies.push(await response.text().catch(() => ''));
  });
  await visitor.setUp();
  await page.reload();
  await visitor.waitForStatus('Healthy');
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toContain(product.password);
  expect(kept).not.toMatch(/eyJ/);
  expect(bodies.length).toBeGreaterThan(3);
  expect(bodies.join('\n')).not.toContain(product.password);
});

test('two admins at once: each difference is shown and chosen', async ({
  visitor,
  another,
  expectedErrors,
}) => {
  expectedErrors.push(REFUSED);
  const { page } = visitor;
  await visitor.setUp();
  const colleague = await another();
  await colleague.signIn('admin', '/settings');
  // Both have read the same version; this one is edited before the other's save is seen.
  await page.getByLabel('Pull Tickets from Datto Autotask').check();
  await colleague.page.getByLabel('Pull Contracts from Datto Autotask').check();
  await colleague.page.getByRole('button', { name: 'Save Settings' }).click();
  await expect(colleague.page.getByText('Settings saved').last()).toBeVisible();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed the settings' });
  await expect(dialog.getByRole('row', { name: /Pull Tickets/ })).toBeVisible();
  await expect(dialog.getByRole('row', { name: /Pull Contracts/ })).toBeVisible();
  await visitor.expectAccessible();
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await expect(page.getByText('Settings saved').last()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Pull Tickets from Datto Autotask')).toBeChecked();
  await expect(page.getByLabel('Pull Contracts from Datto Autotask')).toBeChecked();
});

test('unsaved changes are guarded, and a save can be undone', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  const tickets = page.getByLabel('Pull Tickets from Datto Autotask');
  await tickets.check();
  await page.getByRole('link', { name: 'Integrations' }).first().click();
  const guard = page.getByRole('dialog', { name: 'Leave without saving?' });
  await visitor.expectAccessible();
  await guard.getByRole('button', { name: 'Stay' }).click();
  await expect(tickets).toBeChecked();
  await page.getByRole('button', { name: 'Save Settings' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tickets).not.toBeChecked();
  await page.reload();
  await expect(page.getByLabel('Pull Tickets from Datto Autotask')).not.toBeChecked();
  await page.getByRole('button', { name: 'Change history' }).click();
  const history = page.getByRole('table', { name: 'Changes, newest first' });
  await expect(history.getByRole('row')).toHaveCount(4);
  const first = history.getByRole('row').last();
  await expect(first).toContainText('Autotask Integration Active: on');
  await expect(first).toContainText('API password: a new one');
  await expect(first).toContainText('Primary source of companies and assets: Autotask');
  await visitor.expectAccessible();
});

test('deleting asks for the name, and tells when it is done', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  await page.getByRole('button', { name: 'Delete integration' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the Autotask integration' });
  const run = dialog.getByRole('button', { name: 'Delete everything' });
  await expect(run).toBeDisabled();
  await dialog.getByLabel('Type demo to confirm').fill('demo');
  await visitor.expectAccessible();
  await run.click();
  await visitor.waitForStatus('Not set up');
  await expect(page.getByText('Data of the former setup was deleted on')).toBeVisible();
});
