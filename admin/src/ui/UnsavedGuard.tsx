import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

/** Asks before a view with unsaved changes is left. */
export function UnsavedGuard({ isDirty, staysAt }: { isDirty: boolean; staysAt: string }) {
  const blocker = useBlocker({
    // A filter of the same view changes the address, too, and loses nothing.
    shouldBlockFn: ({ next }) => isDirty && next.pathname !== staysAt,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  const isOpen = blocker.status === 'blocked';
  return (
    <Modal opened={isOpen} onClose={() => blocker.reset?.()} title="Leave without saving?">
      <Text size="sm">What you changed on this page is not saved yet.</Text>
      <Group mt="md">
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          Stay
        </Button>
        <Button variant="outline" color="red" onClick={() => blocker.proceed?.()}>
          Leave and lose the changes
        </Button>
      </Group>
    </Modal>
  );
}
