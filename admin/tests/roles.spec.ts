import { expect, test } from './support/fixtures';

test('a reader sees everything and is offered no change', async ({ visitor, another }) => {
  await visitor.setUp();
  const reader = await another();
  await reader.signIn('reader', '/settings');
  const { page } = reader;
  await expect(page.getByText('Role: reader')).toBeVisible();
  await expect(page.getByText('Read only')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Runs, newest first' })).toBeVisible();
  await expect(page.getByLabel('Autotask Integration Active')).toBeDisabled();
  for (const name of ['Save Settings', 'Test Settings', 'Run now', 'Delete integration']) {
    await expect(page.getByRole('button', { name })).toHaveCount(0);
  }
  await reader.expectAccessible();
});

test('another tenant sees nothing of this one, not even by address', async ({ visitor, another }) => {
  await visitor.setUp();
  await visitor.page.getByRole('table', { name: 'Runs, newest first' }).getByRole('link').first().click();
  await expect(visitor.page.getByRole('table', { name: 'Records by entity' })).toBeVisible();
  const view = new URL(visitor.page.url()).hash.slice(1);
  const stranger = await another();
  await stranger.signIn('other', view);
  await expect(stranger.page.getByText('There is no such run')).toBeVisible();
  await stranger.page.getByRole('link', { name: 'Back to the pull log' }).click();
  await stranger.waitForStatus('Not set up');
  await expect(stranger.page.getByText('No run yet')).toBeVisible();
  await expect(stranger.page.getByLabel('Enter the API User Name As Specified in Autotask')).toHaveValue('');
});

test('signing out ends it, and somebody else can sign in', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.signIn('admin');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await visitor.expectAccessible();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('button[name=user][value=reader]').click();
  await expect(page.getByText('Role: reader')).toBeVisible();
});
