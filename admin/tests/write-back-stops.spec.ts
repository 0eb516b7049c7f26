import { expect, test, type Visitor } from './support/fixtures';
import { approve, BASE, handOver, heldIn, makePlan, NEW_DATE, switchOn } from './support/writeBack';

const ENTITY = 'ConfigurationItems';

test('a write that changes more than the date stops the job, and is taken back', async ({
  visitor,
  product,
}) => {
  test.setTimeout(240_000);
  const { page } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  const { rows } = await makePlan(visitor);
  const first = rows[0];
  if (!first) throw new Error('nothing is to be written');
  // A workflow rule of the customer: whoever edits the asset changes its location.
  const edits = [{ op: 'update', entity: ENTITY, id: first.asset_id, fields: { location: 'Rack 7' } }];
  await product.control('POST', 'plans', { entity: ENTITY, after_page: 1, edits });
  await approve(page, /^Approve all/);
  const job = page.getByRole('region', { name: 'Apply, stopped and taken back' });
  await expect(job.getByRole('alert')).toContainText('More than the warranty date changed', {
    timeout: 150_000,
  });
  await expect(job.getByRole('list', { name: 'Canary proof' })).toContainText(
    `Asset ${first.asset_id}: Changed besides the date: location.`,
  );
  await visitor.expectAccessible();
  expect(await heldIn(product, first.asset_id)).toBe(first.held);
  await page.goto(`${product.url}/#/inbox`);
  await expect(page.getByText('The warranty write-back stopped.', { exact: false })).toBeVisible({
    timeout: 70_000,
  });
  await visitor.expectAccessible();
});

test('a date that is changed back twice is left alone until a person lets it go', async ({
  visitor,
  product,
}) => {
  // Two jobs of one row each, and three nights.
  test.setTimeout(420_000);
  const { page, catalogue } = visitor;
  await switchOn(visitor);
  const id = await somethingActive(visitor);
  await handOver(visitor, [id]);
  await makePlan(visitor);
  await approve(page, /^Approve all/);
  for (let night = 1; night <= 3; night += 1) {
    if (night < 3) await expect.poll(() => heldIn(product, id), { timeout: 120_000 }).toBe(NEW_DATE);
    await expect.poll(() => isAtRest(visitor), { timeout: 120_000 }).toBe(true);
    const fields = { warrantyExpirationDate: '2024-01-01' };
    await product.control('POST', 'edits', { op: 'update', entity: ENTITY, id, fields });
    await runNow(visitor, night);
  }
  const listed = async () =>
    (await catalogue.get<{ contested: unknown[] }>(`${BASE}/locks`)).contested.length;
  await expect.poll(listed, { timeout: 120_000 }).toBe(1);
  await page.goto(`${product.url}/#/write-back/locks`);
  const contested = page.getByRole('table', { name: 'Contested assets' });
  await expect(contested.getByRole('row', { name: String(id) })).toBeVisible();
  await visitor.expectAccessible();
  expect(await heldIn(product, id)).toBe('2024-01-01');
  await page.getByRole('button', { name: `Let asset ${id} be written again` }).click();
  await expect(page.getByText('Released', { exact: true })).toBeVisible();
  await expect(contested).toHaveCount(0);
  expect(await listed()).toBe(0);
});

test('dates that Autotask refuses in two plans are named with the reason, and tried again on demand', async ({
  visitor,
  product,
}) => {
  test.setTimeout(300_000);
  const { page, catalogue } = visitor;
  await switchOn(visitor);
  await handOver(visitor);
  const message = 'The required user-defined field Rack was not set';
  const action = { kind: 'errors', message };
  await product.control('POST', 'faults', { entity: ENTITY, call: 'patch', action });
  for (let plan = 1; plan <= 2; plan += 1) {
    await page.goto(`${product.url}/#/write-back`);
    await makePlan(visitor);
    await approve(page, /^Approve all/);
    await expect.poll(() => nStopped(visitor), { timeout: 120_000 }).toBe(plan);
  }
  await page.goto(`${product.url}/#/write-back/locks`);
  const rows = page.getByRole('table', { name: 'Dates that Autotask did not take' }).locator('tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText(message);
  await visitor.expectAccessible();
  await rows
    .first()
    .getByRole('button', { name: /Try the date of asset \d+ again/ })
    .click();
  await expect(page.getByText('Released', { exact: true })).toBeVisible();
  await expect(rows).toHaveCount(2);
  const { in_vain: left } = await catalogue.get<{ in_vain: unknown[] }>(`${BASE}/locks`);
  expect(left).toHaveLength(2);
});

/** An asset that is shown and whose date may be written. */
async function somethingActive({ catalogue }: Visitor): Promise<number> {
  for (const company of (await catalogue.companies()).filter((row) => row.is_active)) {
    const { rows } = await catalogue.assetsOf(company.key);
    const fit = rows.find(
      (row) =>
        row.is_active === true && typeof row.serial_number === 'string' && row.serial_number.length > 6,
    );
    if (fit) return fit.id;
  }
  throw new Error('the demo has no such asset');
}

async function isAtRest({ catalogue }: Visitor): Promise<boolean> {
  const { plans } = await catalogue.get<{ plans: { jobs: { state: string }[] }[] }>(`${BASE}/plans`);
  return plans.every(({ jobs }) => jobs.every(({ state }) => state === 'done'));
}

async function nStopped({ catalogue }: Visitor): Promise<number> {
  const { plans } = await catalogue.get<{ plans: { jobs: { state: string }[] }[] }>(`${BASE}/plans`);
  return plans.flatMap(({ jobs }) => jobs).filter(({ state }) => state === 'stopped').length;
}

async function runNow({ page, product, catalogue }: Visitor, number: number): Promise<void> {
  await page.goto(`${product.url}/#/settings`);
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog', { name: 'Run now' }).getByRole('button', { name: 'Start' }).click();
  const done = async () => {
    const { runs } = await catalogue.get<{ runs: { state: string }[] }>('/v1/integrations/autotask/runs');
    return runs.filter(({ state }) => state === 'done').length;
  };
  await expect.poll(done, { timeout: 60_000 }).toBe(number + 1);
}
