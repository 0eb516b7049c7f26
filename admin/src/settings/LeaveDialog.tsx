import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLeave } from '../api/queries';
import { usePerson } from '../auth/session';
import { Dialog } from '../ui/Dialog';
import { done, failed } from '../ui/notify';

/** Deleting everything, confirmed by the tenant's name. */
export default function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { tenant } = usePerson();
  const [name, setName] = useState('');
  const leave = useLeave();

  async function run() {
    try {
      await leave.mutateAsync(tenant);
      done('Deletion has begun', 'The status says when everything is gone.');
      onClose();
    } catch (error) {
      failed('Nothing was deleted', error);
    }
  }

  return (
    <Dialog onClose={onClose} title="Delete the Autotask integration">
      <Text size="sm">
        Runs are stopped; the credentials, all records that were pulled, mappings and the pull log are
        deleted. This cannot be undone. Nothing changes in Autotask. To stop nightly updates only, uncheck
        “Autotask Integration Active” instead.
      </Text>
      <TextInput
        mt="md"
        label={`Type ${tenant} to confirm`}
        value={name}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group mt="md">
        <Button color="red" disabled={name !== tenant} loading={leave.isPending} onClick={() => void run()}>
          Delete everything
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Dialog>
  );
}
