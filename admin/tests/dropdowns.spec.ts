import { expect, test, type Visitor } from './support/fixtures';

/** Boxes of one screen that are opened: those of a table's rows are all alike. */
const MOST = 5;

/** Opens each list of choices of a screen and looks at it; answers how many there were. */
async function openEach(visitor: Visitor, view: string): Promise<number> {
  const { page, product } = visitor;
  await page.goto(`${product.url}/#${view}`);
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
  await expect(page.getByText(/^Loading /)).toHaveCount(0);
  // Lists of the browser's own are the browser's to draw.
  const boxes = page.getByRole('main').locator(':is(input, button)[aria-haspopup=listbox]:visible:enabled');
  await expect(boxes.first()).toBeVisible();
  const most = Math.min(await boxes.count(), MOST);
  let n = 0;
  for (let at = 0; at < most; at += 1) {
    await boxes.nth(at).click();
    const list = page.getByRole('listbox').first();
    // Some fields take a list of one's own making, and have nothing to offer.
    const hasChoices = await list.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!hasChoices) continue;
    n += 1;
    // What an open list covers in part cannot be hit there, and need not be.
    await visitor.expectAccessible(['target-size']);
    const ruler = page.locator(`[aria-controls="${await list.getAttribute('id')}"]`).last();
    await ruler.press('ArrowDown');
    await expect(ruler).toHaveAttribute('aria-activedescendant', /.+/);
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
  }
  return n;
}

test('lists of choices are free of barriers while they are open', async ({ visitor }) => {
  test.slow();
  await visitor.setUp();
  const company = (await visitor.catalogue.companies()).find((row) => row.is_active)?.key;
  let n = 0;
  for (const view of ['/settings', '/companies', `/clients/${company}`]) {
    n += await openEach(visitor, view);
  }
  expect(n).toBeGreaterThan(3);
});

test('so are those of the links to IT Glue', async ({ visitor }) => {
  await visitor.setUp('other');
  expect(await openEach(visitor, '/company-links')).toBeGreaterThan(0);
});
