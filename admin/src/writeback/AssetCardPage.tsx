import { Alert, Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CheckCircle2, ExternalLink, Lock } from 'lucide-react';
import { type Card, cardQuery, locksQuery, useSaveLocks } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Day } from '../ui/Day';
import { words } from '../ui/format';
import { Moment } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';
import { suspectText } from './Contested';
import { DECISION, lookOf, RULE, sourceText, UNDONE } from './looks';

/** All that is known of an asset's warranty date. */
export function AssetCardPage() {
  const { id } = useParams({ from: '/write-back/assets/$id' });
  const { data, error, isPending, refetch } = useQuery(cardQuery(Number(id)));
  if (isPending) return <Loading what="the asset" lines={8} />;
  if (!data) return <Failed error={error} what="The asset" retry={() => void refetch()} />;
  return (
    <Stack>
      <Verdict card={data} />
      <Dates card={data} />
      <Writes card={data} />
    </Stack>
  );
}

function Verdict({ card }: { card: Card }) {
  return (
    <section className="card" aria-labelledby="asset-title">
      <Group justify="space-between">
        <Title order={2} size="h4" id="asset-title">
          Warranty of asset {card.asset_id}
        </Title>
        <LockButton id={card.asset_id} />
      </Group>
      <Text size="sm" mt="xs">
        Autotask holds <b>{card.held ? <Day date={card.held} /> : 'no date'}</b>.{' '}
        {card.link && (
          <Anchor href={card.link} target="_blank" rel="noreferrer" size="sm" underline="always">
            Open in Autotask <ExternalLink size={12} aria-hidden />
            <span className="visually-hidden"> (new window)</span>
          </Anchor>
        )}
      </Text>
      <Group gap="sm" mt="sm">
        <Sign {...DECISION[card.decision]} />
        <Text size="sm">
          What a plan would do now: {card.words} (rule: {RULE[card.rule]})
        </Text>
      </Group>
      {card.contested_by && (
        <Alert color="yellow" mt="sm" title="Somebody keeps changing our date">
          Edited last by: {suspectText(card.contested_by)}. We stopped writing this asset; Locks lets it go
          on.
        </Alert>
      )}
    </section>
  );
}

/** Leaves this one asset alone, or lets it be written again. */
function LockButton({ id }: { id: number }) {
  const { isAdmin } = usePerson();
  const { data, error, refetch } = useQuery(locksQuery);
  const save = useSaveLocks();
  if (!isAdmin) return null;
  if (!data) return error && <Failed error={error} what="The locks" retry={() => void refetch()} />;
  const isLocked = data.assets.some((row) => row.id === id);
  async function toggle(version: number) {
    try {
      await save.mutateAsync({ version, changes: [{ asset_id: id, is_locked: !isLocked }] });
      done(
        isLocked ? 'Lock taken off' : 'Locked',
        isLocked ? 'Plans judge it again.' : 'It is left alone from now on.',
      );
    } catch (error) {
      failed('The lock is as it was', error);
    }
  }
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Lock size={14} aria-hidden />}
      loading={save.isPending}
      onClick={() => void toggle(data.version)}
    >
      {isLocked ? 'Take the lock off' : 'Leave this asset alone'}
    </Button>
  );
}

function Dates({ card }: { card: Card }) {
  return (
    <section className="card scroll-x" aria-labelledby="dates-title">
      <Title order={2} size="h5" id="dates-title">
        Known dates
      </Title>
      {card.dates.length === 0 ? (
        <Empty title="No date is known">Nothing was handed over for this asset.</Empty>
      ) : (
        <Table aria-labelledby="dates-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Ends</Table.Th>
              <Table.Th scope="col">Source</Table.Th>
              <Table.Th scope="col">Coverage</Table.Th>
              <Table.Th scope="col">As the source gave it</Table.Th>
              <Table.Th scope="col">Fetched</Table.Th>
              <Table.Th scope="col">Judged</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {card.dates.map((one) => (
              <Table.Tr key={`${one.source.name}/${one.coverage}`}>
                <Table.Th scope="row" fw={500}>
                  <Day date={one.ends_on} none="never" />
                </Table.Th>
                <Table.Td>{sourceText(one.source)}</Table.Td>
                <Table.Td>{words(one.coverage)}</Table.Td>
                <Table.Td>
                  {one.raw_value && <code>{one.raw_value}</code>}
                  <Text size="xs" c="dimmed">
                    {one.read_as}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Moment at={one.fetched_at} />
                </Table.Td>
                <Table.Td>
                  {one.is_chosen && <Sign tone="good" icon={CheckCircle2} text="Stands for the asset" />}
                  {one.obstacle && <Text size="sm">Not written: {RULE[one.obstacle]}</Text>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function Writes({ card }: { card: Card }) {
  return (
    <section className="card scroll-x" aria-labelledby="writes-title">
      <Title order={2} size="h5" id="writes-title">
        What we wrote
      </Title>
      {card.writes.length === 0 ? (
        <Empty title="We never wrote this asset" />
      ) : (
        <Table aria-labelledby="writes-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">When</Table.Th>
              <Table.Th scope="col">From</Table.Th>
              <Table.Th scope="col">To</Table.Th>
              <Table.Th scope="col">Result</Table.Th>
              <Table.Th scope="col">Undo</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {card.writes.map((write) => (
              <Table.Tr key={write.run_id}>
                <Table.Td>{write.written_at ? <Moment at={write.written_at} /> : 'never'}</Table.Td>
                <Table.Td>
                  <Day date={write.from} />
                </Table.Td>
                <Table.Td>
                  <Day date={write.to} />
                </Table.Td>
                <Table.Td>
                  <Sign {...lookOf(write.result)} />
                </Table.Td>
                <Table.Td>{write.undo && <Sign {...lookOf(write.undo, UNDONE)} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
