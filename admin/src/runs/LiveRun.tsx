import { Anchor, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { isUnderWay } from '../api/queries';
import type { EntityRow, Run } from '../api/types';
import { count, duration, words } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { RUN_KIND, RUN_STATE, STAGE } from '../ui/status';

/** A run under way: how far it is, what it does, and how long it takes. */
export function LiveRun({ run, withEntities = false }: { run: Run; withEntities?: boolean }) {
  const state = RUN_STATE[run.state];
  const percent = run.percent ?? 0;
  return (
    <Stack gap="xs" mt="sm">
      <Group gap="xs">
        <Text fw={600}>{RUN_KIND[run.kind]}</Text>
        <Sign tone={state.tone} icon={state.icon} text={state.text} />
        <Anchor component={Link} to="/runs/$id" params={{ id: run.id } as never} size="sm" underline="always">
          Details
        </Anchor>
      </Group>
      <Progress.Root size="lg" aria-hidden>
        <Progress.Section value={percent} aria-hidden />
      </Progress.Root>
      <Text size="sm" role="status" aria-live="polite" data-testid="progress">
        {run.percent == null ? 'Counting what there is to read' : `${run.percent} % read`}
        {run.percent != null && !!run.time_left_s && `, about ${duration(run.time_left_s)} left`}
        {`, ${count(run.requests)} requests so far.`}
      </Text>
      {run.next_try_at && run.state !== 'running' && (
        <Text size="sm">
          It goes on by itself at <Moment at={run.next_try_at} />.
        </Text>
      )}
      {run.error && <Text size="sm">{run.error}</Text>}
      {(run.state === 'stalled' || !isUnderWay(run)) && <Text size="sm">{state.help}</Text>}
      {run.kind === 'initial' && isUnderWay(run) && (
        <Text size="sm" c="dimmed">
          The initial sync can take up to 1 hour. You may close this page: it goes on, and an e-mail tells
          when it is complete.
        </Text>
      )}
      {withEntities && <Stages rows={run.entities} />}
    </Stack>
  );
}

function Stages({ rows }: { rows: EntityRow[] }) {
  return (
    <Table aria-label="Progress by entity">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Entity</Table.Th>
          <Table.Th scope="col">Stage</Table.Th>
          <Table.Th scope="col" className="number">
            Read
          </Table.Th>
          <Table.Th scope="col" className="number">
            In Autotask
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.entity}>
            <Table.Th scope="row" fw={500}>
              {words(row.entity)}
            </Table.Th>
            <Table.Td>{row.stage ? STAGE[row.stage] : 'Waiting'}</Table.Td>
            <Table.Td className="number">{count(row.read)}</Table.Td>
            <Table.Td className="number">{row.total == null ? '' : count(row.total)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
