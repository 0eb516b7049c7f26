import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { settingsQuery, useTest } from '../api/queries';
import { usePerson } from '../auth/session';
import { LiveRun } from '../runs/LiveRun';
import { PullLog } from '../runs/PullLog';
import { Failed, Loading, ReadOnlyNote } from '../ui/states';
import { RightsMatrix } from './RightsMatrix';
import { SettingsForm } from './SettingsForm';
import { StatusCard } from './StatusCard';
import { UsageMeter } from './UsageMeter';

const ItGlueCard = lazy(() => import('./ItGlueCard').then(({ ItGlueCard: card }) => ({ default: card })));

/** The tab "Settings and Pull Log". */
export function SettingsPage() {
  const { data, error, isPending, refetch } = useQuery(settingsQuery);
  const { isAdmin } = usePerson();
  const test = useTest();
  if (isPending) return <Loading what="the settings" lines={8} />;
  if (!data) return <Failed error={error} what="The settings" retry={() => void refetch()} />;
  return (
    <Stack>
      {!isAdmin && <ReadOnlyNote />}
      {data.run && (
        <section className="card" aria-label="Run under way">
          <LiveRun run={data.run} withEntities />
        </section>
      )}
      <div className="columns">
        <SettingsForm stored={data} test={test} />
        <Stack>
          <StatusCard settings={data} />
          {data.primary_source === 'it_glue' && (
            <Suspense fallback={<Loading what="IT Glue’s settings" />}>
              <ItGlueCard />
            </Suspense>
          )}
          <UsageMeter />
        </Stack>
      </div>
      {test.data && test.data.features.length > 0 && <RightsMatrix answer={test.data} />}
      <PullLog settings={data} />
    </Stack>
  );
}
