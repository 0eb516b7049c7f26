import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../ui/Dialog';

interface Props {
  /** What is added. */
  what: 'type' | 'status';
  taken: string[];
  onAdd: (name: string) => void;
  onClose: () => void;
}

/** A target of one's own; it is stored with the next save. */
export default function NewTargetDialog({ what, taken, onAdd, onClose }: Props) {
  const [name, setName] = useState('');
  const plain = name.trim();
  const isTaken = taken.some((other) => other.toLowerCase() === plain.toLowerCase());
  return (
    <Dialog onClose={onClose} title={`Add own ${what}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(plain);
          onClose();
        }}
      >
        <TextInput
          label="Name"
          description="It can then be chosen in every row, and is stored with the next save."
          value={name}
          maxLength={60}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
          {...(isTaken ? { error: `There is a ${what} of this name already.` } : {})}
        />
        <Group mt="md">
          <Button type="submit" disabled={plain === '' || isTaken}>
            Add
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
