import { Accordion, Button, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { newIdempotencyKey } from '../api/client';
import type { Area, VersionRow } from '../api/mappings';
import { usePerson } from '../auth/session';
import { Dialog } from '../ui/Dialog';
import { count, countOf } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { done, failed } from '../ui/notify';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import { Headings } from '../ui/TextTable';

const WHAT = { saved: 'Saved', reverted: 'Went back', first_load: 'Chosen by the first load' } as const;

interface Props<C> {
  area: Area<C>;
  /** Version that is shown in the table. */
  version: number;
  shown: (choice: C | null) => string;
  /** What a version changed besides rows. */
  besides?: ((row: VersionRow) => ReactNode) | undefined;
  /** Unsaved changes would be mixed up with what going back brings. */
  isDirty: boolean;
  onClose: () => void;
}

/** Every save with its author and its changes, and the way back to it. */
export function HistoryDialog<C>({ area, version, shown, besides, isDirty, onClose }: Props<C>) {
  const list = useInfiniteQuery({
    queryKey: ['versions', area.name],
    queryFn: ({ pageParam }) => area.versions(pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = list;
  const client = useQueryClient();
  const { isAdmin } = usePerson();
  const [isBusy, setBusy] = useState(false);
  const rows = data?.pages.flatMap((page) => page.versions) ?? [];

  function read(stored: unknown): string {
    return [shown(area.choiceIn(stored)), area.noteIn?.(stored)].filter(Boolean).join('; ');
  }

  async function goBack(to: number) {
    setBusy(true);
    try {
      const made = await area.revert(version, to, newIdempotencyKey());
      await client.invalidateQueries();
      done('Went back', `${countOf(made.n_changes, 'row')} changed; this is version ${made.version}.`);
      onClose();
    } catch (error) {
      failed('Nothing was changed', error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog onClose={onClose} size="xl" title="History">
      {isPending && <Loading what="the history" />}
      {error && !data && <Failed error={error} what="The history" retry={() => void refetch()} />}
      {data && rows.length === 0 && <Empty title="Nothing was saved yet" />}
      {isDirty && <Text size="sm">Save or discard your changes before you go back to a version.</Text>}
      <Accordion order={3}>
        {rows.map((row) => (
          <Accordion.Item key={row.version} value={String(row.version)}>
            <Accordion.Control>
              <Text size="sm">
                Version {row.version}: {WHAT[row.what]},{' '}
                {`${countOf(row.n_changes, 'row')}${row.has_new_options ? ' and the matching rules' : ''}, `}
                <Moment at={row.at} /> by {row.by}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              {row.n_changes > 0 && <Changes row={row} shown={read} />}
              {besides?.(row)}
              {isAdmin && row.version < version && (
                <Button
                  mt="xs"
                  size="xs"
                  variant="default"
                  disabled={isDirty}
                  loading={isBusy}
                  onClick={() => void goBack(row.version)}
                >
                  Go back to version {row.version}
                </Button>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <Shortfall of={list} what="The history" loaded={countOf(rows.length, 'version')} />
      {hasNextPage && (
        <Button mt="sm" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older
        </Button>
      )}
      <Text size="sm" c="dimmed" mt="sm">
        <ZoneNote />
      </Text>
    </Dialog>
  );
}

function Changes({ row, shown }: { row: VersionRow; shown: (stored: unknown) => string }) {
  const isCut = row.changes.length < row.n_changes;
  return (
    <>
      {isCut && (
        <Text size="sm">
          The first {count(row.changes.length)} of {countOf(row.n_changes, 'row')} that it changed are listed.
        </Text>
      )}
      <Table aria-label={`Changes of version ${row.version}`}>
        <Headings names={['Row', 'Before', 'After']} />
        <Table.Tbody>
          {row.changes.map((change) => (
            <Table.Tr key={change.key}>
              <Table.Th scope="row" fw={500}>
                {change.name}
              </Table.Th>
              <Table.Td>{shown(change.before)}</Table.Td>
              <Table.Td>{shown(change.after)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
