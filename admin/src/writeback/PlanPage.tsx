import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { settingsQuery } from '../api/queries';
import { isAtWork, type Plan, type PlanRow, planQuery, type Policy, type RowFilter } from '../api/warranties';
import type { PlanSearch } from '../app/router';
import { usePerson } from '../auth/session';
import { DataTable } from '../ui/DataTable';
import { count, countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import { Approve } from './Approve';
import { JobPanel } from './JobPanel';
import { hasNoDates, policyText } from './looks';
import { PlanFilters } from './PlanFilters';
import { columnsOf, isOpen } from './planColumns';
import { UndoButton } from './UndoDialog';
import classes from './writeback.module.css';

/** One plan: every asset with its verdict, what was approved of it, and what became of that. */
export function PlanPage() {
  const { id } = useParams({ from: '/write-back/plans/$id' });
  const search: PlanSearch = useSearch({ from: '/write-back/plans/$id' });
  const filter: RowFilter = { ...search };
  const query = useInfiniteQuery({ ...planQuery(id, filter), placeholderData: keepPreviousData });
  const { data, error, isPending, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  // The page that was read last tells most recently how far a job is.
  const plan = data?.pages.at(-1)?.plan;
  if (isPending) return <Loading what="the plan" lines={10} />;
  if (!plan) return <Failed error={error} what="The plan" retry={() => void refetch()} />;
  return (
    <Stack gap="sm">
      <Head plan={plan} />
      {plan.jobs.toReversed().map((job) => (
        <JobPanel key={job.id} job={job} />
      ))}
      <PlanFilters plan={plan} search={search} />
      <Shortfall of={query} what="The rows of the plan" loaded={countOf(rows.length, 'row')}>
        What is picked is picked among these alone; “Approve all” counts every row that writes.
      </Shortfall>
      <Rows
        key={plan.hash}
        plan={plan}
        rows={rows}
        filter={filter}
        more={
          query.hasNextPage && (
            <Button
              size="xs"
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more rows
            </Button>
          )
        }
      />
    </Stack>
  );
}

function Head({ plan }: { plan: Plan }) {
  return (
    <section aria-labelledby="plan-title">
      <Group justify="space-between">
        <Title order={2} size="h4" id="plan-title">
          Plan of <Moment at={plan.made_at} />
        </Title>
        <UndoButton plan={plan} />
      </Group>
      <Text size="sm" data-testid="plan-summary">
        Made by {plan.by}. {countOf(plan.n_rows, 'asset')}: {count(plan.n_writes)} to be written,{' '}
        {count(sumOf(plan, 'hold'))} held, {count(sumOf(plan, 'skip'))} skipped.
      </Text>
      <Text size="sm" c="dimmed">
        Policy: {policyText(plan.policy as Policy)}. Name of exactly these rows:{' '}
        <code>{plan.hash.slice(0, 12)}</code>
      </Text>
    </section>
  );
}

function sumOf(plan: Plan, decision: PlanRow['decision']): number {
  return plan.rules.reduce((sum, rule) => sum + (rule.decision === decision ? rule.n_rows : 0), 0);
}

interface RowsProps {
  plan: Plan;
  rows: PlanRow[];
  filter: RowFilter;
  more: React.ReactNode;
}

function Rows({ plan, rows, filter, more }: RowsProps) {
  const { isAdmin } = usePerson();
  const { data: settings } = useQuery(settingsQuery);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const job = plan.jobs.at(-1);
  const isTakenBack = plan.jobs.some((one) => one.kind === 'undo');
  const canApprove = isAdmin && plan.n_writes > 0 && !isTakenBack && !isAtWork(job);
  const pick = useCallback((id: number, isPicked: boolean) => {
    setPicked((now) => {
      const next = new Set(now);
      if (isPicked) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const pickAll = useCallback(
    (isPicked: boolean) => setPicked(new Set(isPicked ? rows.filter(isOpen).map((row) => row.asset_id) : [])),
    [rows],
  );
  const hasResults = plan.jobs.length > 0;
  const columns = useMemo(
    () => columnsOf({ canApprove, hasResults, picked, pick, pickAll }),
    [canApprove, hasResults, picked, pick, pickAll],
  );
  return (
    <>
      {canApprove && (
        <Approve
          plan={plan}
          rows={rows}
          filter={filter}
          picked={picked}
          isOn={settings?.warranty_write_back === true}
          onApplied={() => setPicked(new Set())}
        />
      )}
      {isTakenBack && job?.state === 'done' && (
        <Text size="sm">
          This plan was taken back.{' '}
          <Anchor component={Link} to="/write-back" underline="always" size="sm">
            Make a new one
          </Anchor>{' '}
          to write again.
        </Text>
      )}
      <Group justify="space-between">
        <Text size="sm" role="status" data-testid="shown">
          {countOf(rows.length, 'row')} shown{more ? ', there are more' : ''}.
        </Text>
        {more}
      </Group>
      <div className={classes.plan}>
        <DataTable
          label="Rows of the plan"
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          rowHeight={64}
          minWidth={hasResults ? 60 : 52}
          empty={hasNoDates(plan.rules) ? NO_DATES : NONE_FITS}
        />
      </div>
    </>
  );
}

const keyOf = (row: PlanRow) => String(row.asset_id);
const NONE_FITS = <Empty title="No row fits these filters">Widen or clear the filters.</Empty>;
const NO_DATES = (
  <Empty title="No warranty dates yet">
    No date was known for any asset that may be written when this plan was made, so it writes nothing.
  </Empty>
);
