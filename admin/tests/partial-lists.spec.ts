import { askAgain, breakAfterFirst, fail, shortfall } from './support/broken';
import { expect, test } from './support/fixtures';
import { makePlan, shown, switchOn } from './support/writeBack';

test('a company list that breaks off says how much is there, and goes on from there', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 500/);
  const { page, catalogue } = visitor;
  await visitor.setUp();
  const all = await catalogue.companies();
  const mend = await breakAfterFirst(page, /\/autotask\/companies\?/, 10);
  await visitor.open('Company Mapping');
  await expect(shortfall(page)).toContainText('The companies: the rest could not be loaded');
  await expect(shortfall(page)).toContainText('Only 10 companies can be shown.');
  await expect(shortfall(page)).toContainText('R-79');
  await expect(page.getByTestId('shown')).toContainText('10 companies listed, the rest is missing');
  await expect(page.getByRole('button', { name: 'Activate 10 listed', exact: true })).toBeDisabled();
  await visitor.expectAccessible();
  await page.getByLabel('Search name, city or id').fill('no such company');
  await expect(page.getByText('It may be among those that are not loaded.')).toBeVisible();
  await askAgain(page, mend);
  await page.getByLabel('Search name, city or id').fill('');
  await expect(page.getByTestId('shown')).toContainText(`${all.length} companies listed;`);
  await expect(
    page.getByRole('button', { name: `Activate ${all.length} listed`, exact: true }),
  ).toBeEnabled();
});

test('“map companies” waits for the rest of a list that broke off, and says so', async ({
  visitor,
  expectedErrors,
}) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await visitor.setUp('other');
  const mend = await breakAfterFirst(page, /\/company-links\?/, 20);
  await visitor.open('Link Companies to IT GLUE');
  const map = page.getByRole('button', { name: 'map companies', exact: true });
  await expect(shortfall(page)).toContainText('Only 20 companies can be shown.');
  await expect(shortfall(page)).toContainText('“map companies” waits for the rest');
  await expect(map).toBeDisabled();
  await expect(page.getByText(/^Open \(20 so far\)$/)).toBeVisible();
  await expect(page.getByTestId('matched')).toContainText('48 open of 48. 20 of them are listed');
  await visitor.expectAccessible();
  await askAgain(page, mend);
  await expect(page.getByText(/^Open \(48\)$/)).toBeVisible();
  await map.click();
  await expect(page.getByTestId('matched')).toContainText(/^32 companies auto-matched/);
});

test('“Show more rows” of a plan says when it failed', async ({ visitor, expectedErrors }) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await switchOn(visitor);
  const mend = await breakAfterFirst(page, /\/warranty-writeback\/plans\/[^/]+\?/, 30);
  await makePlan(visitor);
  await page.getByRole('button', { name: 'Show more rows' }).click();
  await expect(shortfall(page)).toContainText('Only 30 rows can be shown.');
  await expect(shown(page)).toContainText('30 rows shown, there are more.');
  await visitor.expectAccessible();
  await askAgain(page, mend);
  await expect(shown(page)).toContainText('60 rows shown, there are more.');
});

test('“Show older runs” says when it failed, and so does a refresh', async ({ visitor, expectedErrors }) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await visitor.setUp();
  await page.route(/\/autotask\/runs\?/, async (route) => {
    if (route.request().url().includes('cursor=')) return fail(route);
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...((await response.json()) as object), cursor: 'older' } });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Show older runs' }).click();
  await expect(shortfall(page)).toContainText('The pull log: the rest could not be loaded');
  await expect(shortfall(page)).toContainText('Only 1 run can be shown.');
  await visitor.expectAccessible();
  await page.unrouteAll({ behavior: 'wait' });
  await visitor.open('Company Mapping');
  await page.route(/\/autotask\/companies\?/, fail);
  await page.getByRole('checkbox').first().click();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByText('Changes saved')).toBeVisible();
  await expect(shortfall(page)).toContainText('The companies could not be refreshed');
  await visitor.expectAccessible();
  await page.unrouteAll({ behavior: 'wait' });
  await shortfall(page).getByRole('button', { name: 'Try again' }).click();
  await expect(shortfall(page)).toHaveCount(0);
});

test('older plans, journal rows and versions say so when they fail', async ({ visitor, expectedErrors }) => {
  expectedErrors.push(/status of 500/);
  const { page } = visitor;
  await switchOn(visitor);

  await test.step('plans', async () => {
    await makePlan(visitor);
    await page.getByRole('tab', { name: 'Plans' }).click();
    await makePlan(visitor);
    await page.getByRole('tab', { name: 'Plans' }).click();
    const mend = await breakAfterFirst(page, /\/warranty-writeback\/plans\?/, 1);
    await page.reload();
    await page.getByRole('button', { name: 'Show older plans' }).click();
    await expect(shortfall(page)).toContainText('Only 1 plan can be shown.');
    await visitor.expectAccessible();
    await askAgain(page, mend);
    await expect(page.getByRole('button', { name: 'Show older plans' })).toHaveCount(0);
  });

  await test.step('journal', async () => {
    // The screen alone: a written row takes a job of its own.
    const entry = {
      run_id: 'R',
      asset_id: '1',
      old_date: '2027-01-31',
      new_date: '2031-03-31',
      rule: 'blank',
    };
    let isBroken = true;
    await page.route(/\/warranty-writeback\/journal\?/, (route) => {
      const isSecond = route.request().url().includes('cursor=');
      if (isBroken && isSecond) return fail(route);
      const json = isSecond
        ? { entries: [{ ...entry, asset_id: '2' }] }
        : { entries: [entry], cursor: 'next' };
      return route.fulfill({ json });
    });
    await page.getByRole('tab', { name: 'Journal' }).click();
    await page.getByRole('button', { name: 'Show more rows' }).click();
    await expect(shortfall(page)).toContainText('Only 1 row can be shown. a defect of ours (reference R-79)');
    await expect(shown(page)).toContainText('1 row shown, there are more.');
    await visitor.expectAccessible();
    await askAgain(page, () => {
      isBroken = false;
    });
    await expect(shown(page)).toContainText('2 rows shown.');
  });

  await test.step('versions', async () => {
    await page.goto(`${visitor.product.url}/#/companies`);
    for (const at of [0, 1]) {
      await page.getByRole('checkbox').nth(at).click();
      await visitor.save();
    }
    const mend = await breakAfterFirst(page, /\/companies\/versions\?/, 1);
    await page.getByRole('button', { name: 'History' }).click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog.getByRole('button', { name: 'Show older' }).click();
    await expect(shortfall(page)).toContainText('Only 1 version can be shown.');
    await visitor.expectAccessible();
    await askAgain(page, mend);
    await expect(dialog.getByRole('button', { name: /^Version \d/ })).toHaveCount(2);
  });
});
