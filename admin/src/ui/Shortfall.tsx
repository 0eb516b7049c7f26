import { Alert, Button, Text } from '@mantine/core';
import { AlertTriangle, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { asFailure } from '../api/errors';
import { Moment } from './Moment';

/** What was asked for, in one answer or in pages. */
interface Asked {
  data: unknown;
  error: unknown;
  isFetching: boolean;
  dataUpdatedAt: number;
  refetch: () => Promise<unknown>;
  /** Of a list in pages. */
  isFetchNextPageError?: boolean;
  fetchNextPage?: () => Promise<unknown>;
}

interface Props {
  of: Asked;
  /** Its name, as a sentence begins with it. */
  what: string;
  /** How much of it is there: `1,000 companies`. */
  loaded?: string;
  /** What a part of it is no good for. */
  children?: ReactNode;
}

/** Says that what is shown lacks the rest, or is old, and tries again; nothing while all is well. */
export function Shortfall({ of, what, loaded, children }: Props) {
  // Without any data something else is shown, and an ended session has a dialog of its own.
  if (!of.error || of.data === undefined) return null;
  const failure = asFailure(of.error);
  const isPart = of.isFetchNextPageError === true;
  if (!isPart && failure.code === 'unauthorized') return null;
  return (
    <Alert
      color="yellow"
      role="alert"
      my="sm"
      data-testid="shortfall"
      icon={<AlertTriangle aria-hidden />}
      title={isPart ? `${what}: the rest could not be loaded` : `${what} could not be refreshed`}
    >
      <Text size="sm">
        {isPart ? (
          <>Only {loaded ?? 'the first part'} can be shown. </>
        ) : (
          <>
            What is shown was read <Moment at={new Date(of.dataUpdatedAt).toISOString()} />.{' '}
          </>
        )}
        {failure.message}
        {failure.requestId && (
          <>
            {' '}
            (reference <code>{failure.requestId}</code>)
          </>
        )}
      </Text>
      {isPart && children && <Text size="sm">{children}</Text>}
      <Button
        mt="xs"
        size="xs"
        variant="default"
        loading={of.isFetching}
        leftSection={<RotateCw size={14} aria-hidden />}
        onClick={() => void (isPart ? of.fetchNextPage?.() : of.refetch())}
      >
        Try again
      </Button>
    </Alert>
  );
}
