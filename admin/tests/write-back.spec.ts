import { readFile } from 'node:fs/promises';
import { expect, test } from './support/fixtures';
import {
  BASE,
  table,
  shown,
  handOver,
  heldIn,
  switchOn,
  makePlan,
  smallestClient,
  approve,
  type PlanRows,
} from './support/writeBack';

test('without dates the screen says so, and a plan writes nothing', async ({ visitor }) => {
  const { page } = visitor;
  await switchOn(visitor, 'limited');
  await expect(page.getByText('No warranty dates yet')).toBeVisible();
  await visitor.expectAccessible();
  const { plan } = await makePlan(visitor);
  expect(plan.n_writes).toBe(0);
  await expect(page.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
  await page.getByText(/^Write \(/).click();
  await expect(page.getByText('No warranty dates yet')).toBeVisible();
  await visitor.expectAccessible();
  await page.getByRole('tab', { name: 'Journal' }).click();
  await expect(page.getByText('Nothing was written yet')).toBeVisible();
  await visitor.expectAccessible();
});

test('a plan is seen, approved in part, written, proven and taken back', async ({
  visitor,
  product,
  another,
}) => {
  // Two jobs, each with a record at a time at first.
  test.setTimeout(360_000);
  const { page } = visitor;

  await test.step('switched on, with its right', async () => {
    await switchOn(visitor);
    await expect(page.getByText('No plan yet')).toBeVisible();
    await visitor.expectAccessible();
  });

  const plan = await test.step('dates arrive, and a plan gives every asset a verdict', async () => {
    await handOver(visitor);
    const made = await makePlan(visitor);
    expect(made.plan.n_writes).toBeGreaterThan(3);
    await expect(page.getByTestId('plan-summary')).toContainText(`${made.plan.n_writes} to be written`);
    await expect(shown(page)).toContainText(`${made.plan.n_writes} rows shown`);
    await expect(table(page)).toContainText('Autotask has no date yet.');
    await visitor.expectAccessible();
    return made;
  });

  const writes = plan.rows.filter((row) => row.decision === 'write');
  const ofClient = smallestClient(writes);
  const client = ofClient[0]?.company_id ?? 0;

  await test.step('filters narrow it down to a verdict, a rule and a client', async () => {
    await page.getByText(/^Skip \(/).click();
    await expect(table(page)).toContainText("The asset's company is not mapped.");
    await page.getByRole('combobox', { name: 'Rule' }).click();
    await page.getByRole('option', { name: /^Inactive asset/ }).click();
    await expect(table(page)).toContainText('The asset is inactive in Autotask.');
    await expect(table(page)).not.toContainText('not mapped');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText(/^Write \(/).click();
    await expect(shown(page)).toContainText(`${writes.length} rows shown`);
    await page.getByRole('combobox', { name: 'Company' }).fill(`id ${client})`);
    await page.getByRole('option', { name: `(id ${client})` }).click();
    await expect(shown(page)).toContainText(`${ofClient.length} row`);
    await expect(table(page)).toHaveAttribute('aria-rowcount', String(ofClient.length + 1));
    await visitor.expectAccessible();
  });

  await test.step('one client is approved: written, read back, proven by canaries', async () => {
    await page.getByRole('button', { name: `Approve ${ofClient[0]?.company}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Write to Autotask?' });
    await expect(dialog).toContainText('Only the warranty expiration date');
    await visitor.expectAccessible();
    await dialog.getByRole('button', { name: 'Write these dates' }).click();
    const job = page.getByRole('region', { name: 'Apply' });
    await expect(job.getByText('Done', { exact: true })).toBeVisible({ timeout: 150_000 });
    await expect(job).toContainText(`Written and read back: ${ofClient.length}`);
    const proof = job.getByRole('list', { name: 'Canary proof' });
    await expect(proof.getByRole('listitem')).toHaveCount(Math.min(3, ofClient.length));
    await expect(proof.getByText('only the warranty date changed.').first()).toBeVisible();
    await expect(table(page)).toContainText('Written and read back');
    await visitor.expectAccessible();
  });

  await test.step('Autotask holds exactly the planned dates', async () => {
    for (const row of ofClient) expect(await heldIn(product, row.asset_id)).toBe(row.proposed);
    for (const row of writes.filter((one) => one.company_id !== client).slice(0, 20)) {
      expect(await heldIn(product, row.asset_id)).toBe(row.held);
    }
  });

  await test.step('the card of an asset tells all of it', async () => {
    await table(page).getByRole('rowheader').first().getByRole('link').first().click();
    await expect(page.getByRole('table', { name: 'Known dates' })).toContainText('dell (vendor)');
    await expect(page.getByRole('table', { name: 'What we wrote' })).toContainText('Written and read back');
    await visitor.expectAccessible();
    await page.goBack();
  });

  await test.step('a reader sees it and is offered no change', async () => {
    const reader = await another();
    await reader.signIn('reader', new URL(page.url()).hash.slice(1));
    await expect(table(reader.page)).toContainText('Written and read back');
    await expect(reader.page.getByText('Read only')).toBeVisible();
    for (const name of [/^Approve/, 'Undo this plan']) {
      await expect(reader.page.getByRole('button', { name })).toHaveCount(0);
    }
    await expect(reader.page.getByRole('checkbox')).toHaveCount(0);
    await reader.expectAccessible();
  });

  await test.step('the undo is shown before it is done, and restores the dates', async () => {
    await page.getByRole('button', { name: 'Undo this plan' }).click();
    const dialog = page.getByRole('dialog', { name: /Take back/ });
    await expect(dialog.getByTestId('undo-count')).toContainText(`${ofClient.length} date`);
    await visitor.expectAccessible();
    await dialog.getByRole('button', { name: 'Take back' }).click();
    const job = page.getByRole('region', { name: 'Undo' });
    await expect(job.getByText('Done', { exact: true })).toBeVisible({ timeout: 150_000 });
    await expect(job).toContainText(`Old date is back: ${ofClient.length}`);
    await expect(table(page)).toContainText('Old date is back');
    await visitor.expectAccessible();
    for (const row of ofClient) expect(await heldIn(product, row.asset_id)).toBe(row.held);
  });

  await test.step('the journal has every row, also as CSV', async () => {
    await page.getByRole('tab', { name: 'Journal' }).click();
    await expect(shown(page)).toContainText(`${ofClient.length} row`);
    await visitor.expectAccessible();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/);
    expect(lines).toHaveLength(ofClient.length + 1);
    for (const row of ofClient) {
      const line = lines.find((one) => one.includes(`,${row.asset_id},`)) ?? '';
      expect(line).toContain(`${row.held ?? ''},${row.proposed},verified`);
    }
  });

  await test.step('the pull log tells of both jobs, and leads to their plan', async () => {
    await page.goto(`${visitor.product.url}/#/settings?kind=write_back`);
    const runs = page.getByRole('table', { name: 'Runs, newest first' });
    await expect(runs.locator('tbody tr')).toHaveCount(2);
    await expect(runs.getByRole('row', { name: /taken back/ })).toContainText('admin@demo.example');
    await expect(runs.getByRole('row', { name: /written/ })).toContainText(`of ${ofClient.length} date`);
    await visitor.expectAccessible();
    await runs.getByRole('link').first().click();
    await expect(page.getByRole('heading', { name: /^Plan of/ })).toBeVisible();
  });
});

test('each row leads to its asset in Autotask', async ({ visitor }) => {
  const { page } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  const link = (id: number) => `https://ww22.autotask.net/Autotask/x?InstalledProductID=${id}`;
  // The simulated Autotask has no page that a link could lead to.
  await page.route('**/warranty-writeback/plans/*', async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as PlanRows;
    const rows = body.rows.map((row) => ({ ...row, link: link(row.asset_id) }));
    await route.fulfill({ response, json: { ...body, rows } });
  });
  const { rows } = await makePlan(visitor);
  const first = table(page)
    .getByRole('link', { name: /^Open in Autotask/ })
    .first();
  await expect(first).toHaveAttribute('href', link(rows[0]?.asset_id ?? 0));
  await visitor.expectAccessible();
});

test('thousands of rows are shown a page at a time, and only those in sight are drawn', async ({
  visitor,
}) => {
  const { page } = visitor;
  const pageRows = 1_000;
  const nPages = 6;
  await switchOn(visitor);
  await handOver(visitor);
  // More than the demo's assets, without waiting for their load.
  await page.route('**/warranty-writeback/plans/*?*', async (route) => {
    const url = new URL(route.request().url());
    const at = Number(url.searchParams.get('cursor') ?? '0');
    url.searchParams.delete('cursor');
    const response = await route.fetch({ url: url.href });
    const { plan, rows } = (await response.json()) as PlanRows;
    const many = Array.from({ length: pageRows }, (_, row) => ({
      ...rows[row % Math.max(1, rows.length)],
      asset_id: 1_000_000 + at * pageRows + row,
      name: `PC-${at * pageRows + row}`,
    }));
    const cursor = at + 1 < nPages ? String(at + 1) : null;
    await route.fulfill({ response, json: { plan, rows: many, cursor } });
  });
  await makePlan(visitor);
  for (let n = 1; n < nPages; n += 1) {
    await expect(shown(page)).toContainText(
      `${(n * pageRows).toLocaleString('en-GB')} rows shown, there are more`,
    );
    await page.getByRole('button', { name: 'Show more rows' }).click();
  }
  await expect(shown(page)).toContainText('6,000 rows shown.');
  await expect(table(page)).toHaveAttribute('aria-rowcount', '6001');
  expect(await table(page).getByRole('row').count()).toBeLessThan(60);
  await page.getByRole('region', { name: 'Rows of the plan, scrollable' }).evaluate((area) => {
    area.scrollTop = area.scrollHeight;
  });
  await expect(table(page).getByRole('link', { name: 'PC-5999' })).toBeVisible();
  await page.getByLabel('Pick every row shown that writes').check();
  await expect(page.getByRole('button', { name: /^Approve [\d,]+ picked rows/ })).toBeEnabled();
});

test('picked rows alone are written, and a locked one is left', async ({ visitor, product }) => {
  test.slow();
  const { page, catalogue } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  const { rows } = await makePlan(visitor);
  await expect(shown(page)).toContainText(`${rows.length} rows shown`);
  await page
    .getByLabel(/^Pick (?!every)/)
    .nth(0)
    .check();
  await page
    .getByLabel(/^Pick (?!every)/)
    .nth(1)
    .check();
  const [first, second] = rows;
  if (!first || !second) throw new Error('the plan writes too little');
  await catalogue.put(`${BASE}/locks`, {
    version: 0,
    changes: [{ asset_id: second.asset_id, is_locked: true, note: 'leased' }],
  });
  await approve(page, 'Approve 2 picked rows');
  const job = page.getByRole('region', { name: 'Apply' });
  await expect(job.getByText('Done', { exact: true })).toBeVisible({ timeout: 150_000 });
  await expect(job).toContainText('Locked since: 1');
  expect(await heldIn(product, first.asset_id)).toBe(first.proposed);
  expect(await heldIn(product, second.asset_id)).toBe(second.held);
});

test('the policy is tried out before it is saved', async ({ visitor, another }) => {
  const { page } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  await page.getByRole('tab', { name: 'Policy' }).click();
  const simulated = page.getByTestId('simulated');
  await expect(simulated).toContainText(/500 dates of [\d,]+ assets would be written, [\d,]+ more wait/);
  await visitor.expectAccessible();
  await page.getByLabel('Most dates of one run').fill('7');
  await page.getByRole('radio', { name: 'Fill blanks only' }).check();
  await expect(simulated).toContainText('7 dates of');
  await expect(simulated).toContainText('The stored policy: 500.');
  await expect(page.getByRole('row', { name: /Autotask has a date, and only blanks/ })).toBeVisible();
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Policy saved')).toBeVisible();
  await expect(simulated).toContainText('The stored policy: 7.');
  await visitor.expectAccessible();
  const reader = await another();
  await reader.signIn('reader', '/write-back/policy');
  await expect(reader.page.getByLabel('Most dates of one run')).toBeDisabled();
  await expect(reader.page.getByRole('button', { name: 'Save policy' })).toHaveCount(0);
  await expect(reader.page.getByTestId('simulated')).toContainText('7 dates of');
  await reader.expectAccessible();
});

test('a client and an asset are locked and released', async ({ visitor, product }) => {
  const { page, catalogue } = visitor;
  await visitor.setUp();
  const [id] = await product.control<number[]>('GET', 'ids/ConfigurationItems');
  await page.goto(`${product.url}/#/write-back/locks`);
  await page.getByRole('combobox', { name: 'Client' }).click();
  await page.getByRole('option').first().click();
  await page.getByLabel('Why').fill('under a lease');
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Locked clients' })).toContainText('under a lease');
  await page.getByLabel('or asset, by Autotask’s id').fill(String(id));
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Locked assets' })).toContainText(`Asset ${id}`);
  await visitor.expectAccessible();
  await page.getByRole('button', { name: `Take the lock off id ${id}` }).click();
  await expect(page.getByRole('table', { name: 'Locked assets' })).toHaveCount(0);
  const locks = await catalogue.get<{ companies: unknown[]; assets: unknown[] }>(`${BASE}/locks`);
  expect([locks.companies.length, locks.assets.length]).toEqual([1, 0]);
});

test('a missing right is named, and nothing is tried row by row', async ({ visitor, product }) => {
  test.slow();
  const { page } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  const { rows } = await makePlan(visitor);
  await product.control('PATCH', 'config', { rights: { ConfigurationItems: 'read_only' } });
  await approve(page, /^Approve all/);
  const job = page.getByRole('region', { name: 'Apply' });
  await expect(job.getByRole('alert')).toContainText('Configuration Items & Subscriptions: Edit = All', {
    timeout: 150_000,
  });
  await visitor.expectAccessible();
  for (const row of rows.slice(0, 5)) expect(await heldIn(product, row.asset_id)).toBe(row.held);
  await page.getByRole('tab', { name: 'Plans' }).click();
  await page.getByRole('button', { name: 'Check the right in Autotask' }).click();
  await expect(page.getByText('Configuration Items, Edit: Not granted')).toBeVisible();
  await visitor.expectAccessible();
});
