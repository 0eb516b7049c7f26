import { Alert, Anchor, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { asFailure } from '../api/errors';
import { isUnderWay, runQuery } from '../api/queries';
import type { Run } from '../api/types';
import { csv, download } from '../ui/download';
import { count, countOf, duration, words } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { RUN_KIND, RUN_STATE, STAGE, TRIGGER } from '../ui/status';
import { Headings } from '../ui/TextTable';
import { Held } from './Held';
import { LiveRun } from './LiveRun';
import { COUNT_NAMES, COUNTS, seconds } from './totals';

/** One run: counts by entity, remarks, rejected records, calls. */
export function RunPage() {
  const { id } = useParams({ from: '/autotask/runs/$id' });
  const { data: run, error, isPending, refetch } = useQuery(runQuery(id));
  return (
    <Stack>
      <Anchor component={Link} to="/settings" size="sm" underline="always">
        Back to the pull log
      </Anchor>
      {isPending && <Loading what="the run" />}
      {error && !run && asFailure(error).code === 'not_found' ? (
        <Empty title="There is no such run">
          Runs are kept for 13 months. The pull log lists those that are left.
        </Empty>
      ) : (
        error && !run && <Failed error={error} what="The run" retry={() => void refetch()} />
      )}
      {run && <Details run={run} />}
    </Stack>
  );
}

function Details({ run }: { run: Run }) {
  const state = RUN_STATE[run.state];
  const took = seconds(run);
  return (
    <>
      <section className="card" aria-labelledby="run-title">
        <Group justify="space-between">
          <Title order={2} size="h4" id="run-title">
            {RUN_KIND[run.kind]} of <Moment at={run.started_at} />
          </Title>
          <Sign tone={state.tone} icon={state.icon} text={state.text} />
        </Group>
        <Text size="sm" mt="xs">
          {state.help} Started by: {TRIGGER[run.trigger].toLowerCase()}.
          {took !== undefined && ` It took ${duration(took)}`}
          {took !== undefined && run.waited_s > 0 && `, ${duration(run.waited_s)} of it waiting for limits`}
          {took !== undefined && '.'} <ZoneNote />
        </Text>
        {isUnderWay(run) ? (
          <LiveRun run={run} />
        ) : (
          run.error && (
            <Alert mt="sm" color={state.tone === 'bad' ? 'red' : 'yellow'} title="What happened">
              {run.error}
            </Alert>
          )
        )}
        <Instead run={run} />
        <Notes run={run} />
        <Held run={run} />
      </section>
      {!run.instead && <Counts run={run} />}
      <Rejected run={run} />
      <Calls run={run} />
      <Text size="sm" c="dimmed">
        Reference of this run: <code>{run.id}</code>
      </Text>
    </>
  );
}

/** Where to read on about a night that was not begun. */
function Instead({ run }: { run: Run }) {
  if (!run.instead) return null;
  return (
    <Anchor
      component={Link}
      to="/runs/$id"
      params={{ id: run.instead } as never}
      size="sm"
      underline="always"
    >
      Show the sync that was not over
    </Anchor>
  );
}

function Notes({ run }: { run: Run }) {
  if (run.notes.length === 0) return null;
  return (
    <List size="sm" mt="sm" aria-label="Remarks">
      {run.notes.map((note) => (
        <List.Item key={`${note.entity}${note.text}`}>
          {words(note.entity)}: {note.text}
        </List.Item>
      ))}
    </List>
  );
}

function Counts({ run }: { run: Run }) {
  return (
    <section className="card scroll-x" aria-labelledby="counts-title" tabIndex={0}>
      <Title order={3} size="h5" id="counts-title">
        Records by entity
      </Title>
      <Table aria-labelledby="counts-title">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Entity</Table.Th>
            <Table.Th scope="col">Stage</Table.Th>
            {COUNTS.map((name) => (
              <Table.Th scope="col" key={name} className="number">
                {COUNT_NAMES[name]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {run.entities.map((row) => (
            <Table.Tr key={row.entity}>
              <Table.Th scope="row" fw={500}>
                {words(row.entity)}
              </Table.Th>
              <Table.Td>{row.stage ? STAGE[row.stage] : ''}</Table.Td>
              {COUNTS.map((name) => (
                <Table.Td key={name} className="number">
                  {count(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Rejected({ run }: { run: Run }) {
  if (run.rejected.length === 0) return null;
  const save = () => {
    const rows = run.rejected.map((row) => [row.entity, row.id, row.field, row.reason]);
    download(
      `rejected-${run.id}.csv`,
      'text/csv;charset=utf-8',
      csv([['entity', 'id', 'field', 'reason'], ...rows]),
    );
  };
  return (
    <section className="card scroll-x" aria-labelledby="rejected-title" tabIndex={0}>
      <Group justify="space-between">
        <Title order={3} size="h5" id="rejected-title">
          Rejected records
        </Title>
        <Button size="xs" variant="default" leftSection={<Download size={14} aria-hidden />} onClick={save}>
          CSV
        </Button>
      </Group>
      <Text size="sm">
        {countOf(run.rejected.length, 'record')} could not be used. Correct them in Autotask; they are asked
        for again every night.
      </Text>
      <Table aria-labelledby="rejected-title">
        <Headings names={['Entity', 'Autotask id', 'Field', 'Reason']} />
        <Table.Tbody>
          {run.rejected.map((row, at) => (
            <Table.Tr key={at}>
              <Table.Td>{words(row.entity)}</Table.Td>
              <Table.Td>{row.id ?? 'unreadable'}</Table.Td>
              <Table.Td>{row.field ?? ''}</Table.Td>
              <Table.Td>{row.reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Calls({ run }: { run: Run }) {
  const rows = Object.entries(run.requests_by_endpoint).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <section className="card" aria-labelledby="calls-title">
      <Title order={3} size="h5" id="calls-title">
        Calls to Autotask
      </Title>
      <Table aria-labelledby="calls-title">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Endpoint</Table.Th>
            <Table.Th scope="col" className="number">
              Calls
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([endpoint, n]) => (
            <Table.Tr key={endpoint}>
              <Table.Th scope="row" fw={500}>
                {endpoint}
              </Table.Th>
              <Table.Td className="number">{count(n)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
