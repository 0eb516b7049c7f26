import { Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { Play } from 'lucide-react';
import { useId, useState } from 'react';
import { isUnderWay, useRunNow } from '../api/queries';
import type { Entity, RunKind, Settings } from '../api/types';
import { usePerson } from '../auth/session';
import { Dialog } from '../ui/Dialog';
import { words } from '../ui/format';
import { done, failed } from '../ui/notify';

const ALWAYS: Entity[] = ['companies', 'assets', 'contacts', 'products', 'asset_types', 'asset_categories'];

/** Starts a run by hand: all entities or some. */
export function RunNow({ settings }: { settings: Settings }) {
  const { isAdmin } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const whyId = useId();
  if (!isAdmin) return null;
  const isRunning = isUnderWay(settings.run);
  const why = isRunning
    ? '“Run now” waits for the run under way.'
    : settings.active
      ? undefined
      : '“Run now” needs the integration to be active and saved.';
  return (
    <>
      {why && (
        <Text size="xs" id={whyId}>
          {why}
        </Text>
      )}
      <Button
        size="xs"
        leftSection={<Play size={14} aria-hidden />}
        disabled={!!why}
        {...(why ? { 'aria-describedby': whyId } : {})}
        onClick={() => setOpen(true)}
      >
        Run now
      </Button>
      {isOpen && <Choice settings={settings} onClose={() => setOpen(false)} />}
    </>
  );
}

function entitiesOf({ pulls, primary_source }: Settings): Entity[] {
  return [
    // Companies alone, to link from: everything else is IT Glue's.
    ...(primary_source === 'it_glue' ? (['companies'] as const) : ALWAYS),
    ...(pulls.contracts ? (['contracts', 'contract_services', 'contract_service_units'] as const) : []),
    ...(pulls.tickets ? (['tickets'] as const) : []),
    ...(pulls.opportunities ? (['opportunities'] as const) : []),
  ];
}

function Choice({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const all = entitiesOf(settings);
  const [kind, setKind] = useState<RunKind>('nightly');
  const [chosen, setChosen] = useState<string[]>(all);
  const run = useRunNow();

  async function start() {
    const entities = all.filter((entity) => chosen.includes(entity));
    try {
      const begun = await run.mutateAsync({ kind, ...(entities.length < all.length ? { entities } : {}) });
      const isFormer = begun.kind !== kind || begun.slices > 0;
      done(
        isFormer ? 'The unfinished run goes on' : 'Run started',
        isFormer
          ? 'It reads what it was begun for; what you chose can be read after it.'
          : 'Its progress is shown above the pull log.',
      );
      onClose();
    } catch (error) {
      failed('The run was not started', error);
    }
  }

  return (
    <Dialog onClose={onClose} title="Run now">
      <Radio.Group label="What to read" value={kind} onChange={(value) => setKind(value)}>
        <Stack gap="xs" mt={4}>
          <Radio value="nightly" label="What changed" description="As every night: a few dozen calls." />
          <Radio
            value="initial"
            label="Everything once more"
            description="As the initial sync; it can take up to 1 hour."
          />
        </Stack>
      </Radio.Group>
      <Checkbox.Group label="Entities" mt="md" value={chosen} onChange={setChosen}>
        <Group gap="sm" mt={4}>
          {all.map((entity) => (
            <Checkbox key={entity} value={entity} label={words(entity)} />
          ))}
        </Group>
      </Checkbox.Group>
      {chosen.length === 0 && (
        <Text size="sm" c="red" role="alert" mt="xs">
          Choose at least one.
        </Text>
      )}
      <Group mt="md">
        <Button disabled={chosen.length === 0} loading={run.isPending} onClick={() => void start()}>
          Start
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Dialog>
  );
}
