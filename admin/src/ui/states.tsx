import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { AlertTriangle, Inbox, RotateCw, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { asFailure } from '../api/errors';

/** Stands in until the first answer is there. */
export function Loading({ what, lines = 4 }: { what: string; lines?: number }) {
  return (
    <div role="status" aria-live="polite">
      <span className="visually-hidden">Loading {what} …</span>
      <Stack gap="xs" aria-hidden>
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} height={18} radius="sm" width={`${90 - (line % 3) * 15}%`} />
        ))}
      </Stack>
    </div>
  );
}

/** Says what went wrong, what to do, and how support finds it. */
export function Failed({ error, what, retry }: { error: unknown; what: string; retry?: () => void }) {
  const failure = asFailure(error);
  const isOffline = failure.code === 'offline';
  return (
    <Alert
      color="red"
      role="alert"
      title={`${what} could not be loaded`}
      icon={isOffline ? <WifiOff aria-hidden /> : <AlertTriangle aria-hidden />}
    >
      <Text size="sm">{failure.message}</Text>
      {failure.requestId && (
        <Text size="sm" mt={4}>
          Reference for support: <code>{failure.requestId}</code>
        </Text>
      )}
      {retry && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          leftSection={<RotateCw size={14} aria-hidden />}
          onClick={retry}
        >
          Try again
        </Button>
      )}
    </Alert>
  );
}

/** Nothing is here, and that is fine; `children` says what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap={4} py="xl">
      <Inbox size={32} aria-hidden color="#545c65" />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" ta="center">
        {children}
      </Text>
    </Stack>
  );
}

/** Shown to readers above what they may not change. */
export function ReadOnlyNote() {
  return (
    <Alert color="gray" title="Read only" mb="md">
      Your role is reader: you see everything and change nothing. Ask an admin of your company for changes.
    </Alert>
  );
}
