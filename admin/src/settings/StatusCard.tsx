import { Button, Group, List, Text, Title } from '@mantine/core';
import { History, LifeBuoy, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Settings } from '../api/types';
import { usePerson } from '../auth/session';
import { Moment, ZoneNote } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { statusOf } from '../ui/status';

const HistoryDialog = lazy(() => import('./HistoryDialog'));
const SupportDialog = lazy(() => import('./SupportDialog'));
const LeaveDialog = lazy(() => import('./LeaveDialog'));

type Open = 'history' | 'support' | 'leave' | undefined;

/** How the integration fares, and what else can be done. */
export function StatusCard({ settings }: { settings: Settings }) {
  const { isAdmin } = usePerson();
  const [open, setOpen] = useState<Open>();
  const { tone, icon, text, help } = statusOf(settings);
  const close = () => setOpen(undefined);
  return (
    <section className="card" aria-labelledby="status-title">
      <Group justify="space-between">
        <Title order={2} size="h4" id="status-title">
          Status
        </Title>
        <Sign tone={tone} icon={icon} text={text} />
      </Group>
      <Text size="sm" mt="xs" data-testid="status-help">
        {help}
      </Text>
      <Facts settings={settings} />
      {isAdmin && (
        <Group gap="xs" mt="md">
          <Button
            size="xs"
            variant="default"
            leftSection={<History size={14} aria-hidden />}
            onClick={() => setOpen('history')}
          >
            Change history
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<LifeBuoy size={14} aria-hidden />}
            onClick={() => setOpen('support')}
          >
            Support bundle
          </Button>
          {settings.version > 0 && (
            <Button
              size="xs"
              variant="outline"
              color="red"
              leftSection={<Trash2 size={14} aria-hidden />}
              onClick={() => setOpen('leave')}
            >
              Delete integration
            </Button>
          )}
        </Group>
      )}
      <Suspense fallback={null}>
        {open === 'history' && <HistoryDialog onClose={close} />}
        {open === 'support' && <SupportDialog settings={settings} onClose={close} />}
        {open === 'leave' && <LeaveDialog onClose={close} />}
      </Suspense>
    </section>
  );
}

const LOGIN = {
  untested: 'not tried since it changed',
  good: 'works',
  refused: 'refused by Autotask',
} as const;

function Facts({ settings }: { settings: Settings }) {
  const { login, next_night_at: next, saved_at: at, saved_by: by, purged_at: purged } = settings;
  return (
    <List size="sm" mt="xs" listStyleType="none">
      {settings.version > 0 && (
        <List.Item>
          Login: {LOGIN[login.state]}
          {login.at && (
            <>
              , last tried <Moment at={login.at} />
            </>
          )}
        </List.Item>
      )}
      {next && settings.active && (
        <List.Item>
          Next night begins <Moment at={next} />
        </List.Item>
      )}
      {at && (
        <List.Item>
          Saved <Moment at={at} /> by {by}
        </List.Item>
      )}
      {purged && (
        <List.Item>
          Data of the former setup was deleted on <Moment at={purged} />
        </List.Item>
      )}
      <List.Item>
        <Text size="sm" c="dimmed">
          <ZoneNote />
        </Text>
      </List.Item>
    </List>
  );
}
