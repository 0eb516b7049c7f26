import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../ui/Dialog';
import { renewInWindow, signIn, useSession } from './session';

/** Lets a person sign in again without losing what is entered on the screen behind. */
export function SessionExpired() {
  const client = useQueryClient();
  const session = useSession();
  const [problem, setProblem] = useState<string>();
  const former = session.state === 'expired' ? session.person : undefined;

  async function renew() {
    try {
      await renewInWindow();
      await client.invalidateQueries();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Dialog onClose={() => undefined} withCloseButton={false} title="Your session has expired">
      <Text size="sm">
        Sign in again{former ? ` as ${former.email}` : ''} to go on. What you entered on this page is still
        there.
      </Text>
      {problem && (
        <Text size="sm" c="red" role="alert" mt="sm">
          The window did not come back ({problem}). Allow pop-ups for this page, or reload it; reloading loses
          what is not saved.
        </Text>
      )}
      <Group mt="md">
        <Button onClick={() => void renew()} data-autofocus>
          Sign in again
        </Button>
        {problem && (
          <Button variant="default" onClick={() => void signIn()}>
            Reload and sign in
          </Button>
        )}
      </Group>
    </Dialog>
  );
}
