import { Alert, Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ClipboardList } from 'lucide-react';
import { type Plan, plansQuery, simulationQuery, useMakePlan } from '../api/warranties';
import type { PlanSearch } from '../app/router';
import { usePerson } from '../auth/session';
import { count, countOf } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Shortfall } from '../ui/Shortfall';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { hasNoDates, JOB_STATE } from './looks';
import { WriteBackSwitch } from './Switch';

/** Every plan, and the way to a new one. */
export function PlansPage() {
  const list = useInfiniteQuery(plansQuery);
  const plans = list.data?.pages.flatMap((page) => page.plans) ?? [];
  return (
    <Stack>
      <WriteBackSwitch />
      <section className="card" aria-labelledby="plans-title">
        <Group justify="space-between" mb="sm">
          <Title order={2} size="h5" id="plans-title">
            Plans
          </Title>
          <MakePlan />
        </Group>
        {list.isPending && <Loading what="the plans" />}
        {list.error && !list.data && (
          <Failed error={list.error} what="The list of plans" retry={() => void list.refetch()} />
        )}
        {list.data && plans.length === 0 && <NoPlan />}
        {plans.length > 0 && <Plans plans={plans} />}
        <Shortfall of={list} what="The list of plans" loaded={countOf(plans.length, 'plan')} />
        {list.hasNextPage && (
          <Button
            mt="sm"
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older plans
          </Button>
        )}
        <Text size="sm" c="dimmed" mt="sm">
          <ZoneNote />
        </Text>
      </section>
    </Stack>
  );
}

function MakePlan() {
  const { isAdmin } = usePerson();
  const make = useMakePlan();
  const navigate = useNavigate();
  async function run() {
    try {
      const plan = await make.mutateAsync();
      done('Plan made', `${countOf(plan.n_writes, 'date')} would be written. Nothing was written.`);
      void navigate({ to: '/write-back/plans/$id', params: { id: plan.id }, search: firstLook(plan) });
    } catch (error) {
      failed('No plan was made', error);
    }
  }
  if (!isAdmin) return null;
  return (
    <Button
      size="xs"
      loading={make.isPending}
      leftSection={<ClipboardList size={14} aria-hidden />}
      onClick={() => void run()}
    >
      Make a plan
    </Button>
  );
}

/** Why there is none yet: no dates at all, or nobody asked for one. */
function NoPlan() {
  const { data } = useQuery(simulationQuery());
  if (data && hasNoDates(data.rules)) {
    return (
      <Empty title="No warranty dates yet">
        For none of your {countOf(data.n_assets, 'asset')} is a date known that could be written. Dates arrive
        when Lifecycle Insights looks up serial numbers at the vendors; then a plan has something to judge.
      </Empty>
    );
  }
  return (
    <Empty title="No plan yet">
      {data
        ? `Of ${countOf(data.n_assets, 'asset')}, ${countOf(data.n_writes, 'date')} would be written. A plan shows each one; making it writes nothing.`
        : 'A plan shows what would be written; making it writes nothing.'}
    </Empty>
  );
}

function Plans({ plans }: { plans: Plan[] }) {
  const newest = plans[0];
  return (
    <>
      {newest && hasNoDates(newest.rules) && (
        <Alert color="gray" mb="sm" title="No warranty dates yet">
          The newest plan had no date to judge: none is known for any asset that may be written.
        </Alert>
      )}
      <div className="scroll-x">
        <Table aria-label="Plans, newest first" striped highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Made</Table.Th>
              <Table.Th scope="col">By</Table.Th>
              <Table.Th scope="col" className="number">
                Assets
              </Table.Th>
              <Table.Th scope="col" className="number">
                To be written
              </Table.Th>
              <Table.Th scope="col">What became of it</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plans.map((plan) => (
              <Table.Tr key={plan.id}>
                <Table.Td className="nowrap">
                  <Anchor
                    component={Link}
                    to="/write-back/plans/$id"
                    params={{ id: plan.id } as never}
                    search={firstLook(plan) as never}
                    underline="always"
                    size="sm"
                  >
                    <Moment at={plan.made_at} />
                  </Anchor>
                </Table.Td>
                <Table.Td>{plan.by}</Table.Td>
                <Table.Td className="number">{count(plan.n_rows)}</Table.Td>
                <Table.Td className="number">{count(plan.n_writes)}</Table.Td>
                <Table.Td>
                  <Outcome plan={plan} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

/** What a person looks at first: what would be written, if anything would. */
function firstLook(plan: Plan): PlanSearch {
  return plan.n_writes > 0 ? { decision: 'write' } : {};
}

function Outcome({ plan }: { plan: Plan }) {
  const job = plan.jobs.at(-1);
  if (!job) return <Text size="sm">Not applied: nothing was written.</Text>;
  const { tone, icon, text } = JOB_STATE[job.state];
  const n = job.n_by_phase.verified ?? 0;
  return (
    <Group gap="xs">
      <Sign tone={tone} icon={icon} text={`${job.kind === 'undo' ? 'Undo' : 'Apply'}: ${text}`} />
      <Text size="sm">
        {job.kind === 'undo' ? `${countOf(n, 'date')} taken back` : `${countOf(n, 'date')} written`}
      </Text>
    </Group>
  );
}
