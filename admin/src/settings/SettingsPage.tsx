import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/queries';
import { usePerson } from '../auth/session';
import { LiveRun } from '../runs/LiveRun';
import { PullLog } from '../runs/PullLog';
import { Failed, Loading, ReadOnlyNote } from '../ui/states';
import { SettingsForm } from './SettingsForm';
import { StatusCard } from './StatusCard';
import { UsageMeter } from './UsageMeter';

/** The tab "Settings and Pull Log". */
export function SettingsPage() {
  const { data, error, isPending, refetch } = useQuery(settingsQuery);
  const { isAdmin } = usePerson();
  if (isPending) return <Loading what="the settings" lines={8} />;
  if (!data) return <Failed error={error} what="The settings" retry={() => void refetch()} />;
  return (
    <Stack>
      {!isAdmin && <ReadOnlyNote />}
      <div className="columns">
        <SettingsForm stored={data} />
        <Stack>
          <StatusCard settings={data} />
          <UsageMeter />
        </Stack>
      </div>
      {data.run && (
        <section className="card" aria-label="Run under way">
          <LiveRun run={data.run} withEntities />
        </section>
      )}
      <PullLog settings={data} />
    </Stack>
  );
}
