import { expect, test } from './support/fixtures';

test('a dialog that closes gives the focus back to what opened it', async ({ visitor }) => {
  const { page } = visitor;
  await visitor.setUp();
  const openers = {
    '/settings': [
      'Change history',
      'Support bundle',
      'Delete integration',
      'Run now',
      'Configuration Instructions',
    ],
    '/asset-types': ['History', 'Add own type'],
  };
  for (const [view, names] of Object.entries(openers)) {
    await page.goto(`${visitor.product.url}/#${view}`);
    for (const name of names) {
      const opener = page.getByRole('button', { name, exact: true });
      await opener.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(opener, name).toBeFocused();
    }
  }
});
