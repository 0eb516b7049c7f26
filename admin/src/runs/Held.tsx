import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRunNow } from '../api/queries';
import type { Run } from '../api/types';
import { usePerson } from '../auth/session';
import { Dialog } from '../ui/Dialog';
import { count, words } from '../ui/format';
import { done, failed } from '../ui/notify';

/** Deletions that the brake holds: what they are, and a person's word that they are real. */
export function Held({ run }: { run: Run }) {
  const { isAdmin } = usePerson();
  const [isOpen, setOpen] = useState(false);
  if (run.held.length === 0) return null;
  return (
    <Alert mt="sm" color="yellow" title="Held: so many deletions need a person">
      <HeldList run={run} />
      <Text size="sm" mt="xs">
        Nothing was removed. If nobody deleted them, check the API user&rsquo;s security level in Autotask:
        rights that were taken away look just like deletions.
      </Text>
      {isAdmin && (
        <Button size="xs" mt="sm" color="red" variant="outline" onClick={() => setOpen(true)}>
          They were really deleted
        </Button>
      )}
      {isOpen && <Confirm run={run} onClose={() => setOpen(false)} />}
    </Alert>
  );
}

function HeldList({ run }: { run: Run }) {
  return (
    <List size="sm" aria-label="Held deletions">
      {run.held.map((held) => (
        <List.Item key={held.entity}>
          {words(held.entity)}: {count(held.n_missing)} of {count(held.n_live)} are no longer shown by
          Autotask
        </List.Item>
      ))}
    </List>
  );
}

function Confirm({ run, onClose }: { run: Run; onClose: () => void }) {
  const start = useRunNow();
  const navigate = useNavigate();
  async function confirm() {
    try {
      await start.mutateAsync({ confirm_deletions_of: run.id });
      done('Deletions confirmed', 'A run carries them out, as far as Autotask proves each of them.');
      onClose();
      void navigate({ to: '/settings' });
    } catch (error) {
      failed('The deletions were not confirmed', error);
    }
  }
  return (
    <Dialog onClose={onClose} title="Confirm deletions">
      <HeldList run={run} />
      <Text size="sm" mt="sm">
        Each record is asked for once more before it is removed here, and no more are removed than this. They
        are kept for 30 days, and come back by themselves if Autotask shows them again.
      </Text>
      <Group mt="md">
        <Button color="red" loading={start.isPending} onClick={() => void confirm()}>
          Confirm deletions
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Dialog>
  );
}
