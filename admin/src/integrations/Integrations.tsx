import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Settings2 } from 'lucide-react';
import { settingsQuery } from '../api/queries';
import type { Settings } from '../api/types';
import type { PrimarySource } from '../app/primarySource';
import { TABS } from '../app/tabs';
import { LiveRun } from '../runs/LiveRun';
import { totals } from '../runs/totals';
import { countOf } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { Failed, Loading } from '../ui/states';
import { RUN_KIND, RUN_STATE, statusOf } from '../ui/status';

/** The list of integration sources, each with how it fares. */
export function Integrations() {
  const { data, error, refetch, isPending } = useQuery(settingsQuery);
  return (
    <>
      <Title order={1} size="h2" mb="md">
        Integrations
      </Title>
      {isPending && <Loading what="the integrations" />}
      {error && !data && (
        <Failed error={error} what="The list of integrations" retry={() => void refetch()} />
      )}
      {data && <Sources settings={data} />}
    </>
  );
}

/** Beside IT Glue, Autotask is a section of its own. */
function Sources({ settings }: { settings: Settings }) {
  const source = settings.primary_source;
  if (source === 'autotask') return <Autotask settings={settings} source={source} />;
  return (
    <section aria-labelledby="psa-integration">
      <Title order={2} size="h4" mb="sm" id="psa-integration">
        PSA Integration - Configure your PSA to integrate with LCI Contracts.
      </Title>
      <Autotask settings={settings} source={source} />
    </section>
  );
}

const READS: Record<PrimarySource, string> = {
  autotask:
    'Datto Autotask PSA: companies, contacts, assets; by choice contracts, tickets and opportunities.',
  it_glue: 'Datto Autotask PSA: contracts, tickets and opportunities for your IT Glue companies.',
};

function Autotask({ settings, source }: { settings: Settings; source: PrimarySource }) {
  const { tone, icon, text, help } = statusOf(settings);
  return (
    <section className="card" aria-labelledby="source-autotask">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={source === 'it_glue' ? 3 : 2} size="h4" id="source-autotask">
            <Anchor component={Link} to="/settings" underline="hover" inherit>
              Autotask
            </Anchor>
          </Title>
          <Text size="sm" c="dimmed">
            {READS[source]}
          </Text>
        </div>
        <Sign tone={tone} icon={icon} text={text} />
      </Group>
      <Text size="sm" mt="sm">
        {help}
      </Text>
      {settings.run ? <LiveRun run={settings.run} /> : <LastRun settings={settings} />}
      <Group mt="md" gap="sm">
        <Button component={Link} to="/settings" leftSection={<Settings2 size={16} aria-hidden />}>
          {settings.version === 0 ? 'Set up Autotask' : 'Open settings'}
        </Button>
        {settings.version > 0 &&
          TABS[source]
            .filter((tab) => tab.path !== '/settings')
            .map((tab) => (
              <Button key={tab.path} component={Link} to={tab.path} variant="default">
                {tab.title}
              </Button>
            ))}
      </Group>
    </section>
  );
}

/** Last night's result at a glance. */
function LastRun({ settings }: { settings: Settings }) {
  const { last_run: run, next_night_at: next } = settings;
  if (!run) return null;
  const all = totals(run);
  const state = RUN_STATE[run.state];
  return (
    <Stack gap={4} mt="sm">
      <Group gap="xs">
        <Text size="sm" fw={600}>
          Last run:
        </Text>
        <Sign tone={state.tone} icon={state.icon} text={state.text} />
        <Text size="sm">
          {RUN_KIND[run.kind]}, {run.ended_at && <Moment at={run.ended_at} />}:{' '}
          {countOf(all.created, 'new record')}, {all.updated} changed, {all.tombstoned} gone, {all.rejected}{' '}
          rejected.{' '}
          <Anchor component={Link} to="/runs/$id" params={{ id: run.id } as never} underline="always" inherit>
            Details
          </Anchor>
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {next && settings.active ? (
          <>
            Next night begins <Moment at={next} />.{' '}
          </>
        ) : null}
        <ZoneNote />
      </Text>
    </Stack>
  );
}
