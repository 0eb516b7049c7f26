import { Anchor, Button, Group, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { fetchRuns, usageQuery } from '../api/queries';
import type { Settings } from '../api/types';
import { Dialog } from '../ui/Dialog';
import { download } from '../ui/download';
import { Failed, Loading } from '../ui/states';
import { bundleOf } from './supportBundle';

/** What support needs, shown before anybody sends it. */
export default function SupportDialog({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const [runs, usage] = useQueries({
    queries: [{ queryKey: ['support-runs'], queryFn: () => fetchRuns({}, 10, '') }, usageQuery],
  });
  const text =
    runs.data && usage.data
      ? JSON.stringify(bundleOf(settings, runs.data.runs, usage.data, new Date()), null, 2)
      : undefined;
  const error = runs.error ?? usage.error;
  return (
    <Dialog onClose={onClose} size="xl" title="Support bundle">
      <Text size="sm">
        Status, the last ten runs with their errors, and the use of the limit. It holds no password, no
        records, and user names and e-mail addresses only masked. Look through it, download it, and attach it
        to an{' '}
        <Anchor href="mailto:support@lifecycleinsights.io?subject=Autotask%20integration" underline="always">
          e-mail to support
        </Anchor>
        .
      </Text>
      {!text && !error && <Loading what="the bundle" />}
      {error && (
        <Failed
          error={error}
          what="The bundle"
          retry={() => void Promise.all([runs.refetch(), usage.refetch()])}
        />
      )}
      {text && (
        <>
          <section className="bundle" aria-label="Content of the bundle" tabIndex={0}>
            {text}
          </section>
          <Group mt="md">
            <Button
              leftSection={<Download size={16} aria-hidden />}
              onClick={() => download('autotask-support-bundle.json', 'application/json', text)}
            >
              Download
            </Button>
          </Group>
        </>
      )}
    </Dialog>
  );
}
