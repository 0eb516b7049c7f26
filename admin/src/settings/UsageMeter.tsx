import { ColorSwatch, Group, Progress, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../api/queries';
import type { Usage } from '../api/types';
import { count } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Failed, Loading } from '../ui/states';

const OURS = '#1864ab';
const OTHERS = '#8a5a00';

/** Autotask's hourly limit: our calls, everybody else's, and what is left. */
export function UsageMeter() {
  const { data, error, isPending, refetch } = useQuery(usageQuery);
  return (
    <section className="card" aria-labelledby="usage-title">
      <Title order={2} size="h4" id="usage-title" mb="xs">
        Autotask API use, last hour
      </Title>
      {isPending && <Loading what="the use of the limit" lines={2} />}
      {error && !data && <Failed error={error} what="The use of the limit" retry={() => void refetch()} />}
      {data && <Meter usage={data} />}
    </section>
  );
}

function Meter({ usage }: { usage: Usage }) {
  const { ours, used, limit, pause_percent: pause, read_at: at } = usage;
  if (used == null || limit == null) {
    return (
      <Text size="sm">
        {count(ours)} calls of ours. The limit that all integrations share is read with the next run.
      </Text>
    );
  }
  const others = Math.max(0, used - ours);
  const share = (n: number) => (100 * n) / limit;
  return (
    <>
      <Progress.Root
        size="xl"
        role="img"
        aria-label={`${count(used)} of ${count(limit)} calls used, ${count(ours)} of them ours`}
      >
        <Progress.Section value={share(Math.min(ours, used))} color={OURS} aria-hidden />
        <Progress.Section value={share(others)} color={OTHERS} aria-hidden />
      </Progress.Root>
      <Group gap="md" mt="xs">
        <Legend colour={OURS} text={`${count(ours)} ours`} />
        <Legend colour={OTHERS} text={`${count(others)} other integrations`} />
        <Text size="sm">Limit {count(limit)}</Text>
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        The limit is shared by everything that uses your Autotask. Nightly updates pause at {pause} % of it,
        so that others keep room.{' '}
        {at && (
          <>
            Read <Moment at={at} />.
          </>
        )}
      </Text>
    </>
  );
}

function Legend({ colour, text }: { colour: string; text: string }) {
  return (
    <Group gap={6}>
      <ColorSwatch color={colour} size={12} aria-hidden />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
