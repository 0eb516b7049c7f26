import { Button, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { versionsQuery } from '../api/queries';
import { Dialog } from '../ui/Dialog';
import { countOf, words } from '../ui/format';
import { Moment, ZoneNote } from '../ui/Moment';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import { differences, WHAT } from './differences';

/** Who changed what, and when. */
export default function HistoryDialog({ onClose }: { onClose: () => void }) {
  const list = useInfiniteQuery(versionsQuery);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = list;
  const rows = data?.pages.flatMap((page) => page.versions) ?? [];
  return (
    <Dialog onClose={onClose} size="xl" title="Change history">
      {isPending && <Loading what="the history" />}
      {error && !data && <Failed error={error} what="The history" retry={() => void refetch()} />}
      {data && rows.length === 0 && <Empty title="Nothing was changed yet" />}
      {rows.length > 0 && (
        <section className="scroll-x" aria-label="Changes, scrollable" tabIndex={0}>
          <Table aria-label="Changes, newest first">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">When</Table.Th>
                <Table.Th scope="col">Who</Table.Th>
                <Table.Th scope="col">What</Table.Th>
                <Table.Th scope="col">Changes</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={`${row.at}${row.what}`}>
                  <Table.Td className="nowrap">
                    <Moment at={row.at} />
                  </Table.Td>
                  <Table.Td>{row.by}</Table.Td>
                  <Table.Td>{WHAT[row.what] ?? words(row.what)}</Table.Td>
                  <Table.Td>
                    {differences(row).map((line) => (
                      <Text size="sm" key={line}>
                        {line}
                      </Text>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      <Shortfall of={list} what="The history" loaded={countOf(rows.length, 'change')} />
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
