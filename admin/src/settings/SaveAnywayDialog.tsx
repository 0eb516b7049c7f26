import { Button, Group, Modal, Text } from '@mantine/core';
import type { Failure } from '../api/errors';

interface Props {
  refusal: Failure | undefined;
  onClose: () => void;
  onSave: () => void;
}

/** The login failed while saving: correct it, or keep what was entered without activating it. */
export function SaveAnywayDialog({ refusal, onClose, onSave }: Props) {
  return (
    <Modal opened={!!refusal} onClose={onClose} title="Autotask refused these credentials">
      <Text size="sm">{refusal?.message}</Text>
      <Text size="sm" mt="xs">
        {refusal?.text('fix')}
      </Text>
      <Group mt="md">
        <Button data-autofocus onClick={onClose}>
          Correct them
        </Button>
        <Button variant="default" onClick={onSave}>
          Save anyway, not active
        </Button>
      </Group>
    </Modal>
  );
}
