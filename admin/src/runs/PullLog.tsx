import { Button, Group, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type RunFilter, runsQuery } from '../api/queries';
import type { LogKind, Run, RunState, Settings } from '../api/types';
import type { PullLogSearch } from '../app/router';
import { CsvButton } from '../ui/CsvButton';
import { count, countOf, duration, startOfDay } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { Shortfall } from '../ui/Shortfall';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { RUN_KIND, RUN_STATE, TRIGGER } from '../ui/status';
import { runsCsv } from './csv';
import { RunNow } from './RunNow';
import { firstRemark, isPull, seconds, totals } from './totals';

/** The pull log: runs, write-backs and what auto-map brought in the last 13 months, newest first. */
export function PullLog({ settings }: { settings: Settings }) {
  const search: PullLogSearch = useSearch({ from: '/autotask/settings' });
  const filter = filterOf(search, settings.time_zone);
  const log = useInfiniteQuery({ ...runsQuery(filter), placeholderData: keepPreviousData });
  const runs = log.data?.pages.flatMap((page) => page.runs) ?? [];
  const isFiltered = Object.keys(search).length > 0;
  return (
    <section className="card" aria-labelledby="log-title">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="log-title">
          Pull Log
        </Title>
        <Group gap="xs">
          <CsvButton file="autotask-pull-log.csv" what="The pull log" read={() => runsCsv(filter)} />
          <RunNow settings={settings} />
        </Group>
      </Group>
      <Filters search={search} kinds={kindsOf(settings)} />
      {log.isPending && <Loading what="the pull log" />}
      {log.error && !log.data && (
        <Failed error={log.error} what="The pull log" retry={() => void log.refetch()} />
      )}
      {log.data && runs.length === 0 && (
        <Empty title={isFiltered ? 'No run fits these filters' : 'No run yet'}>
          {isFiltered
            ? 'Widen or clear the filters.'
            : 'Test and save your settings with the integration active: the initial sync then starts by itself.'}
        </Empty>
      )}
      {runs.length > 0 && <Rows runs={runs} />}
      <Shortfall of={log} what="The pull log" loaded={countOf(runs.length, 'run')}>
        The CSV has all of them.
      </Shortfall>
      {log.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          Show older runs
        </Button>
      )}
      <Text size="sm" c="dimmed" mt="sm">
        <ZoneNote /> Runs are kept for 13 months.
      </Text>
    </section>
  );
}

function filterOf(search: PullLogSearch, zone: string): RunFilter {
  const { kind, state, from, to } = search;
  const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  return {
    kind,
    state,
    from: from && startOfDay(from, zone),
    until: to && startOfDay(dayAfter(to), zone),
  };
}

/** Beside IT Glue nothing is written back, and only there companies are linked. */
function kindsOf({ primary_source: source }: Settings): Record<string, string> {
  const { write_back: writeBack, auto_map: autoMap, ...pulls } = RUN_KIND;
  return source === 'it_glue' ? { ...pulls, auto_map: autoMap } : { ...pulls, write_back: writeBack };
}

function Filters({ search, kinds }: { search: PullLogSearch; kinds: Record<string, string> }) {
  const navigate = useNavigate();
  const options = (names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  const states = Object.fromEntries(Object.entries(RUN_STATE).map(([state, look]) => [state, look.text]));
  // Filters stand in the address, so that they survive a reload and can be passed on.
  function set(part: { [name in keyof PullLogSearch]: PullLogSearch[name] | undefined }) {
    const kept = Object.entries({ ...search, ...part }).filter(([, value]) => value);
    void navigate({ to: '/settings', search: Object.fromEntries(kept) as PullLogSearch, replace: true });
  }
  return (
    <Group gap="sm" mb="sm" align="flex-end" role="search" aria-label="Filter the pull log">
      <Select
        label="Kind"
        placeholder="All"
        data={options(kinds)}
        value={search.kind ?? null}
        clearable
        clearButtonProps={{ 'aria-label': 'All kinds' }}
        onChange={(kind) => set({ kind: (kind ?? undefined) as LogKind | undefined })}
      />
      <Select
        label="State"
        placeholder="All"
        data={options(states)}
        value={search.state ?? null}
        clearable
        clearButtonProps={{ 'aria-label': 'All states' }}
        onChange={(state) => set({ state: (state ?? undefined) as RunState | undefined })}
      />
      <TextInput
        type="date"
        label="From"
        value={search.from ?? ''}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="To"
        value={search.to ?? ''}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="subtle" onClick={() => void navigate({ to: '/settings', replace: true })}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function Rows({ runs }: { runs: Run[] }) {
  return (
    <section className="scroll-x" aria-label="Runs, scrollable" tabIndex={0}>
      <Table striped highlightOnHover aria-label="Runs, newest first">
        <Table.Thead>
          <Table.Tr>
            {['Start', 'Kind', 'Started by', 'State', 'End', 'Took'].map((name) => (
              <Table.Th scope="col" key={name}>
                {name}
              </Table.Th>
            ))}
            {['Read', 'New', 'Changed', 'Gone', 'Rejected', 'Calls'].map((name) => (
              <Table.Th scope="col" className="number" key={name}>
                {name}
              </Table.Th>
            ))}
            <Table.Th scope="col">Remark</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Row({ run }: { run: Run }) {
  const state = RUN_STATE[run.state];
  const all = totals(run);
  const took = seconds(run);
  return (
    <Table.Tr>
      <Table.Td className="nowrap">
        <Link {...detailsOf(run)} className="row-link">
          <Moment at={run.started_at} />
        </Link>
      </Table.Td>
      <Table.Td className="nowrap">{RUN_KIND[run.kind]}</Table.Td>
      <Table.Td className="nowrap">{startedBy(run)}</Table.Td>
      <Table.Td>
        <Sign tone={state.tone} icon={state.icon} text={state.text} />
      </Table.Td>
      <Table.Td className="nowrap">{run.ended_at && <Moment at={run.ended_at} />}</Table.Td>
      <Table.Td className="nowrap">{took === undefined ? '' : duration(took)}</Table.Td>
      {[all.read, all.created, all.updated, all.tombstoned, all.rejected, run.requests].map((n, column) => (
        <Table.Td className="number" key={column}>
          {!isPull(run) && column < N_COUNTS ? '' : count(n)}
        </Table.Td>
      ))}
      <Table.Td miw="12rem">{firstRemark(run)}</Table.Td>
    </Table.Tr>
  );
}

/** Columns that count records pulled. */
const N_COUNTS = 5;

function detailsOf(run: Run) {
  if (run.auto_map) return { to: '/company-links' } as const;
  return run.write_back
    ? ({ to: '/write-back/plans/$id', params: { id: run.write_back.plan_id } } as const)
    : ({ to: '/runs/$id', params: { id: run.id } } as const);
}

function startedBy({ trigger, write_back: writeBack, auto_map: autoMap }: Run): string {
  const by = (writeBack ?? autoMap)?.by;
  return by && trigger === 'manual' ? by : TRIGGER[trigger];
}
